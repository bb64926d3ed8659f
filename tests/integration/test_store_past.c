/* SPDX-License-Identifier: Apache-2.0
 * A long past on a real Postgres: 10,000 incidents with their timelines, and 50,000 deployments after them. It costs a
 * new leader nothing, and what is asked of it is read at once. */
#include "tests/integration/pg_fixture.h"

#include "common/base/text.h"
#include "orchestrator/core/kind.h"

#include <stdlib.h>

enum { ASKED = 50, AT_ONCE_MS = 1000 };

static struct fixture_store leader;

static const char INCIDENTS[] =
    "INSERT INTO slipway.workflow (id, kind, state, active, final, number, n, definition, facts, step_count, "
    "created_ms, started_ms, finished_ms, sequence) SELECT 'i-' || lpad(g::text, 13, '0'), 'incident', 'archived', "
    "false, true, g, 90, '', jsonb_build_object('service', 's' || g % 20, 'title', 'it burns', 'number', g, 'cause', "
    "CASE WHEN g % 3 = 0 THEN 'd-' || lpad(g::text, 13, '0') END, 'times', jsonb_build_object('created', g, "
    "'resolved', g + 3600000), 'log', (SELECT jsonb_agg(jsonb_build_object('id', k, 'type', 'note', 'text', "
    "md5(k::text) || md5((g + k)::text), 'by', 'U1', 'at', k)) FROM generate_series(1, 40) k)), 0, g, g, g + 7200000, "
    "g FROM generate_series(1, 10000) g";
static const char DEPLOYMENTS[] =
    "INSERT INTO slipway.workflow (id, kind, state, active, final, number, n, definition, facts, step_count, "
    "created_ms, started_ms, finished_ms, sequence) SELECT 'd-' || lpad(g::text, 13, '0'), 'deployment', 'succeeded', "
    "false, true, 10000 + g, 4, '', ('{\"service\":\"s' || g % 20 || '\"}')::jsonb, 0, t, t, t + 60000, g FROM "
    "generate_series(1, 50000) g, LATERAL (SELECT 1790000000000 + g * 60000::bigint AS t) AS times";

static int begin(void **state)
{
    leader = (struct fixture_store){ 0 };
    (void)fixture_begin(state);
    (void)fixture_empty(state);
    fixture_open(&leader, "one", 5000);
    fixture_acquire(&leader);
    fixture_ok(pg_exec(fixture_admin, INCIDENTS, NULL, 60000, NULL));
    fixture_ok(pg_exec(fixture_admin, DEPLOYMENTS, NULL, 60000, NULL));
    fixture_ok(pg_exec(fixture_admin, "ANALYZE slipway.workflow", NULL, 60000, NULL));
    return 0;
}

static int end(void **state)
{
    fixture_close(&leader);
    return fixture_end(state);
}

static void assert_at_once(int64_t began_ms)
{
    int64_t took_ms = sw_monotonic_ms() - began_ms;
    if (took_ms > AT_ONCE_MS)
        fail_msg("it took %lld ms", (long long)took_ms);
}

/* The newest first, from this number down by `step`. */
static void assert_history(const char *service, int64_t first, int64_t step)
{
    struct wf *found[ASKED];
    size_t count = 0;
    int64_t began_ms = sw_monotonic_ms();
    fixture_ok(leader.port.history(leader.port.self, "incident", service, ASKED, found, &count));
    assert_at_once(began_ms);
    assert_int_equal(count, ASKED);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found[i]->sequence, first - (int64_t)i * step);
        assert_int_equal(json_array_size(json_object_get(found[i]->facts, "log")), 40);
        wf_free(found[i]);
    }
}

static void test_the_latest_are_found_behind_newer_ones_of_another_kind(void **state)
{
    (void)state;
    assert_history(NULL, 10000, 1);
    assert_history("s3", 9983, 20);
}

static void test_the_figures_join_them_all(void **state)
{
    (void)state;
    int64_t caused = 0, deployments = 0;
    JX_AUTO json_t *rows = NULL;
    fixture_ok(leader.port.figures(leader.port.self, kind_join(), NULL, NULL, &rows)); /* a read is bounded by 1 s */
    for (size_t i = 0; i < json_array_size(rows); i++) {
        caused += jx_i64_or(json_array_get(rows, i), "caused", 0);
        deployments += jx_i64_or(json_array_get(rows, i), "deployments", 0);
    }
    assert_int_equal(deployments, 50000);
    assert_int_equal(caused, 3333);
}

static void test_a_new_leader_loads_none_of_it(void **state)
{
    (void)state;
    struct store_snapshot snapshot = { 0 };
    int64_t began_ms = sw_monotonic_ms();
    fixture_ok(leader.port.load(leader.port.self, &snapshot));
    assert_at_once(began_ms);
    assert_int_equal(snapshot.workflow_count, 0);
    assert_int_equal(snapshot.sequence_count, 2);
    store_snapshot_release(&snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_latest_are_found_behind_newer_ones_of_another_kind),
        cmocka_unit_test(test_the_figures_join_them_all),
        cmocka_unit_test(test_a_new_leader_loads_none_of_it),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
