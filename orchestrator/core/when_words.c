/* SPDX-License-Identifier: Apache-2.0
 * The vocabulary. Abbreviations of zones: those that mean one offset, as North America and Europe read them; the
 * caller's own zone is asked before this table (when_resolve.c). */
#include "orchestrator/core/when_internal.h"

#include "common/base/text.h"

#include <string.h>

struct row {
    const char *word;
    int32_t value;
};

static bool look_up(const struct row *rows, size_t count, const char *word, int32_t *ret_value)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].word, word) == 0) {
            *ret_value = rows[i].value;
            return true;
        }
    return false;
}

static int32_t of_word(const struct row *rows, size_t count, const struct when_token *token)
{
    int32_t value = 0;
    return token->kind == WHEN_WORD && look_up(rows, count, token->word, &value) ? value : 0;
}

int32_t when_month(const struct when_token *token)
{
    static const struct row MONTHS[] = {
        { "january", 1 },   { "february", 2 },  { "march", 3 },  { "april", 4 },     { "may", 5 },
        { "june", 6 },      { "july", 7 },      { "august", 8 }, { "september", 9 }, { "october", 10 },
        { "november", 11 }, { "december", 12 }, { "jan", 1 },    { "feb", 2 },       { "mar", 3 },
        { "apr", 4 },       { "jun", 6 },       { "jul", 7 },    { "aug", 8 },       { "sep", 9 },
        { "sept", 9 },      { "oct", 10 },      { "nov", 11 },   { "dec", 12 },
    };
    return of_word(MONTHS, SW_COUNT(MONTHS), token);
}

int32_t when_weekday(const struct when_token *token)
{
    static const struct row DAYS[] = {
        { "monday", 1 }, { "tuesday", 2 }, { "wednesday", 3 }, { "thursday", 4 }, { "friday", 5 }, { "saturday", 6 },
        { "sunday", 7 }, { "mon", 1 },     { "tue", 2 },       { "tues", 2 },     { "wed", 3 },    { "weds", 3 },
        { "thu", 4 },    { "thur", 4 },    { "thurs", 4 },     { "fri", 5 },      { "sat", 6 },    { "sun", 7 },
    };
    return of_word(DAYS, SW_COUNT(DAYS), token);
}

bool when_count_word(const struct when_token *token, int64_t *ret_count)
{
    static const struct row COUNTS[] = {
        { "a", 1 },         { "an", 1 },       { "one", 1 },      { "two", 2 },        { "three", 3 },
        { "four", 4 },      { "five", 5 },     { "six", 6 },      { "seven", 7 },      { "eight", 8 },
        { "nine", 9 },      { "ten", 10 },     { "eleven", 11 },  { "twelve", 12 },    { "thirteen", 13 },
        { "fourteen", 14 }, { "fifteen", 15 }, { "sixteen", 16 }, { "seventeen", 17 }, { "eighteen", 18 },
        { "nineteen", 19 }, { "twenty", 20 },  { "thirty", 30 },  { "forty", 40 },     { "fifty", 50 },
        { "sixty", 60 },    { "ninety", 90 },
    };
    int32_t value = of_word(COUNTS, SW_COUNT(COUNTS), token);
    *ret_count = value;
    return value > 0;
}

bool when_unit(const struct when_token *token, enum when_unit *ret_unit)
{
    static const struct row UNITS[] = {
        { "s", WHEN_SECOND },       { "sec", WHEN_SECOND },     { "secs", WHEN_SECOND },  { "second", WHEN_SECOND },
        { "seconds", WHEN_SECOND }, { "m", WHEN_MINUTE },       { "min", WHEN_MINUTE },   { "mins", WHEN_MINUTE },
        { "minute", WHEN_MINUTE },  { "minutes", WHEN_MINUTE }, { "h", WHEN_HOUR },       { "hr", WHEN_HOUR },
        { "hrs", WHEN_HOUR },       { "hour", WHEN_HOUR },      { "hours", WHEN_HOUR },   { "d", WHEN_DAY },
        { "day", WHEN_DAY },        { "days", WHEN_DAY },       { "w", WHEN_WEEK },       { "wk", WHEN_WEEK },
        { "wks", WHEN_WEEK },       { "week", WHEN_WEEK },      { "weeks", WHEN_WEEK },   { "mo", WHEN_MONTH },
        { "mos", WHEN_MONTH },      { "month", WHEN_MONTH },    { "months", WHEN_MONTH }, { "y", WHEN_YEAR },
        { "yr", WHEN_YEAR },        { "yrs", WHEN_YEAR },       { "year", WHEN_YEAR },    { "years", WHEN_YEAR },
    };
    int32_t value = 0;
    if (token->kind != WHEN_WORD || !look_up(UNITS, SW_COUNT(UNITS), token->word, &value))
        return false;
    *ret_unit = (enum when_unit)value;
    return true;
}

bool when_zone_word(const char *word, int32_t *ret_offset_s)
{
    static const struct row MINUTES[] = {
        { "utc", 0 },     { "gmt", 0 },     { "z", 0 },      { "zulu", 0 },   { "est", -300 }, { "edt", -240 },
        { "cst", -360 },  { "cdt", -300 },  { "mst", -420 }, { "mdt", -360 }, { "pst", -480 }, { "pdt", -420 },
        { "akst", -540 }, { "akdt", -480 }, { "hst", -600 }, { "nst", -210 }, { "ndt", -150 }, { "wet", 0 },
        { "west", 60 },   { "bst", 60 },    { "cet", 60 },   { "cest", 120 }, { "eet", 120 },  { "eest", 180 },
        { "msk", 180 },   { "sast", 120 },  { "sgt", 480 },  { "hkt", 480 },  { "awst", 480 }, { "jst", 540 },
        { "kst", 540 },   { "acst", 570 },  { "acdt", 630 }, { "aest", 600 }, { "aedt", 660 }, { "nzst", 720 },
        { "nzdt", 780 },
    };
    int32_t minutes = 0;
    if (!look_up(MINUTES, SW_COUNT(MINUTES), word, &minutes))
        return false;
    *ret_offset_s = minutes * 60;
    return true;
}

bool when_zone_ambiguous(const char *word)
{
    static const struct row WORDS[] = { { "ist", 1 }, { "ast", 1 }, { "et", 1 },  { "ct", 1 },  { "mt", 1 },
                                        { "pt", 1 },  { "sst", 1 }, { "gst", 1 }, { "amt", 1 }, { "brt", 1 } };
    int32_t value = 0;
    return look_up(WORDS, SW_COUNT(WORDS), word, &value);
}
