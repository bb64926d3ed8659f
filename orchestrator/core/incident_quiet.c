/* SPDX-License-Identifier: Apache-2.0
 * Quiet hours: nobody is reminded of incidents that can wait until the morning. */
#include "common/base/zone.h"
#include "orchestrator/core/incident_nag.h"

#include <stdlib.h>

enum { MINUTE_MS = 60000, DAY_MINUTES = 1440, QUIET_FROM_PRIORITY = 3 };

static int minute_of(const char *clock) { return (int)strtol(clock, NULL, 10) * 60 + (int)strtol(clock + 3, NULL, 10); }

static bool concerns(const json_t *quiet, int64_t priority)
{
    const json_t *listed = json_object_get(quiet, "priorities");
    for (size_t i = 0; i < json_array_size(listed); i++)
        if (json_integer_value(json_array_get(listed, i)) == priority)
            return true;
    return !listed && priority >= QUIET_FROM_PRIORITY;
}

int64_t incident_quiet_until(const struct config *config, const struct kind_reads *reads, int64_t priority,
                             int64_t at_ms)
{
    const json_t *quiet = incident_setting(config, "", "quiet_hours");
    const char *name = jx_string_or(quiet, "zone", "UTC");
    if (!quiet || !concerns(quiet, priority))
        return at_ms;
    const struct sw_zone *zone = reads->zone(reads->self, name);
    if (!zone)
        zone = sw_zone_utc();
    int from = minute_of(jx_string_or(quiet, "from", "00:00")), to = minute_of(jx_string_or(quiet, "to", "00:00"));
    int64_t local_ms = sw_zone_local_ms(zone, at_ms);
    int64_t days = local_ms / MINUTE_MS / DAY_MINUTES;
    int minute = (int)(local_ms / MINUTE_MS % DAY_MINUTES);
    bool wraps = to <= from, inside = wraps ? minute >= from || minute < to : minute >= from && minute < to;
    if (!inside || from == to)
        return at_ms;
    days += wraps && minute >= from;
    return sw_zone_moment(zone, (days * DAY_MINUTES + to) * MINUTE_MS).first_ms;
}
