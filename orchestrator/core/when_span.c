/* SPDX-License-Identifier: Apache-2.0
 * Counts of units: "5m", "1.5 hours", "an hour and a half", "1h 30m", "two weeks", with a direction or without. */
#include "orchestrator/core/when_internal.h"

#include "common/base/civil.h"

enum { COUNT_MAX = 100000000, MONTHS_MAX = 12 * 250, MILLION = 1000000, FRACTION_DIGITS_MAX = 6 };
static const int64_t SPAN_MAX_MS = 250LL * 366 * SW_DAY_MS;

struct amount {
    int64_t whole, millionths;
};

int64_t when_unit_size(enum when_unit unit)
{
    static const int64_t SIZES[] = {
        [WHEN_SECOND] = SW_SECOND_MS,
        [WHEN_MINUTE] = SW_MINUTE_MS,
        [WHEN_HOUR] = SW_HOUR_MS,
        [WHEN_DAY] = SW_DAY_MS,
        [WHEN_WEEK] = 7LL * SW_DAY_MS,
        [WHEN_MONTH] = 1,
        [WHEN_YEAR] = 12,
    };
    return SIZES[unit];
}

/* .5 of 1.5 */
static bool read_fraction(struct when_parse *parse, struct amount *amount)
{
    const struct when_token *digits = when_next(parse, 1);
    if (!when_is(when_next(parse, 0), ".") || when_next(parse, 0)->spaced || digits->spaced ||
        !when_is_number(digits, 1, FRACTION_DIGITS_MAX))
        return false;
    amount->millionths = digits->value;
    for (size_t i = digits->digits; i < FRACTION_DIGITS_MAX; i++)
        amount->millionths *= 10;
    parse->at += 2;
    return true;
}

static bool read_number(struct when_parse *parse, struct amount *amount)
{
    if (when_is_number(when_next(parse, 0), 1, WHEN_DIGITS_MAX)) {
        amount->whole = when_next(parse, 0)->value;
        parse->at++;
        (void)read_fraction(parse, amount); /* there may be none */
        return true;
    }
    return read_fraction(parse, amount); /* .5 */
}

/* [a] half [an], [a] quarter [of an], [a] couple [of] */
static bool read_part_word(struct when_parse *parse, struct amount *amount)
{
    size_t begin = parse->at;
    if (!when_take(parse, "a"))
        (void)when_take(parse, "an"); /* both may be missing */
    if (when_take(parse, "couple"))
        amount->whole = 2;
    else if (when_take(parse, "half"))
        amount->millionths = MILLION / 2;
    else if (when_take(parse, "quarter"))
        amount->millionths = MILLION / 4;
    else {
        parse->at = begin;
        return false;
    }
    (void)when_take(parse, "of");
    if (!when_take(parse, "a"))
        (void)when_take(parse, "an");
    return true;
}

/* "five", "twenty five", "twenty-five" */
static bool read_count_word(struct when_parse *parse, struct amount *amount)
{
    int64_t ones;
    if (!when_count_word(when_next(parse, 0), &amount->whole))
        return false;
    parse->at++;
    size_t dash = when_is(when_next(parse, 0), "-");
    if (amount->whole >= 20 && when_count_word(when_next(parse, dash), &ones) && ones < 10) {
        amount->whole += ones;
        parse->at += dash + 1;
    }
    return true;
}

/* "and a half", "and half", unless a unit follows: that is a count of its own ("an hour and a half minute"). */
static void read_and_a_half(struct when_parse *parse, struct amount *amount, bool before_unit)
{
    enum when_unit unit;
    size_t article = when_is(when_next(parse, 1), "a");
    bool half = when_is(when_next(parse, 0), "and") && when_is(when_next(parse, 1 + article), "half");
    if (!half || when_unit(when_next(parse, 2 + article), &unit) != before_unit)
        return;
    amount->millionths += MILLION / 2;
    parse->at += 2 + article;
}

static bool read_amount(struct when_parse *parse, struct amount *amount)
{
    *amount = (struct amount){ 0 };
    if (!read_part_word(parse, amount) && !read_number(parse, amount) && !read_count_word(parse, amount))
        return false;
    read_and_a_half(parse, amount, true);
    return true;
}

static enum when_found too_large(struct when_parse *parse)
{
    WHEN_SAY(parse->why, "the count is too large");
    return WHEN_IMPOSSIBLE;
}

static enum when_found add(struct when_parse *parse, struct amount amount, enum when_unit unit, struct when_span *span)
{
    int64_t size = when_unit_size(unit);
    bool calendar = unit >= WHEN_MONTH;
    if (amount.whole > COUNT_MAX)
        return too_large(parse);
    if (calendar && size * amount.millionths % MILLION != 0) {
        WHEN_SAY(parse->why, "a part of a month has no fixed length");
        return WHEN_IMPOSSIBLE;
    }
    int64_t total = size * amount.whole + size * amount.millionths / MILLION;
    if (calendar)
        span->months += total;
    else
        span->ms += total;
    span->coarse = span->coarse && unit >= WHEN_DAY && amount.millionths == 0;
    return span->months > MONTHS_MAX || span->ms > SPAN_MAX_MS ? too_large(parse) : WHEN_FOUND;
}

/* An amount and its unit. */
static enum when_found read_group(struct when_parse *parse, struct when_span *span)
{
    size_t begin = parse->at;
    struct amount amount;
    enum when_unit unit;
    if (read_amount(parse, &amount) && when_unit(when_next(parse, 0), &unit)) {
        parse->at++;
        read_and_a_half(parse, &amount, false);
        return add(parse, amount, unit, span);
    }
    parse->at = begin;
    return WHEN_NOTHING;
}

static enum when_found read_groups(struct when_parse *parse, struct when_span *span)
{
    enum when_found found = read_group(parse, span);
    while (found == WHEN_FOUND) {
        size_t begin = parse->at;
        if (!when_take(parse, ","))
            (void)when_take(parse, "and"); /* both may be missing: "1h 30m" */
        found = read_group(parse, span);
        if (found == WHEN_NOTHING) {
            parse->at = begin;
            return WHEN_FOUND;
        }
    }
    return found;
}

static int read_prefix(struct when_parse *parse)
{
    if (when_take(parse, "-") || when_take(parse, "minus"))
        return -1;
    return when_take(parse, "+") || when_take(parse, "plus") || when_take(parse, "in") ? 1 : 0;
}

static int read_suffix(struct when_parse *parse)
{
    static const struct {
        const char *first, *second;
        int sign;
    } WORDS[] = {
        { "ago", NULL, -1 },  { "earlier", NULL, -1 }, { "back", NULL, -1 }, { "before", "now", -1 },
        { "from", "now", 1 }, { "later", NULL, 1 },    { "hence", NULL, 1 }, { "after", "now", 1 },
    };
    for (size_t i = 0; i < SW_COUNT(WORDS); i++) {
        if (!when_is(when_next(parse, 0), WORDS[i].first))
            continue;
        if (WORDS[i].second && !when_is(when_next(parse, 1), WORDS[i].second))
            continue;
        parse->at += WORDS[i].second ? 2 : 1;
        return WORDS[i].sign;
    }
    return 0;
}

enum when_found when_read_span(struct when_parse *parse, struct when_span *ret_span)
{
    struct when_span span = { .given = true, .coarse = true };
    int prefix = read_prefix(parse);
    enum when_found found = read_groups(parse, &span);
    if (found != WHEN_FOUND)
        return found;
    int suffix = read_suffix(parse);
    if (prefix * suffix < 0) {
        WHEN_SAY(parse->why, "it points into the past and into the future");
        return WHEN_IMPOSSIBLE;
    }
    span.sign = prefix ? prefix : suffix;
    *ret_span = span;
    return WHEN_FOUND;
}
