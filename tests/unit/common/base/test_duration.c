/* SPDX-License-Identifier: Apache-2.0
 * Durations as people read them. */
#include "common/base/duration.h"

#include "common/base/attrs.h"
#include "common/base/timefmt.h"

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

static void test_both_forms(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *brief, *verbose;
    } ROWS[] = {
        { 0, "0s", "0 seconds" },
        { 999, "0s", "1 second" },
        { 3000, "3s", "3 seconds" },
        { 59600, "59s", "60 seconds" },
        { 60000, "1m0s", "1 minute" },
        { 89000, "1m29s", "1 minute" },
        { 90000, "1m30s", "2 minutes" },
        { 3580000, "59m40s", "60 minutes" },
        { 3600000, "1h0m", "1 hour, 0 minutes" },
        { 3645000, "1h0m", "1 hour, 1 minute" },
        { 7180000, "1h59m", "1 hour, 60 minutes" },
        { 86380000, "23h59m", "23 hours, 60 minutes" },
        { 86400000, "1d0h0m", "1 day, 0 hours, 0 minutes" },
        { 90060000, "1d1h1m", "1 day, 1 hour, 1 minute" },
        { -3000, "3s", "3 seconds" },
    };
    char text[SW_DURATION_LONG_SIZE];
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        sw_duration_short(ROWS[i].ms, text);
        assert_string_equal(text, ROWS[i].brief);
        sw_duration_long(ROWS[i].ms, text);
        assert_string_equal(text, ROWS[i].verbose);
    }
}

static void test_between_two_instants(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *verbose;
    } ROWS[] = {
        { "2018-04-18T00:20:00Z", "2018-04-20T21:37:22Z", "2 days, 21 hours, 17 minutes" },
        { "2018-04-20T13:35:22Z", "2018-02-10T09:15:00Z", "69 days, 4 hours, 20 minutes" },
    };
    char text[SW_DURATION_LONG_SIZE];
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        sw_duration_long(at(ROWS[i].to) - at(ROWS[i].from), text);
        assert_string_equal(text, ROWS[i].verbose);
    }
    sw_duration_long(INT64_MIN, text); /* the longest fits */
    assert_string_equal(text, "106751991167 days, 7 hours, 13 minutes");
    sw_duration_short(INT64_MAX, text);
    assert_string_equal(text, "106751991167d7h12m");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_forms),
        cmocka_unit_test(test_between_two_instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
