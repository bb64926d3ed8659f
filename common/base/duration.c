/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/duration.h"

#include "common/base/civil.h"

#include <stdio.h>

static int64_t magnitude(int64_t ms) { return ms >= 0 ? ms : ms == INT64_MIN ? INT64_MAX : -ms; }

void sw_duration_short(int64_t duration_ms, char ret_text[SW_DURATION_SHORT_SIZE])
{
    int64_t seconds = magnitude(duration_ms) / SW_SECOND_MS;
    long long days = seconds / 86400;
    int hours = (int)(seconds / 3600 % 24), minutes = (int)(seconds / 60 % 60);
    if (days > 0)
        (void)snprintf(ret_text, SW_DURATION_SHORT_SIZE, "%lldd%dh%dm", days, hours, minutes);
    else if (hours > 0)
        (void)snprintf(ret_text, SW_DURATION_SHORT_SIZE, "%dh%dm", hours, minutes);
    else if (minutes > 0)
        (void)snprintf(ret_text, SW_DURATION_SHORT_SIZE, "%dm%ds", minutes, (int)(seconds % 60));
    else
        (void)snprintf(ret_text, SW_DURATION_SHORT_SIZE, "%ds", (int)seconds);
}

static const char *plural(int64_t count) { return count == 1 ? "" : "s"; }

static int64_t rounded(int64_t ms, int64_t unit_ms) { return ms / unit_ms + (ms % unit_ms >= unit_ms / 2); }

void sw_duration_long(int64_t duration_ms, char ret_text[SW_DURATION_LONG_SIZE])
{
    int64_t ms = magnitude(duration_ms);
    long long days = ms / SW_DAY_MS, hours = ms % SW_DAY_MS / SW_HOUR_MS;
    long long minutes = rounded(ms % SW_HOUR_MS, SW_MINUTE_MS), seconds = rounded(ms, SW_SECOND_MS);
    if (days > 0)
        (void)snprintf(ret_text, SW_DURATION_LONG_SIZE, "%lld day%s, %lld hour%s, %lld minute%s", days, plural(days),
                       hours, plural(hours), minutes, plural(minutes));
    else if (hours > 0)
        (void)snprintf(ret_text, SW_DURATION_LONG_SIZE, "%lld hour%s, %lld minute%s", hours, plural(hours), minutes,
                       plural(minutes));
    else if (ms >= SW_MINUTE_MS)
        (void)snprintf(ret_text, SW_DURATION_LONG_SIZE, "%lld minute%s", minutes, plural(minutes));
    else
        (void)snprintf(ret_text, SW_DURATION_LONG_SIZE, "%lld second%s", seconds, plural(seconds));
}
