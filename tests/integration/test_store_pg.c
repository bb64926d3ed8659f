/* SPDX-License-Identifier: Apache-2.0
 * The store on a real Postgres: what is committed comes back as it was, and what must not be is refused. */
#include "tests/integration/pg_leader.h"

#include "common/base/text.h"
#include "orchestrator/core/kind.h"

#include <stdlib.h>

static struct wf *make_workflow(const char *id, int64_t number, const char *state, size_t steps)
{
    const struct wf_kind *kind = kind_by_name("deployment");
    struct wf *wf = wf_new(kind, id, steps);
    assert_non_null(wf);
    assert_true(kind->state_parse(state, &wf->state));
    (void)sw_copy(wf->lane, sizeof wf->lane, "site/staging");
    wf->number = wf->sequence = number;
    wf->created_at_ms = 1000 + number;
    assert_true(jx_set_string(wf->facts, "service", "site"));
    return wf;
}

static struct wf *make_full_workflow(void)
{
    struct wf *wf = make_workflow("d-0123456789abc", 7, "running", 2);
    wf->active = true;
    wf->n = 12;
    wf->started_at_ms = 1111;
    (void)sw_copy(wf->definition, sizeof wf->definition, "hash-of-definition");
    assert_true(jx_set_string(wf->facts, "ref", "a \"quoted\" \\ {ref}, \xc3\xa4"));
    (void)sw_copy(wf->steps[0].name, sizeof wf->steps[0].name, "build");
    wf->steps[0].state = PROTO_STEP_SUCCEEDED;
    wf->steps[1] = (struct wf_step){ .name = "publish",
                                     .state = PROTO_STEP_FAILED,
                                     .attempt = 3,
                                     .tries = 2,
                                     .probing = true,
                                     .started_at_ms = 2000,
                                     .finished_at_ms = 3000,
                                     .retry_at_ms = 4000,
                                     .has_exit_code = true,
                                     .exit_code = -9,
                                     .status = "40% 7 of 18",
                                     .error = "it \"broke\",\nNULL",
                                     .tail = sw_strdup("line 1\nline {2}\\"),
                                     .epoch = 99,
                                     .state_dir = "state-dir-1",
                                     .boot = "boot-1" };
    return wf;
}

static struct outbox_row make_row(int64_t id)
{
    struct outbox_row row = { .id = id, .topic = PROTO_TOPIC_EVENTS, .key = "T1/C1", .body = (char *)"{\"n\": 1}" };
    (void)sw_copy(row.envelope.id, sizeof row.envelope.id, "d-0123456789abc:1");
    row.envelope.time_ms = 5000 + id;
    return row;
}

static struct sw_status commit_workflows(const struct wf *const *workflows, size_t count)
{
    return fixture_commit(&leader, &(struct store_batch){ .workflows = workflows, .workflow_count = count });
}

/* ---- commit and load ---- */

static void assert_same_step(const struct wf_step *a, const struct wf_step *b)
{
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->attempt, b->attempt);
    assert_int_equal(a->tries, b->tries);
    assert_int_equal(a->probing, b->probing);
    assert_int_equal(a->started_at_ms, b->started_at_ms);
    assert_int_equal(a->finished_at_ms, b->finished_at_ms);
    assert_int_equal(a->retry_at_ms, b->retry_at_ms);
    assert_int_equal(a->has_exit_code, b->has_exit_code);
    assert_int_equal(a->exit_code, b->exit_code);
    assert_string_equal(a->status, b->status);
    assert_string_equal(a->error, b->error);
    assert_true(sw_equal(a->tail, b->tail) || (!a->tail && !b->tail));
    assert_int_equal(a->epoch, b->epoch);
    assert_string_equal(a->state_dir, b->state_dir);
    assert_string_equal(a->boot, b->boot);
}

static void assert_same_workflow(const struct wf *a, const struct wf *b)
{
    assert_string_equal(a->id, b->id);
    assert_ptr_equal(a->kind, b->kind);
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->active, b->active);
    assert_int_equal(a->final, b->final);
    assert_string_equal(a->lane, b->lane);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->sequence, b->sequence);
    assert_int_equal(a->n, b->n);
    assert_string_equal(a->definition, b->definition);
    assert_true(json_equal(a->facts, b->facts));
    assert_int_equal(a->created_at_ms, b->created_at_ms);
    assert_int_equal(a->started_at_ms, b->started_at_ms);
    assert_int_equal(a->finished_at_ms, b->finished_at_ms);
    assert_int_equal(a->step_count, b->step_count);
    for (size_t i = 0; i < a->step_count; i++)
        assert_same_step(&a->steps[i], &b->steps[i]);
}

static void commit_everything(const struct wf *wf)
{
    struct outbox_row rows[] = { make_row(1), make_row(2) };
    struct store_batch batch = {
        .has_cursor = true,
        .cursor = { .cluster_id = "cluster", .next_offset = 42, .last_hash = "hash-1" },
        .inbox = &(struct store_inbox){ .command = "cmd-1", .hash = "hash-1", .workflow = "d-0123456789abc" },
        .inbox_count = 1,
        .dead = &(struct store_dead){ .offset = 40, .value = "\0\xff", .value_bytes = 2, .reason = "not JSON" },
        .dead_count = 1,
        .definitions = &(struct store_definition){ .hash = "hash-of-definition", .body = "{\"steps\": []}" },
        .definition_count = 1,
        .workflows = (const struct wf *const[]){ wf },
        .workflow_count = 1,
        .steps = (const struct store_step_row[]){ { wf, 0 }, { wf, 1 } },
        .step_count = 2,
        .timers = (const struct store_timer[]){ { "d-0123456789abc", "deadline", 9000 },
                                                { "d-0123456789abc", "gone", 9000 },
                                                { "d-0123456789abc", "gone", 0 } },
        .timer_count = 3,
        .outbox = (struct outbox_row *const[]){ &rows[0], &rows[1] },
        .outbox_count = 2,
        .published_id = 1,
    };
    fixture_ok(fixture_commit(&leader, &batch));
}

static void assert_numbers(const struct store_snapshot *snapshot)
{
    assert_string_equal(snapshot->cursor.cluster_id, "cluster");
    assert_int_equal(snapshot->cursor.next_offset, 42);
    assert_string_equal(snapshot->cursor.last_hash, "hash-1");
    assert_int_equal(snapshot->last_outbox_id, 2);
    assert_int_equal(snapshot->published_id, 1);
    assert_int_equal(snapshot->last_number, 7);
    assert_int_equal(snapshot->last_at_ms, 5002);
}

static void assert_rows(const struct store_snapshot *snapshot)
{
    assert_int_equal(snapshot->definition_count, 1);
    assert_string_equal(snapshot->definitions[0].hash, "hash-of-definition");
    assert_true(json_is_array(json_object_get(snapshot->definitions[0].body, "steps")));
    assert_int_equal(snapshot->timer_count, 1);
    assert_string_equal(snapshot->timers[0].name, "deadline");
    assert_int_equal(snapshot->timers[0].due_ms, 9000);
    assert_int_equal(snapshot->known_count, 1);
    assert_string_equal(snapshot->known[0].command, "cmd-1");
    assert_string_equal(snapshot->known[0].hash, "hash-1");
    assert_string_equal(snapshot->known[0].workflow, "d-0123456789abc");
    assert_int_equal(snapshot->unposted_count, 0);
}

static void test_everything_that_is_committed_is_loaded_as_it_was(void **state)
{
    struct fixture_store heir = { .dead_lock = "one" };
    struct store_snapshot snapshot = { 0 };
    struct wf *wf = make_full_workflow();
    (void)state;
    commit_everything(wf);
    assert_int_equal(fixture_number("SELECT length(value) FROM slipway.dead_letter WHERE log_offset = 40"), 2);
    assert_int_equal(fixture_number("SELECT count(*) FROM slipway.attempt WHERE attempt = 3 AND exit_code = -9"), 1);
    fixture_open(&heir, "two", 5000);
    fixture_acquire(&heir);
    fixture_ok(heir.port.load(heir.port.self, &snapshot));
    assert_numbers(&snapshot);
    assert_rows(&snapshot);
    assert_int_equal(snapshot.workflow_count, 1);
    assert_same_workflow(snapshot.workflows[0], wf);
    store_snapshot_release(&snapshot);
    wf_free(wf);
    fixture_close(&heir);
}

static void test_a_cursor_that_is_elsewhere_stops_the_whole_commit(void **state)
{
    struct wf *wf = make_workflow("d-0000000000001", 1, "queued", 0);
    struct store_batch batch = { .has_cursor = true,
                                 .cursor_before = { .cluster_id = "", .next_offset = 5 },
                                 .cursor = { .cluster_id = "cluster", .next_offset = 6 },
                                 .workflows = (const struct wf *const[]){ wf },
                                 .workflow_count = 1 };
    (void)state;
    assert_true(sw_failed(fixture_commit(&leader, &batch)));
    assert_int_equal(fixture_number("SELECT count(*) FROM slipway.workflow"), 0);
    wf_free(wf);
}

static void test_a_lane_holds_one_and_is_handed_over_within_a_commit(void **state)
{
    struct wf *first = make_workflow("d-0000000000001", 1, "running", 0);
    struct wf *second = make_workflow("d-0000000000002", 2, "running", 0);
    (void)state;
    first->active = second->active = true;
    fixture_ok(commit_workflows((const struct wf *const[]){ first }, 1));
    assert_int_equal(commit_workflows((const struct wf *const[]){ second }, 1).code, SW_CODE_DB_DATA);
    fixture_acquire(&leader);
    first->active = false;
    first->final = true;
    fixture_ok(commit_workflows((const struct wf *const[]){ second, first }, 2));
    assert_int_equal(fixture_number("SELECT count(*) FROM slipway.workflow WHERE active"), 1);
    wf_free(first);
    wf_free(second);
}

static void test_text_that_is_not_utf8_is_refused_as_data(void **state)
{
    struct wf *wf = make_workflow("d-0000000000001", 1, "running", 1);
    (void)state;
    wf->steps[0].error[0] = '\xff';
    struct store_batch batch = { .steps = &(struct store_step_row){ wf, 0 }, .step_count = 1 };
    assert_int_equal(fixture_commit(&leader, &batch).code, SW_CODE_DB_DATA);
    wf_free(wf);
}

static void test_a_command_is_stored_once(void **state)
{
    struct store_inbox inbox = { .command = "cmd-1", .hash = "hash" };
    struct store_batch batch = { .inbox = &inbox, .inbox_count = 1 };
    (void)state;
    fixture_ok(fixture_commit(&leader, &batch));
    assert_int_equal(fixture_commit(&leader, &batch).code, SW_CODE_DB_DATA);
    assert_int_equal(fixture_number("SELECT count(*) FROM slipway.inbox"), 1);
}

static void test_the_published_cursor_never_runs_back(void **state)
{
    (void)state;
    fixture_ok(fixture_commit(&leader, &(struct store_batch){ .published_id = 9 }));
    fixture_ok(fixture_commit(&leader, &(struct store_batch){ .published_id = 8 }));
    fixture_ok(fixture_commit(&leader, &(struct store_batch){ 0 }));
    assert_int_equal(fixture_number("SELECT outbox_id FROM slipway.published"), 9);
}

static void test_final_ones_without_a_message_are_loaded_when_asked_for(void **state)
{
    struct fixture_store heir = { .dead_lock = "one", .load_unposted = true };
    struct store_snapshot snapshot = { 0 };
    struct wf *wfs[] = { make_workflow("d-0000000000001", 1, "succeeded", 0),
                         make_workflow("d-0000000000002", 2, "succeeded", 0) };
    (void)state;
    for (size_t i = 0; i < SW_COUNT(wfs); i++) {
        wfs[i]->final = true;
        wfs[i]->finished_at_ms = fixture_number("SELECT floor(extract(epoch FROM now()) * 1000)");
        assert_true(jx_set_string(wfs[i]->facts, "home_channel", "C1"));
    }
    assert_true(jx_set_take(wfs[0]->facts, "message", json_pack("{ssss}", "channel", "C1", "ts", "1.2")));
    fixture_ok(commit_workflows((const struct wf *const *)wfs, SW_COUNT(wfs)));
    fixture_open(&heir, "two", 5000);
    fixture_acquire(&heir);
    fixture_ok(heir.port.load(heir.port.self, &snapshot));
    assert_int_equal(snapshot.workflow_count, 0);
    assert_int_equal(snapshot.unposted_count, 1);
    assert_string_equal(snapshot.unposted[0]->id, wfs[1]->id);
    store_snapshot_release(&snapshot);
    fixture_close(&heir);
    for (size_t i = 0; i < SW_COUNT(wfs); i++)
        wf_free(wfs[i]);
}

/* ---- reads ---- */

static void fill_history(void)
{
    struct wf *wfs[4];
    const char *const ids[] = { "d-aaaaaaaaaaaaa", "d-aaaaaaaaaaaab", "d-bbbbbbbbbbbbc", "d-ddddddddddddd" };
    for (size_t i = 0; i < SW_COUNT(wfs); i++) {
        wfs[i] = make_workflow(ids[i], (int64_t)i + 1, i == 3 ? "queued" : "succeeded", 1);
        wfs[i]->final = i != 3;
        (void)sw_copy(wfs[i]->steps[0].name, sizeof wfs[i]->steps[0].name, ids[i]);
    }
    assert_true(jx_set_string(wfs[2]->facts, "service", "api"));
    struct store_step_row steps[] = { { wfs[0], 0 }, { wfs[1], 0 }, { wfs[2], 0 } };
    struct store_batch batch = { .workflows = (const struct wf *const *)wfs,
                                 .workflow_count = SW_COUNT(wfs),
                                 .steps = steps,
                                 .step_count = SW_COUNT(steps) };
    fixture_ok(fixture_commit(&leader, &batch));
    for (size_t i = 0; i < SW_COUNT(wfs); i++)
        wf_free(wfs[i]);
}

/* expected: the last characters of the ids. */
static void assert_history(const char *service, size_t limit, const char *expected)
{
    struct wf *wfs[10];
    char ends[11] = "";
    size_t count = 0;
    fixture_ok(leader.port.history(leader.port.self, "deployment", service, limit, wfs, &count));
    for (size_t i = 0; i < count; i++) {
        ends[i] = wfs[i]->id[14];
        assert_string_equal(wfs[i]->steps[0].name, wfs[i]->id); /* each has its own steps */
        wf_free(wfs[i]);
    }
    assert_string_equal(ends, expected);
}

static void test_history_is_the_newest_final_ones(void **state)
{
    (void)state;
    fill_history();
    assert_history(NULL, 10, "cba");
    assert_history(NULL, 2, "cb");
    assert_history("site", 10, "ba");
    assert_history("nothing", 10, "");
}

static void test_ids_that_are_near_are_found(void **state)
{
    char ids[5][PROTO_WORKFLOW_ID_SIZE];
    size_t count = 9;
    (void)state;
    fill_history();
    fixture_ok(leader.port.near_ids(leader.port.self, "d-aaa", ids, &count));
    assert_int_equal(count, 2);
    assert_string_equal(ids[0], "d-aaaaaaaaaaaab"); /* the newest first */
    fixture_ok(leader.port.near_ids(leader.port.self, "d-dddddddddddxd", ids, &count));
    assert_int_equal(count, 1);
    assert_string_equal(ids[0], "d-ddddddddddddd");
    fixture_ok(leader.port.near_ids(leader.port.self, "nothing like it", ids, &count));
    assert_int_equal(count, 0);
}

static void test_single_things_are_found_or_not_found(void **state)
{
    const struct store_port *port = &leader.port;
    struct store_known known = { 0 };
    struct wf *wf = make_full_workflow(), *found = NULL;
    json_t *body = NULL;
    (void)state;
    commit_everything(wf);
    fixture_ok(port->find_workflow(port->self, wf->id, &found));
    assert_same_workflow(found, wf);
    wf_free(found);
    fixture_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
                "'slipway-orchestrator reader'"); /* the next read opens another connection */
    fixture_ok(port->find_command(port->self, "cmd-1", &known));
    assert_string_equal(known.workflow, wf->id);
    fixture_ok(port->find_definition(port->self, "hash-of-definition", &body));
    json_decref(body);
    assert_int_equal(port->find_workflow(port->self, "d-x", &found).code, SW_CODE_NOT_FOUND);
    assert_int_equal(port->find_command(port->self, "x", &known).code, SW_CODE_NOT_FOUND);
    assert_int_equal(port->find_definition(port->self, "x", &body).code, SW_CODE_NOT_FOUND);
    wf_free(wf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_everything_that_is_committed_is_loaded_as_it_was),
        TEST(test_a_cursor_that_is_elsewhere_stops_the_whole_commit),
        TEST(test_a_lane_holds_one_and_is_handed_over_within_a_commit),
        TEST(test_text_that_is_not_utf8_is_refused_as_data),
        TEST(test_a_command_is_stored_once),
        TEST(test_the_published_cursor_never_runs_back),
        TEST(test_final_ones_without_a_message_are_loaded_when_asked_for),
        TEST(test_history_is_the_newest_final_ones),
        TEST(test_ids_that_are_near_are_found),
        TEST(test_single_things_are_found_or_not_found),
    };
    return cmocka_run_group_tests(tests, fixture_begin, fixture_end);
}
