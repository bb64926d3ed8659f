/* SPDX-License-Identifier: Apache-2.0
 * The calendar: known days, and every day of four centuries in order. */
#include "common/base/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_known_days(void **state)
{
    (void)state;
    assert_int_equal(sw_civil_days(1970, 1, 1), 0);
    assert_int_equal(sw_civil_days(1969, 12, 31), -1);
    assert_int_equal(sw_civil_days(2024, 2, 29) * 86400, 1709164800);
    assert_int_equal(sw_civil_days(2023, 1, 1) * 86400, 1672531200);
    assert_int_equal(sw_civil_days(2024, 2, 30), sw_civil_days(2024, 3, 1)); /* counts on */
    assert_int_equal(sw_civil_weekday(0), 4);
    assert_int_equal(sw_civil_weekday(-5), 6);
    assert_int_equal(sw_civil_weekday(sw_civil_days(2024, 3, 21)), 4);
    assert_int_equal(sw_civil_month_days(2024, 2), 29);
    assert_int_equal(sw_civil_month_days(2100, 2), 28);
    assert_int_equal(sw_civil_month_days(2000, 2), 29);
    assert_int_equal(sw_civil_month_days(2024, 12), 31);
}

static void test_every_day_from_1800_to_2200(void **state)
{
    (void)state;
    int64_t days = sw_civil_days(1800, 1, 1);
    for (int64_t year = 1800; year < 2200; year++)
        for (int32_t month = 1; month <= 12; month++)
            for (int32_t day = 1; day <= sw_civil_month_days(year, month); day++, days++) {
                struct sw_civil civil = sw_civil_from_ms(days * SW_DAY_MS + SW_DAY_MS - 1);
                assert_int_equal(sw_civil_days(year, month, day), days);
                assert_int_equal(civil.year, year);
                assert_int_equal(civil.month, month);
                assert_int_equal(civil.day, day);
                assert_int_equal(civil.hour * 10000 + civil.minute * 100 + civil.second, 235959);
                assert_int_equal(sw_civil_to_ms(civil), days * SW_DAY_MS + SW_DAY_MS - 1);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_days),
        cmocka_unit_test(test_every_day_from_1800_to_2200),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
