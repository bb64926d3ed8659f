/* SPDX-License-Identifier: Apache-2.0
 * The system's time zones (package tzdata), held against what the C library says about the same ones. */
#include "common/io/zones.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/rt/thread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const char *const NAMES[] = { "America/New_York", "Europe/Berlin",     "Australia/Lord_Howe",
                                     "Asia/Kathmandu",   "Pacific/Chatham",   "America/St_Johns",
                                     "Europe/Dublin",    "Africa/Casablanca", "America/Sao_Paulo",
                                     "Asia/Tehran",      "Pacific/Apia",      "Antarctica/Troll",
                                     "Asia/Gaza",        "America/Nuuk",      "Etc/GMT+5",
                                     "EST5EDT" };

static uint64_t chance_state = 20240321;

static int64_t chance(int64_t below)
{
    chance_state = chance_state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((chance_state >> 11) % (uint64_t)below);
}

static void test_as_the_c_library(void **state)
{
    struct zones *zones = *state;
    for (size_t i = 0; i < SW_COUNT(NAMES); i++) {
        const struct sw_zone *zone = NULL;
        print_message("  %s\n", NAMES[i]);
        assert_false(sw_failed(zones_get(zones, NAMES[i], &zone)));
        setenv("TZ", NAMES[i], 1);
        tzset();
        for (int row = 0; row < 4000; row++) {
            time_t at_s = chance(7000000000) - 1000000000; /* 1938 to 2160 */
            struct tm tm;
            assert_non_null(localtime_r(&at_s, &tm));
            struct sw_zone_clock clock = sw_zone_clock_at(zone, at_s * 1000);
            assert_int_equal(clock.offset_s, tm.tm_gmtoff);
            assert_string_equal(clock.abbreviation, tm.tm_zone);
            assert_int_equal(clock.dst, tm.tm_isdst > 0);
        }
    }
    unsetenv("TZ");
    tzset();
}

/* Whatever the wall clock shows leads back to where it came from. */
static void test_there_and_back(void **state)
{
    struct zones *zones = *state;
    for (size_t i = 0; i < SW_COUNT(NAMES); i++) {
        const struct sw_zone *zone = NULL;
        assert_false(sw_failed(zones_get(zones, NAMES[i], &zone)));
        for (int row = 0; row < 4000; row++) {
            int64_t at_ms = chance(7000000000000) - 1000000000000;
            struct sw_zone_moment moment = sw_zone_moment(zone, sw_zone_local_ms(zone, at_ms));
            assert_int_not_equal(moment.fit, SW_ZONE_NEVER);
            assert_true(at_ms == moment.first_ms || at_ms == moment.second_ms);
            assert_true(moment.fit == SW_ZONE_ONCE ? moment.first_ms == moment.second_ms
                                                   : moment.first_ms < moment.second_ms);
        }
    }
}

static int64_t local(int64_t year, int month, int day, int hour, int minute)
{
    return sw_civil_to_ms((struct sw_civil){ year, month, day, hour, minute, 0, 0 });
}

static void test_changes_of_real_clocks(void **state)
{
    struct zones *zones = *state;
    static const struct {
        const char *name;
        int year, month, day, hour, minute; /* local */
        enum sw_zone_fit fit;
        int first_offset_min, second_offset_min;
    } ROWS[] = {
        { "America/New_York", 2024, 3, 10, 2, 30, SW_ZONE_NEVER, -300, -240 },
        { "America/New_York", 2024, 11, 3, 1, 30, SW_ZONE_TWICE, -240, -300 },
        { "America/New_York", 2087, 11, 2, 1, 30, SW_ZONE_TWICE, -240, -300 }, /* beyond the table, by the rule */
        { "Europe/Berlin", 2024, 3, 31, 2, 30, SW_ZONE_NEVER, 60, 120 },
        { "Europe/Berlin", 2024, 10, 27, 2, 30, SW_ZONE_TWICE, 120, 60 },
        { "Australia/Lord_Howe", 2024, 10, 6, 2, 15, SW_ZONE_NEVER, 630, 660 },
        { "Australia/Lord_Howe", 2024, 4, 7, 1, 45, SW_ZONE_TWICE, 660, 630 },
        { "Pacific/Chatham", 2024, 9, 29, 3, 0, SW_ZONE_NEVER, 765, 825 },
        { "Pacific/Chatham", 2024, 4, 7, 3, 0, SW_ZONE_TWICE, 825, 765 },
        { "Asia/Kathmandu", 2024, 3, 31, 2, 30, SW_ZONE_ONCE, 345, 345 },
        { "Asia/Kathmandu", 1986, 1, 1, 0, 10, SW_ZONE_NEVER, 330, 345 },
        { "Pacific/Apia", 2011, 12, 30, 12, 0, SW_ZONE_NEVER, -600, 840 }, /* a day that never was */
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        const struct sw_zone *zone = NULL;
        int64_t at = local(ROWS[i].year, ROWS[i].month, ROWS[i].day, ROWS[i].hour, ROWS[i].minute);
        print_message("  %s %d\n", ROWS[i].name, ROWS[i].year);
        assert_false(sw_failed(zones_get(zones, ROWS[i].name, &zone)));
        struct sw_zone_moment moment = sw_zone_moment(zone, at);
        assert_int_equal(moment.fit, ROWS[i].fit);
        assert_int_equal(moment.first_ms, at - ROWS[i].first_offset_min * 60000LL);
        assert_int_equal(moment.second_ms, at - ROWS[i].second_offset_min * 60000LL);
    }
}

static void test_names(void **state)
{
    struct zones *zones = *state;
    static const struct {
        const char *name;
        enum sw_code code;
    } ROWS[] = {
        { "Europe/Berlin", SW_CODE_NONE },
        { "America/Argentina/Buenos_Aires", SW_CODE_NONE },
        { "UTC", SW_CODE_NONE },
        { "", SW_CODE_NONE },
        { NULL, SW_CODE_NONE },
        { "Europe/Atlantis", SW_CODE_NOT_FOUND },
        { "America", SW_CODE_NOT_FOUND }, /* a directory */
        { "../../../etc/passwd", SW_CODE_INVALID },
        { "Europe/../Europe/Berlin", SW_CODE_INVALID },
        { "/etc/localtime", SW_CODE_INVALID },
        { "Europe//Berlin", SW_CODE_INVALID },
        { "Europe/", SW_CODE_INVALID },
        { "zone.tab", SW_CODE_INVALID },
        { "Europe/Berlin\n", SW_CODE_INVALID },
        { "a/b/c/d/e", SW_CODE_INVALID },
        { "A234567890123456789012345678901234567890123456789012345678901234", SW_CODE_INVALID },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        const struct sw_zone *zone = NULL;
        struct sw_status status = zones_get(zones, ROWS[i].name, &zone);
        assert_int_equal(status.code, ROWS[i].code);
        assert_true(sw_failed(status) == (zone == NULL));
    }
}

static void test_each_is_read_once(void **state)
{
    struct zones *zones = *state;
    const struct sw_zone *first = NULL, *again = NULL, *other = NULL;
    assert_false(sw_failed(zones_get(zones, "Europe/Paris", &first)));
    assert_false(sw_failed(zones_get(zones, "Asia/Tokyo", &other)));
    assert_false(sw_failed(zones_get(zones, "Europe/Paris", &again)));
    assert_ptr_equal(first, again);
    assert_ptr_not_equal(first, other);
    assert_string_equal(sw_zone_name(again), "Europe/Paris");
}

static void test_without_a_database(void **state)
{
    (void)state;
    struct zones *zones = NULL;
    const struct sw_zone *zone = NULL;
    setenv("TZDIR", "/nonexistent", 1);
    assert_false(sw_failed(zones_new(NULL, &zones)));
    unsetenv("TZDIR");
    struct sw_status status = zones_get(zones, "Europe/Berlin", &zone);
    assert_int_equal(status.code, SW_CODE_NOT_FOUND);
    assert_non_null(strstr(status.text, "tzdata"));
    assert_non_null(strstr(status.text, "/nonexistent"));
    assert_false(sw_failed(zones_get(zones, "Etc/UTC", &zone)));
    assert_ptr_equal(zone, sw_zone_utc());
    zones_free(zones);
}

static void ask_often(void *self)
{
    for (int i = 0; i < 2000; i++) {
        const struct sw_zone *zone = NULL;
        const char *name = NAMES[(size_t)i % SW_COUNT(NAMES)];
        struct sw_status status = zones_get(self, name, &zone);
        if (sw_failed(status) || !sw_equal(sw_zone_name(zone), name))
            abort();
    }
}

static void test_many_threads(void **state)
{
    (void)state;
    struct zones *zones = NULL;
    struct sw_thread threads[4] = { 0 };
    assert_false(sw_failed(zones_new(NULL, &zones)));
    for (size_t i = 0; i < SW_COUNT(threads); i++)
        assert_false(sw_failed(sw_thread_start(&threads[i], "zones", ask_often, zones)));
    for (size_t i = 0; i < SW_COUNT(threads); i++)
        sw_thread_join(&threads[i]);
    zones_free(zones);
}

static int set_up(void **state)
{
    struct zones *zones = NULL;
    struct sw_status status = zones_new(NULL, &zones);
    *state = zones;
    return sw_failed(status);
}

static int tear_down(void **state)
{
    zones_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_the_c_library),       cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_changes_of_real_clocks), cmocka_unit_test(test_names),
        cmocka_unit_test(test_each_is_read_once),      cmocka_unit_test(test_without_a_database),
        cmocka_unit_test(test_many_threads),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
