/* SPDX-License-Identifier: Apache-2.0
 * Reminders in virtual time: the exact schedules on a grid of 42 s and off it; snoozing, quiet hours, escalation, one
 * catch-up after an outage. */
#include "tests/unit/orchestrator/core/incident_bench.h"

enum { SECOND_MS = 1000 };

static void open_bench(struct bench *bench, const char *grid, const char *more, int priority)
{
    char incidents[512], args[128];
    (void)snprintf(incidents, sizeof incidents, "{\"main\":\"CMAIN\",\"nag_grid\":%s%s}", grid, more);
    (void)snprintf(args, sizeof args, "{\"title\":\"x\",\"priority\":%d}", priority);
    bench_open_with(bench, incidents);
    bench_declare(bench, args);
    bench_answer_orders(bench);
    bench->channel = "C42";
}

/* Lets time pass to the second given, firing the timer when it is due. Writes "comms 168, point 252" for what is posted
 * in the incident's channel. */
static void run(struct bench *bench, int64_t to_s, struct sw_buf *sent)
{
    for (int turns = 0; turns < 500; turns++) {
        int64_t due_ms = jx_i64_or(bench->wf->facts, "nag_due", 0);
        if (!due_ms || due_ms > BENCH_NOW + to_s * SECOND_MS)
            break;
        if (due_ms > bench->now_ms)
            bench->now_ms = due_ms;
        assert_false(sw_failed(bench_timer(bench, "nag")));
        for (size_t i = 0; i < bench->update.effect_count; i++) {
            const json_t *order = bench->update.effects[i].order;
            if (!order || !sw_equal(jx_string(order, "card"), "nag") || !sw_equal(jx_string(order, "channel"), "C42"))
                continue;
            sw_buf_printf(sent, "%s%s %lld", sent->length ? ", " : "",
                          jx_string_or(json_object_get(order, "data"), "what", ""),
                          (long long)(bench->now_ms - BENCH_NOW) / SECOND_MS);
        }
        bench_answer_orders(bench);
    }
    bench->now_ms = BENCH_NOW + to_s * SECOND_MS;
}

static const struct {
    const char *name, *grid;
    int priority;
    const char *said; /* at the declaration; several with ';' */
    int64_t until_s;
    const char *sent;
} SCHEDULES[] = {
    { "N1", "\"42s\"", 1, "", 700,
      "comms 168, point 252, comms 294, comms 420, point 462, comms 546, point 672, comms 672" },
    { "N2", "\"42s\"", 1, "point;comms", 1200, "initial 420, initial 798, initial 1176" },
    { "N2 of a P2", "\"42s\"", 2, "point;comms", 1200, "initial 420, initial 798, initial 1176" },
    { "N4", "\"42s\"", 2, "", 3700, "comms 1260, point 1848, comms 2478, point 3654, comms 3696" },
    { "N5", "\"42s\"", 2, "point;comms;notify news", 7300, "update 3654, update 7266" },
    { "N7", "\"42s\"", 1, "comms", 470, "point 252, initial 420, point 462" },
    { "N8 of a P4", "\"42s\"", 4, "", 100000, "" },
    { "N8 of a P5", "\"42s\"", 5, "", 100000, "" },
    { "N10 mitigated", "\"42s\"", 1, "mitigate", 100000, "" },
    { "N10 cancelled", "\"42s\"", 1, "cancel", 1000, "" },
    { "N10 roles and blocked", "\"42s\"", 1, "point;comms;blocked x", 100000, "" },
    { "N11", "\"42s\"", 1, "blocked x", 300, "comms 168, point 252, comms 294" },
    { "without a grid", "0", 1, "", 400, "comms 120, point 180, comms 240, point 360, comms 360" },
    { "without a grid, updates", "0", 2, "point;comms;summary s", 7300, "update 3600, update 7200" },
    { "on seconds", "\"1s\"", 1, "", 250, "comms 122, point 182, comms 243" },
    { "a P3 has no later update", "0", 3, "point;comms;notify n", 100000, "" },
};

static void say_all(struct bench *bench, const char *said)
{
    char all[128], *rest = all;
    (void)sw_copy(all, sizeof all, said);
    for (char *word; *all && (word = strsep(&rest, ";"));) {
        char verb[32];
        (void)snprintf(verb, sizeof verb, "%.*s", (int)strcspn(word, " "), word);
        const char *text = word + strlen(verb);
        assert_true(bench_done(bench, verb, text + (*text == ' ')));
    }
    bench_answer_orders(bench);
}

static void test_schedules(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(SCHEDULES); i++) {
        struct bench bench;
        SW_AUTO_BUF struct sw_buf sent = { 0 };
        open_bench(&bench, SCHEDULES[i].grid, "", SCHEDULES[i].priority);
        say_all(&bench, SCHEDULES[i].said);
        run(&bench, SCHEDULES[i].until_s, &sent);
        if (!sw_equal(sw_buf_string(&sent), SCHEDULES[i].sent))
            fail_msg("%s: %s", SCHEDULES[i].name, sw_buf_string(&sent));
        bench_close(&bench);
    }
}

static void test_the_main_channel_hears_that_a_role_is_open(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, "0", "", 1);
    bench.now_ms += 120 * SECOND_MS;
    assert_false(sw_failed(bench_timer(&bench, "nag")));
    assert_true(
        json_is_true(json_object_get(json_object_get(bench_order(&bench, "post", "nag", "CMAIN"), "data"), "main")));
    assert_true(
        json_is_true(json_object_get(json_object_get(bench_order(&bench, "post", "nag", "C42"), "data"), "here")));
    bench_close(&bench);
}

static void test_while_slack_is_silent_the_newest_is_enough(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, "0", "", 1);
    for (int turns = 0; turns < 12; turns++) {
        bench.now_ms = jx_i64_or(bench.wf->facts, "nag_due", 0);
        assert_false(sw_failed(bench_timer(&bench, "nag")));
    }
    const char *key;
    json_t *entry;
    size_t nags = 0;
    json_object_foreach((json_t *)(uintptr_t)incident_part(bench.wf, "orders"), key, entry)
    {
        nags += sw_equal(jx_string(json_object_get(entry, "order"), "card"), "nag");
    }
    assert_int_equal(nags, 4); /* of each the newest, here and in the main channel */
    bench_close(&bench);
}

static void test_after_an_outage_there_is_one_reminder(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, "0", "", 1);
    bench.now_ms += 3600 * SECOND_MS;
    assert_false(sw_failed(bench_timer(&bench, "nag")));
    const json_t *order = bench_order(&bench, "post", "nag", "C42");
    assert_int_equal(jx_i64_or(json_object_get(order, "data"), "missed", 0), 30 + 20 - 1);
    assert_non_null(strstr(jx_string(order, "text"), "missed 50 reminders"));
    assert_null(bench_order(&bench, "post", "nag", "CMAIN"));
    assert_int_equal(bench_timer_due(&bench, "nag"), bench.now_ms + 120 * SECOND_MS);
    bench_close(&bench);
}

static void test_two_that_are_late_are_one_reminder(void **state)
{
    (void)state;
    struct bench bench;
    SW_AUTO_BUF struct sw_buf sent = { 0 };
    open_bench(&bench, "0",
               ",\"default_priority\":1,\"priorities\":{\"1\":{\"nag\":{\"point\":\"5h\",\"comms\":\"5h\"}}}", 1);
    bench.now_ms += 7 * 3600 * SECOND_MS;
    assert_false(sw_failed(bench_timer(&bench, "nag")));
    const json_t *order = bench_order(&bench, "post", "nag", "C42");
    assert_int_equal(jx_i64_or(json_object_get(order, "data"), "missed", 0), 1);
    assert_non_null(strstr(jx_string(order, "text"), "missed 2 reminders"));
    bench_answer_orders(&bench);
    run(&bench, 9 * 3600, &sent);
    assert_int_equal(sent.length, 0);
    bench_close(&bench);
}

static void test_a_turn_that_is_a_little_late_moves_no_later_one(void **state)
{
    (void)state;
    struct bench bench;
    SW_AUTO_BUF struct sw_buf sent = { 0 };
    open_bench(&bench, "\"42s\"", "", 1);
    bench.now_ms += 168 * SECOND_MS + 900;
    assert_false(sw_failed(bench_timer(&bench, "nag")));
    run(&bench, 300, &sent);
    assert_string_equal(sw_buf_string(&sent), "point 252, comms 294");
    bench_close(&bench);
}

static void test_snooze(void **state)
{
    (void)state;
    struct bench bench;
    SW_AUTO_BUF struct sw_buf sent = { 0 };
    open_bench(&bench, "0", "", 1);
    assert_true(bench_done(&bench, "snooze", "10m"));
    run(&bench, 730, &sent);
    assert_string_equal(sw_buf_string(&sent), "point 600, comms 600, comms 720");
    assert_false(bench_done(&bench, "snooze", "3 days"));
    assert_false(bench_done(&bench, "snooze", "rubbish"));
    bench_close(&bench);
}

static void test_quiet_hours_are_over_in_the_morning(void **state)
{
    (void)state;
    struct bench bench;
    SW_AUTO_BUF struct sw_buf sent = { 0 };
    /* declared at 14:20; comms of a P3 would be due at 14:40 */
    open_bench(&bench, "0", ",\"quiet_hours\":{\"from\":\"14:30\",\"to\":\"06:00\"}", 3);
    run(&bench, 16 * 3600, &sent);
    assert_non_null(strstr(sw_buf_string(&sent), "comms 56400")); /* 06:00 on the next day */
    assert_null(strstr(sw_buf_string(&sent), "comms 1200"));
    bench_close(&bench);
}

static void test_what_is_late_keeps_quiet_too(void **state)
{
    (void)state;
    struct bench bench;
    SW_AUTO_BUF struct sw_buf sent = { 0 };
    /* comms is due at 14:40; until 15:10 nobody runs */
    open_bench(&bench, "0", ",\"quiet_hours\":{\"from\":\"15:00\",\"to\":\"06:00\"}", 3);
    bench.now_ms += 3000 * SECOND_MS;
    run(&bench, 15 * 3600, &sent);
    assert_int_equal(sent.length, 0);
    run(&bench, 56400, &sent);
    assert_string_equal(sw_buf_string(&sent), "point 56400, comms 56400"); /* 06:00, and nothing was missed */
    bench_close(&bench);
}

static void test_quiet_hours_are_not_for_high_priorities(void **state)
{
    (void)state;
    struct bench bench;
    SW_AUTO_BUF struct sw_buf sent = { 0 };
    open_bench(&bench, "0", ",\"quiet_hours\":{\"from\":\"14:00\",\"to\":\"15:00\"}", 1);
    run(&bench, 130, &sent);
    assert_string_equal(sw_buf_string(&sent), "comms 120");
    bench_close(&bench);
}

static void test_escalation(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, "0", ",\"escalate\":{\"after\":2,\"to\":[\"UBOSS\"]}", 1);
    assert_true(bench_done(&bench, "point", ""));
    for (int i = 1; i <= 2; i++) {
        bench.now_ms = BENCH_NOW + i * 120 * SECOND_MS;
        assert_false(sw_failed(bench_timer(&bench, "nag")));
        const json_t *data = json_object_get(bench_order(&bench, "post", "nag", "C42"), "data");
        assert_int_equal(json_array_size(json_object_get(data, "escalate")), i == 2 ? 1 : 0);
    }
    assert_true(bench_done(&bench, "comms", "")); /* the count begins anew when somebody reacts */
    assert_int_equal(jx_i64_or(json_object_get(incident_part(bench.wf, "nag"), "sent"), "comms", -1), 0);
    bench_close(&bench);
}

static void test_raising_the_priority_reminds_sooner(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, "0", "", 3);
    assert_int_equal(jx_i64_or(bench.wf->facts, "nag_due", 0), BENCH_NOW + 1200 * SECOND_MS);
    assert_true(bench_done(&bench, "priority", "1"));
    assert_int_equal(bench_timer_due(&bench, "nag"), BENCH_NOW + 120 * SECOND_MS);
    assert_true(bench_done(&bench, "mitigate", ""));
    assert_int_equal(jx_i64_or(bench.wf->facts, "nag_due", 0), 0);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedules),
        cmocka_unit_test(test_the_main_channel_hears_that_a_role_is_open),
        cmocka_unit_test(test_while_slack_is_silent_the_newest_is_enough),
        cmocka_unit_test(test_after_an_outage_there_is_one_reminder),
        cmocka_unit_test(test_two_that_are_late_are_one_reminder),
        cmocka_unit_test(test_a_turn_that_is_a_little_late_moves_no_later_one),
        cmocka_unit_test(test_snooze),
        cmocka_unit_test(test_quiet_hours_are_over_in_the_morning),
        cmocka_unit_test(test_what_is_late_keeps_quiet_too),
        cmocka_unit_test(test_quiet_hours_are_not_for_high_priorities),
        cmocka_unit_test(test_escalation),
        cmocka_unit_test(test_raising_the_priority_reminds_sooner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
