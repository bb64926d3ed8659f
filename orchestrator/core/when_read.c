/* SPDX-License-Identifier: Apache-2.0
 * The whole text: "now", a count of seconds since 1970, a span, or days, times and zones in any order. */
#include "orchestrator/core/when_internal.h"

static bool any_of(const struct when_token *token, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (when_is(token, words[i]))
            return true;
    return false;
}

/* Words that bind and say nothing. "in" only as in "in the morning": elsewhere it means a direction. */
static bool take_filler(struct when_parse *parse)
{
    static const char *const FILLERS[] = { "at", "on", "the", "of", ",", "@", "about", "around", "approximately", "~" };
    bool in_the = when_is(when_next(parse, 0), "in") && when_is(when_next(parse, 1), "the");
    if (!in_the && !any_of(when_next(parse, 0), FILLERS, SW_COUNT(FILLERS)))
        return false;
    parse->at++;
    return true;
}

static bool read_now(struct when_parse *parse, struct when_parts *parts)
{
    if (!when_take(parse, "right"))
        (void)when_take(parse, "just");
    parts->now = when_take(parse, "now");
    if (!parts->now)
        parse->at = 0;
    return parts->now;
}

/* 1711035000, 1711035000.123456 (Slack's ts), 1711035000123 */
static bool read_epoch(struct when_parse *parse, struct when_parts *parts)
{
    const struct when_token *number = when_next(parse, 0);
    if (!when_is_number(number, 10, 10) && !when_is_number(number, 13, 13))
        return false;
    parts->epoch_ms = number->digits == 10 ? number->value * 1000 : number->value;
    parse->at++;
    if (when_is(when_next(parse, 0), ".") && when_next(parse, 1)->kind == WHEN_NUMBER)
        parse->at += 2;
    return true;
}

static bool said_something(const struct when_parts *parts)
{
    return parts->now || parts->epoch_ms || parts->span.given || parts->day_kind || parts->weekday || parts->week ||
           parts->has_time || parts->daypart;
}

static enum when_found read_part(struct when_parse *parse, struct when_parts *parts)
{
    enum when_found found = when_read_day(parse, parts);
    if (found == WHEN_NOTHING)
        found = when_read_time(parse, parts);
    return found == WHEN_NOTHING ? when_read_zone(parse, parts) : found;
}

/* The parts must make one time together. */
static bool fits_together(struct when_parse *parse, struct when_parts *parts)
{
    bool day = parts->day_kind != WHEN_DAY_NONE || parts->weekday != 0;
    if (parts->week != WHEN_WEEK_ANY && parts->weekday == 0) {
        bool away = parts->week != WHEN_WEEK_THIS && !parts->span.given;
        int sign = parts->week == WHEN_WEEK_LAST ? -1 : 1;
        parts->span = (struct when_span){ .given = away, .coarse = true, .sign = sign, .ms = 7LL * 86400000 };
        if (!away)
            WHEN_SAY(parse->why, "a week is no exact time");
    } else if (parts->span.given && (day || (parts->has_time && !parts->span.coarse)))
        WHEN_SAY(parse->why, "it has two times");
    else if ((parts->now || parts->epoch_ms) && (day || parts->has_time || parts->daypart))
        WHEN_SAY(parse->why, "it has two times");
    else if (parts->daypart && !parts->has_time)
        WHEN_SAY(parse->why, "a part of the day is no exact time");
    return parse->why[0] == '\0';
}

static bool read_all(struct when_parse *parse, bool with_span, struct when_parts *parts)
{
    *parts = (struct when_parts){ 0 };
    parse->at = 0;
    parse->why[0] = '\0';
    while (take_filler(parse))
        ;
    if (with_span && when_read_span(parse, &parts->span) != WHEN_FOUND)
        return false;
    if (!with_span && !read_now(parse, parts))
        (void)read_epoch(parse, parts);
    for (;;) {
        while (take_filler(parse))
            ;
        if (when_next(parse, 0)->kind == WHEN_END)
            return said_something(parts) && fits_together(parse, parts);
        if (read_part(parse, parts) != WHEN_FOUND)
            return false;
    }
}

/* "14h30" begins as a span does and is a time: what reads further has understood more. */
bool when_read(struct when_parse *parse, struct when_parts *ret_parts)
{
    struct when_parse spanned = *parse;
    if (read_all(&spanned, true, ret_parts)) {
        *parse = spanned;
        return true;
    }
    if (read_all(parse, false, ret_parts))
        return true;
    if (spanned.at > parse->at)
        *parse = spanned;
    return false;
}
