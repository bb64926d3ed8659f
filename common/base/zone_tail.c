/* SPDX-License-Identifier: Apache-2.0
 * The rule at the end of a TZif file, "CET-1CEST,M3.5.0,M10.5.0/3": POSIX.1-2017 section 8.3 with RFC 9636's wider
 * hours. A rule with summer time but without its dates is refused; no file has one, and what it means is undefined. */
#include "common/base/civil.h"
#include "common/base/zone_internal.h"

#include <string.h>

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S, TAIL_HOURS_MAX = 167, OFFSET_HOURS_MAX = 24, CHANGE_PRESET_S = 2 * HOUR_S };

static bool take(const char **at, char wanted) { return **at == wanted && (*at)++; }

static bool take_number(const char **at, int32_t min, int32_t max, int32_t *ret_value)
{
    int32_t value = 0;
    size_t digits = strspn(*at, "0123456789");
    if (digits == 0 || digits > 3)
        return false;
    for (; digits > 0; digits--, (*at)++)
        value = value * 10 + (**at - '0');
    *ret_value = value;
    return value >= min && value <= max;
}

/* [+|-]hh[:mm[:ss]] */
static bool take_time(const char **at, int32_t hours_max, int32_t *ret_time_s)
{
    int32_t fields[3] = { 0 };
    int32_t sign = take(at, '-') ? -1 : 1;
    if (sign > 0)
        (void)take(at, '+'); /* optional */
    for (size_t i = 0; i < SW_COUNT(fields) && (i == 0 || take(at, ':')); i++)
        if (!take_number(at, 0, i == 0 ? hours_max : 59, &fields[i]))
            return false;
    *ret_time_s = sign * (fields[0] * HOUR_S + fields[1] * 60 + fields[2]);
    return true;
}

/* EST, or <+0545>. */
static bool take_word(const char **at, char ret_word[ZONE_WORD_SIZE])
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    bool quoted = take(at, '<');
    size_t length = quoted ? strcspn(*at, ">") : strspn(*at, LETTERS);
    if (length < 3 || length >= ZONE_WORD_SIZE)
        return false;
    memcpy(ret_word, *at, length);
    ret_word[length] = '\0';
    *at += length;
    return !quoted || take(at, '>');
}

/* The sign is POSIX's: positive is west. */
static bool take_offset(const char **at, int32_t *ret_offset_s)
{
    int32_t west_s;
    if (!take_time(at, OFFSET_HOURS_MAX, &west_s))
        return false;
    *ret_offset_s = -west_s;
    return true;
}

static bool take_month_rule(const char **at, struct zone_rule *rule)
{
    rule->kind = ZONE_RULE_MONTH;
    return take_number(at, 1, 12, &rule->month) && take(at, '.') && take_number(at, 1, 5, &rule->week) &&
           take(at, '.') && take_number(at, 0, 6, &rule->day);
}

static bool take_day_rule(const char **at, struct zone_rule *rule)
{
    rule->kind = take(at, 'J') ? ZONE_RULE_JULIAN : ZONE_RULE_DAY;
    return take_number(at, rule->kind == ZONE_RULE_JULIAN, 365, &rule->day);
}

/* ,date[/time] */
static bool take_rule(const char **at, struct zone_rule *rule)
{
    if (!take(at, ','))
        return false;
    if (!(take(at, 'M') ? take_month_rule(at, rule) : take_day_rule(at, rule)))
        return false;
    rule->time_s = CHANGE_PRESET_S;
    return !take(at, '/') || take_time(at, TAIL_HOURS_MAX, &rule->time_s);
}

static bool take_summer(const char **at, struct zone_tail *tail)
{
    tail->changes = true;
    tail->summer.dst = true;
    tail->summer.offset_s = tail->standard.offset_s + HOUR_S;
    if (!take_word(at, tail->summer.abbreviation))
        return false;
    if (**at != ',' && !take_offset(at, &tail->summer.offset_s))
        return false;
    return take_rule(at, &tail->begin) && take_rule(at, &tail->end);
}

bool zone_tail_parse(const char *text, size_t length, struct zone_tail *ret_tail)
{
    struct zone_tail tail = { .present = true };
    char copy[ZONE_RULE_TEXT_MAX + 1];
    const char *at = copy;
    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (!take_word(&at, tail.standard.abbreviation) || !take_offset(&at, &tail.standard.offset_s))
        return false;
    if (*at && !take_summer(&at, &tail))
        return false;
    if (at != copy + length)
        return false;
    *ret_tail = tail;
    return true;
}

/* Week 5 is the last one. */
static int64_t month_rule_day(const struct zone_rule *rule, int64_t year)
{
    int64_t first = sw_civil_days(year, rule->month, 1);
    int64_t day = first + (rule->day - sw_civil_weekday(first) + 7) % 7 + 7 * (rule->week - 1);
    return day < first + sw_civil_month_days(year, rule->month) ? day : day - 7;
}

/* Jn never counts February 29. */
static int64_t julian_rule_day(const struct zone_rule *rule, int64_t year)
{
    bool after_leap_day = rule->day > 59 && sw_civil_month_days(year, 2) == 29;
    return sw_civil_days(year, 1, 1) + rule->day - 1 + after_leap_day;
}

static int64_t rule_at_s(const struct zone_rule *rule, int64_t year, int32_t offset_s)
{
    int64_t day = 0;
    switch (rule->kind) {
    case ZONE_RULE_MONTH:
        day = month_rule_day(rule, year);
        break;
    case ZONE_RULE_JULIAN:
        day = julian_rule_day(rule, year);
        break;
    case ZONE_RULE_DAY:
        day = sw_civil_days(year, 1, 1) + rule->day;
        break;
    }
    return day * DAY_S + rule->time_s - offset_s;
}

struct change {
    int64_t at_s;
    const struct zone_type *type; /* from then on */
};

/* The changes of three years, in order. At equal times a summer that begins goes last: summer time the whole year is
 * written as one summer that ends when the next begins. */
enum { TAIL_YEARS = 3, TAIL_CHANGES = 2 * TAIL_YEARS };

static void changes_around(const struct zone_tail *tail, int64_t year, struct change ret_changes[TAIL_CHANGES])
{
    size_t count = 0;
    for (int64_t y = year - 1; y <= year + 1; y++) {
        const struct change both[] = {
            { rule_at_s(&tail->begin, y, tail->standard.offset_s), &tail->summer },
            { rule_at_s(&tail->end, y, tail->summer.offset_s), &tail->standard },
        };
        for (size_t i = 0; i < SW_COUNT(both); i++) {
            size_t place = count++;
            for (; place > 0 && ret_changes[place - 1].at_s > both[i].at_s; place--)
                ret_changes[place] = ret_changes[place - 1];
            ret_changes[place] = both[i];
        }
    }
}

struct zone_period zone_tail_period(const struct zone_tail *tail, int64_t at_s)
{
    if (!tail->changes)
        return (struct zone_period){ INT64_MIN, INT64_MAX, &tail->standard };
    struct change changes[TAIL_CHANGES];
    changes_around(tail, sw_civil_from_ms((at_s + tail->standard.offset_s) * SW_SECOND_MS).year, changes);
    /* Three years around it: there is one before and one behind. */
    size_t next = 1;
    while (next < TAIL_CHANGES - 1 && changes[next].at_s <= at_s)
        next++;
    return (struct zone_period){ changes[next - 1].at_s, changes[next].at_s, changes[next - 1].type };
}
