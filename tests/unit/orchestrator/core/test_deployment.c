/* SPDX-License-Identifier: Apache-2.0
 * The deployment's table: every pair of state and input either has a row or is refused, and the machine keeps its word
 * in each. */
#include "orchestrator/core/deployment_table.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char DEFINITION[] =
    "{\"version\":1,\"service\":\"site\",\"environment\":\"staging\",\"dir\":\"/srv\",\"env\":{},\"steps\":["
    "{\"name\":\"build\",\"kind\":\"run\",\"argv\":[\"./build\"],\"attempts\":2,\"backoff_ms\":1000,\"max_ms\":9000,"
    "\"on_unknown\":\"hold\"},"
    "{\"name\":\"settle\",\"kind\":\"wait\",\"wait_ms\":5000},"
    "{\"name\":\"deploy\",\"kind\":\"run\",\"argv\":[\"./deploy\"],\"on_unknown\":\"probe\",\"probe\":[\"./probe\"]},"
    "{\"name\":\"blink\",\"kind\":\"wait\",\"wait_ms\":0}]}";

struct bench {
    json_t *definition;
    struct config *config;
    struct wf *wf;
    struct wf_update update;
};

static int32_t line(void *self, const char *path)
{
    (void)self, (void)path;
    return 1;
}

static struct config *open_config(void)
{
    struct sw_buf errors = { 0 };
    struct config *config = NULL;
    json_t *root = json_pack("{s:i s:{s:{}} s:{s:{s:[s] s:s s:s}} s:{s:{s:[{s:s s:s}]}}}", "version", 1, "environments",
                             "staging", "services", "site", "environments", "staging", "ref", "main", "pipeline", "p",
                             "pipelines", "p", "steps", "name", "a", "run", "true");
    const struct config_source source = { .file = "f", .dir = "/srv", .root = root, .line = line };
    assert_false(sw_failed(config_new(&source, &errors, &config)));
    json_decref(root);
    sw_buf_release(&errors);
    return config;
}

static void set_up(struct bench *bench)
{
    static const char *const NAMES[] = { "build", "settle", "deploy", "blink" };
    *bench = (struct bench){ .definition = json_loads(DEFINITION, 0, NULL), .config = open_config() };
    bench->wf = wf_new(&DEPLOYMENT_KIND, "d-0000000000000", SW_COUNT(NAMES));
    for (size_t i = 0; i < SW_COUNT(NAMES); i++)
        (void)sw_copy(bench->wf->steps[i].name, sizeof bench->wf->steps[i].name, NAMES[i]);
    bench->wf->state = PROTO_DEPLOYMENT_QUEUED;
    (void)json_object_set_new(bench->wf->facts, "service", json_string("site"));
    (void)json_object_set_new(bench->wf->facts, "environment", json_string("staging"));
}

static void tear_down(struct bench *bench)
{
    wf_update_release(&bench->update);
    wf_free(bench->wf);
    json_decref(bench->definition);
    config_free(bench->config);
}

static struct sw_status tell(struct bench *bench, struct wf_input input)
{
    wf_update_release(&bench->update);
    input.definition = bench->definition;
    input.config = bench->config;
    input.now_ms = input.now_ms ? input.now_ms : 1000;
    input.random = 0x7fffffff;
    return DEPLOYMENT_KIND.step(bench->wf, &input, &bench->update);
}

static struct sw_status report(struct bench *bench, size_t step, enum step_outcome outcome, int32_t exit_code)
{
    struct step_report ended = { .outcome = outcome, .exit_code = exit_code };
    return tell(bench, (struct wf_input){ .kind = WF_REPORT, .step = step, .report = &ended });
}

static struct sw_status timer(struct bench *bench, const char *name)
{
    return tell(bench, (struct wf_input){ .kind = WF_TIMER, .timer = name });
}

static struct sw_status say(struct bench *bench, const char *name)
{
    struct proto_command command = { .actor = { .team = "T1", .user = "U1", .membership = PROTO_MEMBER_FULL } };
    (void)sw_copy(command.name, sizeof command.name, name);
    command.args = json_pack("{ss ss}", "channel", "C1", "ts", "1.2");
    struct sw_status status = tell(bench, (struct wf_input){ .kind = WF_COMMAND, .command = &command });
    json_decref(command.args);
    return status;
}

static const struct wf_effect *effect(const struct bench *bench, enum wf_effect_kind kind)
{
    for (size_t i = 0; i < bench->update.effect_count; i++)
        if (bench->update.effects[i].kind == kind)
            return &bench->update.effects[i];
    return NULL;
}

static void test_the_way_to_success(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    assert_false(sw_failed(tell(&bench, (struct wf_input){ .kind = WF_ADMIT })));
    assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_RUNNING);
    assert_true(bench.wf->active);
    assert_int_equal(effect(&bench, WF_START_STEP)->step, 0);
    assert_string_equal(effect(&bench, WF_EVENT)->event, "started");
    assert_false(sw_failed(report(&bench, 0, STEP_EXITED, 0)));
    assert_int_equal(effect(&bench, WF_SET_TIMER)->due_ms, 6000);
    assert_null(effect(&bench, WF_START_STEP)); /* a wait has no supervisor */
    assert_false(sw_failed(timer(&bench, "step")));
    assert_int_equal(effect(&bench, WF_START_STEP)->step, 2);
    assert_false(sw_failed(report(&bench, 2, STEP_EXITED, 0)));
    assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_SUCCEEDED); /* the last wait takes no time */
    assert_true(bench.wf->final && !bench.wf->active && bench.wf->finished_at_ms == 1000);
    assert_int_equal(bench.wf->steps[3].state, PROTO_STEP_SUCCEEDED);
    tear_down(&bench);
}

static void test_tries_are_counted_and_spaced(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    assert_false(sw_failed(tell(&bench, (struct wf_input){ .kind = WF_ADMIT })));
    assert_false(sw_failed(report(&bench, 0, STEP_TIMED_OUT, 0)));
    assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_RUNNING);
    assert_int_equal(bench.wf->steps[0].state, PROTO_STEP_TIMED_OUT);
    assert_in_range(effect(&bench, WF_SET_TIMER)->due_ms, 1800, 2200);
    assert_false(sw_failed(timer(&bench, "step")));
    assert_int_equal(bench.wf->steps[0].attempt, 2);
    assert_false(sw_failed(report(&bench, 0, STEP_EXITED, 9)));
    assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_FAILED);
    assert_int_equal(bench.wf->steps[0].exit_code, 9);
    assert_string_equal(jx_string(json_object_get(bench.wf->facts, "error"), "code"), "E-STEP-FAILED");
    tear_down(&bench);
}

static void test_a_lost_step_holds_and_both_ways_out_work(void **state)
{
    (void)state;
    static const char *const WAYS[] = { "retry", "cancel" };
    for (size_t i = 0; i < SW_COUNT(WAYS); i++) {
        struct bench bench;
        set_up(&bench);
        assert_false(sw_failed(tell(&bench, (struct wf_input){ .kind = WF_ADMIT })));
        assert_false(sw_failed(report(&bench, 0, STEP_LOST, 0)));
        assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_NEEDS_A_HUMAN);
        assert_true(bench.wf->active); /* the lane stays taken */
        assert_false(sw_failed(say(&bench, WAYS[i])));
        assert_int_equal(bench.wf->state, i == 0 ? PROTO_DEPLOYMENT_RUNNING : PROTO_DEPLOYMENT_CANCELLED);
        assert_non_null(effect(&bench, WF_REPLY));
        assert_true(i == 1 || bench.wf->steps[0].attempt == 2);
        tear_down(&bench);
    }
}

static void test_the_probe_decides(void **state)
{
    (void)state;
    static const struct {
        int32_t exit_code;
        int32_t state;
        enum proto_step_state step;
    } CASES[] = { { 0, PROTO_DEPLOYMENT_SUCCEEDED, PROTO_STEP_SUCCEEDED },
                  { 1, PROTO_DEPLOYMENT_RUNNING, PROTO_STEP_RUNNING },
                  { 2, PROTO_DEPLOYMENT_NEEDS_A_HUMAN, PROTO_STEP_UNKNOWN } };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct bench bench;
        set_up(&bench);
        assert_false(sw_failed(tell(&bench, (struct wf_input){ .kind = WF_ADMIT })));
        assert_false(sw_failed(report(&bench, 0, STEP_EXITED, 0)));
        assert_false(sw_failed(timer(&bench, "step")));
        assert_false(sw_failed(report(&bench, 2, STEP_LOST, 0)));
        assert_true(bench.wf->steps[2].probing);
        assert_false(sw_failed(report(&bench, 2, STEP_EXITED, CASES[i].exit_code)));
        assert_int_equal(bench.wf->state, CASES[i].state);
        assert_int_equal(bench.wf->steps[2].state, CASES[i].step);
        assert_false(bench.wf->steps[2].probing);
        tear_down(&bench);
    }
}

static void test_cancel_waits_for_the_step(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    assert_false(sw_failed(tell(&bench, (struct wf_input){ .kind = WF_ADMIT })));
    assert_false(sw_failed(say(&bench, "cancel")));
    assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_CANCELLING);
    assert_non_null(effect(&bench, WF_STOP_STEP));
    assert_true(DEPLOYMENT_KIND.stops(bench.wf, 0));
    assert_false(sw_failed(report(&bench, 0, STEP_STOPPED, 0)));
    assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_CANCELLED);
    assert_int_equal(bench.wf->steps[0].state, PROTO_STEP_CANCELLED);
    assert_string_equal(jx_string(json_object_get(bench.wf->facts, "cancel"), "user"), "U1");
    assert_int_equal(say(&bench, "cancel").code, SW_CODE_REFUSED);
    assert_int_equal(say(&bench, "retry").code, SW_CODE_REFUSED);
    tear_down(&bench);
}

static void test_cancel_between_two_tries_is_at_once(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    assert_false(sw_failed(tell(&bench, (struct wf_input){ .kind = WF_ADMIT })));
    assert_false(sw_failed(report(&bench, 0, STEP_EXITED, 1)));
    assert_false(sw_failed(say(&bench, "cancel")));
    assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_CANCELLED);
    assert_non_null(effect(&bench, WF_CLEAR_TIMER));
    tear_down(&bench);
}

static void test_guests_may_not_cancel(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    struct proto_command command = { .name = "cancel",
                                     .actor = { .team = "T1", .user = "U2", .membership = PROTO_MEMBER_GUEST } };
    struct sw_status status = tell(&bench, (struct wf_input){ .kind = WF_COMMAND, .command = &command });
    assert_int_equal(status.code, SW_CODE_AUTH);
    assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_QUEUED);
    tear_down(&bench);
}

static void test_a_second_message_is_surplus(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench);
    struct proto_command command = { .name = "receipt" };
    command.args = json_pack("{ss ss}", "channel", "C1", "ts", "1.1");
    struct wf_input input = { .kind = WF_COMMAND, .command = &command };
    assert_false(sw_failed(tell(&bench, input)));
    assert_string_equal(effect(&bench, WF_EVENT)->event, "posted");
    assert_false(sw_failed(tell(&bench, input)));
    assert_null(effect(&bench, WF_EVENT)); /* the same again says nothing */
    (void)json_object_set_new(command.args, "ts", json_string("1.2"));
    assert_false(sw_failed(tell(&bench, input)));
    assert_string_equal(effect(&bench, WF_EVENT)->event, "surplus");
    assert_string_equal(jx_string(json_object_get(bench.wf->facts, "message"), "ts"), "1.1");
    json_decref(command.args);
    tear_down(&bench);
}

/* Which pairs have rows, one line a state; the order of inputs is that of DEPLOYMENT_INPUTS. */
static void test_every_pair_has_a_row_or_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum proto_deployment_state state;
        const char *rows;
    } EXPECTED[] = {
        { PROTO_DEPLOYMENT_QUEUED, "ADMIT LINE_MOVED CANCEL GLASS_ASK GLASS_AGREE GLASS_DECLINE GLASS_DUE RECEIPT" },
        { PROTO_DEPLOYMENT_WAITING_FOR_APPROVAL, "" },
        { PROTO_DEPLOYMENT_RUNNING,
          "STEP_OK STEP_FAILED STEP_LOST STEP_STOPPED PROBE_DONE PROBE_NOT_DONE PROBE_UNCLEAR "
          "STEP_DUE PROGRESS CANCEL GLASS_AGREE RECEIPT" },
        { PROTO_DEPLOYMENT_CANCELLING, "STEP_OK STEP_FAILED STEP_LOST STEP_STOPPED PROBE_DONE PROBE_NOT_DONE "
                                       "PROBE_UNCLEAR STEP_DUE PROGRESS CANCEL GLASS_AGREE RECEIPT" },
        { PROTO_DEPLOYMENT_ROLLING_BACK, "" },
        { PROTO_DEPLOYMENT_NEEDS_A_HUMAN, "STEP_DUE CANCEL RETRY GLASS_AGREE RECEIPT" },
        { PROTO_DEPLOYMENT_SUCCEEDED, "GLASS_AGREE RECEIPT" },
        { PROTO_DEPLOYMENT_FAILED, "GLASS_AGREE RECEIPT" },
        { PROTO_DEPLOYMENT_CANCELLED, "GLASS_AGREE RECEIPT" },
        { PROTO_DEPLOYMENT_ROLLED_BACK, "" },
        { PROTO_DEPLOYMENT_SUPERSEDED, "" },
        { PROTO_DEPLOYMENT_REJECTED, "" },
    };
#define NAME_(name, text) #name,
    static const char *const INPUTS[] = { DEPLOYMENT_INPUTS(NAME_) };
#undef NAME_
    assert_int_equal(SW_COUNT(EXPECTED), PROTO_DEPLOYMENT_STATE_COUNT);
    for (size_t i = 0; i < SW_COUNT(EXPECTED); i++) {
        char rows[256] = "";
        for (size_t k = 0; k < SW_COUNT(INPUTS); k++)
            for (size_t row = 0; row < DEPLOYMENT_TABLE_COUNT; row++)
                if (DEPLOYMENT_TABLE[row].state == EXPECTED[i].state && DEPLOYMENT_TABLE[row].input == k) {
                    (void)strcat(strcat(rows, *rows ? " " : ""), INPUTS[k]);
                    break;
                }
        assert_string_equal(rows, EXPECTED[i].rows);
    }
}

/* Behind a row without a guard nothing of the same pair can ever be reached. */
static void test_no_row_is_hidden_by_another(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEPLOYMENT_TABLE_COUNT; i++) {
        assert_non_null(DEPLOYMENT_TABLE[i].why);
        for (size_t k = 0; k < i; k++)
            if (DEPLOYMENT_TABLE[k].state == DEPLOYMENT_TABLE[i].state &&
                DEPLOYMENT_TABLE[k].input == DEPLOYMENT_TABLE[i].input)
                assert_non_null(DEPLOYMENT_TABLE[k].guard);
    }
}

/* They are counted from 0: an end that the kind does not name would lose its first count. */
static void test_the_states_that_it_ends_in_are_those_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROTO_DEPLOYMENT_STATE_COUNT; i++) {
        bool reached = false, named = false;
        for (size_t row = 0; row < DEPLOYMENT_TABLE_COUNT; row++)
            reached |= DEPLOYMENT_TABLE[row].next == i && DEPLOYMENT_TABLE[row].state != i;
        for (const char *const *name = DEPLOYMENT_KIND.end_states; *name; name++)
            named |= sw_equal(*name, proto_deployment_state_name((enum proto_deployment_state)i));
        assert_int_equal(named, reached && proto_deployment_state_final((enum proto_deployment_state)i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_way_to_success),
        cmocka_unit_test(test_tries_are_counted_and_spaced),
        cmocka_unit_test(test_a_lost_step_holds_and_both_ways_out_work),
        cmocka_unit_test(test_the_probe_decides),
        cmocka_unit_test(test_cancel_waits_for_the_step),
        cmocka_unit_test(test_cancel_between_two_tries_is_at_once),
        cmocka_unit_test(test_guests_may_not_cancel),
        cmocka_unit_test(test_a_second_message_is_surplus),
        cmocka_unit_test(test_every_pair_has_a_row_or_is_refused),
        cmocka_unit_test(test_no_row_is_hidden_by_another),
        cmocka_unit_test(test_the_states_that_it_ends_in_are_those_of_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
