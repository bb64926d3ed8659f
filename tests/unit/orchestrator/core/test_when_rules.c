/* SPDX-License-Identifier: Apache-2.0
 * Time zones, clocks that change, pauses, refusals; properties; and docs/dates.md, row by row. */
#include "tests/unit/orchestrator/core/when_fixture.h"

static void test_zones(void **state)
{
    (void)state;
    static const struct row NEW_YORK[] = {
        { "3pm utc", "2024-03-21 15:00:00" },
        { "3pm gmt", "2024-03-21 15:00:00" },
        { "15:00z", "2024-03-21 15:00:00" },
        { "3pm utc+2", "2024-03-21 13:00:00" },
        { "3pm UTC +02:00", "2024-03-21 13:00:00" },
        { "3pm gmt-5:30", "2024-03-21 20:30:00" },
        { "15:00 +0200", "2024-03-21 13:00:00" },
        { "3pm est", "2024-03-21 20:00:00" }, /* the word's offset, though it is summer time */
        { "3pm edt", "2024-03-21 19:00:00" },
        { "3:45pm PST", "2024-03-21 23:45:00" },
        { "3pm cet", "2024-03-21 14:00:00" },
        { "3pm cest", "2024-03-21 13:00:00" },
        { "yesterday utc", "2024-03-20 00:00:00" },
        { "2024-03-20Z", "2024-03-20 00:00:00" },
        { "yesterday 4pm utc", "2024-03-20 16:00:00" },
        { "3pm ist", NULL }, /* India, Ireland or Israel */
        { "3pm et", NULL },
        { "3pm xyz", NULL },
        { "3pm +15:00", NULL },
        { "9:00-10:00", NULL }, /* two times, more likely than an offset */
        { "9:00 -05:00", "2024-03-21 14:00:00" },
        { "3pm utc utc", NULL },
        { "3pm America/Chicago", NULL },
    };
    static const struct row KOLKATA[] = { { "3pm ist", "2024-03-21 09:30:00" } }; /* the caller's own word */
    static const struct row SHANGHAI[] = { { "3pm cst", "2024-03-21 07:00:00" } };
    check_all(NOW, "America/New_York", NEW_YORK, SW_COUNT(NEW_YORK));
    check_all(NOW, "Asia/Kolkata", KOLKATA, SW_COUNT(KOLKATA));
    check_all(NOW, "Asia/Shanghai", SHANGHAI, SW_COUNT(SHANGHAI));
}

/* Where the caller's date is not that of UTC. */
static void test_the_callers_day(void **state)
{
    (void)state;
    static const struct row NEW_YORK[] = {
        { "yesterday 4pm", "2024-03-19 20:00:00" },
        { "today 4pm", "2024-03-20 20:00:00" },
        { "4pm", "2024-03-20 20:00:00" },
        { "4pm utc", "2024-03-21 16:00:00" }, /* a zone that is given is the zone of the day, too */
        { "tomorrow", "2024-03-21 04:00:00" },
    };
    static const struct row AUCKLAND[] = {
        { "today 4pm", "2024-03-21 03:00:00" },
        { "wednesday", "2024-03-19 11:00:00" },
    };
    check_all("2024-03-21 01:00:00", "America/New_York", NEW_YORK, SW_COUNT(NEW_YORK));
    check_all("2024-03-21 01:00:00", "Pacific/Auckland", AUCKLAND, SW_COUNT(AUCKLAND));
}

/* Skipped times move forward by the gap; of repeated ones the first is meant. */
static void test_clocks_that_change(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *now, *typed, *utc;
        enum sw_zone_fit fit;
    } ROWS[] = {
        { "America/New_York", "2024-03-10 12:00:00", "2:30", "2024-03-10 07:30:00", SW_ZONE_NEVER },
        { "America/New_York", "2024-03-10 12:00:00", "1:59", "2024-03-10 06:59:00", SW_ZONE_ONCE },
        { "America/New_York", "2024-03-10 12:00:00", "3:00", "2024-03-10 07:00:00", SW_ZONE_ONCE },
        { "America/New_York", "2024-11-03 12:00:00", "2024-11-03 01:30", "2024-11-03 05:30:00", SW_ZONE_TWICE },
        { "America/New_York", "2024-11-03 12:00:00", "1:30 edt", "2024-11-03 05:30:00", SW_ZONE_ONCE },
        { "America/New_York", "2024-11-03 12:00:00", "1:30 est", "2024-11-03 06:30:00", SW_ZONE_ONCE },
        { "America/New_York", "2024-11-03 12:00:00", "2:00", "2024-11-03 07:00:00", SW_ZONE_ONCE },
        { "Europe/Berlin", "2024-03-31 12:00:00", "2:30", "2024-03-31 01:30:00", SW_ZONE_NEVER },
        { "Europe/Berlin", "2024-10-27 12:00:00", "2:30", "2024-10-27 00:30:00", SW_ZONE_TWICE },
        { "Europe/Berlin", "2024-10-27 12:00:00", "2:30 cet", "2024-10-27 01:30:00", SW_ZONE_ONCE },
        { "Europe/Berlin", "2024-10-28 12:00:00", "yesterday 3:00", "2024-10-27 02:00:00", SW_ZONE_ONCE },
        { "Australia/Lord_Howe", "2024-10-06 12:00:00", "2:15", "2024-10-05 15:45:00", SW_ZONE_NEVER },
        { "Australia/Lord_Howe", "2024-04-07 12:00:00", "1:45", "2024-04-06 14:45:00", SW_ZONE_TWICE },
        { "Asia/Kathmandu", "2024-03-31 12:00:00", "14:00", "2024-03-31 08:15:00", SW_ZONE_ONCE },
        { "Asia/Kathmandu", "2024-03-31 12:00:00", "14:00 +0545", "2024-03-31 08:15:00", SW_ZONE_ONCE },
        { "Pacific/Chatham", "2024-09-28 20:00:00", "3:00", "2024-09-28 14:15:00", SW_ZONE_NEVER },
        { "Pacific/Chatham", "2024-04-06 20:00:00", "3:00", "2024-04-06 13:15:00", SW_ZONE_TWICE },
        { "America/Sao_Paulo", "2018-11-04 12:00:00", "today", "2018-11-04 03:00:00", SW_ZONE_NEVER },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        struct when when = { 0 };
        check(when_parse, ROWS[i].now, ROWS[i].zone, &(struct row){ ROWS[i].typed, ROWS[i].utc });
        assert_false(sw_failed(when_parse(ROWS[i].typed, at(ROWS[i].now), zone_of(ROWS[i].zone), &when)));
        assert_int_equal(when.fit, ROWS[i].fit);
    }
}

static void test_refusals_say_what(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *said;
    } ROWS[] = {
        { "some garbage", "\"some\" is not understood" },
        { "yesterday garbage", "\"garbage\" is not understood" },
        { "5 minutes ago foo", "\"foo\" is not understood" },
        { "feb 30", "february has no day 30" },
        { "2023-02-29", "february 2023 has no day 29" },
        { "25:00", "there is no time 25:00" },
        { "2024", "2024 alone is a year; for the time type 20:24" },
        { "3/4/2024", "a day and a month, or a month and a day" },
        { "monday jan 9 2024", "2024-01-09 is a tuesday" },
        { "8.34", "with a colon, 8:34" },
        { "3pm ist", "\"ist\" means several offsets" },
        { "this morning", "no exact time" },
        { "", "nothing was typed" },
        { "jan", "a month needs a day" },
        { "in 5 minutes ago", "into the past and into the future" },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        struct when when;
        struct sw_status status = when_parse(ROWS[i].typed, at(NOW), zone_of("America/New_York"), &when);
        print_message("  %s\n", status.text);
        assert_non_null(strstr(status.text, ROWS[i].said));
    }
}

static void test_whole_days_are_told(void **state)
{
    (void)state;
    struct when when;
    assert_false(sw_failed(when_parse("yesterday", at(NOW), NULL, &when)));
    assert_true(when.whole_day);
    assert_false(sw_failed(when_parse("yesterday 4pm", at(NOW), NULL, &when)));
    assert_false(when.whole_day);
    assert_false(sw_failed(when_parse("2 days ago", at(NOW), NULL, &when)));
    assert_false(when.whole_day);
    assert_false(sw_failed(when_parse("now", at(NOW) + 999, NULL, &when)));
    assert_int_equal(when.at_ms, at(NOW));
}

static void test_the_end_of_a_pause(void **state)
{
    (void)state;
    static const struct row ROWS[] = {
        { "30m", "2024-03-21 16:00:00" },
        { "2 hours", "2024-03-21 17:30:00" },
        { "for 2 hours", "2024-03-21 17:30:00" },
        { "in 2 hours", "2024-03-21 17:30:00" },
        { "1h30m", "2024-03-21 17:00:00" },
        { "half an hour", "2024-03-21 16:00:00" },
        { "2 days", "2024-03-23 15:30:00" },
        { "until 15:00", "2024-03-21 19:00:00" },
        { "Until 15:00", "2024-03-21 19:00:00" },
        { "till 3pm", "2024-03-21 19:00:00" },
        { "15:00", "2024-03-21 19:00:00" },
        { "until 9am", "2024-03-22 13:00:00" }, /* 9 has passed: tomorrow's */
        { "until 9", "2024-03-22 13:00:00" },
        { "until tomorrow 9am", "2024-03-22 13:00:00" },
        { "until tomorrow", "2024-03-22 13:00:00" }, /* when people come in */
        { "until monday", "2024-03-25 13:00:00" },
        { "until thursday", "2024-03-28 13:00:00" }, /* today's 9:00 has passed */
        { "until thursday 4pm", "2024-03-21 20:00:00" },
        { "until next friday", "2024-03-29 13:00:00" },
        { "until jan 9 4pm", "2025-01-09 21:00:00" },
        { "until the 9th", "2024-04-09 13:00:00" },
        { "until feb 29", "2028-02-29 14:00:00" },
        { "until midnight", "2024-03-22 04:00:00" },
        { "until noon", "2024-03-21 16:00:00" },
        { "until 2024-03-21 18:00", "2024-03-21 22:00:00" },
        { "until 18:00 utc", "2024-03-21 18:00:00" },
        { "until 1711045000", "2024-03-21 18:16:40" },
        { "9", NULL },
        { "30", NULL },
        { "until yesterday", NULL },
        { "5 minutes ago", NULL },
        { "now", NULL },
        { "0m", NULL },
        { "until 2024-03-20 18:00", NULL },
        { "until", NULL },
        { "for", NULL },
        { "", NULL },
        { "forever", NULL },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++)
        check(when_parse_until, NOW, "America/New_York", &ROWS[i]);
    /* Between the two 1:30s, the one that is still to come. */
    check(when_parse_until, "2024-11-03 05:45:00", "America/New_York",
          &(struct row){ "until 1:30", "2024-11-03 06:30:00" });
}

/* ---- properties ---- */

static uint64_t chance_state = 42;

static uint64_t chance(uint64_t below)
{
    chance_state = chance_state * 6364136223846793005u + 1442695040888963407u;
    return (chance_state >> 33) % below;
}

static void test_random_bytes_do_no_harm(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++) {
        size_t length = chance(48);
        char *typed = malloc(length + 1);
        for (size_t j = 0; j < length; j++)
            typed[j] = (char)(1 + chance(255));
        typed[length] = '\0';
        struct when when;
        struct sw_status status = when_parse(typed, at(NOW), NULL, &when);
        if (sw_failed(status))
            check_refusal(status);
        free(typed);
    }
}

/* Words of the language in any order come nearer to trouble than bytes do. */
static void test_random_words_do_no_harm(void **state)
{
    (void)state;
    static const char *const WORDS[] = {
        "5",    "99999999", "2024", "12",  "1.5",  "-",       "+",     ":",    ".",      "/",
        "ago",  "in",       "am",   "pm",  "at",   "jan",     "feb",   "29",   "30",     "monday",
        "last", "next",     "week", "utc", "est",  "half",    "an",    "hour", "and",    "a",
        "m",    "years",    "t",    "z",   "the",  "9th",     "night", "noon", "until",  "yesterday",
        "0",    "31",       "of",   ",",   "year", "quarter", "past",  "to",   "months", "1711035000"
    };
    size_t understood = 0;
    for (int i = 0; i < 200000; i++) {
        char typed[200] = "";
        for (size_t words = 1 + chance(6); words > 0; words--) {
            strcat(typed, WORDS[chance(SW_COUNT(WORDS))]);
            if (chance(3))
                strcat(typed, " ");
        }
        struct when when;
        struct sw_status status =
            (i % 2 ? when_parse : when_parse_until)(typed, at(NOW), zone_of("Europe/Berlin"), &when);
        if (sw_failed(status)) {
            check_refusal(status);
            continue;
        }
        understood++;
        assert_in_range(when.at_ms, 1, at("2199-12-31 23:59:59"));
        assert_int_equal(when.at_ms % 1000, 0);
    }
    assert_in_range(understood, 1000, 100000);
}

static void test_what_is_shown_can_be_typed(void **state)
{
    (void)state;
    static const char *const NAMES[] = {
        "UTC",          "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham",
        "Pacific/Apia", "America/St_Johns"
    };
    for (int i = 0; i < 10000; i++) {
        const struct sw_zone *zone = zone_of(NAMES[(size_t)i % SW_COUNT(NAMES)]);
        int64_t minute_ms = (int64_t)(100000 + chance(72000000)) * 60000; /* 1970 to 2106 */
        struct sw_civil civil = sw_civil_from_ms(sw_zone_local_ms(zone, minute_ms));
        char typed[64];
        struct when when = { 0 };
        (void)snprintf(typed, sizeof typed, "%04d-%02d-%02d %02d:%02d", (int)civil.year, (int)civil.month,
                       (int)civil.day, (int)civil.hour, (int)civil.minute);
        assert_false(sw_failed(when_parse(typed, at(NOW), zone, &when)));
        if (when.fit == SW_ZONE_TWICE)
            assert_in_range(minute_ms - when.at_ms, 0, 3600000); /* the first occurrence */
        else
            assert_int_equal(when.at_ms, minute_ms / 1000 * 1000 - civil.second * 1000);
        assert_int_not_equal(when.fit, SW_ZONE_NEVER);
    }
}

/* ---- docs/dates.md ---- */

/* "| `typed` | 2024-03-21 11:25 |", in New York at 11:30 on that day; "refused" in the second cell. */
static bool doc_row(char *line, char **ret_typed, char **ret_shown)
{
    if (!sw_starts_with(line, "| `"))
        return false;
    char *end = strstr(line + 3, "` | "), *bar = end ? strstr(end + 4, " |") : NULL;
    if (!bar)
        return false;
    *end = *bar = '\0';
    *ret_typed = line + 3;
    *ret_shown = end + 4;
    return true;
}

static void check_doc_row(reader *read, const char *typed, const char *shown)
{
    const struct sw_zone *zone = zone_of("America/New_York");
    struct when when = { 0 };
    struct sw_status status = read(typed, at(NOW), zone, &when);
    print_message("  %s: %s\n", typed, shown);
    if (sw_starts_with(shown, "refused")) {
        assert_true(sw_failed(status));
        return;
    }
    char local[20];
    assert_false(sw_failed(status));
    utc_of(sw_zone_local_ms(zone, when.at_ms), local);
    assert_memory_equal(local, shown, strlen(shown) == 19 ? 19 : 16);
}

static void test_the_documentation(void **state)
{
    (void)state;
    FILE *file = fopen("docs/dates.md", "re");
    char line[512], *typed, *shown;
    reader *read = when_parse;
    size_t rows = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (sw_starts_with(line, "## Pauses"))
            read = when_parse_until;
        if (doc_row(line, &typed, &shown)) {
            check_doc_row(read, typed, shown);
            rows++;
        }
    }
    fclose(file);
    assert_in_range(rows, 60, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_the_callers_day),
        cmocka_unit_test(test_clocks_that_change),
        cmocka_unit_test(test_refusals_say_what),
        cmocka_unit_test(test_whole_days_are_told),
        cmocka_unit_test(test_the_end_of_a_pause),
        cmocka_unit_test(test_random_bytes_do_no_harm),
        cmocka_unit_test(test_random_words_do_no_harm),
        cmocka_unit_test(test_what_is_shown_can_be_typed),
        cmocka_unit_test(test_the_documentation),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
