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

struct hours { /* minutes of the day */
    const struct sw_zone *zone;
    int from, to;
};

static bool inside(const struct hours *hours, int64_t at_ms)
{
    int minute = (int)(sw_zone_local_ms(hours->zone, at_ms) / MINUTE_MS % DAY_MINUTES);
    if (hours->to <= hours->from)
        return hours->from != hours->to && (minute >= hours->from || minute < hours->to);
    return minute >= hours->from && minute < hours->to;
}

/* What the wall clock shows decides. It may show the end twice: then the one after at_ms counts; or never, when the
 * clocks are put forward over it: then they are over with that. */
static int64_t end_of(const struct hours *hours, int64_t at_ms)
{
    int64_t minutes = sw_zone_local_ms(hours->zone, at_ms) / MINUTE_MS, day = minutes / DAY_MINUTES;
    day += minutes % DAY_MINUTES >= hours->to;
    struct sw_zone_moment end = sw_zone_moment(hours->zone, (day * DAY_MINUTES + hours->to) * MINUTE_MS);
    if (end.fit != SW_ZONE_NEVER)
        return end.first_ms > at_ms ? end.first_ms : end.second_ms;
    int64_t over_ms = (end.second_ms > at_ms ? end.second_ms : at_ms) / MINUTE_MS * MINUTE_MS;
    while (inside(hours, over_ms))
        over_ms += MINUTE_MS;
    return over_ms;
}

int64_t incident_quiet_until(const struct config *config, const struct kind_reads *reads, int64_t priority,
                             int64_t at_ms)
{
    const json_t *quiet = incident_setting(config, "", "quiet_hours");
    if (!quiet || !concerns(quiet, priority))
        return at_ms;
    struct hours hours = { .zone = reads->zone(reads->self, jx_string_or(quiet, "zone", "UTC")),
                           .from = minute_of(jx_string_or(quiet, "from", "00:00")),
                           .to = minute_of(jx_string_or(quiet, "to", "00:00")) };
    if (!hours.zone)
        hours.zone = sw_zone_utc();
    return inside(&hours, at_ms) ? end_of(&hours, at_ms) : at_ms;
}
