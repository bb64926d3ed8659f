/* SPDX-License-Identifier: Apache-2.0
 * What is forgotten on a real Postgres, what is not, and what that costs. */
#include "tests/integration/pg_leader.h"

#include "common/base/text.h"
#include "orchestrator/core/kind.h"

#include <stdlib.h>

static void commit_finished(const char *id, int64_t number, const char *age)
{
    char sql[160];
    struct wf *wf = wf_new(kind_by_name("deployment"), id, 1);
    struct outbox_row row = { .id = number, .topic = PROTO_TOPIC_EVENTS, .key = "T1/C1", .body = (char *)"{}" };
    struct store_inbox inbox = { .hash = "hash" };
    (void)sw_copy(inbox.command, sizeof inbox.command, id);
    struct store_batch batch = { .inbox = &inbox,
                                 .inbox_count = 1,
                                 .workflows = (const struct wf *const[]){ wf },
                                 .workflow_count = 1,
                                 .steps = &(struct store_step_row){ wf, 0 },
                                 .step_count = 1,
                                 .outbox = (struct outbox_row *const[]){ &row },
                                 .outbox_count = 1,
                                 .published_id = number };
    assert_true(wf->kind->state_parse("succeeded", &wf->state));
    wf->number = wf->sequence = number;
    wf->final = true;
    wf->finished_at_ms = fixture_number("SELECT floor(extract(epoch FROM now()) * 1000)");
    row.envelope.time_ms = wf->finished_at_ms;
    wf->steps[0].attempt = 1;
    wf->steps[0].finished_at_ms = wf->finished_at_ms;
    fixture_ok(fixture_commit(&leader, &batch));
    wf_free(wf);
    (void)snprintf(sql, sizeof sql, "UPDATE slipway.inbox SET received_at = now() - interval '%s' WHERE command = '%s'",
                   age, id);
    fixture_sql(sql);
    (void)snprintf(sql, sizeof sql,
                   "UPDATE slipway.workflow SET finished_ms = finished_ms - extract(epoch FROM interval '%s') * 1000 "
                   "WHERE id = '%s'",
                   age, id);
    fixture_sql(sql);
    (void)snprintf(sql, sizeof sql,
                   "UPDATE slipway.outbox SET at_ms = at_ms - extract(epoch FROM interval '%s') * 1000 WHERE id = %d",
                   age, (int)number);
    fixture_sql(sql);
}

static void test_what_is_old_enough_is_forgotten(void **state)
{
    struct fixture_store heir = { .dead_lock = "one", .retention_days = 5 };
    (void)state;
    commit_finished("d-0000000000001", 1, "10 days");
    commit_finished("d-0000000000002", 2, "6 days");
    commit_finished("d-0000000000003", 3, "4 days");
    fixture_open(&heir, "two", 400);
    fixture_acquire(&heir);
    FIXTURE_WAIT(fixture_number("SELECT count(*) FROM slipway.outbox") == 1); /* it comes last */
    assert_int_equal(fixture_number("SELECT max(id) FROM slipway.outbox"), 3);
    assert_int_equal(fixture_number("SELECT min(number) + count(*) FROM slipway.workflow"), 3 + 1);
    assert_int_equal(fixture_number("SELECT count(*) FROM slipway.step"), 1);
    assert_int_equal(fixture_number("SELECT count(*) FROM slipway.attempt"), 1);
    assert_int_equal(fixture_number("SELECT count(*) FROM slipway.inbox"), 2); /* 8 days: the topic keeps 7 */
    fixture_close(&heir);
}

/* 20,000 of each, all of today. */
static void make_history(void)
{
    fixture_sql("INSERT INTO slipway.workflow (id, kind, state, active, final, lane, number, n, definition, facts, "
                "step_count, created_ms, started_ms, finished_ms, sequence) SELECT 'd-' || lpad(i::text, 13, '0'), "
                "kind, state, active, final, lane, i, n, definition, facts, step_count, created_ms, started_ms, "
                "extract(epoch FROM now()) * 1000, i FROM slipway.workflow, generate_series(11, 20010) AS i");
    fixture_sql("INSERT INTO slipway.inbox (command, hash, log_offset, workflow, name, actor, disposition, reason) "
                "SELECT 'cmd:' || i, hash, i, workflow, name, actor, disposition, reason FROM slipway.inbox, "
                "generate_series(11, 20010) AS i");
    fixture_sql("INSERT INTO slipway.outbox (id, topic, key, envelope, body, at_ms) SELECT i, topic, key, envelope, "
                "body, extract(epoch FROM now()) * 1000 FROM slipway.outbox, generate_series(11, 20010) AS i");
    fixture_sql("UPDATE slipway.published SET outbox_id = 20010");
    fixture_sql("ANALYZE");
}

static int64_t rows_read(void)
{
    return fixture_number("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables WHERE "
                          "schemaname = 'slipway' AND relname IN ('workflow', 'inbox', 'outbox')");
}

static void test_what_is_young_is_not_looked_at(void **state)
{
    struct fixture_store heir = { .dead_lock = "one", .retention_days = 5 };
    (void)state;
    commit_finished("d-0000000000001", 1, "10 days");
    fixture_close(&leader);
    make_history();
    fixture_sql("SELECT pg_stat_force_next_flush()");
    const int64_t before = rows_read();
    fixture_open(&heir, "two", 400);
    fixture_acquire(&heir);
    FIXTURE_WAIT(fixture_number("SELECT count(*) FROM slipway.outbox WHERE id = 1") == 0); /* it comes last */
    fixture_close(&heir);
    FIXTURE_WAIT(fixture_number("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'slipway%'") == 0);
    fixture_sql("SELECT pg_stat_force_next_flush()");
    assert_in_range(rows_read() - before, 1, 2000);
}

static void test_a_kind_counts_on_when_everything_is_forgotten(void **state)
{
    struct fixture_store heir = { .dead_lock = "one", .retention_days = 5 };
    struct store_snapshot snapshot = { 0 };
    (void)state;
    commit_finished("d-0000000000001", 1, "10 days");
    commit_finished("d-0000000000002", 2, "9 days");
    fixture_open(&heir, "two", 400);
    fixture_acquire(&heir);
    FIXTURE_WAIT(fixture_number("SELECT count(*) FROM slipway.workflow") == 1);
    fixture_ok(heir.port.load(heir.port.self, &snapshot));
    assert_int_equal(snapshot.sequence_count, kind_count());
    assert_string_equal(snapshot.sequences[0].kind, "deployment");
    assert_int_equal(snapshot.sequences[0].last, 2);
    store_snapshot_release(&snapshot);
    fixture_close(&heir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_old_enough_is_forgotten),
        TEST(test_what_is_young_is_not_looked_at),
        TEST(test_a_kind_counts_on_when_everything_is_forgotten),
    };
    return cmocka_run_group_tests(tests, fixture_begin, fixture_end);
}
