/* SPDX-License-Identifier: Apache-2.0
 * The document of the review: what is known is filled in, what people must think about is asked. */
#include "common/base/duration.h"
#include "common/base/text.h"
#include "orchestrator/core/render_internal.h"

#include <stdio.h>

static void put_paragraph(struct doc *doc, const char *text)
{
    doc_paragraph(doc);
    doc_text(doc, text);
}

static void put_questions(struct doc *doc, const char *const *questions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        doc_item(doc);
        doc_text(doc, questions[i]);
    }
}

/* ---- how long it took ---- */

static const struct {
    const char *from, *to, *label;
} DURATIONS[] = {
    { "genesis", "detected", "From the beginning to its detection" },
    { "detected", "acknowledged", "From the detection until people were on it" },
    { "detected", "mitigated", "From the detection to the mitigation" },
    { "detected", "resolved", "From the detection to the resolution" },
    { "genesis", "mitigated", "How long people suffered: from the beginning to the mitigation" },
    { "genesis", "resolved", "From the beginning to the resolution" },
};

static void put_durations(struct doc *doc, const json_t *model)
{
    size_t known = 0;
    for (size_t i = 0; i < SW_COUNT(DURATIONS); i++) {
        int64_t from_ms = render_time(model, DURATIONS[i].from);
        int64_t to_ms = render_time(model, DURATIONS[i].to);
        char text[SW_DURATION_LONG_SIZE];
        if (from_ms == 0 || to_ms == 0)
            continue;
        sw_duration_long(to_ms - from_ms, text);
        doc_row(doc, DURATIONS[i].label);
        doc_text(doc, text);
        known++;
    }
    if (known == 0)
        put_paragraph(doc, "Too few times are known. They can be set in the incident's channel as long as it is not "
                           "archived, with .genesis, .detected and .mitigated.");
}

/* ---- impact ---- */

static void put_impact(struct doc *doc, const json_t *model)
{
    doc_row(doc, "Priority");
    doc_text(doc, jx_string_or(json_object_get(model, "priority"), "name", ""));
    if (*jx_string_or(model, "service", "")) {
        doc_row(doc, "Service");
        doc_text(doc, jx_string(model, "service"));
    }
    static const char *const QUESTIONS[] = {
        "How many people noticed it, and what could they not do?",
        "Was data lost, changed or seen by somebody who should not see it?",
        "Which promises to customers were broken?",
    };
    put_questions(doc, QUESTIONS, SW_COUNT(QUESTIONS));
}

/* ---- deployments ---- */

static void put_deployments(struct doc *doc, const json_t *model)
{
    const char *cause = jx_string_or(model, "cause", "");
    const json_t *log = json_object_get(model, "log");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(log); i++) {
        const json_t *entry = json_array_get(log, i);
        if (!sw_equal(jx_string(entry, "type"), "deployment"))
            continue;
        doc_item(doc);
        doc_said(doc, jx_string_or(entry, "text", ""));
        count++;
    }
    if (*cause) {
        doc_item(doc);
        doc_text(doc, "It was declared from the deployment ");
        doc_strong(doc, cause);
        doc_text(doc, ".");
        count++;
    }
    if (count == 0)
        put_paragraph(doc, "None is known to have been involved.");
}

/* ---- what people add ---- */

static void put_discussion(struct doc *doc)
{
    static const char *const GOOD[] = { "What limited the damage?",
                                        "What did we know or find quickly, and thanks to what?" };
    static const char *const BAD[] = { "What took longer than it should have, and what was missing?",
                                       "Where were we lucky?" };
    static const char *const TALK[] = {
        "What would have let us notice this earlier?",
        "What would have made it harmless?",
        "Which of our beliefs about the system turned out to be wrong?",
        "Could it happen elsewhere in the same way?",
        "Which of the action items would have helped the most, and who takes it first?",
    };
    doc_heading(doc, 2, "What went well");
    put_questions(doc, GOOD, SW_COUNT(GOOD));
    doc_heading(doc, 2, "What went badly");
    put_questions(doc, BAD, SW_COUNT(BAD));
    doc_heading(doc, 2, "To discuss");
    put_questions(doc, TALK, SW_COUNT(TALK));
}

static void put_links(struct doc *doc, const json_t *model)
{
    const json_t *tracker = json_object_get(model, "tracker"), *log = json_object_get(model, "log");
    doc_item(doc);
    doc_text(doc, "Channel: ");
    render_channel(doc, model);
    if (jx_string(tracker, "key")) {
        doc_item(doc);
        doc_text(doc, "Issue: ");
        doc_link(doc, jx_string(tracker, "key"), jx_string_or(tracker, "url", ""));
    }
    for (size_t i = 0; i < json_array_size(log); i++) {
        const json_t *entry = json_array_get(log, i);
        if (!sw_equal(jx_string(entry, "type"), "alert"))
            continue;
        doc_item(doc);
        doc_text(doc, "Alert: ");
        doc_said(doc, jx_string_or(entry, "text", ""));
    }
}

static void put_head(struct doc *doc, const json_t *model)
{
    const json_t *owner = json_object_get(json_object_get(model, "roles"), "assigned");
    char title[64];
    (void)snprintf(title, sizeof title, "Incident #%lld: ", (long long)jx_i64_or(model, "number", 0));
    doc_heading(doc, 1, title);
    doc_said(doc, jx_string_or(model, "title", ""));
    if (!owner)
        return;
    doc_paragraph(doc);
    doc_text(doc, "Owner of this review: ");
    render_person(doc, owner);
}

void render_review(struct doc *doc, const struct render_request *request, const struct render_room *room)
{
    const json_t *model = request->model;
    put_head(doc, model);
    doc_heading(doc, 2, "Summary");
    doc_paragraph(doc);
    doc_said(doc, *jx_string_or(model, "summary", "") ? jx_string(model, "summary") : jx_string_or(model, "title", ""));
    doc_heading(doc, 2, "Contributing factors");
    (void)render_entries(doc, json_object_get(model, "factors"),
                         "Nobody has named one. What came together, so that it could happen?");
    doc_heading(doc, 2, "Timeline (UTC)");
    render_timeline(doc, model, room);
    doc_heading(doc, 2, "How long it took");
    put_durations(doc, model);
    doc_heading(doc, 2, "Who was affected");
    render_items(doc, json_object_get(model, "affected"), "Nobody is named. Who was it?");
    doc_heading(doc, 2, "Impact");
    put_impact(doc, model);
    doc_heading(doc, 2, "How it was ended");
    put_paragraph(doc, "What made it better, and did it remove the cause or only the effect?");
    doc_heading(doc, 2, "Changes to the code");
    (void)render_entries(doc, json_object_get(model, "prs"), "None is linked.");
    doc_heading(doc, 2, "Deployments involved");
    put_deployments(doc, model);
    doc_heading(doc, 2, "Action items");
    (void)render_entries(doc, json_object_get(model, "action_items"),
                         "There is none. What will be done so that it does not come back?");
    put_discussion(doc);
    doc_heading(doc, 2, "Related");
    put_links(doc, model);
}
