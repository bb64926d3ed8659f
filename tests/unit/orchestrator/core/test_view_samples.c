/* SPDX-License-Identifier: Apache-2.0
 * The files of tests/fixtures/views are what the core makes of these lives today. With --write they are made so; the
 * gateway's tests judge what becomes of them in Slack (tests/unit/sandbox/test_view_samples.c). */
#include "tests/unit/orchestrator/core/view_samples.h"

bool samples_write;

static void declare(struct samples *samples, json_t *args)
{
    assert_true(bench_declare_as(&samples->bench, "declare", args));
    sample_turn(samples, "declare");
    sample_headline(samples);
    sample_answer(samples);
    samples->bench.channel = "C42";
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
    sample_begin(&samples);
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
    sample_end_life(&samples, "incident");
}

static void test_an_incident_that_was_none(void **state)
{
    (void)state;
    static const struct word WORDS[] = {
        { "priority", "1 worse" }, { "cancel", "" }, { "uncancel", "" }, { "cancel", "" }, { "archive", "" }
    };
    struct samples samples;
    sample_begin(&samples);
    declare(&samples, json_pack("{ss si ss}", "title", "A drill", "priority", 4, "service", "site"));
    say_all(&samples, WORDS, SW_COUNT(WORDS));
    sample_end_life(&samples, "incident-cancelled");
}

static void test_an_incident_that_nobody_sees(void **state)
{
    (void)state;
    static const struct word WORDS[] = { { "notify", "no word outside" }, { "private", "" }, { "resolve", "" } };
    struct samples samples;
    sample_begin(&samples);
    declare(&samples, json_pack("{ss si sb}", "title", "A secret", "priority", 1, "private", 1));
    say_all(&samples, WORDS, SW_COUNT(WORDS));
    sample_end_life(&samples, "incident-private");
}

static void test_reminders(void **state)
{
    (void)state;
    struct samples samples;
    sample_begin(&samples);
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
    sample_end_life(&samples, "incident-reminders");
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
    sample_begin(&samples);
    samples.bench.channel = "";
    alert(&samples, "a1", "firing");
    sample_answer(&samples);
    samples.bench.channel = "C42";
    alert(&samples, "a2", "firing");
    alert(&samples, "a1", "resolved");
    alert(&samples, "a2", "resolved");
    sample_say(&samples, "resolve", "");
    alert(&samples, "a1", "firing");
    sample_end_life(&samples, "incident-alerts");
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
    sample_begin(&samples);
    assert_true(bench_declare_as(&samples.bench, "declare", json_pack("{ss si}", "title", "No room", "priority", 2)));
    sample_turn(&samples, "declare");
    sample_headline(&samples);
    sample_receipt(&samples, "channel:1", NULL, refusal_new("restricted_action"));
    samples.bench.origin = "slash";
    sample_say(&samples, "point", "");
    sample_say(&samples, "retry", "");
    sample_receipt(&samples, "channel:1", json_pack("{ss ss}", "id", "C42", "name", "inc-42"), NULL);
    samples.bench.channel = "C42";
    (void)sw_copy(key, sizeof key, jx_string(bench_order(&samples.bench, "post", "intro", NULL), "key"));
    assert_false(sw_failed(bench_command_with(
        &samples.bench, "receipt",
        json_pack("{ss ss ss ss s{ss ss}}", "event", "e", "channel", "C42", "ts", "1706106000.000300", "order", key,
                  "trouble", "code", "missing_scope", "text", "the Slack app may not do that (pins:write)"))));
    sample_turn(&samples, "receipt of the introduction");
    sample_say(&samples, "title", "Another one");
    (void)sw_copy(key, sizeof key, jx_string(bench_order(&samples.bench, "topic", NULL, NULL), "key"));
    sample_receipt(&samples, key, NULL, refusal_new("missing_scope"));
    sample_say(&samples, "status", "");
    sample_say(&samples, "siet", "");
    sample_end_life(&samples, "incident-refused");
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
    sample_begin(&samples);
    for (size_t i = 0; i < SW_COUNT(VERBS); i++)
        ask(&samples, VERBS[i]);
    json_decref(samples.bench.views);
    samples.bench.views = json_pack("[ooo]", listed_new(1, "started", 0), listed_new(2, "mitigated", BENCH_NOW),
                                    listed_new(3, "resolved", BENCH_NOW));
    ask(&samples, "list");
    ask(&samples, "history");
    sample_end_life(&samples, "incident-questions");
}

/* ---- with words that want to be something else ---- */

enum { NOTES = 200, BLOCKERS = 60 };

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
    sample_begin(&samples);
    declare(&samples, json_pack("{ss si ss ss}", "title", sample_hostile(title, sizeof title), "priority", 3, "service",
                                "site", "details", sample_hostile(words, sizeof words)));
    name_person(&samples, "point", "U2", sample_hostile(item, 80));
    for (size_t i = 0; i < SW_COUNT(WORDS); i++)
        sample_say(&samples, WORDS[i], words);
    say_many(&samples, "note", sample_hostile(note, sizeof note), NOTES);
    say_many(&samples, "blocked", sample_hostile(item, sizeof item), BLOCKERS);
    sample_say(&samples, "unblock_all", "");
    for (size_t i = 0; i < SW_COUNT(QUESTIONS); i++)
        sample_say(&samples, QUESTIONS[i], "");
    sample_end_life(&samples, "hostile-incident");
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
    };
    samples_read_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
