/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/incident_facts.h"

#include "common/base/text.h"

#include <stdio.h>

#define TEXT_(name, text) text,
static const char *const STATE_NAMES[] = { INCIDENT_STATES(TEXT_) };
#undef TEXT_

const char *incident_state_name(enum incident_state state) { return STATE_NAMES[state]; }

bool incident_state_parse(const char *name, enum incident_state *ret_state)
{
    for (int state = 0; state < INCIDENT_STATE_COUNT; state++)
        if (sw_equal(name, STATE_NAMES[state])) {
            *ret_state = (enum incident_state)state;
            return true;
        }
    return false;
}

const char *incident_fact(const struct wf *wf, const char *key) { return jx_string_or(wf->facts, key, ""); }

const json_t *incident_list(const struct wf *wf, const char *key)
{
    const json_t *list = json_object_get(wf->facts, key);
    return json_is_array(list) ? list : NULL;
}

const json_t *incident_part(const struct wf *wf, const char *key)
{
    const json_t *part = json_object_get(wf->facts, key);
    return json_is_object(part) ? part : NULL;
}

const char *incident_role(const struct wf *wf, const char *role)
{
    return jx_string_or(incident_part(wf, "roles"), role, "");
}

int64_t incident_time(const struct wf *wf, const char *name) { return jx_i64_or(incident_part(wf, "times"), name, 0); }

int64_t incident_begun(const struct wf *wf)
{
    int64_t genesis_ms = incident_time(wf, "genesis");
    return genesis_ms ? genesis_ms : incident_time(wf, "created");
}

const char *incident_begun_words(const struct wf *wf)
{
    return incident_time(wf, "genesis") ? "its beginning" : "its declaration";
}

int64_t incident_priority(const struct wf *wf) { return jx_i64_or(wf->facts, "priority", 0); }

bool incident_private(const struct wf *wf) { return jx_bool_or(wf->facts, "private", false); }

const char *incident_channel(const struct wf *wf) { return jx_string_or(incident_part(wf, "channel"), "id", ""); }

const char *incident_channel_name(const struct wf *wf)
{
    return jx_string_or(incident_part(wf, "channel"), "name", "");
}

/* ---- the log ---- */

const json_t *incident_entry(const struct wf *wf, int64_t id)
{
    const json_t *log = incident_list(wf, "log");
    return id >= 1 && (size_t)id <= json_array_size(log) ? json_array_get(log, (size_t)id - 1) : NULL;
}

int64_t incident_last_entry(const struct wf *wf) { return (int64_t)json_array_size(incident_list(wf, "log")); }

bool incident_entry_is(const json_t *entry, const char *type)
{
    return sw_equal(jx_string(entry, "type"), type) && !json_is_object(json_object_get(entry, "deleted"));
}

size_t incident_count_entries(const struct wf *wf, const char *type)
{
    const json_t *log = incident_list(wf, "log");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(log); i++)
        count += incident_entry_is(json_array_get(log, i), type);
    return count;
}

int64_t incident_latest_update(const struct wf *wf)
{
    const json_t *log = incident_list(wf, "log");
    for (size_t i = json_array_size(log); i > 0; i--) {
        const json_t *entry = json_array_get(log, i - 1);
        if (incident_entry_is(entry, "comm_update") || incident_entry_is(entry, "summary"))
            return jx_i64_or(entry, "at", 0);
    }
    return 0;
}

size_t incident_open_blockers(const struct wf *wf)
{
    const json_t *list = incident_list(wf, "blockers");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        count += jx_i64_or(json_array_get(list, i), "until", 0) == 0;
    return count;
}

const char *incident_person(const struct wf *wf, const char *user)
{
    const char *name = jx_string(json_object_get(incident_part(wf, "people"), user), "name");
    return name && *name ? name : user;
}

/* ---- state ---- */

enum incident_state incident_state_of(const struct wf *wf)
{
    static const struct {
        const char *time;
        enum incident_state state;
    } ENDS[] = { { "archived", INCIDENT_ARCHIVED },
                 { "cancelled", INCIDENT_CANCELLED },
                 { "completed", INCIDENT_COMPLETED },
                 { "ready", INCIDENT_READY_FOR_REVIEW },
                 { "resolved", INCIDENT_RESOLVED } };
    for (size_t i = 0; i < SW_COUNT(ENDS); i++)
        if (incident_time(wf, ENDS[i].time))
            return ENDS[i].state;
    if (incident_open_blockers(wf) > 0)
        return INCIDENT_BLOCKED;
    if (incident_time(wf, "mitigated"))
        return INCIDENT_MITIGATED;
    return incident_time(wf, "acknowledged") ? INCIDENT_ACKNOWLEDGED : INCIDENT_STARTED;
}

bool incident_open(const struct wf *wf)
{
    return wf->state == INCIDENT_STARTED || wf->state == INCIDENT_ACKNOWLEDGED || wf->state == INCIDENT_MITIGATED ||
           wf->state == INCIDENT_BLOCKED;
}

bool incident_finished(const struct wf *wf)
{
    return wf->state == INCIDENT_COMPLETED || wf->state == INCIDENT_CANCELLED || wf->state == INCIDENT_ARCHIVED;
}

void incident_state_words(const struct wf *wf, char *ret_text, size_t size)
{
    proto_state_words(incident_state_name((enum incident_state)wf->state), ret_text, size);
}

void incident_name(const struct wf *wf, char *ret_text, size_t size)
{
    (void)snprintf(ret_text, size, "#%lld", (long long)jx_i64_or(wf->facts, "number", 0));
}
