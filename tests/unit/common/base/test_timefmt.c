/* SPDX-License-Identifier: Apache-2.0
 * RFC 3339: what is read, and what is refused. */
#include "common/base/timefmt.h"

#include "common/base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *text;
    int64_t at_ms; /* -1: refused */
} CASES[] = {
    { "1970-01-01T00:00:01Z", 1000 },
    { "2024-02-29T00:00:00Z", 1709164800000 },
    { "2024-02-29t00:00:00.25z", 1709164800250 },
    { "2024-02-29 02:00:00+02:00", 1709164800000 },
    { "2024-02-28T19:30:00-04:30", 1709164800000 },
    { "2000-02-29T00:00:00Z", 951782400000 },
    { "2016-12-31T23:59:60Z", 1483228800000 }, /* a leap second is the next one */
    /* days that there are not */
    { "2023-02-29T00:00:00Z", -1 },
    { "2024-02-30T00:00:00Z", -1 },
    { "2100-02-29T00:00:00Z", -1 },
    { "2024-04-31T00:00:00Z", -1 },
    { "2024-06-31T12:00:00Z", -1 },
    { "2024-09-31T12:00:00Z", -1 },
    { "2024-11-31T12:00:00Z", -1 },
    { "2024-12-32T00:00:00Z", -1 },
    { "2024-01-00T00:00:00Z", -1 },
    { "2024-00-10T00:00:00Z", -1 },
    { "2024-13-10T00:00:00Z", -1 },
    /* times that there are not, and other shapes */
    { "2024-01-01T24:00:00Z", -1 },
    { "2024-01-01T23:60:00Z", -1 },
    { "2024-01-01T23:59:61Z", -1 },
    { "2024-01-01T00:00:00", -1 },
    { "2024-01-01T00:00:00+24:00", -1 },
    { "2024-01-01T00:00:00.Z", -1 },
    { "2024-1-1T00:00:00Z", -1 },
    { "2024-01-01T00:00:00Z ", -1 },
    { "2024-01-01", -1 },
    { "", -1 },
};

static void test_what_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        int64_t at_ms = -1;
        print_message("  %s\n", CASES[i].text);
        assert_int_equal(sw_rfc3339_parse(CASES[i].text, &at_ms), CASES[i].at_ms >= 0);
        assert_int_equal(at_ms, CASES[i].at_ms);
    }
}

/* What is written is read again, also the last day of February. */
static void test_there_and_back(void **state)
{
    (void)state;
    for (int64_t at_ms = 1; at_ms < INT64_C(4102444800000); at_ms += INT64_C(86400000) * 13 + 3661007) {
        char text[SW_RFC3339_SIZE];
        int64_t again;
        sw_rfc3339(at_ms, text);
        assert_true(sw_rfc3339_parse(text, &again));
        assert_int_equal(again, at_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_read),
        cmocka_unit_test(test_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
