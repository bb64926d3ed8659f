/* SPDX-License-Identifier: Apache-2.0
 * What happened in a deployment, the oldest first, as its facts and steps tell it. */
#include "orchestrator/core/deployment_view.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/deployment_act.h"
#include "orchestrator/core/deployment_glass.h"

/* Takes the text; what has not happened (at_ms 0) adds nothing. */
static bool add(json_t *entries, int64_t at_ms, const char *type, const char *by, json_t *text)
{
    json_t *entry = json_pack("{sI ss ss so}", "at", (json_int_t)at_ms, "type", type, "by", by ? by : "", "text", text);
    if (at_ms != 0)
        return json_array_append_new(entries, entry) == 0;
    json_decref(entry);
    return true;
}

/* ---- breaking the glass ---- */

/* "incident #42: Checkout errors, incident #43: ..." */
static json_t *holds_text_new(const json_t *request)
{
    const json_t *holds = json_object_get(request, "holds");
    SW_AUTO_BUF struct sw_buf text = { .max_bytes = 4000 };
    for (size_t i = 0; i < json_array_size(holds); i++)
        sw_buf_printf(&text, "%s%s (%s)", i ? ", " : "", jx_string_or(json_array_get(holds, i), "reason", ""),
                      jx_string_or(json_array_get(holds, i), "by", ""));
    return json_string(sw_buf_string(&text));
}

static json_t *end_text_new(const json_t *request)
{
    const char *how = jx_string_or(request, "how", "");
    JX_AUTO json_t *holds = holds_text_new(request);
    if (sw_equal(how, "agreed"))
        return json_sprintf("Agreed to break the glass: it passes %s",
                            json_string_value(holds) ? json_string_value(holds) : "");
    if (sw_equal(how, "declined"))
        return json_string("Declined to break the glass");
    return json_string(sw_equal(how, "expired") ? "Nobody agreed to break the glass in time"
                                                : "No glass has to be broken: nothing holds it any more");
}

static bool add_request(json_t *entries, const json_t *request)
{
    JX_AUTO json_t *holds = holds_text_new(request);
    const char *what = holds ? json_string_value(holds) : "";
    return add(entries, jx_time_or(request, "at", 0), "break_glass", jx_string(request, "user"),
               json_sprintf("Asks to break the glass past %s: %s", what, jx_string_or(request, "reason", ""))) &&
           (!jx_string(request, "how") || add(entries, jx_time_or(request, "ended_at", 0), "break_glass",
                                              jx_string(request, "by"), end_text_new(request)));
}

static bool add_glass(json_t *entries, const struct wf *wf)
{
    const json_t *past = json_object_get(json_object_get(wf->facts, "break_glass"), "past");
    const json_t *request = deployment_glass_request(wf);
    bool done = true;
    for (size_t i = 0; done && i < json_array_size(past); i++)
        done = add_request(entries, json_array_get(past, i));
    return done && (!request || add_request(entries, request));
}

/* ---- the whole ---- */

static bool add_life(json_t *entries, const struct wf *wf)
{
    const json_t *cancel = json_object_get(wf->facts, "cancel");
    char state[PROTO_NAME_SIZE];
    proto_state_words(wf->kind->state_name(wf->state), state, sizeof state);
    return add(entries, wf->created_at_ms, "event", deployment_fact(wf, "user"),
               json_sprintf("Asked for: %s %s to %s", deployment_fact(wf, "service"), deployment_fact(wf, "ref"),
                            deployment_fact(wf, "environment"))) &&
           add_glass(entries, wf) && add(entries, wf->started_at_ms, "event", "", json_string("Started")) &&
           add(entries, jx_time_or(cancel, "at", 0), "event", jx_string(cancel, "user"),
               json_string("Asked to stop")) &&
           add(entries, wf->finished_at_ms, "event", "", json_sprintf("Ended: %s", state));
}

static json_t *numbered(json_t *entries)
{
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        if (!jx_set_i64(entry, "id", (int64_t)index + 1)) {
            json_decref(entries);
            return NULL;
        }
    }
    return entries;
}

json_t *deployment_timeline(const struct wf *wf)
{
    json_t *entries = json_array();
    if (add_life(entries, wf))
        return numbered(entries);
    json_decref(entries);
    return NULL;
}
