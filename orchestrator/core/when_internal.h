/* SPDX-License-Identifier: Apache-2.0
 * when_internal: the steps of reading a time, for when*.c alone: text -> tokens -> parts -> instant. */
#ifndef ORCHESTRATOR_CORE_WHEN_INTERNAL_H
#define ORCHESTRATOR_CORE_WHEN_INTERNAL_H

#include "common/base/text.h"
#include "orchestrator/core/when.h"

#include <stddef.h>

/* ---- tokens ---- */

enum { WHEN_TOKENS_MAX = 48, WHEN_WORD_SIZE = 24, WHEN_WHY_SIZE = 120, WHEN_DIGITS_MAX = 15 };

enum when_token_kind { WHEN_END, WHEN_NUMBER, WHEN_WORD, WHEN_SIGN };

struct when_token {
    enum when_token_kind kind;
    char word[WHEN_WORD_SIZE]; /* lower case; of a number its digits, of a sign the sign */
    int64_t value;             /* of a number */
    size_t digits;
    bool spaced; /* a blank stands before it */
};

struct when_parse {
    struct when_token tokens[WHEN_TOKENS_MAX + 4]; /* the rest is WHEN_END, so that looking ahead is safe */
    size_t count, at;
    char why[WHEN_WHY_SIZE]; /* of a refusal that knows more than "not understood" */
};

/* False: a word or a number is too long, or there are too many of them; `why` says so. */
bool when_tokens(const char *text, struct when_parse *ret_parse);

static inline const struct when_token *when_next(const struct when_parse *parse, size_t ahead)
{
    return &parse->tokens[parse->at + ahead];
}
bool when_is(const struct when_token *token, const char *word); /* a word or a sign */
bool when_take(struct when_parse *parse, const char *word);
bool when_is_number(const struct when_token *token, size_t min_digits, size_t max_digits);

/* ---- words ---- */

/* 0 when it is none: 1-12 and 1-7 (Monday is 1, as in ISO 8601). */
int32_t when_month(const struct when_token *token);
int32_t when_weekday(const struct when_token *token);
bool when_count_word(const struct when_token *token, int64_t *ret_count); /* a, an, one ... ninety */

enum when_unit { WHEN_SECOND, WHEN_MINUTE, WHEN_HOUR, WHEN_DAY, WHEN_WEEK, WHEN_MONTH, WHEN_YEAR };
bool when_unit(const struct when_token *token, enum when_unit *ret_unit);
int64_t when_unit_size(enum when_unit unit);                  /* milliseconds; from WHEN_MONTH on months */
bool when_zone_word(const char *word, int32_t *ret_offset_s); /* est, cest, ...: fixed offsets */
bool when_zone_ambiguous(const char *word);                   /* ist, ...: a zone, but whose? */

/* ---- parts ---- */

enum when_day_kind {
    WHEN_DAY_NONE,
    WHEN_DAY_OFFSET,   /* days from today */
    WHEN_DAY_DATE,     /* month and day, perhaps a year */
    WHEN_DAY_OF_MONTH, /* "the 9th" */
};

/* Which half of the day a clock of twelve hours means. */
enum when_daypart { WHEN_DAYPART_NONE, WHEN_MORNING, WHEN_AFTERNOON, WHEN_EVENING, WHEN_NIGHT };

enum when_week { WHEN_WEEK_ANY, WHEN_WEEK_LAST, WHEN_WEEK_THIS, WHEN_WEEK_NEXT };

/* A span: months and years go by the calendar, everything else by the clock. `sign` 0: no direction was given. */
struct when_span {
    bool given, coarse; /* coarse: days or more, so that a time of day may follow */
    int sign;
    int64_t ms, months;
};

struct when_parts {
    struct when_span span;
    bool now;
    int64_t epoch_ms; /* 0: none */
    enum when_day_kind day_kind;
    int64_t day_offset;
    int64_t year; /* 0: not given */
    int32_t month, day;
    int32_t weekday; /* 0: none; beside a date it must fit */
    enum when_week week;
    bool has_time;
    bool bare_number; /* the whole text is a number, which may also be minutes */
    bool twelve;      /* am or pm was said, or a name such as noon: the daypart has no say */
    enum when_daypart daypart;
    bool night_shared; /* "last night", "tonight": a night has two dates */
    int32_t hour, minute, second;
    bool has_zone;
    int32_t offset_s;
    char zone_word[WHEN_WORD_SIZE]; /* an abbreviation; what it means may depend on the caller's zone */
};

/* What one of the readers below found at the present token. */
enum when_found { WHEN_NOTHING, WHEN_FOUND, WHEN_IMPOSSIBLE /* `why` is set */ };

enum when_found when_read_span(struct when_parse *parse, struct when_span *ret_span); /* "an hour and a half ago" */
enum when_found when_read_day(struct when_parse *parse, struct when_parts *parts);
enum when_found when_read_date(struct when_parse *parse, struct when_parts *parts); /* called by when_read_day */
enum when_found when_read_time(struct when_parse *parse, struct when_parts *parts);
enum when_found when_read_zone(struct when_parse *parse, struct when_parts *parts);
/* The whole text. False: refused, parse->at is where. */
bool when_read(struct when_parse *parse, struct when_parts *ret_parts);

/* ---- instant ---- */

enum when_bias { WHEN_PAST, WHEN_FUTURE };

struct when_context {
    int64_t now_ms; /* whole seconds */
    const struct sw_zone *zone;
    enum when_bias bias;
};

/* False: no such time; why (WHEN_WHY_SIZE) says so. */
bool when_resolve(const struct when_parts *parts, const struct when_context *context, char *why, struct when *ret_when);

#define WHEN_SAY(why, ...) ((void)sw_print((why), WHEN_WHY_SIZE, __VA_ARGS__)) /* cut when longer */

#endif
