/* SPDX-License-Identifier: Apache-2.0
 * The files of tests/fixtures/views are what the core makes of these lives today. With --write they are made so; the
 * gateway's tests judge what becomes of them in Slack (tests/unit/sandbox/test_view_samples.c). */
#include "tests/unit/orchestrator/core/view_samples.h"

#include "orchestrator/core/deployment_table.h"

bool samples_write;

static const char INCIDENTS[] =
    "{\"main\":\"CMAIN\",\"notify\":\"CNOTIFY\",\"prefix\":\"inc-\",\"invite\":[\"UHELP\"],\"archive_after\":\"1h\","
    "\"nag_grid\":0,\"runbooks\":{\"root\":\"https://wiki.example/incidents?a=1&b=2\"},"
    "\"oncall_tips\":\"Breathe.\\nThen read <the runbook> & ask.\",\"components_url\":\"https://wiki.example/parts\","
    "\"escalate\":{\"after\":2,\"to\":[\"UBOSS\",\"S012345\"]}}";

static void open_life(struct samples *samples)
{
    *samples = (struct samples){ .lines = { .max_bytes = 8 * 1024 * 1024 } };
    bench_open_with(&samples->bench, INCIDENTS);
    samples->bench.views =
        json_pack("[{ss ss ss ss ss ss ss}]", "workflow", "d-0000000000009", "kind", "deployment", "service", "site",
                  "environment", "staging", "ref", "v1.2", "state", "succeeded", "finished_at", "2024-01-24T14:00:00Z");
}

static void declare(struct samples *samples, json_t *args)
{
    assert_true(bench_declare_as(&samples->bench, "declare", args));
    sample_turn(samples, "declare");
    sample_headline(samples);
    sample_answer(samples);
    samples->bench.channel = "C42";
}

static void end_life(struct samples *samples, const char *name)
{
    sample_end(samples, name);
    bench_close(&samples->bench);
}

struct word {
    const char *verb, *text;
};

static void say_all(struct samples *samples, const struct word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sample_say(samples, words[i].verb, words[i].text);
}

/* A person is named as the gateway has resolved her. */
static void name_person(struct samples *samples, const char *verb, const char *id, const char *name)
{
    assert_false(sw_failed(bench_command_with(&samples->bench, "incident",
                                              json_pack("{ss ss s{ss ss ss ss}}", "verb", verb, "text", "", "user",
                                                        "id", id, "name", name, "zone", "UTC", "kind", "human"))));
    sample_turn(samples, verb);
}

static void hear(struct samples *samples, const char *what, const char *text)
{
    struct bench *bench = &samples->bench;
    bench->origin = "event";
    bench->user = "U9";
    assert_false(
        sw_failed(bench_command_with(bench, "heard",
                                     json_pack("{ss ss ss ss ss ss}", "what", what, "ts", "17.1", "text", text, "user",
                                               "U7", "reaction", "pushpin", "said_at", "2024-01-24T14:00:00.000Z"))));
    sample_turn(samples, what);
    bench->origin = "dot";
    bench->user = "U1";
}

static void timer(struct samples *samples, const char *name, int64_t minutes)
{
    samples->bench.now_ms += minutes * BENCH_MINUTE;
    assert_false(sw_failed(bench_timer(&samples->bench, name)));
    sample_turn(samples, name);
}

/* ---- incidents ---- */

/* What is said in a whole life, in its order. */
static const struct word SAID[] = { { "point", "" },
                                    { "summary", "Cards fail.\nSince noon & only some." },
                                    { "summary", "" },
                                    { "component", "auth-service, db" },
                                    { "component", "db, cache" },
                                    { "affected", "checkout" },
                                    { "affected", "" },
                                    { "notify", "We are on it & look." },
                                    { "note", "the graph <rises>" },
                                    { "ai", "Watch the queue => alert at 80 %" },
                                    { "ai", "" },
                                    { "factor", "an old pump" },
                                    { "pr", "https://git.example/1?a=b&c=d" },
                                    { "blocked", "An external system => they are down" },
                                    { "blocked", "<@U3> => the key" },
                                    { "blockers", "" },
                                    { "unblock", "1" },
                                    { "unblock_all", "" },
                                    { "priorities", "" },
                                    { "priority", "3 less" },
                                    { "priority", "1 it spreads" },
                                    { "genesis", "3 hours ago" },
                                    { "detected", "150 minutes ago" },
                                    { "detected", "when the cows come home" },
                                    { "status", "" },
                                    { "changes", "" },
                                    { "hold", "site 2h" },
                                    { "edit", "2 said better" },
                                    { "forget", "2" },
                                    { "history", "" },
                                    { "issue", "" },
                                    { "main", "" },
                                    { "unknown", "" },
                                    { "mitigate", "" },
                                    { "restart", "" },
                                    { "mitigate", "5 minutes ago" },
                                    { "resolve", "" },
                                    { "unresolve", "" },
                                    { "resolve", "" },
                                    { "restart", "" },
                                    { "resolve", "" },
                                    { "release", "" },
                                    { "review", "" },
                                    { "ready", "" },
                                    { "next", "" },
                                    { "assign", "" },
                                    { "next", "" },
                                    { "next", "" },
                                    { "next", "" },
                                    { "next", "" } };

static void test_an_incident_from_declaration_to_archive(void **state)
{
    (void)state;
    static const struct word LAST[] = { { "complete", "" }, { "note", "later" }, { "keep", "" }, { "archive", "" } };
    struct samples samples;
    open_life(&samples);
    declare(&samples, json_pack("{ss si ss ss ss}", "title", "Checkout *errors* & <slow> payments", "priority", 2,
                                "service", "site", "environment", "staging", "details", "Cards are refused.\n> often"));
    timer(&samples, "nag", 45);
    name_person(&samples, "comms", "U2", "Bo & Co");
    name_person(&samples, "triage", "U3", "Cy");
    name_person(&samples, "triage", "U4", "Di");
    hear(&samples, "joined", "");
    hear(&samples, "pinned", "the router is dead");
    say_all(&samples, SAID, SW_COUNT(SAID));
    sample_answer(&samples);
    say_all(&samples, LAST, SW_COUNT(LAST));
    end_life(&samples, "incident");
}

static void test_an_incident_that_was_none(void **state)
{
    (void)state;
    static const struct word WORDS[] = {
        { "priority", "1 worse" }, { "cancel", "" }, { "uncancel", "" }, { "cancel", "" }, { "archive", "" }
    };
    struct samples samples;
    open_life(&samples);
    declare(&samples, json_pack("{ss si ss}", "title", "A drill", "priority", 4, "service", "site"));
    say_all(&samples, WORDS, SW_COUNT(WORDS));
    end_life(&samples, "incident-cancelled");
}

static void test_an_incident_that_nobody_sees(void **state)
{
    (void)state;
    static const struct word WORDS[] = { { "notify", "no word outside" }, { "private", "" }, { "resolve", "" } };
    struct samples samples;
    open_life(&samples);
    declare(&samples, json_pack("{ss si sb}", "title", "A secret", "priority", 1, "private", 1));
    say_all(&samples, WORDS, SW_COUNT(WORDS));
    end_life(&samples, "incident-private");
}

static void test_reminders(void **state)
{
    (void)state;
    struct samples samples;
    open_life(&samples);
    declare(&samples, json_pack("{ss si}", "title", "Nobody comes", "priority", 1));
    for (int i = 0; i < 6; i++)
        timer(&samples, "nag", 7);
    sample_say(&samples, "point", "");
    name_person(&samples, "comms", "U2", "Bo");
    for (int i = 0; i < 3; i++)
        timer(&samples, "nag", 40);
    sample_say(&samples, "notify", "news");
    sample_say(&samples, "snooze", "15m");
    timer(&samples, "nag", 600); /* down for hours: one catch-up */
    end_life(&samples, "incident-reminders");
}

/* What monitoring, the tracker and Slack's refusals do. */
static void alert(struct samples *samples, const char *key, const char *status)
{
    samples->bench.origin = "hook";
    samples->bench.user = "";
    json_t *args = json_pack("{ss ss ss ss ss ss si ss ss}", "source", "grafana", "key", key, "status", status, "title",
                             "Disk <full> & slow", "text", "97 %", "service", "site", "priority", 1, "url",
                             "https://grafana.example/d/1?a=b&c=d", "started_at", "2024-01-24T14:10:00.000Z");
    if (samples->bench.wf)
        assert_false(sw_failed(bench_command_with(&samples->bench, "alert", args)));
    else
        assert_true(bench_declare_as(&samples->bench, "alert", args));
    sample_turn(samples, status);
    samples->bench.origin = "dot";
    samples->bench.user = "U1";
}

static void test_alerts(void **state)
{
    (void)state;
    struct samples samples;
    open_life(&samples);
    samples.bench.channel = "";
    alert(&samples, "a1", "firing");
    sample_answer(&samples);
    samples.bench.channel = "C42";
    alert(&samples, "a2", "firing");
    alert(&samples, "a1", "resolved");
    alert(&samples, "a2", "resolved");
    sample_say(&samples, "resolve", "");
    alert(&samples, "a1", "firing");
    end_life(&samples, "incident-alerts");
}

static json_t *refusal_new(const char *code)
{
    return json_pack("{ss ss sb}", "code", code, "text", "the Slack app may not do that (channels:manage)", "final", 1);
}

static void test_what_slack_refuses(void **state)
{
    (void)state;
    struct samples samples;
    char key[PROTO_ORDER_KEY_SIZE];
    open_life(&samples);
    assert_true(bench_declare_as(&samples.bench, "declare", json_pack("{ss si}", "title", "No room", "priority", 2)));
    sample_turn(&samples, "declare");
    sample_headline(&samples);
    sample_receipt(&samples, "channel:1", NULL, refusal_new("restricted_action"));
    samples.bench.origin = "slash";
    sample_say(&samples, "point", "");
    sample_say(&samples, "retry", "");
    sample_receipt(&samples, "channel:1", json_pack("{ss ss}", "id", "C42", "name", "inc-42"), NULL);
    samples.bench.channel = "C42";
    sample_say(&samples, "title", "Another one");
    (void)sw_copy(key, sizeof key, jx_string(bench_order(&samples.bench, "topic", NULL, NULL), "key"));
    sample_receipt(&samples, key, NULL, refusal_new("missing_scope"));
    sample_say(&samples, "status", "");
    sample_say(&samples, "siet", "");
    end_life(&samples, "incident-refused");
}

/* ---- where there is none ---- */

static void ask(struct samples *samples, const char *verb)
{
    struct bench *bench = &samples->bench;
    struct proto_reply *reply = NULL;
    struct proto_command command = bench_command(bench, "incident", NULL);
    const struct kind_world world = { .config = bench->config, .now_ms = bench->now_ms, .reads = &bench->reads };
    command.args = json_pack("{ss ss ss}", "verb", verb, "text", "", "spoken", verb);
    assert_false(sw_failed(INCIDENT_KIND.astray(&world, &command, &reply)));
    assert_non_null(reply);
    struct wf_update update = { .effect_count = 1, .effects = { { .kind = WF_REPLY, .reply = reply } } };
    sample_keep(samples, verb, NULL, &update, bench->now_ms);
    wf_update_release(&update);
    json_decref(command.args);
}

static json_t *listed_new(int number, const char *state, int64_t mitigated_ms)
{
    return json_pack("{ss ss ss s{si ss sb s{ss} s{si ss} ss s{sI sI} s{ss} s{ss}}}", "workflow", "i-0000000000009",
                     "kind", "incident", "state", state, "detail", "number", number, "title", "Slow & <sad>", "private",
                     0, "channel", "id", "C43", "priority", "n", 2, "name", "P2", "state_words", state, "times",
                     "created", (json_int_t)BENCH_NOW, "mitigated", (json_int_t)mitigated_ms, "roles", "point", "U2",
                     "people", "U2", "Bo & Co");
}

static void test_questions(void **state)
{
    (void)state;
    static const char *const VERBS[] = { "resolve",    "status", "list",    "history",
                                         "priorities", "report", "changes", "start" };
    struct samples samples;
    open_life(&samples);
    for (size_t i = 0; i < SW_COUNT(VERBS); i++)
        ask(&samples, VERBS[i]);
    json_decref(samples.bench.views);
    samples.bench.views = json_pack("[ooo]", listed_new(1, "started", 0), listed_new(2, "mitigated", BENCH_NOW),
                                    listed_new(3, "resolved", BENCH_NOW));
    ask(&samples, "list");
    ask(&samples, "history");
    end_life(&samples, "incident-questions");
}

/* ---- with words that want to be something else ---- */

enum { NOTES = 200, BLOCKERS = 60 };

static const char HOSTILE[] = "<!channel> &amp; & <b>*_~ `c` ```x``` @here <@U0> <https://e.example|ok> \xE2\x80\xAE"
                              "dlrow\x07\x1B[31m\xC2\x85\xE2\x80\xA8 \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 ";

static const char *hostile(char *ret_text, size_t size)
{
    struct sw_buf SW_AUTO_BUF buf = { 0 };
    while (buf.length < size)
        sw_buf_puts(&buf, HOSTILE);
    (void)sw_copy(ret_text, size, sw_buf_string(&buf));
    return ret_text;
}

static void say_many(struct samples *samples, const char *verb, const char *text, int times)
{
    for (int i = 0; i + 1 < times; i++)
        (void)bench_say(&samples->bench, verb, text);
    sample_say(samples, verb, text); /* the last of them is the sample */
}

static void test_hostile_words(void **state)
{
    (void)state;
    static const char *const QUESTIONS[] = { "status",    "history",  "blockers", "note",   "factor",
                                             "component", "affected", "summary",  "review", "mitigate",
                                             "resolve",   "complete", "list" };
    static const char *const WORDS[] = { "summary",          "notify", "note",     "ai",
                                         "factor",           "pr",     "genesis",  "hold",
                                         "component_remove", "invite", "priority", "component",
                                         "affected",         "snooze", "unknown",  "edit" };
    struct samples samples;
    char title[500], words[400], item[250], note[70];
    open_life(&samples);
    declare(&samples, json_pack("{ss si ss ss}", "title", hostile(title, sizeof title), "priority", 3, "service",
                                "site", "details", hostile(words, sizeof words)));
    name_person(&samples, "point", "U2", hostile(item, 80));
    for (size_t i = 0; i < SW_COUNT(WORDS); i++)
        sample_say(&samples, WORDS[i], words);
    say_many(&samples, "note", hostile(note, sizeof note), NOTES);
    say_many(&samples, "blocked", hostile(item, sizeof item), BLOCKERS);
    sample_say(&samples, "unblock_all", "");
    for (size_t i = 0; i < SW_COUNT(QUESTIONS); i++)
        sample_say(&samples, QUESTIONS[i], "");
    end_life(&samples, "hostile-incident");
}

/* ---- deployments ---- */

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
    open_life(&life->samples);
}

static void end_deployments(struct life *life, const char *name)
{
    wf_free(life->wf);
    json_decref(life->definition);
    end_life(&life->samples, name);
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
    deploy(&life, hostile(text, sizeof text), "main");
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
        cmocka_unit_test(test_an_incident_from_declaration_to_archive),
        cmocka_unit_test(test_an_incident_that_was_none),
        cmocka_unit_test(test_an_incident_that_nobody_sees),
        cmocka_unit_test(test_reminders),
        cmocka_unit_test(test_alerts),
        cmocka_unit_test(test_what_slack_refuses),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_hostile_words),
        cmocka_unit_test(test_deployments),
        cmocka_unit_test(test_hostile_deployments),
    };
    samples_write = argc == 2 && sw_equal(argv[1], "--write");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
