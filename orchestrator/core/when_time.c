/* SPDX-License-Identifier: Apache-2.0
 * Times of day and their zones: "3pm", "15:45:30", "1545", "half past 3", "noon"; "utc", "+02:00", "utc+2", "est". */
#include "orchestrator/core/when_internal.h"

#include <string.h>

enum { OFFSET_HOURS_MAX = 14 };

static enum when_found set_time(struct when_parse *parse, struct when_parts *parts, int64_t hour, int64_t minute,
                                int64_t second)
{
    bool end_of_day = hour == 24 && minute == 0 && second == 0;
    if (parts->has_time) {
        WHEN_SAY(parse->why, "it has two times");
        return WHEN_IMPOSSIBLE;
    }
    if ((hour > 23 && !end_of_day) || minute > 59 || second > 59) {
        WHEN_SAY(parse->why, "there is no time %02d:%02d%s", (int)hour, (int)minute, second > 59 ? ":60" : "");
        return WHEN_IMPOSSIBLE;
    }
    parts->has_time = true;
    parts->hour = (int32_t)hour;
    parts->minute = (int32_t)minute;
    parts->second = (int32_t)second;
    return WHEN_FOUND;
}

/* am and pm behind a time. A time past twelve with its own "pm" ("16:20pm") says the same twice. */
static enum when_found read_half(struct when_parse *parse, struct when_parts *parts)
{
    bool pm = when_is(when_next(parse, 0), "pm") || when_is(when_next(parse, 0), "p");
    bool am = when_is(when_next(parse, 0), "am") || when_is(when_next(parse, 0), "a");
    if (!am && !pm)
        return WHEN_NOTHING;
    if ((pm && (parts->hour == 0 || parts->hour == 24)) || (am && parts->hour > 12)) {
        WHEN_SAY(parse->why, "%d o'clock is not %s", (int)parts->hour, pm ? "pm" : "am");
        return WHEN_IMPOSSIBLE;
    }
    if (pm && parts->hour < 12)
        parts->hour += 12;
    if (am && parts->hour == 12)
        parts->hour = 0;
    parts->twelve = true;
    parse->at++;
    return WHEN_FOUND;
}

/* "o'clock", and am or pm. */
static enum when_found finish(struct when_parse *parse, struct when_parts *parts)
{
    if (when_is(when_next(parse, 0), "o") && when_is(when_next(parse, 1), "'") && when_is(when_next(parse, 2), "clock"))
        parse->at += 3;
    (void)when_take(parse, "oclock");
    return read_half(parse, parts) == WHEN_IMPOSSIBLE ? WHEN_IMPOSSIBLE : WHEN_FOUND;
}

/* ":30" and ".123" of 15:45:30.123; the fraction is dropped. */
static int64_t read_seconds(struct when_parse *parse)
{
    int64_t seconds = 0;
    if (!when_is(when_next(parse, 0), ":") || !when_is_number(when_next(parse, 1), 2, 2))
        return seconds;
    seconds = when_next(parse, 1)->value;
    parse->at += 2;
    bool fraction = when_is(when_next(parse, 0), ".") || when_is(when_next(parse, 0), ",");
    if (fraction && when_next(parse, 1)->kind == WHEN_NUMBER && !when_next(parse, 1)->spaced)
        parse->at += 2;
    return seconds;
}

/* "15:45", "15:45:30.5", "14h30", "8.34pm" */
static enum when_found read_clock(struct when_parse *parse, struct when_parts *parts)
{
    const struct when_token *hour = when_next(parse, 0), *sign = when_next(parse, 1), *minute = when_next(parse, 2);
    bool colon = when_is(sign, ":"), dot = when_is(sign, ".") && !sign->spaced && !minute->spaced;
    if (!when_is_number(hour, 1, 2) || !when_is_number(minute, 2, 2) || !(colon || dot || when_is(sign, "h")))
        return WHEN_NOTHING;
    parse->at += 3;
    enum when_found found = set_time(parse, parts, hour->value, minute->value, colon ? read_seconds(parse) : 0);
    if (found == WHEN_FOUND)
        found = finish(parse, parts);
    if (found == WHEN_FOUND && dot && !parts->twelve) {
        WHEN_SAY(parse->why, "a time is written with a colon, %d:%02d", (int)hour->value, (int)minute->value);
        return WHEN_IMPOSSIBLE;
    }
    return found;
}

static enum when_found read_name(struct when_parse *parse, struct when_parts *parts)
{
    size_t twelve = when_is_number(when_next(parse, 0), 2, 2) && when_next(parse, 0)->value == 12;
    const struct when_token *name = when_next(parse, twelve);
    bool noon = when_is(name, "noon") || when_is(name, "midday");
    if (!noon && !when_is(name, "midnight"))
        return WHEN_NOTHING;
    parse->at += twelve + 1;
    parts->twelve = noon;
    return set_time(parse, parts, noon ? 12 : 0, 0, 0);
}

/* "half past 3", "quarter to 4", "10 past 3" */
static enum when_found read_past(struct when_parse *parse, struct when_parts *parts)
{
    const struct when_token *count = when_next(parse, 0), *hour = when_next(parse, 2);
    bool to = when_is(when_next(parse, 1), "to"), past = when_is(when_next(parse, 1), "past");
    int64_t minutes = when_is(count, "half") ? 30 : when_is(count, "quarter") ? 15 : count->value;
    if (!(to || past) || !when_is_number(hour, 1, 2) || minutes == 0 || minutes > 30 || hour->value == 0)
        return WHEN_NOTHING;
    parse->at += 3;
    enum when_found found = set_time(parse, parts, hour->value, 0, 0);
    if (found == WHEN_FOUND)
        found = finish(parse, parts);
    if (found != WHEN_FOUND)
        return found;
    parts->minute = (int32_t)(to ? 60 - minutes : minutes);
    parts->hour = (parts->hour + (to ? 23 : 0)) % 24;
    return WHEN_FOUND;
}

static bool is_half(const struct when_token *token)
{
    return when_is(token, "am") || when_is(token, "pm") || when_is(token, "a") || when_is(token, "p");
}

/* Four digits that are a year to everybody. */
static bool is_year(const struct when_parse *parse, const struct when_parts *parts, const struct when_token *number)
{
    bool day = parts->day_kind != WHEN_DAY_NONE || parts->weekday != 0;
    bool alone = parse->count == 1 && !day;
    return alone && number->digits == 4 && number->value >= 2000 && number->value <= 2099;
}

/* "9", "09", "345", "1545"; six digits behind a date ("20240320T140005") */
static enum when_found read_number(struct when_parse *parse, struct when_parts *parts)
{
    const struct when_token *number = when_next(parse, 0);
    bool dated = parts->day_kind == WHEN_DAY_DATE && parts->year > 0;
    if (!when_is_number(number, 1, 4) && !(dated && when_is_number(number, 6, 6)))
        return WHEN_NOTHING;
    if (is_year(parse, parts, number)) {
        WHEN_SAY(parse->why, "%s alone is a year; for the time type %.2s:%.2s", number->word, number->word,
                 number->word + 2);
        return WHEN_IMPOSSIBLE;
    }
    if (number->digits <= 2 && number->value > 23) {
        WHEN_SAY(parse->why, "there is no hour %s", number->word);
        return WHEN_IMPOSSIBLE;
    }
    parse->at++;
    parts->bare_number = parse->count == 1;
    int64_t value = number->digits == 6  ? number->value
                    : number->digits > 2 ? number->value * 100
                                         : number->value * 10000;
    enum when_found found = set_time(parse, parts, value / 10000, value / 100 % 100, value % 100);
    if (found == WHEN_FOUND && number->digits <= 2 && when_is(when_next(parse, 0), "h"))
        parse->at++;
    return found == WHEN_FOUND && (number->digits < 6 || is_half(when_next(parse, 0))) ? finish(parse, parts) : found;
}

enum when_found when_read_time(struct when_parse *parse, struct when_parts *parts)
{
    enum when_found found = read_name(parse, parts);
    if (found == WHEN_NOTHING)
        found = read_past(parse, parts);
    if (found == WHEN_NOTHING)
        found = read_clock(parse, parts);
    return found == WHEN_NOTHING ? read_number(parse, parts) : found;
}

/* ---- zones ---- */

/* "+2", "-04", "+0530", "+05:30" */
static enum when_found read_offset(struct when_parse *parse, struct when_parts *parts)
{
    const struct when_token *sign = when_next(parse, 0), *number = when_next(parse, 1);
    if (!(when_is(sign, "+") || when_is(sign, "-")) || !when_is_number(number, 1, 4) || number->spaced)
        return WHEN_NOTHING;
    int64_t hours = number->digits > 2 ? number->value / 100 : number->value;
    int64_t minutes = number->digits > 2 ? number->value % 100 : 0;
    parse->at += 2;
    if (number->digits <= 2 && when_is(when_next(parse, 0), ":") && when_is_number(when_next(parse, 1), 2, 2)) {
        minutes = when_next(parse, 1)->value;
        parse->at += 2;
    }
    if (hours > OFFSET_HOURS_MAX || minutes > 59) {
        WHEN_SAY(parse->why, "there is no offset %s%02d:%02d", sign->word, (int)hours, (int)minutes);
        return WHEN_IMPOSSIBLE;
    }
    parts->has_zone = true;
    parts->offset_s = (int32_t)((hours * 60 + minutes) * 60) * (when_is(sign, "-") ? -1 : 1);
    return WHEN_FOUND;
}

/* A word directly behind a time, or one that is known for a zone. What it means is found when the day is known. */
static bool is_zone_word(const struct when_parse *parse, const struct when_parts *parts)
{
    const struct when_token *token = when_next(parse, 0);
    int32_t offset_s;
    if (token->kind != WHEN_WORD)
        return false;
    if (when_zone_word(token->word, &offset_s) || when_zone_ambiguous(token->word))
        return true;
    size_t length = strlen(token->word);
    return parts->has_time && when_next(parse, 1)->kind == WHEN_END && length >= 3 && length <= 5;
}

/* "9:00-10:00"; behind a date that is ISO 8601. */
static bool is_range(const struct when_parse *parse, const struct when_parts *parts)
{
    const struct when_token *sign = when_next(parse, 0);
    return parts->has_time && parts->day_kind == WHEN_DAY_NONE && when_is(sign, "-") && !sign->spaced &&
           when_next(parse, 1)->kind == WHEN_NUMBER;
}

enum when_found when_read_zone(struct when_parse *parse, struct when_parts *parts)
{
    if (parts->has_zone || parts->zone_word[0])
        return WHEN_NOTHING;
    if (is_range(parse, parts)) {
        WHEN_SAY(parse->why, "it could be two times or an offset; type utc-5 for an offset");
        return WHEN_IMPOSSIBLE;
    }
    if (parts->has_time && read_offset(parse, parts) != WHEN_NOTHING)
        return parts->has_zone ? WHEN_FOUND : WHEN_IMPOSSIBLE;
    if (!is_zone_word(parse, parts))
        return WHEN_NOTHING;
    const struct when_token *token = when_next(parse, 0);
    parse->at++;
    if (when_is(token, "utc") || when_is(token, "gmt") || when_is(token, "z") || when_is(token, "zulu")) {
        enum when_found found = read_offset(parse, parts);
        parts->has_zone = true;
        return found == WHEN_IMPOSSIBLE ? found : WHEN_FOUND;
    }
    memcpy(parts->zone_word, token->word, sizeof parts->zone_word);
    return WHEN_FOUND;
}
