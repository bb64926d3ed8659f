/* SPDX-License-Identifier: Apache-2.0
 * Instants as people read them. */
#include "common/base/datefmt.h"

#include "common/base/timefmt.h"
#include "common/io/zones.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int64_t at(const char *text)
{
    int64_t at_ms = 0;
    assert_true(sw_rfc3339_parse(text, &at_ms));
    return at_ms;
}

static void test_dates(void **state)
{
    (void)state;
    int64_t january = at("2024-01-25T05:52:55Z");
    char text[SW_DATE_SLACK_SIZE];
    sw_date_short(january, text);
    assert_string_equal(text, "Jan 25 05:52");
    sw_date_short(at("2024-12-01T00:00:00Z"), text);
    assert_string_equal(text, "Dec 1 00:00");
    sw_date_utc(january, text);
    assert_string_equal(text, "2024-01-25 05:52 UTC");
    sw_date_iso(at("2023-03-30T12:00:00Z"), text);
    assert_string_equal(text, "2023-03-30T12:00:00.000+00:00");
    sw_date_local(january, NULL, text);
    assert_string_equal(text, "2024-01-25 05:52 UTC");
    sw_date_slack(january + 250, text);
    assert_string_equal(text, "<!date^1706161975^{date_short_pretty} {time}|2024-01-25 05:52:55 +00:00 (UTC)>");
}

static void test_the_zones_clock(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *at, *text;
    } ROWS[] = {
        { "America/New_York", "2024-01-25T04:52:55Z", "2024-01-24 23:52 EST" },
        { "America/New_York", "2024-07-25T04:52:55Z", "2024-07-25 00:52 EDT" },
        { "Asia/Kathmandu", "2024-01-25T05:52:55Z", "2024-01-25 11:37 +0545" },
        { "Europe/Berlin", "2024-10-27T01:30:00Z", "2024-10-27 02:30 CET" },
    };
    struct zones *zones = NULL;
    assert_false(sw_failed(zones_new(NULL, &zones)));
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        const struct sw_zone *zone = NULL;
        char text[SW_DATE_SIZE];
        assert_false(sw_failed(zones_get(zones, ROWS[i].zone, &zone)));
        sw_date_local(at(ROWS[i].at), zone, text);
        assert_string_equal(text, ROWS[i].text);
    }
    zones_free(zones);
}

static void test_absent_is_empty(void **state)
{
    (void)state;
    char text[SW_DATE_SLACK_SIZE] = "x";
    void (*const forms[])(int64_t, char *) = { sw_date_short, sw_date_utc, sw_date_iso, sw_date_slack };
    for (size_t i = 0; i < SW_COUNT(forms); i++) {
        memcpy(text, "x", 2);
        forms[i](0, text);
        assert_string_equal(text, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_the_zones_clock),
        cmocka_unit_test(test_absent_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
