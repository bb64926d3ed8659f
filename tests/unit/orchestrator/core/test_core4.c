/* SPDX-License-Identifier: Apache-2.0
 * The five points of an incident, their spans and how they are shown. */
#include "orchestrator/core/core4.h"

#include "common/base/timefmt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int64_t at(const char *clock)
{
    char text[32];
    int64_t at_ms = 0;
    (void)snprintf(text, sizeof text, "2024-01-01T%s:00Z", clock);
    assert_true(sw_rfc3339_parse(text, &at_ms));
    return at_ms;
}

static void check_block(const struct core4 *core4, const char *wanted)
{
    SW_AUTO_BUF struct sw_buf buf = { 0 };
    core4_put(&buf, core4);
    assert_string_equal(sw_buf_string(&buf), wanted);
}

static void test_nothing_is_set(void **state)
{
    (void)state;
    const struct core4 core4 = { 0 };
    struct core4_spans spans = core4_spans(&core4);
    assert_int_equal(spans.ttd_ms, -1);
    assert_int_equal(spans.tta_ms, -1);
    assert_int_equal(spans.ttm_ms, -1);
    assert_int_equal(spans.ttr_ms, -1);
    check_block(&core4, "Genesis    set it with .genesis <when>\n"
                        "Detected   set it with .detected <when>\n"
                        "Acked      set when .point and .comms are taken\n"
                        "Mitigated  set it with .mitigated\n"
                        "Resolved   set when the incident is over");
}

static void test_all_are_set(void **state)
{
    (void)state;
    const struct core4 core4 = { at("01:00"), at("02:00"), at("03:04"), at("03:24"), at("05:00") };
    check_block(&core4, "Genesis    2024-01-01 01:00 UTC\n"
                        "Detected   2024-01-01 02:00 UTC (TTD 1h0m)\n"
                        "Acked      2024-01-01 03:04 UTC (TTA 1h4m)\n"
                        "Mitigated  2024-01-01 03:24 UTC (TTM 2h24m)\n"
                        "Resolved   2024-01-01 05:00 UTC (TTR 4h0m)");
}

static void test_a_span_needs_both_ends_and_has_no_sign(void **state)
{
    (void)state;
    const struct core4 core4 = { .detected_ms = at("02:00"),
                                 .acknowledged_ms = at("01:30"),
                                 .resolved_ms = at("05:00") };
    struct core4_spans spans = core4_spans(&core4);
    assert_int_equal(spans.ttd_ms, -1);
    assert_int_equal(spans.tta_ms, 30 * 60000);
    assert_int_equal(spans.ttm_ms, -1);
    assert_int_equal(spans.ttr_ms, -1);
    check_block(&core4, "Genesis    set it with .genesis <when>\n"
                        "Detected   2024-01-01 02:00 UTC\n"
                        "Acked      2024-01-01 01:30 UTC (TTA 30m0s)\n"
                        "Mitigated  set it with .mitigated\n"
                        "Resolved   2024-01-01 05:00 UTC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_set),
        cmocka_unit_test(test_all_are_set),
        cmocka_unit_test(test_a_span_needs_both_ends_and_has_no_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
