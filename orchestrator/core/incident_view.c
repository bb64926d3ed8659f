/* SPDX-License-Identifier: Apache-2.0
 * An incident as the world sees it: the common view, and `detail` with everything that a message may show. */
#include "common/base/text.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_facts.h"
#include "orchestrator/core/incident_kind.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_timeline.h"

enum { RECENT = 5, SHOWN_ITEMS = 30 };

static void put(char *ret_text, size_t size, const char *text)
{
    (void)sw_copy(ret_text, size, text); /* measured when it came in */
}

static void put_message(struct proto_message_ref *ret_message, const json_t *message)
{
    put(ret_message->channel, sizeof ret_message->channel, jx_string_or(message, "channel", ""));
    put(ret_message->ts, sizeof ret_message->ts, jx_string_or(message, "ts", ""));
}

static void put_facts(struct proto_view *view, const struct wf *wf)
{
    put(view->service, sizeof view->service, incident_fact(wf, "service"));
    put(view->environment, sizeof view->environment, incident_fact(wf, "environment"));
    put(view->requested_team, sizeof view->requested_team, incident_fact(wf, "team"));
    put(view->requested_user, sizeof view->requested_user, incident_fact(wf, "user"));
    if (!incident_private(wf)) { /* without a home it has no headline */
        put(view->home_team, sizeof view->home_team, incident_fact(wf, "team"));
        put(view->home_channel, sizeof view->home_channel, incident_fact(wf, "home_channel"));
    }
    put_message(&view->message, incident_part(wf, "message"));
    put_message(&view->surplus, incident_part(wf, "surplus"));
}

struct sw_status incident_view(const struct wf *wf, struct proto_view *ret_view)
{
    struct proto_view view = { .created_at_ms = wf->created_at_ms,
                               .started_at_ms = wf->created_at_ms,
                               .finished_at_ms = wf->finished_at_ms };
    put(view.workflow, sizeof view.workflow, wf->id);
    put(view.kind, sizeof view.kind, wf->kind->name);
    put(view.state, sizeof view.state, incident_state_name((enum incident_state)wf->state));
    put_facts(&view, wf);
    view.steps = calloc(1, sizeof *view.steps);
    view.detail = incident_detail_new(wf);
    if (!view.steps || !view.detail) {
        proto_view_release(&view);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    *ret_view = view;
    return sw_ok();
}

/* ---- detail ---- */

/* The facts that are shown as they are. */
static bool copy_facts(json_t *detail, const struct wf *wf)
{
    static const char *const KEYS[] = { "number",      "title",   "summary", "service", "environment", "private",
                                        "team",        "user",    "room",    "channel", "roles",       "times",
                                        "cause",       "alerts",  "holds",   "wizard",  "report",      "keep_channel",
                                        "declared_in", "changes", "level",   "nag" };
    for (size_t i = 0; i < SW_COUNT(KEYS); i++) {
        json_t *value = json_object_get(wf->facts, KEYS[i]);
        if (value && json_object_set(detail, KEYS[i], value) != 0)
            return false;
    }
    return true;
}

static json_t *open_blockers_new(const struct wf *wf)
{
    const json_t *list = incident_list(wf, "blockers");
    json_t *open = json_array();
    for (size_t i = 0; i < json_array_size(list) && json_array_size(open) < SHOWN_ITEMS; i++)
        if (!jx_i64_or(json_array_get(list, i), "until", 0))
            (void)json_array_append(open, json_array_get(list, i)); /* at worst one less is shown */
    return open;
}

static json_t *first_items_new(const struct wf *wf, const char *key)
{
    const json_t *list = incident_list(wf, key);
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(list) && i < SHOWN_ITEMS; i++)
        (void)json_array_append(items, json_array_get(list, i)); /* at worst one less is shown */
    return items;
}

static json_t *recent_new(const struct wf *wf)
{
    const json_t *log = incident_list(wf, "log");
    json_t *recent = json_array();
    for (size_t i = json_array_size(log); i > 0 && json_array_size(recent) < RECENT; i--) {
        const json_t *entry = json_array_get(log, i - 1);
        if (!json_is_object(json_object_get(entry, "deleted")))
            (void)json_array_insert_new(recent, 0, incident_shown_entry_new(entry)); /* at worst one less is shown */
    }
    return recent;
}

static json_t *people_new(const struct wf *wf)
{
    const char *user;
    json_t *person, *people = json_object();
    json_object_foreach((json_t *)(uintptr_t)incident_part(wf, "people"), user, person)
    {
        (void)jx_set_string(people, user, jx_string(person, "name")); /* at worst an id is shown */
    }
    return people;
}

static json_t *tracker_new(const struct wf *wf)
{
    const json_t *tracker = incident_part(wf, "tracker");
    const char *key = jx_string(tracker, "key");
    return key ? json_pack("{ss ss*}", "key", key, "url", jx_string(tracker, "url")) : json_null();
}

/* Keys of orders that are still asked for: what is not among them need not be done any more. */
static json_t *outstanding_new(const struct wf *wf)
{
    const char *key;
    json_t *order, *keys = json_array();
    json_object_foreach((json_t *)(uintptr_t)incident_part(wf, "orders"), key, order)
    {
        if (json_array_append_new(keys, json_string(key)) == 0)
            continue;
        json_decref(keys); /* a list that lacks one would withdraw it */
        return NULL;
    }
    return keys;
}

static int64_t duration_s(const struct wf *wf)
{
    int64_t from_ms = incident_begun(wf), to_ms = incident_time(wf, "resolved");
    if (!to_ms)
        to_ms = incident_time(wf, "cancelled");
    return to_ms > from_ms ? (to_ms - from_ms) / 1000 : 0;
}

json_t *incident_detail_new(const struct wf *wf)
{
    json_t *detail = json_object();
    char words[PROTO_NAME_SIZE];
    incident_state_words(wf, words, sizeof words);
    bool done = copy_facts(detail, wf) && jx_set_string(detail, "state_words", words) &&
                jx_set_take(detail, "priority", json_incref(json_object_get(wf->facts, "level"))) &&
                jx_set_take(detail, "blockers", open_blockers_new(wf)) &&
                jx_set_take(detail, "components", first_items_new(wf, "components")) &&
                jx_set_take(detail, "affected", first_items_new(wf, "affected")) &&
                jx_set_take(detail, "people", people_new(wf)) && jx_set_take(detail, "tracker", tracker_new(wf)) &&
                jx_set_take(detail, "recent", recent_new(wf)) &&
                jx_set_take(detail, "failed_orders", incident_failures_new(wf)) &&
                jx_set_take(detail, "outstanding", outstanding_new(wf)) &&
                jx_set_i64(detail, "log_count", incident_last_entry(wf)) &&
                jx_set_i64(detail, "duration_s", duration_s(wf));
    (void)json_object_del(detail, "level"); /* shown as "priority" */
    if (done)
        return detail;
    json_decref(detail);
    return NULL;
}
