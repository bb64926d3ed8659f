/* SPDX-License-Identifier: Apache-2.0
 * The joined report on a real Postgres: 40 deployments and 9 incidents, counted by hand. */
#include "tests/integration/pg_fixture.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/kind.h"

#include <stdlib.h>

enum { DEPLOYMENTS = 40, HOUR_MS = 3600 * 1000 };

static struct fixture_store leader;

/* Site: 20 in October (4 failed), 12 in November (2 failed), some at the very edges of their month in UTC. Shop: 6 in
 * November (none failed). Two of site's in November were cancelled in line: they never started and do not count. */
static const struct {
    const char *service, *month_begins, *month_ends; /* RFC 3339 */
    int count, failed;
    bool started;
} BATCHES[] = {
    { "site", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", 20, 4, true },
    { "site", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", 12, 2, true },
    { "shop", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", 6, 0, true },
    { "site", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", 2, 0, false },
};

/* cause: the number of a deployment, 0 none. Hours to restore, 0: not resolved. */
static const struct {
    int cause, hours;
    bool cancelled;
} INCIDENTS[] = {
    { 1, 1, false },   { 2, 2, false }, { 2, 6, false }, /* two of one deployment: one change failure, two to restore */
    { 3, 0, false },                                     /* not resolved yet */
    { 4, 5, true },                                      /* was none after all */
    { 21, 4, false },                                    /* site in November */
    { 33, 10, false },                                   /* shop in November */
    { 0, 3, false },                                     /* nobody's fault */
    { 99, 8, false },                                    /* of a deployment that is forgotten */
};

static int64_t at(const char *text)
{
    int64_t at_ms;
    assert_true(sw_rfc3339_parse(text, &at_ms));
    return at_ms;
}

static void insert(const char *id, const char *kind, const char *state, int number, int64_t created_ms,
                   int64_t started_ms, int64_t finished_ms, const char *facts)
{
    char sql[700];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO slipway.workflow (id, kind, state, active, final, number, n, definition, facts, "
                   "step_count, created_ms, started_ms, finished_ms, sequence) VALUES ('%s', '%s', '%s', false, true, "
                   "%d, 1, '', '%s', 0, %lld, %lld, %lld, %d)",
                   id, kind, state, number, facts, (long long)created_ms, (long long)started_ms, (long long)finished_ms,
                   number);
    fixture_sql(sql);
}

static void deployment_id(int number, char ret_id[PROTO_WORKFLOW_ID_SIZE])
{
    (void)snprintf(ret_id, PROTO_WORKFLOW_ID_SIZE, "d-%013d", number);
}

/* The first one of a batch ends in the month's first millisecond, the second one in its last. */
static int64_t end_of(size_t batch, int i)
{
    return i == 1 ? at(BATCHES[batch].month_ends) - 1 : at(BATCHES[batch].month_begins) + (int64_t)i * HOUR_MS;
}

static void insert_deployments(void)
{
    int number = 0;
    for (size_t batch = 0; batch < SW_COUNT(BATCHES); batch++)
        for (int i = 0; i < BATCHES[batch].count; i++) {
            char id[PROTO_WORKFLOW_ID_SIZE], facts[80];
            int64_t end_ms = end_of(batch, i);
            const char *state = !BATCHES[batch].started     ? "cancelled"
                                : i < BATCHES[batch].failed ? "failed"
                                                            : "succeeded";
            deployment_id(++number, id);
            (void)snprintf(facts, sizeof facts, "{\"service\":\"%s\"}", BATCHES[batch].service);
            insert(id, "deployment", state, number, end_ms - HOUR_MS, BATCHES[batch].started ? end_ms - 60000 : 0,
                   end_ms, facts);
        }
    assert_int_equal(number, DEPLOYMENTS);
}

/* All of them happen in December: they count where their deployments count. */
static void insert_incidents(void)
{
    for (size_t i = 0; i < SW_COUNT(INCIDENTS); i++) {
        char id[PROTO_WORKFLOW_ID_SIZE], cause[PROTO_WORKFLOW_ID_SIZE] = "", facts[300];
        int64_t begins_ms = at("2026-12-05T12:00:00Z") + (int64_t)i * HOUR_MS, hours = INCIDENTS[i].hours;
        (void)snprintf(id, sizeof id, "i-%013zu", i + 1);
        if (INCIDENTS[i].cause)
            deployment_id(INCIDENTS[i].cause, cause);
        JX_AUTO json_t *json =
            json_pack("{ss s{sI so so}}", "service", "other", "times", "created", (json_int_t)begins_ms, "resolved",
                      hours ? json_integer(begins_ms + hours * HOUR_MS) : json_null(), "cancelled",
                      INCIDENTS[i].cancelled ? json_integer(begins_ms) : json_null());
        assert_true(jx_set_string(json, "cause", *cause ? cause : NULL));
        SW_AUTO_FREE char *text = jx_dump_new(json);
        assert_true(sw_copy(facts, sizeof facts, text));
        insert(id, "incident", "archived", (int)(100 + i), begins_ms, begins_ms, begins_ms + 24LL * HOUR_MS, facts);
    }
}

static int begin(void **state)
{
    leader = (struct fixture_store){ 0 };
    (void)fixture_begin(state);
    (void)fixture_empty(state);
    fixture_open(&leader, "one", 5000);
    fixture_acquire(&leader);
    insert_deployments();
    insert_incidents();
    return 0;
}

static int end(void **state)
{
    fixture_close(&leader);
    return fixture_end(state);
}

static json_t *ask(const char *service, const char *month)
{
    json_t *rows = NULL;
    fixture_ok(leader.port.figures(leader.port.self, kind_join(), service, month, &rows));
    return rows;
}

static void assert_row(const json_t *rows, size_t index, const char *expected)
{
    json_error_t error;
    JX_AUTO json_t *row = json_loads(expected, 0, &error);
    if (!row)
        fail_msg("%s", error.text);
    SW_AUTO_FREE char *got = jx_dump_new(json_array_get(rows, index));
    SW_AUTO_FREE char *wanted = jx_dump_new(row);
    assert_string_equal(got, wanted);
}

/* site: of 12 deployments one caused one incident, restored after 4 h. */
static const char SITE_NOVEMBER[] =
    "{\"service\":\"site\",\"month\":\"2026-11\",\"deployments\":12,\"failed\":2,\"caused\":1,"
    "\"change_failure_rate\":0.083333333333333329,\"incidents\":1,\"restored\":1,\"restore_median_ms\":14400000,"
    "\"restore_mean_ms\":14400000}";
static const char SHOP_NOVEMBER[] =
    "{\"service\":\"shop\",\"month\":\"2026-11\",\"deployments\":6,\"failed\":0,\"caused\":1,"
    "\"change_failure_rate\":0.16666666666666666,\"incidents\":1,\"restored\":1,\"restore_median_ms\":36000000,"
    "\"restore_mean_ms\":36000000}";
/* site in October: deployments 1, 2 and 3 caused 4 incidents; restored after 1, 2 and 6 h: median 2 h, mean 3 h. */
static const char SITE_OCTOBER[] =
    "{\"service\":\"site\",\"month\":\"2026-10\",\"deployments\":20,\"failed\":4,\"caused\":3,"
    "\"change_failure_rate\":0.14999999999999999,\"incidents\":4,\"restored\":3,\"restore_median_ms\":7200000,"
    "\"restore_mean_ms\":10800000}";

static void test_every_service_and_month(void **state)
{
    (void)state;
    JX_AUTO json_t *rows = ask(NULL, NULL);
    assert_int_equal(json_array_size(rows), 3);
    assert_row(rows, 0, SHOP_NOVEMBER);
    assert_row(rows, 1, SITE_NOVEMBER);
    assert_row(rows, 2, SITE_OCTOBER);
}

static void test_one_service_one_month(void **state)
{
    (void)state;
    JX_AUTO json_t *site = ask("site", NULL), *november = ask(NULL, "2026-11"), *one = ask("site", "2026-10");
    assert_int_equal(json_array_size(site), 2);
    assert_row(site, 1, SITE_OCTOBER);
    assert_int_equal(json_array_size(november), 2);
    assert_row(november, 1, SITE_NOVEMBER);
    assert_int_equal(json_array_size(one), 1);
    assert_row(one, 0, SITE_OCTOBER);
}

static void test_nothing_and_no_month(void **state)
{
    (void)state;
    json_t *none = NULL;
    JX_AUTO json_t *rows = ask("nosuch", NULL), *december = ask(NULL, "2026-12");
    assert_int_equal(json_array_size(rows), 0);
    assert_int_equal(json_array_size(december), 0);
    static const char *const WRONG[] = { "2026-13", "2026-00", "2026-1", "November", "" };
    for (size_t i = 0; i < SW_COUNT(WRONG); i++)
        assert_int_equal(leader.port.figures(leader.port.self, kind_join(), NULL, WRONG[i], &none).code,
                         SW_CODE_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_service_and_month),
        cmocka_unit_test(test_one_service_one_month),
        cmocka_unit_test(test_nothing_and_no_month),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
