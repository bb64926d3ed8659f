/* SPDX-License-Identifier: Apache-2.0
 * What people write stands in sentences that are cut. A cut goes between two characters wherever it falls: half of one
 * is no text, cannot be written as JSON, and would stop everything that comes after it. */
#include "tests/unit/orchestrator/core/incident_bench.h"

#include "orchestrator/core/config_refuse.h"
#include "orchestrator/core/deployment_table.h"

enum { LONGEST = 700 };

/* `length` letters, and from there on signs of two to four bytes. */
static void fill(char ret_text[LONGEST], size_t length, const char *sign)
{
    memset(ret_text, 'x', length);
    ret_text[length] = '\0';
    while (strlen(ret_text) + strlen(sign) < LONGEST)
        (void)strcat(ret_text, sign);
}

static const char *const SIGNS[] = { "é", "’", "😀" };

static void check_reply(const struct proto_reply *reply, const char *said)
{
    JX_AUTO json_t *json = proto_reply_encode(reply);
    if (!json)
        fail_msg("%s: %s", said, reply->text);
}

static void check_view(const struct wf *wf)
{
    struct proto_view view = { 0 };
    assert_false(sw_failed(wf->kind->view(wf, &view)));
    JX_AUTO json_t *json = proto_view_encode(&view);
    assert_non_null(json);
    proto_view_release(&view);
}

static void check_effects(const struct bench *bench, const char *said)
{
    for (size_t i = 0; i < bench->update.effect_count; i++) {
        const struct wf_effect *effect = &bench->update.effects[i];
        if (effect->kind == WF_REPLY)
            check_reply(effect->reply, said);
        if (effect->kind == WF_HOLD)
            assert_true(sw_utf8_valid(effect->hold->reason, strlen(effect->hold->reason)));
    }
    check_view(bench->wf);
}

static void test_every_word_of_an_incident(void **state)
{
    (void)state;
    char text[LONGEST];
    for (size_t verb = 0; verb < incident_verb_count(); verb++)
        for (size_t length = 30; length < 130; length++) {
            struct bench bench;
            const char *name = incident_verb_at(verb)->name;
            bench_start(&bench);
            fill(text, length, SIGNS[length % SW_COUNT(SIGNS)]);
            assert_false(sw_failed(bench_command_with(
                &bench, "incident",
                json_pack("{ss ss ss ss}", "verb", name, "text", text, "spoken", text, "near", "point"))));
            check_effects(&bench, name);
            bench_close(&bench);
        }
}

static void test_a_long_title_holds_a_service(void **state)
{
    (void)state;
    for (size_t length = 250; length < 300; length++) {
        struct bench bench;
        char title[LONGEST];
        bench_open_with(&bench, BENCH_INCIDENTS);
        fill(title, length, SIGNS[length % SW_COUNT(SIGNS)]);
        title[sw_utf8_prefix_bytes(title, 320)] = '\0';
        assert_true(bench_declare_as(&bench, "declare",
                                     json_pack("{ss si ss}", "title", title, "priority", 1, "service", "site")));
        check_effects(&bench, "declare");
        bench_close(&bench);
    }
}

static void reject(struct bench *bench, const char *key, const char *text)
{
    const struct kind_world world = { .config = bench->config, .now_ms = bench->now_ms, .reads = &bench->reads };
    struct kind_created created = { 0 };
    struct proto_command command = bench_command(bench, "deploy", NULL);
    (void)sw_copy(command.workflow, sizeof command.workflow, "d-0000000000001");
    command.args = json_pack("{ss}", key, text);
    assert_false(sw_failed(DEPLOYMENT_KIND.create(&world, &command, &created)));
    assert_int_equal(created.wf->state, PROTO_DEPLOYMENT_REJECTED);
    check_view(created.wf);
    check_reply(created.update.effects[1].reply, key);
    json_decref(command.args);
    kind_created_release(&created);
}

static void test_what_cannot_be_deployed(void **state)
{
    (void)state;
    static const char *const KEYS[] = { "service", "environment", "ref" };
    struct bench bench;
    char text[LONGEST];
    bench_open_with(&bench, BENCH_INCIDENTS);
    for (size_t i = 0; i < SW_COUNT(KEYS); i++)
        for (size_t length = 40; length < 120; length++) {
            fill(text, length, SIGNS[length % SW_COUNT(SIGNS)]);
            reject(&bench, KEYS[i], text);
        }
    bench_close(&bench);
}

/* A pattern of alternatives has bars, and a refusal is told in parts. */
static void test_a_bar_is_no_end_of_a_sentence(void **state)
{
    (void)state;
    struct config_refusal refusal;
    assert_false(config_refuse(&refusal, "E-PARAM-INVALID", "`%s` is not allowed.||It must match `%s`.||Correct it.",
                               "MODE=a|b", "debug|release"));
    assert_string_equal(refusal.text, "`MODE=a|b` is not allowed.");
    assert_string_equal(refusal.why, "It must match `debug|release`.");
    assert_string_equal(refusal.hint, "Correct it.");
}

static void fail_step(const char *error, enum step_outcome outcome)
{
    JX_AUTO json_t *definition =
        json_loads("{\"version\":1,\"service\":\"site\",\"environment\":\"staging\",\"steps\":["
                   "{\"name\":\"build\",\"kind\":\"run\",\"argv\":[\"x\"]}]}",
                   0, NULL);
    struct wf *wf = wf_new(&DEPLOYMENT_KIND, "d-0000000000000", 1);
    struct wf_update update = { 0 };
    struct step_report report = { .outcome = outcome, .exit_code = 1 };
    (void)sw_copy(report.error, sizeof report.error, error); /* as the supervisor's is cut */
    (void)sw_copy(wf->steps[0].name, sizeof wf->steps[0].name, "build");
    struct wf_input input = { .kind = WF_ADMIT, .definition = definition, .now_ms = BENCH_NOW };
    assert_false(sw_failed(DEPLOYMENT_KIND.step(wf, &input, &update)));
    wf_update_release(&update);
    input.kind = WF_REPORT;
    input.report = &report;
    struct sw_status status = DEPLOYMENT_KIND.step(wf, &input, &update);
    if (sw_failed(status))
        fail_msg("%s", status.text);
    check_view(wf);
    wf_update_release(&update);
    wf_free(wf);
}

/* Compilers quote with signs of three bytes. */
static void test_a_long_error_of_a_step(void **state)
{
    (void)state;
    static const enum step_outcome OUTCOMES[] = { STEP_EXITED, STEP_TIMED_OUT, STEP_NOT_RUN, STEP_SIGNALED };
    char text[LONGEST];
    for (size_t i = 0; i < SW_COUNT(OUTCOMES); i++)
        for (size_t length = 0; length < 12; length++) {
            fill(text, length, SIGNS[length % SW_COUNT(SIGNS)]);
            fail_step(text, OUTCOMES[i]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_word_of_an_incident), cmocka_unit_test(test_a_long_title_holds_a_service),
        cmocka_unit_test(test_what_cannot_be_deployed),   cmocka_unit_test(test_a_bar_is_no_end_of_a_sentence),
        cmocka_unit_test(test_a_long_error_of_a_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
