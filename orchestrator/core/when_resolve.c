/* SPDX-License-Identifier: Apache-2.0
 * From what was said to the instant: the day, then the time of day on it, then the zone. */
#include "orchestrator/core/when_internal.h"

#include "common/base/civil.h"

static const int64_t YEAR_MIN = 1970, YEAR_MAX = 2199;
enum { MORNING_HOUR = 9 /* of a day without a time, read forward */, DAYS_BACK_MAX = 4 * 366 };

/* The clock that the words are read on: the caller's zone, or a fixed offset. */
struct clock {
    const struct sw_zone *zone; /* NULL: the offset */
    int64_t offset_ms;
};

static int64_t to_local(const struct clock *clock, int64_t at_ms)
{
    return clock->zone ? sw_zone_local_ms(clock->zone, at_ms) : at_ms + clock->offset_ms;
}

static struct sw_zone_moment to_utc(const struct clock *clock, int64_t local_ms)
{
    if (clock->zone)
        return sw_zone_moment(clock->zone, local_ms);
    return (struct sw_zone_moment){ SW_ZONE_ONCE, local_ms - clock->offset_ms, local_ms - clock->offset_ms };
}

static int64_t day_of(int64_t local_ms) { return local_ms / SW_DAY_MS - (local_ms % SW_DAY_MS < 0); }

/* ---- days ---- */

/* Monday is 1. */
static int32_t weekday_of(int64_t day)
{
    int32_t weekday = sw_civil_weekday(day);
    return weekday == 0 ? 7 : weekday;
}

static int64_t weekday_day(const struct when_parts *parts, int64_t today, enum when_bias bias)
{
    int64_t monday = today - (weekday_of(today) - 1);
    int64_t day = monday + parts->weekday - 1;
    if (parts->week != WHEN_WEEK_ANY)
        return day + 7 * ((int64_t)parts->week - WHEN_WEEK_THIS);
    if (bias == WHEN_PAST)
        return day > today ? day - 7 : day;
    return day < today ? day + 7 : day;
}

/* Walks from today to the nearest day of that number, and of that month unless it is 0. */
static int64_t nearest_day(int64_t today, int32_t month, int32_t day, enum when_bias bias)
{
    int64_t step = bias == WHEN_PAST ? -1 : 1;
    int64_t limit = month == 2 && day == 29 ? 2 * DAYS_BACK_MAX : DAYS_BACK_MAX; /* 1896 to 1904, 2096 to 2104 */
    for (int64_t i = 0; i <= limit; i++) {
        struct sw_civil civil = sw_civil_from_ms((today + i * step) * SW_DAY_MS);
        if (civil.day == day && (month == 0 || civil.month == month))
            return today + i * step;
    }
    return today;
}

static const char *month_name(int32_t month)
{
    static const char *const NAMES[] = { "january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december" };
    return NAMES[month - 1];
}

static bool check_date(const struct when_parts *parts, char *why)
{
    if (parts->day_kind == WHEN_DAY_OF_MONTH) {
        if (parts->day < 1 || parts->day > 31)
            WHEN_SAY(why, "no month has a day %d", (int)parts->day);
    } else if (parts->month < 1 || parts->month > 12)
        WHEN_SAY(why, "there is no month %d", (int)parts->month);
    else if (parts->year != 0 && (parts->year < YEAR_MIN || parts->year > YEAR_MAX))
        WHEN_SAY(why, "the year is not between %d and %d", (int)YEAR_MIN, (int)YEAR_MAX);
    else if (parts->day < 1 || parts->day > sw_civil_month_days(parts->year ? parts->year : 2000, parts->month)) {
        if (parts->year)
            WHEN_SAY(why, "%s %d has no day %d", month_name(parts->month), (int)parts->year, (int)parts->day);
        else
            WHEN_SAY(why, "%s has no day %d", month_name(parts->month), (int)parts->day);
    }
    return why[0] == '\0';
}

static bool date_day(const struct when_parts *parts, int64_t today, enum when_bias bias, char *why, int64_t *ret_day)
{
    if (!check_date(parts, why))
        return false;
    *ret_day = parts->year ? sw_civil_days(parts->year, parts->month, parts->day)
                           : nearest_day(today, parts->day_kind == WHEN_DAY_DATE ? parts->month : 0, parts->day, bias);
    return true;
}

/* A weekday beside a date must be that day's. */
static bool check_weekday(const struct when_parts *parts, int64_t day, char *why)
{
    static const char *const NAMES[] = { "",         "monday", "tuesday",  "wednesday",
                                         "thursday", "friday", "saturday", "sunday" };
    int32_t weekday = weekday_of(day);
    if (parts->weekday == 0 || parts->weekday == weekday)
        return true;
    struct sw_civil civil = sw_civil_from_ms(day * SW_DAY_MS);
    WHEN_SAY(why, "%04d-%02d-%02d is a %s", (int)civil.year, (int)civil.month, (int)civil.day, NAMES[weekday]);
    return false;
}

/* The calendar's months away, on the last day of the month when it has no such day. */
static int64_t months_away(int64_t local_ms, int64_t months)
{
    struct sw_civil civil = sw_civil_from_ms(local_ms);
    int64_t month = civil.year * 12 + civil.month - 1 + months;
    civil.year = month / 12;
    civil.month = (int32_t)(month % 12) + 1;
    int32_t last = sw_civil_month_days(civil.year, civil.month);
    if (civil.day > last)
        civil.day = last;
    return sw_civil_to_ms(civil);
}

static int span_sign(const struct when_parts *parts, enum when_bias bias)
{
    return parts->span.sign ? parts->span.sign : bias == WHEN_PAST ? -1 : 1;
}

static bool find_day(const struct when_parts *parts, const struct when_context *context, int64_t local_now_ms,
                     char *why, int64_t *ret_day)
{
    int64_t today = day_of(local_now_ms);
    int sign = span_sign(parts, context->bias);
    switch (parts->day_kind) {
    case WHEN_DAY_NONE:
        if (parts->span.given)
            *ret_day = day_of(months_away(local_now_ms, sign * parts->span.months) + sign * parts->span.ms);
        else
            *ret_day = parts->weekday ? weekday_day(parts, today, context->bias) : today;
        return true;
    case WHEN_DAY_OFFSET:
        *ret_day = today + parts->day_offset;
        break;
    case WHEN_DAY_DATE:
    case WHEN_DAY_OF_MONTH:
        if (!date_day(parts, today, context->bias, why, ret_day))
            return false;
        break;
    }
    return check_weekday(parts, *ret_day, why);
}

/* ---- times of day ---- */

static bool shift_daypart(const struct when_parts *parts, int32_t *hour, char *why)
{
    static const struct {
        const char *name;
        int32_t first, last; /* of a clock of 24 hours */
    } PARTS[] = {
        [WHEN_MORNING] = { "morning", 0, 11 },
        [WHEN_AFTERNOON] = { "afternoon", 12, 18 },
        [WHEN_EVENING] = { "evening", 16, 23 },
        [WHEN_NIGHT] = { "night", 18, 29 }, /* until 5 in the morning */
    };
    if (parts->daypart == WHEN_DAYPART_NONE)
        return true;
    int32_t first = PARTS[parts->daypart].first, last = PARTS[parts->daypart].last;
    for (int32_t candidate = *hour; candidate <= *hour + 24; candidate += parts->twelve || *hour > 12 ? 24 : 12)
        if (candidate >= first && candidate <= last) {
            *hour = candidate;
            return true;
        }
    WHEN_SAY(why, "%d o'clock is not in the %s", (int)*hour, PARTS[parts->daypart].name);
    return false;
}

/* A night that was named as one ("last night") runs on into the next date; "2 at night" is early on its own. */
static bool find_time(const struct when_parts *parts, enum when_bias bias, char *why, int64_t *ret_ms)
{
    int32_t hour = parts->hour;
    if (!parts->has_time) {
        *ret_ms = bias == WHEN_FUTURE ? MORNING_HOUR * (int64_t)SW_HOUR_MS : 0;
        return true;
    }
    if (!shift_daypart(parts, &hour, why))
        return false;
    if (hour >= 24 && parts->hour < 24 && !parts->night_shared)
        hour -= 24;
    *ret_ms = ((hour * 60LL + parts->minute) * 60 + parts->second) * SW_SECOND_MS;
    return true;
}

static bool is_named_day(const struct when_parts *parts)
{
    return parts->day_kind != WHEN_DAY_NONE || parts->weekday != 0 || parts->span.given;
}

/* Read forward, what was not named for sure moves on when it has passed. */
static int64_t step_days(const struct when_parts *parts)
{
    if (!is_named_day(parts))
        return 1;
    bool open_weekday = parts->weekday && parts->day_kind == WHEN_DAY_NONE && parts->week == WHEN_WEEK_ANY;
    return open_weekday ? 7 : 0;
}

static void set_moment(const struct sw_zone_moment moment, const struct when_context *context, struct when *ret_when)
{
    bool second = context->bias == WHEN_FUTURE && moment.fit == SW_ZONE_TWICE && moment.first_ms <= context->now_ms;
    ret_when->fit = moment.fit;
    ret_when->at_ms = second ? moment.second_ms : moment.first_ms;
}

static bool resolve_on(const struct when_parts *parts, const struct when_context *context, const struct clock *clock,
                       char *why, struct when *ret_when)
{
    int64_t day = 0, time_ms = 0;
    if (!find_day(parts, context, to_local(clock, context->now_ms), why, &day) ||
        !find_time(parts, context->bias, why, &time_ms))
        return false;
    set_moment(to_utc(clock, day * SW_DAY_MS + time_ms), context, ret_when);
    if (context->bias == WHEN_FUTURE && ret_when->at_ms <= context->now_ms && step_days(parts) > 0)
        set_moment(to_utc(clock, (day + step_days(parts)) * SW_DAY_MS + time_ms), context, ret_when);
    ret_when->whole_day = !parts->has_time;
    return true;
}

/* ---- zones and spans ---- */

/* "est" on the day that is meant: the caller's own zone knows best, then the table. */
static bool read_zone_word(const struct when_parts *parts, const struct when_context *context, int64_t near_ms,
                           char *why, struct clock *clock)
{
    int32_t offset_s;
    if (!sw_zone_abbreviation(context->zone, parts->zone_word, near_ms, &offset_s) &&
        !when_zone_word(parts->zone_word, &offset_s)) {
        bool known = when_zone_ambiguous(parts->zone_word);
        WHEN_SAY(why, known ? "\"%s\" means several offsets; type one, such as +02:00" : "\"%s\" is no time zone",
                 parts->zone_word);
        return false;
    }
    *clock = (struct clock){ .offset_ms = offset_s * (int64_t)SW_SECOND_MS };
    return true;
}

static bool resolve_time(const struct when_parts *parts, const struct when_context *context, char *why,
                         struct when *ret_when)
{
    struct clock clock = { .zone = parts->has_zone ? NULL : context->zone, .offset_ms = parts->offset_s * 1000LL };
    if (!resolve_on(parts, context, &clock, why, ret_when))
        return false;
    if (!parts->zone_word[0])
        return true;
    return read_zone_word(parts, context, ret_when->at_ms, why, &clock) &&
           resolve_on(parts, context, &clock, why, ret_when);
}

static void resolve_span(const struct when_parts *parts, const struct when_context *context, struct when *ret_when)
{
    int sign = span_sign(parts, context->bias);
    int64_t from_ms = context->now_ms;
    if (parts->span.months > 0) {
        int64_t local_ms = months_away(sw_zone_local_ms(context->zone, from_ms), sign * parts->span.months);
        from_ms = sw_zone_moment(context->zone, local_ms).first_ms;
    }
    ret_when->at_ms = from_ms + sign * parts->span.ms;
}

static bool check_range(const struct when *when, char *why)
{
    if (when->at_ms >= SW_SECOND_MS && when->at_ms < sw_civil_days(YEAR_MAX + 1, 1, 1) * SW_DAY_MS)
        return true;
    WHEN_SAY(why, "it is not between the years %d and %d", (int)YEAR_MIN, (int)YEAR_MAX);
    return false;
}

bool when_resolve(const struct when_parts *parts, const struct when_context *context, char *why, struct when *ret_when)
{
    struct when when = { .at_ms = context->now_ms };
    if (parts->epoch_ms)
        when.at_ms = parts->epoch_ms;
    else if (parts->span.given && !parts->has_time)
        resolve_span(parts, context, &when);
    else if (!parts->now && !resolve_time(parts, context, why, &when))
        return false;
    if (!check_range(&when, why))
        return false;
    when.at_ms -= when.at_ms % SW_SECOND_MS;
    *ret_when = when;
    return true;
}
