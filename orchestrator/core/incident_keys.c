/* SPDX-License-Identifier: Apache-2.0
 * By what an incident is found besides its id: its number, its channel, the alerts that it is about. */
#include "common/base/text.h"
#include "orchestrator/core/incident_facts.h"
#include "orchestrator/core/incident_kind.h"

#include <stdio.h>
#include <string.h>

/* Alerts of one group are one incident; the others are found by themselves. False: it says neither. */
static bool alert_key(const json_t *alert, char ret_key[WF_KEY_SIZE])
{
    const char *source = jx_string_or(alert, "source", ""), *group = jx_string_or(alert, "group", ""),
               *key = jx_string_or(alert, "key", "");
    int length = *group ? snprintf(ret_key, WF_KEY_SIZE, "alerts:%s:%s", source, group)
                        : snprintf(ret_key, WF_KEY_SIZE, "alert:%s:%s", source, key);
    return *source && *key && length > 0 && length < WF_KEY_SIZE;
}

static bool is_among(char keys[][WF_KEY_SIZE], size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (sw_equal(keys[i], key))
            return true;
    return false;
}

/* Once it is finished, an alert that fires again is a new incident. */
static size_t alert_keys(const struct wf *wf, char ret_keys[][WF_KEY_SIZE], size_t count)
{
    const json_t *alerts = incident_list(wf, "alerts");
    if (incident_finished(wf) || wf->state == INCIDENT_READY_FOR_REVIEW)
        return count;
    for (size_t i = 0; i < json_array_size(alerts) && count < KIND_MAX_KEYS; i++)
        if (alert_key(json_array_get(alerts, i), ret_keys[count]) && !is_among(ret_keys, count, ret_keys[count]))
            count++;
    return count;
}

size_t incident_keys(const struct wf *wf, char ret_keys[][WF_KEY_SIZE])
{
    size_t count = 0;
    (void)snprintf(ret_keys[count++], WF_KEY_SIZE, "number:%lld", (long long)jx_i64_or(wf->facts, "number", 0));
    if (*incident_channel(wf))
        (void)snprintf(ret_keys[count++], WF_KEY_SIZE, "channel:%s", incident_channel(wf));
    return alert_keys(wf, ret_keys, count);
}

bool incident_command_key(const struct kind_world *world, const struct proto_command *command,
                          char ret_key[WF_KEY_SIZE])
{
    const char *target = jx_string_or(command->args, "target", "");
    int64_t number;
    (void)world;
    if (sw_equal(command->name, "alert"))
        return alert_key(command->args, ret_key);
    if (*target == '#' && sw_parse_i64(target + 1, 1, INT64_MAX, &number)) {
        (void)snprintf(ret_key, WF_KEY_SIZE, "number:%lld", (long long)number);
        return true;
    }
    if (*target || !*command->channel)
        return false;
    (void)snprintf(ret_key, WF_KEY_SIZE, "channel:%s", command->channel);
    return true;
}
