/* SPDX-License-Identifier: Apache-2.0
 * Dates of the calendar: "jan 9", "9th of january 2024", "2024-03-20", "20240320", "20.3.2024". */
#include "orchestrator/core/when_internal.h"

static enum when_found impossible(struct when_parse *parse, const char *what)
{
    WHEN_SAY(parse->why, "%s", what);
    return WHEN_IMPOSSIBLE;
}

static enum when_found set_date(struct when_parse *parse, struct when_parts *parts, int64_t year, int64_t month,
                                int64_t day)
{
    if (parts->day_kind != WHEN_DAY_NONE)
        return impossible(parse, "it has two dates");
    parts->day_kind = WHEN_DAY_DATE;
    parts->year = year;
    parts->month = (int32_t)month;
    parts->day = (int32_t)day;
    return WHEN_FOUND;
}

static bool is_ordinal(const struct when_token *token)
{
    return when_is(token, "st") || when_is(token, "nd") || when_is(token, "rd") || when_is(token, "th");
}

/* "pm" behind a number makes it a time, and so does a colon. */
static bool is_day_number(const struct when_parse *parse, size_t ahead)
{
    static const char *const TIMES[] = { ":", "am", "pm", "a", "p", "h", "noon" };
    if (!when_is_number(when_next(parse, ahead), 1, 2))
        return false;
    for (size_t i = 0; i < SW_COUNT(TIMES); i++)
        if (when_is(when_next(parse, ahead + 1), TIMES[i]))
            return false;
    return true;
}

/* The signs between the parts of "9-jan-2024", "jan. 9" and "9/jan/2024". */
static size_t joint(const struct when_parse *parse, size_t ahead)
{
    const struct when_token *token = when_next(parse, ahead);
    return !token->spaced && (when_is(token, "-") || when_is(token, "/") || when_is(token, "."));
}

static bool is_year_number(const struct when_token *token)
{
    return when_is_number(token, 4, 4) && token->value >= 1970 && token->value <= 2199;
}

/* "-2024" of "9-jan-2024" */
static void read_joined_year(struct when_parse *parse, struct when_parts *parts)
{
    if (!joint(parse, 0) || !is_year_number(when_next(parse, 1)) || parts->year != 0)
        return;
    parts->year = when_next(parse, 1)->value;
    parse->at += 2;
    if (when_is(when_next(parse, 0), ":") && !when_next(parse, 0)->spaced) /* 9/Jan/2024:14:00:05 of web servers */
        parse->at++;
}

/* "jan 9", "january the 9th" */
static enum when_found read_month_first(struct when_parse *parse, struct when_parts *parts)
{
    int32_t month = when_month(when_next(parse, 0));
    if (month == 0)
        return WHEN_NOTHING;
    size_t ahead = 1 + joint(parse, 1);
    ahead += when_is(when_next(parse, ahead), "the");
    if (!is_day_number(parse, ahead))
        return impossible(parse, "a month needs a day");
    enum when_found found = set_date(parse, parts, parts->year, month, when_next(parse, ahead)->value);
    parse->at += ahead + 1;
    parse->at += is_ordinal(when_next(parse, 0));
    read_joined_year(parse, parts);
    return found;
}

/* "9 jan", "9th of january"; "the 9th" alone */
static enum when_found read_day_first(struct when_parse *parse, struct when_parts *parts)
{
    if (!is_day_number(parse, 0))
        return WHEN_NOTHING;
    bool ordinal = is_ordinal(when_next(parse, 1)) && !when_next(parse, 1)->spaced;
    size_t ahead = ordinal ? 2 : 1;
    ahead += joint(parse, ahead) ? 1 : when_is(when_next(parse, ahead), "of");
    int32_t month = when_month(when_next(parse, ahead));
    if (month == 0 && !ordinal)
        return WHEN_NOTHING;
    enum when_found found = set_date(parse, parts, parts->year, month, when_next(parse, 0)->value);
    parse->at += month ? ahead + 1 : 2;
    if (month == 0)
        parts->day_kind = WHEN_DAY_OF_MONTH;
    else
        read_joined_year(parse, parts);
    return found;
}

/* The T of ISO 8601 between date and time. */
static void skip_t(struct when_parse *parse)
{
    if (when_is(when_next(parse, 0), "t") && when_next(parse, 1)->kind == WHEN_NUMBER)
        parse->at++;
}

/* "2024-03-20", "2024/3/20", "20240320" */
static enum when_found read_year_first(struct when_parse *parse, struct when_parts *parts)
{
    const struct when_token *first = when_next(parse, 0);
    if (when_is_number(first, 8, 8)) {
        parse->at++;
        skip_t(parse);
        return set_date(parse, parts, first->value / 10000, first->value / 100 % 100, first->value % 100);
    }
    if (!when_is_number(first, 4, 4) || !joint(parse, 1) || !when_is_number(when_next(parse, 2), 1, 2))
        return WHEN_NOTHING;
    if (!joint(parse, 3) || !when_is_number(when_next(parse, 4), 1, 2))
        return impossible(parse, "a month needs a day");
    int64_t month = when_next(parse, 2)->value, day = when_next(parse, 4)->value;
    parse->at += 5;
    skip_t(parse);
    return set_date(parse, parts, first->value, month, day);
}

/* "20.3.2024" puts the day first; slashes do so in Europe, and the month in America. */
static enum when_found read_year_last(struct when_parse *parse, struct when_parts *parts)
{
    const struct when_token *first = when_next(parse, 0), *second = when_next(parse, 2), *year = when_next(parse, 4);
    bool slash = when_is(when_next(parse, 1), "/");
    if (!when_is_number(first, 1, 2) || !joint(parse, 1) || !when_is_number(second, 1, 2))
        return WHEN_NOTHING;
    bool complete = joint(parse, 3) && when_is_number(year, 4, 4);
    if (!complete)
        return slash ? impossible(parse, "it could be a day and a month, or a month and a day") : WHEN_NOTHING;
    bool dots = when_is(when_next(parse, 1), ".");
    bool day_first = dots || first->value > 12 || first->value == second->value;
    if (!day_first && second->value <= 12)
        return impossible(parse, "it could be a day and a month, or a month and a day");
    parse->at += 5;
    return set_date(parse, parts, year->value, day_first ? second->value : first->value,
                    day_first ? first->value : second->value);
}

/* "jan 9 2024", "2024 jan 9"; behind "at" it is a time. */
static enum when_found read_year(struct when_parse *parse, struct when_parts *parts)
{
    bool behind_at = parse->at > 0 && when_is(&parse->tokens[parse->at - 1], "at");
    if (!is_year_number(when_next(parse, 0)) || when_is(when_next(parse, 1), ":") || parts->year != 0 || behind_at)
        return WHEN_NOTHING;
    bool before_month = parts->day_kind == WHEN_DAY_NONE && when_month(when_next(parse, 1 + joint(parse, 1))) > 0;
    if (parts->day_kind != WHEN_DAY_DATE && !before_month)
        return WHEN_NOTHING;
    parts->year = when_next(parse, 0)->value;
    parse->at += before_month ? 1 + joint(parse, 1) : 1;
    return WHEN_FOUND;
}

enum when_found when_read_date(struct when_parse *parse, struct when_parts *parts)
{
    static enum when_found (*const READERS[])(struct when_parse *, struct when_parts *) = {
        read_month_first, read_year_first, read_year_last, read_day_first, read_year,
    };
    enum when_found found = WHEN_NOTHING;
    for (size_t i = 0; i < SW_COUNT(READERS) && found == WHEN_NOTHING; i++)
        found = READERS[i](parse, parts);
    return found;
}
