/* SPDX-License-Identifier: Apache-2.0
 * The lives of deployments, as test_view_samples.c keeps those of incidents. */
#include "tests/unit/orchestrator/core/view_samples.h"

#include "orchestrator/core/deployment_table.h"

bool samples_write;

static const char DEFINITION[] =
    "{\"version\":1,\"service\":\"site\",\"environment\":\"staging\",\"dir\":\"/srv\",\"env\":{},\"steps\":["
    "{\"name\":\"build\",\"kind\":\"run\",\"argv\":[\"./build\"],\"attempts\":2,\"backoff_ms\":1000,\"max_ms\":9000,"
    "\"on_unknown\":\"hold\"},{\"name\":\"settle\",\"kind\":\"wait\",\"wait_ms\":5000},"
    "{\"name\":\"deploy\",\"kind\":\"run\",\"argv\":[\"./deploy\"],\"on_unknown\":\"hold\"}]}";

struct life {
    struct samples samples;
    json_t *definition;
    struct wf *wf;
};

static void deployment_turn(struct life *life, const char *said, struct wf_input input)
{
    struct wf_update update = { 0 };
    life->samples.bench.now_ms += BENCH_MINUTE;
    input.definition = life->definition;
    input.config = life->samples.bench.config;
    input.now_ms = life->samples.bench.now_ms;
    assert_false(sw_failed(DEPLOYMENT_KIND.step(life->wf, &input, &update)));
    sample_keep(&life->samples, said, life->wf, &update, input.now_ms);
    wf_update_release(&update);
}

static void deployment_say(struct life *life, const char *name)
{
    struct proto_command command = bench_command(&life->samples.bench, name, NULL);
    command.args = json_pack("{ss ss}", "channel", "C1", "ts", "1706106000.000100");
    deployment_turn(life, name, (struct wf_input){ .kind = WF_COMMAND, .command = &command });
    json_decref(command.args);
}

static void deployment_report(struct life *life, size_t step, enum step_outcome outcome, const char *error)
{
    struct step_report report = { .outcome = outcome,
                                  .exit_code = *error ? 3 : 0,
                                  .finished_at_ms = life->samples.bench.now_ms,
                                  .tail = sw_strdup(error) };
    (void)sw_copy(report.error, sizeof report.error, error);
    deployment_turn(life, "report", (struct wf_input){ .kind = WF_REPORT, .step = step, .report = &report });
    step_report_release(&report);
}

static void deploy(struct life *life, const char *service, const char *ref)
{
    struct bench *bench = &life->samples.bench;
    struct kind_created created = { 0 };
    struct proto_command command = bench_command(bench, "deploy", NULL);
    const struct kind_world world = { .config = bench->config, .now_ms = bench->now_ms, .reads = &bench->reads };
    command.args = json_pack("{ss ss}", "service", service, "ref", ref);
    (void)sw_copy(command.workflow, sizeof command.workflow, "d-0000000000001");
    assert_false(sw_failed(DEPLOYMENT_KIND.create(&world, &command, &created)));
    sample_keep(&life->samples, "deploy", created.wf, &created.update, bench->now_ms);
    json_decref(command.args);
    kind_created_release(&created);
}

/* One that has begun: with three steps, the pinned definition being the one above. */
static void begin(struct life *life)
{
    static const char *const NAMES[] = { "build", "settle", "deploy" };
    wf_free(life->wf);
    life->wf = wf_new(&DEPLOYMENT_KIND, "d-0000000000001", SW_COUNT(NAMES));
    for (size_t i = 0; i < SW_COUNT(NAMES); i++)
        (void)sw_copy(life->wf->steps[i].name, sizeof life->wf->steps[i].name, NAMES[i]);
    life->wf->state = PROTO_DEPLOYMENT_QUEUED;
    life->wf->created_at_ms = life->samples.bench.now_ms;
    json_decref(life->wf->facts);
    life->wf->facts = json_pack("{ss ss ss ss ss ss ss s[iii] s{ss}}", "service", "site", "environment", "staging",
                                "ref", "main", "team", "T1", "user", "U1", "home_team", "T1", "home_channel", "C1",
                                "attempts", 2, 1, 1, "params", "MODE", "debug&<x>");
    deployment_turn(life, "admit", (struct wf_input){ .kind = WF_ADMIT });
}

static void open_deployments(struct life *life)
{
    *life = (struct life){ .definition = json_loads(DEFINITION, 0, NULL) };
    sample_begin(&life->samples);
}

static void end_deployments(struct life *life, const char *name)
{
    wf_free(life->wf);
    json_decref(life->definition);
    sample_end_life(&life->samples, name);
}

static void test_deployments(void **state)
{
    (void)state;
    struct life life;
    open_deployments(&life);
    deploy(&life, "site", "main");
    deploy(&life, "siet", "main");
    deploy(&life, "site", "-f");
    begin(&life); /* succeeds, at the second try */
    deployment_say(&life, "receipt");
    deployment_turn(&life, "progress", (struct wf_input){ .kind = WF_PROGRESS, .status = "40% 7 of <18> & more" });
    deployment_report(&life, 0, STEP_TIMED_OUT, "no answer");
    deployment_turn(&life, "step", (struct wf_input){ .kind = WF_TIMER, .timer = "step" });
    deployment_report(&life, 0, STEP_EXITED, "");
    deployment_turn(&life, "step", (struct wf_input){ .kind = WF_TIMER, .timer = "step" });
    deployment_report(&life, 2, STEP_EXITED, "");
    begin(&life); /* nobody knows; retried, and failed */
    deployment_report(&life, 0, STEP_LOST, "");
    deployment_say(&life, "retry");
    deployment_report(&life, 0, STEP_EXITED, "first\nlast: <no> & *never*");
    deployment_turn(&life, "step", (struct wf_input){ .kind = WF_TIMER, .timer = "step" });
    deployment_report(&life, 0, STEP_EXITED, "first\nlast: <no> & *never*");
    begin(&life);
    deployment_say(&life, "cancel");
    deployment_say(&life, "cancel");
    deployment_report(&life, 0, STEP_STOPPED, "");
    end_deployments(&life, "deployment");
}

static void test_hostile_deployments(void **state)
{
    (void)state;
    struct life life;
    char text[600];
    open_deployments(&life);
    deploy(&life, sample_hostile(text, sizeof text), "main");
    deploy(&life, "site", text);
    begin(&life);
    deployment_turn(&life, "progress", (struct wf_input){ .kind = WF_PROGRESS, .status = text });
    deployment_report(&life, 0, STEP_EXITED, text);
    deployment_turn(&life, "step", (struct wf_input){ .kind = WF_TIMER, .timer = "step" });
    deployment_report(&life, 0, STEP_EXITED, text);
    end_deployments(&life, "hostile-deployment");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deployments),
        cmocka_unit_test(test_hostile_deployments),
    };
    samples_read_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
