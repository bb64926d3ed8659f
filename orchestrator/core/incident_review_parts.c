/* SPDX-License-Identifier: Apache-2.0
 * The messages with which a review begins. */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_review.h"

enum { PARTS = 7 };

/* key: "text" for what people wrote, "sentence" for words of ours. */
static void post_as(struct incident_turn *turn, int n, const char *title, const char *key, const char *text)
{
    json_t *data = json_pack("{si si ss ss}", "n", n, "of", PARTS, "title", title, key, text);
    incident_post(turn, "review_part", data, "Review, %d of %d: %s. %s", n, PARTS, title, text);
}

static void post_part(struct incident_turn *turn, int n, const char *title, const char *text)
{
    post_as(turn, n, title, "text", text);
}

static void put_entries(struct sw_buf *buf, const struct wf *wf, const char *type)
{
    const json_t *log = incident_list(wf, "log");
    for (size_t i = 0; i < json_array_size(log); i++)
        if (incident_entry_is(json_array_get(log, i), type))
            sw_buf_printf(buf, "%s- %s", buf->length ? "\n" : "", jx_string_or(json_array_get(log, i), "text", ""));
}

static void put_names(struct sw_buf *buf, const struct wf *wf, const char *key)
{
    const json_t *list = incident_list(wf, key);
    for (size_t i = 0; i < json_array_size(list); i++)
        sw_buf_printf(buf, "%s%s", i ? ", " : "", json_string_value(json_array_get(list, i)));
}

static void put_span(struct sw_buf *buf, const struct wf *wf, const char *words, const char *from, const char *to)
{
    char text[SW_DURATION_SIZE];
    int64_t from_ms = incident_time(wf, from), to_ms = incident_time(wf, to);
    if (!from_ms || !to_ms)
        return;
    sw_duration(to_ms > from_ms ? to_ms - from_ms : 0, text);
    sw_buf_printf(buf, "%s%s: %s", buf->length ? "\n" : "", words, text);
}

static void put_spans(struct sw_buf *buf, const struct wf *wf)
{
    put_span(buf, wf, "From its beginning until it was noticed", "genesis", "detected");
    put_span(buf, wf, "From then until somebody took care", "detected", "acknowledged");
    put_span(buf, wf, "From its beginning until it was mitigated", "genesis", "mitigated");
    put_span(buf, wf, "From its beginning until it was resolved", "genesis", "resolved");
}

static void post_text(struct incident_turn *turn, int n, const char *title, struct sw_buf *buf, const char *empty)
{
    post_part(turn, n, title, buf->length ? sw_buf_string(buf) : empty);
    sw_buf_clear(buf);
}

void incident_post_review(struct incident_turn *turn)
{
    const struct wf *wf = turn->wf;
    struct incident_level level;
    SW_AUTO_BUF struct sw_buf buf = { .max_bytes = INCIDENT_MAX_TEXT - 1000 };
    (void)incident_level(turn->config, incident_priority(wf), &level);
    post_part(turn, 1, incident_fact(wf, "title"), incident_fact(wf, "summary"));
    put_entries(&buf, wf, "factor");
    post_text(turn, 2, "Contributing factors", &buf, "None is written down yet.");
    sw_buf_printf(&buf, "%s. %s", level.name, level.description);
    post_text(turn, 3, "Priority", &buf, "");
    put_spans(&buf, wf);
    post_text(turn, 4, "How long it took", &buf, "");
    put_names(&buf, wf, "affected");
    post_text(turn, 5, "Who or what suffered", &buf, "Nobody is written down.");
    put_names(&buf, wf, "components");
    post_text(turn, 6, "Components", &buf, "");
    post_as(turn, 7, "What you can do", "sentence",
            "Read it, and ask in the threads above. What would keep it from happening again, and what would have made "
            "the response better? Correct the record with the same commands as during the incident. Allow a day; then "
            "`.complete`.");
}
