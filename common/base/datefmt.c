/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/datefmt.h"

#include "common/base/civil.h"

#include <stdio.h>

/* Numbers as printf takes them; a year has four digits within anybody's lifetime. */
struct clock_face {
    int year, month, day, hour, minute, second, ms;
};

static struct clock_face face_of(int64_t local_ms)
{
    struct sw_civil civil = sw_civil_from_ms(local_ms);
    return (struct clock_face){ (int)civil.year, civil.month,  civil.day, civil.hour,
                                civil.minute,    civil.second, civil.ms };
}

void sw_date_short(int64_t at_ms, char ret_text[SW_DATE_SIZE])
{
    static const char *const MONTHS[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct clock_face face = face_of(at_ms);
    ret_text[0] = '\0';
    if (at_ms != 0)
        (void)snprintf(ret_text, SW_DATE_SIZE, "%s %d %02d:%02d", MONTHS[face.month - 1], face.day, face.hour,
                       face.minute);
}

void sw_date_utc(int64_t at_ms, char ret_text[SW_DATE_SIZE]) { sw_date_local(at_ms, sw_zone_utc(), ret_text); }

void sw_date_iso(int64_t at_ms, char ret_text[SW_DATE_SIZE])
{
    struct clock_face face = face_of(at_ms);
    ret_text[0] = '\0';
    if (at_ms != 0)
        (void)snprintf(ret_text, SW_DATE_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03d+00:00", face.year, face.month,
                       face.day, face.hour, face.minute, face.second, face.ms);
}

void sw_date_local(int64_t at_ms, const struct sw_zone *zone, char ret_text[SW_DATE_SIZE])
{
    if (!zone)
        zone = sw_zone_utc();
    struct clock_face face = face_of(sw_zone_local_ms(zone, at_ms));
    ret_text[0] = '\0';
    if (at_ms != 0)
        (void)snprintf(ret_text, SW_DATE_SIZE, "%04d-%02d-%02d %02d:%02d %s", face.year, face.month, face.day,
                       face.hour, face.minute, sw_zone_clock_at(zone, at_ms).abbreviation);
}

void sw_date_slack(int64_t at_ms, char ret_text[SW_DATE_SLACK_SIZE])
{
    struct clock_face face = face_of(at_ms);
    long long epoch_s = at_ms / SW_SECOND_MS - (at_ms % SW_SECOND_MS < 0);
    ret_text[0] = '\0';
    if (at_ms != 0)
        (void)snprintf(ret_text, SW_DATE_SLACK_SIZE,
                       "<!date^%lld^{date_short_pretty} {time}|%04d-%02d-%02d %02d:%02d:%02d +00:00 (UTC)>", epoch_s,
                       face.year, face.month, face.day, face.hour, face.minute, face.second);
}
