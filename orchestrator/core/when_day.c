/* SPDX-License-Identifier: Apache-2.0
 * Named days: today and its neighbours, weekdays with or without their week, and the parts of a day. */
#include "orchestrator/core/when_internal.h"

static enum when_found set_offset(struct when_parse *parse, struct when_parts *parts, int64_t offset)
{
    if (parts->day_kind != WHEN_DAY_NONE) {
        WHEN_SAY(parse->why, "it has two dates");
        return WHEN_IMPOSSIBLE;
    }
    parts->day_kind = WHEN_DAY_OFFSET;
    parts->day_offset = offset;
    return WHEN_FOUND;
}

static enum when_found read_named(struct when_parse *parse, struct when_parts *parts)
{
    static const struct {
        const char *words[3];
        int64_t offset;
    } DAYS[] = {
        { { "today" }, 0 },
        { { "yesterday" }, -1 },
        { { "tomorrow" }, 1 },
        { { "tmrw" }, 1 },
        { { "day", "before", "yesterday" }, -2 },
        { { "day", "after", "tomorrow" }, 2 },
    };
    for (size_t i = 0; i < SW_COUNT(DAYS); i++) {
        size_t length = 0;
        while (length < 3 && DAYS[i].words[length] && when_is(when_next(parse, length), DAYS[i].words[length]))
            length++;
        if (length == 0 || (length < 3 && DAYS[i].words[length]))
            continue;
        parse->at += length;
        return set_offset(parse, parts, DAYS[i].offset);
    }
    return WHEN_NOTHING;
}

static enum when_week week_word(const struct when_token *token)
{
    static const struct {
        const char *word;
        enum when_week week;
    } WEEKS[] = {
        { "last", WHEN_WEEK_LAST }, { "previous", WHEN_WEEK_LAST }, { "past", WHEN_WEEK_LAST },
        { "this", WHEN_WEEK_THIS }, { "next", WHEN_WEEK_NEXT },     { "coming", WHEN_WEEK_NEXT },
    };
    for (size_t i = 0; i < SW_COUNT(WEEKS); i++)
        if (when_is(token, WEEKS[i].word))
            return WEEKS[i].week;
    return WHEN_WEEK_ANY;
}

/* "last month": the same clock, a month away; "last hour": an hour away. Weeks are read with weekdays. */
static enum when_found read_last_unit(struct when_parse *parse, struct when_parts *parts, enum when_week week)
{
    enum when_unit unit;
    if (week == WHEN_WEEK_THIS || !when_unit(when_next(parse, 1), &unit) || unit == WHEN_WEEK || parts->span.given)
        return WHEN_NOTHING;
    const bool calendar = unit >= WHEN_MONTH;
    parts->span = (struct when_span){ .given = true,
                                      .coarse = unit >= WHEN_DAY,
                                      .sign = week == WHEN_WEEK_LAST ? -1 : 1,
                                      .months = calendar ? when_unit_size(unit) : 0,
                                      .ms = calendar ? 0 : when_unit_size(unit) };
    parse->at += 2;
    return WHEN_FOUND;
}

static enum when_daypart daypart_word(const struct when_token *token)
{
    static const struct {
        const char *word;
        enum when_daypart part;
    } PARTS[] = {
        { "morning", WHEN_MORNING },
        { "afternoon", WHEN_AFTERNOON },
        { "evening", WHEN_EVENING },
        { "night", WHEN_NIGHT },
    };
    for (size_t i = 0; i < SW_COUNT(PARTS); i++)
        if (when_is(token, PARTS[i].word))
            return PARTS[i].part;
    return WHEN_DAYPART_NONE;
}

/* "this morning", "last night", "tonight", "in the evening" */
static enum when_found read_daypart(struct when_parse *parse, struct when_parts *parts, enum when_week week)
{
    bool tonight = when_is(when_next(parse, 0), "tonight");
    enum when_daypart part = tonight ? WHEN_NIGHT : daypart_word(when_next(parse, week != WHEN_WEEK_ANY));
    bool last_night = week == WHEN_WEEK_LAST && part == WHEN_NIGHT;
    if (part == WHEN_DAYPART_NONE || parts->daypart != WHEN_DAYPART_NONE ||
        (week != WHEN_WEEK_ANY && week != WHEN_WEEK_THIS && !last_night))
        return WHEN_NOTHING;
    parts->daypart = part;
    parse->at += week == WHEN_WEEK_ANY ? 1 : 2;
    if (week == WHEN_WEEK_ANY && !tonight)
        return WHEN_FOUND;
    parts->night_shared = part == WHEN_NIGHT;
    return set_offset(parse, parts, last_night ? -1 : 0);
}

/* "monday", "last monday", "monday last week" */
static enum when_found read_weekday(struct when_parse *parse, struct when_parts *parts, enum when_week week)
{
    const struct when_token *token = when_next(parse, week != WHEN_WEEK_ANY);
    int32_t weekday = when_weekday(token);
    bool week_alone = week != WHEN_WEEK_ANY && when_is(token, "week");
    if ((weekday == 0 && !week_alone) || (weekday && parts->weekday) || (week && parts->week))
        return WHEN_NOTHING;
    if (weekday)
        parts->weekday = weekday;
    if (week != WHEN_WEEK_ANY)
        parts->week = week;
    parse->at += week == WHEN_WEEK_ANY ? 1 : 2;
    return WHEN_FOUND;
}

enum when_found when_read_day(struct when_parse *parse, struct when_parts *parts)
{
    enum when_week week = week_word(when_next(parse, 0));
    enum when_found found = read_named(parse, parts);
    if (found == WHEN_NOTHING)
        found = read_weekday(parse, parts, week);
    if (found == WHEN_NOTHING)
        found = read_daypart(parse, parts, week);
    if (found == WHEN_NOTHING && week != WHEN_WEEK_ANY)
        found = read_last_unit(parse, parts, week);
    return found == WHEN_NOTHING ? when_read_date(parse, parts) : found;
}
