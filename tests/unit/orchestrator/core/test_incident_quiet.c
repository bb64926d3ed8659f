/* SPDX-License-Identifier: Apache-2.0
 * When quiet hours and a snooze are over when the clocks are changed meanwhile. Quiet hours: what a walk along the wall
 * clock finds, the first minute that it does not show as quiet. */
#include "common/base/timefmt.h"
#include "common/io/zones.h"
#include "orchestrator/core/incident_nag.h"
#include "tests/unit/orchestrator/core/incident_bench.h"

static struct zones *zones;

static const struct sw_zone *zone_of(void *self, const char *name)
{
    const struct sw_zone *zone = NULL;
    (void)self;
    assert_false(sw_failed(zones_get(zones, name, &zone)));
    return zone;
}

static const struct {
    const char *from, *to, *at, *end; /* in Berlin; in UTC */
} ROWS[] = {
    /* the clocks go forward at 01:00 UTC, from 02:00 to 03:00 */
    { "22:00", "07:00", "2026-03-28T21:30:00Z", "2026-03-29T05:00:00Z" },
    { "22:00", "07:00", "2026-03-29T00:59:00Z", "2026-03-29T05:00:00Z" },
    { "22:00", "07:00", "2026-03-29T05:00:00Z", "2026-03-29T05:00:00Z" },
    { "22:00", "02:30", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z" }, /* 02:30 is never shown */
    { "22:00", "02:30", "2026-03-28T22:10:20Z", "2026-03-29T01:00:00Z" },
    { "22:00", "02:30", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z" },
    { "01:45", "02:30", "2026-03-29T00:50:00Z", "2026-03-29T01:00:00Z" },
    { "02:15", "04:00", "2026-03-29T01:30:00Z", "2026-03-29T02:00:00Z" },
    /* the clocks go back at 01:00 UTC, from 03:00 to 02:00 */
    { "22:00", "07:00", "2026-10-24T20:30:00Z", "2026-10-25T06:00:00Z" },
    { "22:00", "02:30", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z" },
    { "22:00", "02:30", "2026-10-25T00:40:00Z", "2026-10-25T00:40:00Z" }, /* 02:40, for the first time */
    { "22:00", "02:30", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z" }, /* 02:10, for the second time */
    { "02:15", "02:45", "2026-10-25T01:20:00Z", "2026-10-25T01:45:00Z" },
    { "00:00", "00:00", "2026-10-25T01:20:00Z", "2026-10-25T01:20:00Z" },
};

static void test_quiet_hours_follow_the_wall_clock(void **state)
{
    (void)state;
    const struct kind_reads reads = { .zone = zone_of };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        char text[256], end[SW_RFC3339_SIZE];
        int64_t at_ms, end_ms;
        (void)snprintf(
            text, sizeof text,
            "{\"main\":\"CMAIN\",\"quiet_hours\":{\"from\":\"%s\",\"to\":\"%s\",\"zone\":\"Europe/Berlin\"}}",
            ROWS[i].from, ROWS[i].to);
        struct config *config = bench_config(text);
        assert_true(sw_rfc3339_parse(ROWS[i].at, &at_ms) && sw_rfc3339_parse(ROWS[i].end, &end_ms));
        int64_t until_ms = incident_quiet_until(config, &reads, 3, at_ms);
        sw_rfc3339(until_ms, end);
        if (until_ms != end_ms)
            fail_msg("%s to %s, at %s: %s instead of %s", ROWS[i].from, ROWS[i].to, ROWS[i].at, end, ROWS[i].end);
        assert_int_equal(incident_quiet_until(config, &reads, 2, at_ms), at_ms); /* not for high priorities */
        config_free(config);
    }
}

/* A day has 25 hours then, and people mean the wall clock. */
static void test_a_day_of_snoozing_is_a_day_on_the_wall_clock(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    assert_true(sw_rfc3339_parse("2026-10-24T08:00:00Z", &bench.now_ms)); /* 10:00 in Berlin */
    bench.reads.zone = zone_of;
    bench.zone = "Europe/Berlin";
    bench_declare(&bench, "{\"title\":\"x\",\"priority\":1}");
    bench_answer_orders(&bench);
    bench.channel = "C42";
    assert_true(bench_done(&bench, "snooze", "until tomorrow 9:30"));
    assert_int_equal(bench_timer_due(&bench, "nag"), bench.now_ms + INT64_C(24) * 3600000 + 1800000);
    assert_true(bench_done(&bench, "snooze", "24h"));
    assert_false(bench_done(&bench, "snooze", "until tomorrow 10:30"));
    bench_close(&bench);
}

static int open_zones(void **state)
{
    (void)state;
    return sw_failed(zones_new(NULL, &zones));
}

static int close_zones(void **state)
{
    (void)state;
    zones_free(zones);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_quiet_hours_follow_the_wall_clock),
                                        cmocka_unit_test(test_a_day_of_snoozing_is_a_day_on_the_wall_clock) };
    return cmocka_run_group_tests(tests, open_zones, close_zones);
}
