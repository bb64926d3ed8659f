/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/incident_model.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_facts.h"
#include "orchestrator/core/incident_timeline.h"

#include <string.h>

enum { MAX_TEXT_BYTES = 120 * 1024, SECOND_MS = 1000 };

static json_t *person_new(const struct wf *wf, const char *user)
{
    return *user ? json_pack("{ss ss}", "id", user, "name", incident_person(wf, user)) : NULL;
}

static json_t *roles_new(const struct wf *wf)
{
    json_t *roles = json_object();
#define ROLE_(role)                                                                                                    \
    if (*incident_role(wf, role) && !jx_set_take(roles, role, person_new(wf, incident_role(wf, role)))) {              \
        json_decref(roles);                                                                                            \
        return NULL;                                                                                                   \
    }
    INCIDENT_ROLES(ROLE_)
#undef ROLE_
    return roles;
}

static bool set_span(json_t *spans, const struct wf *wf, const char *name, const char *from, const char *to)
{
    int64_t from_ms = incident_time(wf, from), to_ms = incident_time(wf, to);
    if (!from_ms || !to_ms)
        return true;
    int64_t span_ms = to_ms > from_ms ? to_ms - from_ms : from_ms - to_ms;
    return jx_set_i64(spans, name, span_ms / SECOND_MS);
}

static json_t *spans_new(const struct wf *wf)
{
    json_t *spans = json_object();
    if (set_span(spans, wf, "detect", "genesis", "detected") &&
        set_span(spans, wf, "acknowledge", "detected", "acknowledged") &&
        set_span(spans, wf, "mitigate", "genesis", "mitigated") &&
        set_span(spans, wf, "resolve", "genesis", "resolved") &&
        set_span(spans, wf, "total", incident_time(wf, "genesis") ? "genesis" : "created", "resolved"))
        return spans;
    json_decref(spans);
    return NULL;
}

static json_t *blockers_new(const struct wf *wf)
{
    const json_t *list = incident_list(wf, "blockers");
    json_t *blockers = json_array();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *blocker = json_array_get(list, i);
        if (jx_i64_or(blocker, "until", 0))
            continue;
        json_t *open = json_pack("{ss ss* sI}", "who", jx_string_or(blocker, "who", ""), "why",
                                 jx_string(blocker, "why"), "at", (json_int_t)jx_i64_or(blocker, "at", 0));
        if (json_array_append_new(blockers, open) != 0) {
            json_decref(blockers);
            return NULL;
        }
    }
    return blockers;
}

/* ---- entries ---- */

static json_t *entry_new(const struct wf *wf, const json_t *entry)
{
    int64_t said_ms = jx_i64_or(entry, "said_at", 0);
    const char *type = jx_string_or(entry, "type", "");
    return json_pack("{sI ss ss ss sI so* ss* sO*}", "id", (json_int_t)jx_i64_or(entry, "id", 0), "type", type,
                     "prefix", incident_entry_prefix(type), "text", jx_string_or(entry, "text", ""), "at",
                     (json_int_t)(said_ms ? said_ms : jx_i64_or(entry, "at", 0)), "by",
                     person_new(wf, jx_string_or(entry, "by", "")), "link", jx_string(entry, "link"), "task",
                     json_is_object(json_object_get(entry, "task")) ? json_object_get(entry, "task") : NULL);
}

/* The index from which the log's texts fit in. */
static size_t first_that_fits(const json_t *log)
{
    size_t bytes = 0, i = json_array_size(log);
    while (i > 0) {
        bytes += strlen(jx_string_or(json_array_get(log, i - 1), "text", "")) + 200;
        if (bytes > MAX_TEXT_BYTES)
            break;
        i--;
    }
    return i;
}

/* type NULL: all of them. */
static json_t *entries_new(const struct wf *wf, const char *type, size_t first)
{
    const json_t *log = incident_list(wf, "log");
    json_t *entries = json_array();
    for (size_t i = first; entries && i < json_array_size(log); i++) {
        const json_t *entry = json_array_get(log, i);
        if (!incident_entry_is(entry, type ? type : jx_string_or(entry, "type", "")))
            continue;
        if (json_array_append_new(entries, entry_new(wf, entry)) != 0) {
            json_decref(entries);
            return NULL;
        }
    }
    return entries;
}

static bool put_entries(json_t *model, const struct wf *wf)
{
    static const char *const LISTS[][2] = {
        { "factors", "factor" }, { "action_items", "action_item" }, { "prs", "pr" }, { "notes", "note" }
    };
    size_t first = first_that_fits(incident_list(wf, "log"));
    for (size_t i = 0; i < SW_COUNT(LISTS); i++)
        if (!jx_set_take(model, LISTS[i][0], entries_new(wf, LISTS[i][1], first)))
            return false;
    return jx_set_take(model, "log", entries_new(wf, NULL, first)) && jx_set_i64(model, "log_left_out", (int64_t)first);
}

/* ---- the whole ---- */

json_t *incident_names_new(const struct wf *wf)
{
    json_t *names = json_object(), *person;
    const char *user;
    json_object_foreach((json_t *)(uintptr_t)incident_part(wf, "people"), user, person)
    {
        (void)person;
        if (!jx_set_string(names, user, incident_person(wf, user))) {
            json_decref(names);
            return NULL;
        }
    }
    return names;
}

static bool put_texts(json_t *model, const struct wf *wf)
{
    static const char *const KEYS[] = { "summary", "service", "environment", "cause" };
    char words[PROTO_NAME_SIZE];
    incident_state_words(wf, words, sizeof words);
    for (size_t i = 0; i < SW_COUNT(KEYS); i++)
        if (*incident_fact(wf, KEYS[i]) && !jx_set_string(model, KEYS[i], incident_fact(wf, KEYS[i])))
            return false;
    return jx_set_string(model, "workflow", wf->id) && jx_set_string(model, "title", incident_fact(wf, "title")) &&
           jx_set_string(model, "state", incident_state_name((enum incident_state)wf->state)) &&
           jx_set_string(model, "state_words", words) &&
           jx_set_i64(model, "number", jx_i64_or(wf->facts, "number", 0)) &&
           jx_set_take(model, "active", json_boolean(incident_open(wf)));
}

static bool put_places(json_t *model, const struct wf *wf)
{
    const char *key = jx_string(incident_part(wf, "tracker"), "key");
    if (*incident_channel(wf) &&
        !jx_set_take(model, "channel",
                     json_pack("{ss ss}", "id", incident_channel(wf), "name", incident_channel_name(wf))))
        return false;
    return !key ||
           jx_set_take(model, "tracker",
                       json_pack("{ss ss*}", "key", key, "url", jx_string(incident_part(wf, "tracker"), "url")));
}

static json_t *array_or_empty(const struct wf *wf, const char *key)
{
    const json_t *list = incident_list(wf, key);
    return list ? json_copy((json_t *)(uintptr_t)list) : json_array();
}

static bool put_rest(json_t *model, const struct wf *wf, const struct config *config)
{
    struct incident_level level;
    (void)incident_level(config, incident_priority(wf), &level); /* an unknown one has a name, too */
    json_t *times = json_object_get(wf->facts, "times"), *by = person_new(wf, incident_fact(wf, "user"));
    return jx_set_take(model, "priority",
                       json_pack("{sI ss ss ss}", "n", (json_int_t)level.n, "name", level.name, "emoji", level.emoji,
                                 "description", level.description)) &&
           jx_set_take(model, "declared_by", by ? by : json_object()) && jx_set_take(model, "roles", roles_new(wf)) &&
           jx_set_take(model, "times", times ? json_copy(times) : json_object()) &&
           jx_set_take(model, "spans", spans_new(wf)) && jx_set_take(model, "blockers", blockers_new(wf)) &&
           jx_set_take(model, "components", array_or_empty(wf, "components")) &&
           jx_set_take(model, "affected", array_or_empty(wf, "affected")) &&
           jx_set_take(model, "people", incident_names_new(wf));
}

json_t *incident_model_new(const struct wf *wf, const struct config *config)
{
    json_t *model = json_object();
    if (model && put_texts(model, wf) && put_places(model, wf) && put_rest(model, wf, config) && put_entries(model, wf))
        return model;
    json_decref(model);
    return NULL;
}
