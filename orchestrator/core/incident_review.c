/* SPDX-License-Identifier: Apache-2.0
 * The way to a review: what is missing, and a page for each thing that people are asked to think about. The page is
 * part of the record, so a restart forgets nothing; it is no state, so it keeps nobody from anything. */
#include "orchestrator/core/incident_review.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_times.h"

enum { SECOND_MS = 1000 };

static bool late(const struct wf *wf, const char *first, const char *second)
{
    int64_t first_ms = incident_time(wf, first), second_ms = incident_time(wf, second);
    return first_ms && second_ms && first_ms / SECOND_MS > second_ms / SECOND_MS;
}

size_t incident_review_missing(const struct wf *wf, const char *ret_missing[INCIDENT_REVIEW_MAX])
{
    const struct {
        bool missing;
        const char *words;
    } CHECKS[INCIDENT_REVIEW_MAX] = {
        { !*incident_role(wf, "assigned"), "nobody owns the review: `.assign`" },
        { !*incident_fact(wf, "summary"), "there is no `.summary`" },
        { !incident_time(wf, "genesis"), "it is not said when it began: `.genesis WHEN`" },
        { !incident_time(wf, "detected"), "it is not said when it was noticed: `.detected WHEN`" },
        { !incident_time(wf, "acknowledged"), "it was never acknowledged: `.ack WHEN`" },
        { !incident_time(wf, "mitigated"), "it was never mitigated: `.mitigated WHEN`" },
        { !incident_time(wf, "resolved"), "it was never resolved: `.resolved WHEN`" },
        { json_array_size(incident_list(wf, "components")) == 0, "no component is named: `.component NAME`" },
        { late(wf, "genesis", "detected"), "it was noticed before it began: correct `.genesis` or `.detected`" },
        { late(wf, "genesis", "mitigated"), "it was mitigated before it began: correct `.genesis` or `.mitigated`" },
        { late(wf, "detected", "acknowledged"),
          "it was acknowledged before it was noticed: correct `.ack` or `.detected`" },
        { late(wf, "mitigated", "resolved"), "it was resolved before it was mitigated: correct one of them" },
    };
    size_t count = 0;
    for (size_t i = 0; i < INCIDENT_REVIEW_MAX; i++) {
        if (CHECKS[i].missing && ret_missing)
            ret_missing[count] = CHECKS[i].words;
        count += CHECKS[i].missing;
    }
    return count;
}

static json_t *list_missing(const struct wf *wf, struct sw_buf *text)
{
    const char *missing[INCIDENT_REVIEW_MAX];
    size_t count = incident_review_missing(wf, missing);
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++) {
        sw_buf_printf(text, "\n- %s", missing[i]);
        if (json_array_append_new(items, json_pack("{ss}", "sentence", missing[i])) != 0)
            break;
    }
    return items;
}

struct sw_status incident_refuse_review(struct incident_turn *turn)
{
    SW_AUTO_BUF struct sw_buf text = { 0 };
    json_t *items = list_missing(turn->wf, &text);
    struct sw_status status = incident_refuse(turn, "E-REVIEW", "It is not ready for review:%s||||Then `.ready` again.",
                                              sw_buf_string(&text));
    incident_card(
        turn, "list",
        json_pack("{ss so ss}", "title", "Missing for the review", "items", items, "usage", "Then `.ready` again."));
    return status;
}

struct sw_status incident_show_review(struct incident_turn *turn)
{
    SW_AUTO_BUF struct sw_buf text = { 0 };
    json_t *items = list_missing(turn->wf, &text);
    if (text.length)
        incident_answer(turn, "A review still needs:%s", sw_buf_string(&text));
    else
        incident_answer(turn, "Nothing is missing for a review.");
    incident_card(turn, "list",
                  json_pack("{ss so ss}", "title", "Missing for the review", "items", items, "usage",
                            "`.next` leads through it; `.ready` begins the review."));
    return sw_ok();
}

/* ---- pages ---- */

static const struct {
    const char *page, *title, *text;
    bool skips; /* passed by itself once it is satisfied */
} PAGES[] = {
    { "assignee", "Who owns the review", "`.assign @somebody` says who writes it down and follows it up.", true },
    { "core4", "The times",
      "`.status` shows them. Correct them with `.genesis`, `.detected`, `.ack`, `.mitigated` and "
      "`.resolved`, each with a time.",
      true },
    { "priority", "The priority", "How bad was it at its worst? `.priority NUMBER` corrects it.", false },
    { "components", "The components", "Which parts of the system were concerned? `.component a, b` names them.", true },
    { "factors", "Contributing factors", "What made it possible, likely, long? `.factor TEXT`, one for each.", false },
    { "summary", "The summary",
      "What happened, in words for somebody who was not there? `.summary TEXT`. Then `.next` "
      "once more.",
      false },
};

static size_t page_index(const char *name)
{
    for (size_t i = 0; i < SW_COUNT(PAGES); i++)
        if (sw_equal(PAGES[i].page, name))
            return i;
    return SW_COUNT(PAGES);
}

static bool satisfied(const struct wf *wf, size_t page)
{
    switch (page) {
    case 0:
        return *incident_role(wf, "assigned") != '\0';
    case 1:
        return incident_time(wf, "genesis") && incident_time(wf, "detected");
    case 3:
        return json_array_size(incident_list(wf, "components")) > 0;
    default:
        return true;
    }
}

/* One page on, over those that are satisfied; never over one that is not. */
static size_t next_page(const struct wf *wf)
{
    size_t page = page_index(incident_fact(wf, "wizard"));
    if (page == SW_COUNT(PAGES))
        page = 0;
    else if (satisfied(wf, page) && page + 1 < SW_COUNT(PAGES))
        page++;
    while (PAGES[page].skips && satisfied(wf, page))
        page++;
    return page;
}

bool incident_ends_review_pages(const struct incident_turn *turn)
{
    return sw_equal(incident_fact(turn->wf, "wizard"), "summary") && incident_review_missing(turn->wf, NULL) == 0;
}

struct sw_status incident_next(struct incident_turn *turn)
{
    const struct wf *wf = turn->wf;
    struct incident_level level;
    (void)incident_level(turn->config, incident_priority(wf), &level);
    if (!level.review)
        return incident_refuse(turn, "E-NO-REVIEW", "%s needs no review.||||`.complete` ends it.", level.name);
    if (sw_equal(incident_fact(wf, "wizard"), "summary"))
        return incident_refuse_review(turn);
    size_t page = next_page(wf);
    incident_put_text(turn, "wizard", PAGES[page].page);
    incident_answer(turn, "%zu of %zu: %s. %s", page + 1, SW_COUNT(PAGES), PAGES[page].title, PAGES[page].text);
    incident_card(turn, "wizard",
                  json_pack("{ss sI sI ss ss ss* ss* sI}", "page", PAGES[page].page, "n", (json_int_t)(page + 1), "of",
                            (json_int_t)SW_COUNT(PAGES), "title", PAGES[page].title, "sentence", PAGES[page].text,
                            "assigned", *incident_role(wf, "assigned") ? incident_role(wf, "assigned") : NULL,
                            "summary", *incident_fact(wf, "summary") ? incident_fact(wf, "summary") : NULL, "priority",
                            (json_int_t)incident_priority(wf)));
    return sw_ok();
}
