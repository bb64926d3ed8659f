/* SPDX-License-Identifier: Apache-2.0
 * What monitoring says: which incident an alert belongs to, what becomes of it, and when it is over. */
#include "tests/unit/orchestrator/core/incident_bench.h"

struct alert {
    const char *key, *group, *status; /* group: NULL: none */
};

static json_t *args_new(const struct alert *alert)
{
    return json_pack("{ss ss ss? ss ss ss? ss}", "source", "monitor", "key", alert->key, "group", alert->group,
                     "status", alert->status, "title", alert->key, "url", NULL, "started_at", "2024-01-24T14:10:00Z");
}

static void tell(struct bench *bench, const char *key, const char *group, const char *status)
{
    assert_false(sw_failed(
        bench_command_with(bench, "alert", args_new(&(struct alert){ .key = key, .group = group, .status = status }))));
}

static void fire_first(struct bench *bench, const char *key, const char *group)
{
    bench_open_with(bench, BENCH_INCIDENTS);
    bench->origin = "hook";
    bench->user = "";
    assert_true(
        bench_declare_as(bench, "alert", args_new(&(struct alert){ .key = key, .group = group, .status = "firing" })));
    bench_answer_orders(bench);
}

static size_t logged(const struct bench *bench)
{
    const json_t *log = incident_list(bench->wf, "log");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(log); i++)
        count += sw_equal(jx_string(json_array_get(log, i), "type"), "alert");
    return count;
}

/* ---- which incident ---- */

static bool finds(const struct bench *bench, const char *key, const char *group)
{
    char keys[KIND_MAX_KEYS][WF_KEY_SIZE], asked[WF_KEY_SIZE];
    const struct kind_world world = { .config = bench->config };
    struct proto_command command = { .name = "alert",
                                     .args = args_new(&(struct alert){ .key = key, .group = group, .status = "x" }) };
    size_t count = INCIDENT_KIND.keys(bench->wf, keys);
    bool found = false, named = INCIDENT_KIND.command_key(&world, &command, asked);
    json_decref(command.args);
    for (size_t i = 0; i < count && named; i++)
        found = found || sw_equal(keys[i], asked);
    return found;
}

static void test_an_alert_is_found_by_its_key(void **state)
{
    (void)state;
    struct bench bench;
    fire_first(&bench, "disk", NULL);
    assert_true(finds(&bench, "disk", NULL));
    assert_false(finds(&bench, "disk", "g"));
    assert_false(finds(&bench, "memory", NULL));
    tell(&bench, "memory", NULL, "firing"); /* as the engine would, were its key known */
    assert_true(finds(&bench, "memory", NULL));
    bench_close(&bench);
}

static void test_alerts_of_a_group_are_found_by_it(void **state)
{
    (void)state;
    struct bench bench;
    char keys[KIND_MAX_KEYS][WF_KEY_SIZE];
    fire_first(&bench, "db1", "databases");
    assert_true(finds(&bench, "db1", "databases"));
    assert_true(finds(&bench, "db2", "databases"));
    assert_false(finds(&bench, "db1", "others"));
    assert_false(finds(&bench, "db1", NULL));
    size_t before = INCIDENT_KIND.keys(bench.wf, keys);
    tell(&bench, "db2", "databases", "firing");
    assert_int_equal(INCIDENT_KIND.keys(bench.wf, keys), before); /* one group, one key */
    bench_close(&bench);
}

static void test_after_its_end_an_alert_is_a_new_incident(void **state)
{
    (void)state;
    struct bench bench;
    fire_first(&bench, "disk", NULL);
    bench.user = "U1";
    bench.origin = "slash";
    assert_true(bench_done(&bench, "cancel", ""));
    assert_false(finds(&bench, "disk", NULL));
    bench_close(&bench);
}

/* ---- what becomes of it ---- */

static void test_the_first_one_says_when_it_was_detected(void **state)
{
    (void)state;
    struct bench bench;
    fire_first(&bench, "disk", NULL);
    assert_int_equal(incident_time(bench.wf, "detected"), BENCH_NOW - 10 * BENCH_MINUTE);
    assert_int_equal(logged(&bench), 1);
    bench_close(&bench);
}

static void test_the_same_again_changes_nothing(void **state)
{
    (void)state;
    struct bench bench;
    fire_first(&bench, "disk", NULL);
    tell(&bench, "disk", NULL, "firing");
    assert_int_equal(logged(&bench), 1);
    tell(&bench, "disk", NULL, "resolved");
    tell(&bench, "disk", NULL, "resolved");
    assert_int_equal(logged(&bench), 2);
    tell(&bench, "disk", NULL, "firing");
    assert_int_equal(logged(&bench), 3);
    bench_close(&bench);
}

static void test_it_proposes_to_resolve_when_all_are_over(void **state)
{
    (void)state;
    struct bench bench;
    fire_first(&bench, "db1", "databases");
    tell(&bench, "db2", "databases", "firing");
    tell(&bench, "db1", "databases", "resolved");
    assert_null(bench_order(&bench, "post", "resolve_offer", NULL));
    tell(&bench, "db2", "databases", "resolved");
    assert_non_null(bench_order(&bench, "post", "resolve_offer", "C42"));
    assert_int_equal(bench.wf->state, INCIDENT_STARTED);
    bench_close(&bench);
}

static void test_a_storm_is_noted_once(void **state)
{
    (void)state;
    struct bench bench;
    char key[16];
    fire_first(&bench, "host0", "hosts");
    for (int i = 1; i < 40; i++) {
        (void)snprintf(key, sizeof key, "host%d", i);
        tell(&bench, key, "hosts", "firing");
    }
    assert_int_equal(json_array_size(incident_list(bench.wf, "alerts")), KIND_MAX_KEYS - 2);
    assert_int_equal(logged(&bench), KIND_MAX_KEYS - 2 + 1);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_alert_is_found_by_its_key),
        cmocka_unit_test(test_alerts_of_a_group_are_found_by_it),
        cmocka_unit_test(test_after_its_end_an_alert_is_a_new_incident),
        cmocka_unit_test(test_the_first_one_says_when_it_was_detected),
        cmocka_unit_test(test_the_same_again_changes_nothing),
        cmocka_unit_test(test_it_proposes_to_resolve_when_all_are_over),
        cmocka_unit_test(test_a_storm_is_noted_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
