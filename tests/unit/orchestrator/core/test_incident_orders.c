/* SPDX-License-Identifier: Apache-2.0
 * From a declaration to a channel that people can work in: what is ordered of Slack, and what becomes of its answers.
 */
#include "tests/unit/orchestrator/core/incident_bench.h"

static void declare_in(struct bench *bench, const char *incidents, const char *args)
{
    bench_open_with(bench, incidents);
    bench_declare(bench, args);
}

static json_t *error_new(const char *code)
{
    return json_pack("{ss ss sb}", "code", code, "text", "Slack says no", "final", 1);
}

/* ---- declaring ---- */

static void test_it_exists_before_its_channel(void **state)
{
    (void)state;
    struct bench bench;
    declare_in(&bench, BENCH_INCIDENTS, "{\"title\":\" Testing 123\",\"priority\":2,\"details\":\"It broke\"}");
    assert_string_equal(bench_reply(&bench)->name, "accepted");
    assert_string_equal(incident_fact(bench.wf, "title"), "Testing 123");
    assert_int_equal(incident_count_entries(bench.wf, "note"), 1);
    assert_true(bench_event(&bench, "started"));
    const json_t *order = bench_order(&bench, "create_channel", NULL, NULL);
    assert_string_equal(jx_string(order, "name"), "inc-42");
    assert_false(jx_bool_or(order, "private", true));
    assert_null(bench_order(&bench, "invite", NULL, NULL)); /* there is nothing yet to invite to */
    bench_receipt(&bench, jx_string(order, "key"), json_pack("{ss ss}", "id", "C42", "name", "inc-42"), NULL);
    assert_string_equal(incident_channel(bench.wf), "C42");
    assert_non_null(bench_order(&bench, "topic", NULL, "C42"));
    assert_true(json_is_true(json_object_get(bench_order(&bench, "post", "intro", "C42"), "pin")));
    assert_non_null(bench_order(&bench, "post", "announce_new", "CNOTIFY"));
    const json_t *users = json_object_get(bench_order(&bench, "invite", NULL, "C42"), "users");
    assert_int_equal(json_array_size(users), 2); /* UHELP and who declared it */
    bench_close(&bench);
}

static void test_a_low_priority_is_quiet(void **state)
{
    (void)state;
    struct bench bench;
    declare_in(&bench, BENCH_INCIDENTS, "{\"title\":\"x\",\"priority\":3}");
    bench_receipt(&bench, "channel:1", json_pack("{ss ss}", "id", "C42", "name", "inc-42"), NULL);
    assert_non_null(bench_order(&bench, "post", "intro", "C42"));
    assert_null(bench_order(&bench, "post", "announce_new", NULL));
    bench_close(&bench);
}

static const struct {
    const char *args, *code;
} REFUSED[] = {
    { "{\"title\":\"\"}", "E-TITLE" },
    { "{\"title\":\" \\t\"}", "E-TITLE" },
    { "{\"title\":\"a\\nb\"}", "E-TITLE" },
    { "{\"title\":\"x\",\"priority\":9}", "E-PRIORITY" },
    { "{\"title\":\"x\",\"service\":\"siet\"}", "E-SERVICE-UNKNOWN" },
    { "{\"title\":\"x\",\"environment\":\"moon\"}", "E-ENVIRONMENT-UNKNOWN" },
};

static void test_what_cannot_be_declared(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(REFUSED); i++) {
        struct bench bench;
        bench_open_with(&bench, BENCH_INCIDENTS);
        assert_false(bench_declare_as(&bench, "declare", json_loads(REFUSED[i].args, 0, NULL)));
        assert_string_equal(bench_reply(&bench)->code, REFUSED[i].code);
        assert_non_null(bench_reply(&bench)->hint);
        bench_close(&bench);
    }
}

/* What was typed as the verb names the priority (C16). */
static void test_priorities_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *spoken;
        int priority;
    } WORDS[] = { { "hi", 1 },      { "CRIT", 1 },    { "mid", 2 },   { "normal", 2 }, { "low", 3 },
                  { "backlog", 4 }, { "wontfix", 5 }, { "start", 2 }, { "declare", 2 } };
    for (size_t i = 0; i < SW_COUNT(WORDS); i++) {
        struct bench bench;
        bench_open_with(&bench, BENCH_INCIDENTS);
        assert_true(
            bench_declare_as(&bench, "declare", json_pack("{ss ss}", "title", "foo", "spoken", WORDS[i].spoken)));
        assert_int_equal(incident_priority(bench.wf), WORDS[i].priority);
        bench_close(&bench);
    }
}

static void test_a_dot_word_declares_in_a_main_channel_alone(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench.channel = "CSOME";
    assert_false(bench_declare_as(&bench, "declare", json_pack("{ss}", "title", "x")));
    assert_string_equal(bench_reply(&bench)->code, "E-NOT-HERE");
    assert_string_equal(jx_string(bench_reply(&bench)->data, "main"), "CMAIN");
    bench.origin = "slash";
    assert_true(bench_declare_as(&bench, "declare", json_pack("{ss}", "title", "x")));
    bench_close(&bench);
}

static void test_without_the_section_there_are_none(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, NULL);
    assert_false(bench_declare_as(&bench, "declare", json_pack("{ss}", "title", "x")));
    assert_string_equal(bench_reply(&bench)->code, "E-NOT-CONFIGURED");
    bench_close(&bench);
}

static void test_room_sets(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, "{\"main\":\"CMAIN\",\"rooms\":[{\"name\":\"pay\",\"main\":\"CPAY\",\"prefix\":\"pay-\","
                            "\"services\":[\"site\"]}]}");
    bench_declare(&bench, "{\"title\":\"x\",\"service\":\"site\"}"); /* by its service */
    assert_string_equal(incident_fact(bench.wf, "home_channel"), "CPAY");
    assert_string_equal(jx_string(bench_order(&bench, "create_channel", NULL, NULL), "name"), "pay-42");
    wf_free(bench.wf);
    bench.channel = "CPAY";
    bench_declare(&bench, "{\"title\":\"x\"}"); /* by where it is said */
    assert_string_equal(incident_fact(bench.wf, "room"), "pay");
    wf_free(bench.wf);
    bench.channel = "CMAIN";
    bench_declare(&bench, "{\"title\":\"x\"}");
    assert_string_equal(incident_fact(bench.wf, "room"), "");
    bench_close(&bench);
}

/* ---- orders ---- */

static void test_orders_say_since_when_and_which_are_outstanding(void **state)
{
    (void)state;
    struct bench bench;
    struct proto_order order;
    struct proto_view view = { 0 };
    declare_in(&bench, BENCH_INCIDENTS, "{\"title\":\"x\"}");
    assert_false(sw_failed(proto_order_read(bench_order(&bench, "create_channel", NULL, NULL), &order)));
    assert_int_equal(order.since_ms, BENCH_NOW);
    assert_false(sw_failed(INCIDENT_KIND.view(bench.wf, &view)));
    const json_t *outstanding = json_object_get(view.detail, "outstanding");
    assert_int_equal(json_array_size(outstanding), 1);
    assert_string_equal(json_string_value(json_array_get(outstanding, 0)), order.key);
    proto_view_release(&view);
    bench.now_ms += 1800000; /* nobody answers */
    assert_false(sw_failed(bench_timer(&bench, "orders")));
    assert_false(sw_failed(proto_order_read(bench_order(&bench, "create_channel", NULL, NULL), &order)));
    assert_string_equal(order.key, "channel:1");
    assert_int_equal(order.since_ms, BENCH_NOW); /* of the first time */
    bench_answer_orders(&bench);
    assert_false(sw_failed(INCIDENT_KIND.view(bench.wf, &view)));
    assert_int_equal(json_array_size(json_object_get(view.detail, "outstanding")), 0);
    proto_view_release(&view);
    bench_close(&bench);
}

static void test_a_taken_name_is_followed_by_the_next(void **state)
{
    (void)state;
    struct bench bench;
    declare_in(&bench, BENCH_INCIDENTS, "{\"title\":\"x\"}");
    for (int n = 2; n <= 9; n++) {
        char key[32], name[32];
        (void)snprintf(key, sizeof key, "channel:%d", n - 1);
        (void)snprintf(name, sizeof name, "inc-42-%d", n);
        bench_receipt(&bench, key, NULL, error_new("name_taken"));
        assert_string_equal(jx_string(bench_order(&bench, "create_channel", NULL, NULL), "name"), name);
    }
    bench_receipt(&bench, "channel:9", NULL, error_new("name_taken")); /* enough */
    assert_null(bench_order(&bench, "create_channel", NULL, NULL));
    assert_int_equal(json_object_size(incident_part(bench.wf, "orders")), 2); /* the failed one, and who is told */
    bench_close(&bench);
}

static void test_a_failure_is_told_once_and_tried_six_times(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_true(bench_done(&bench, "title", "Another one"));
    char key[64];
    (void)sw_copy(key, sizeof key, jx_string(bench_order(&bench, "topic", NULL, NULL), "key"));
    bench_receipt(&bench, key, NULL, error_new("missing_scope"));
    const json_t *failed = json_object_get(json_object_get(incident_part(bench.wf, "orders"), key), "state");
    assert_string_equal(json_string_value(failed), "failed");
    assert_non_null(strstr(bench_say(&bench, "status", "")->card, "status"));
    const json_t *shown = json_object_get(bench_reply(&bench)->data, "failed_orders");
    assert_string_equal(jx_string(json_array_get(shown, 0), "error"), "Slack says no");
    for (int tries = 2; tries <= 6; tries++) {
        bench.now_ms += 600000;
        assert_false(sw_failed(bench_timer(&bench, "orders")));
        assert_non_null(bench_order(&bench, "topic", NULL, NULL));
        bench_receipt(&bench, key, NULL, error_new("missing_scope"));
        assert_null(bench_order(&bench, NULL, "problem", NULL)); /* people know */
    }
    bench.now_ms += 600000;
    assert_false(sw_failed(bench_timer(&bench, "orders")));
    assert_null(bench_order(&bench, "topic", NULL, NULL));
    assert_true(bench_done(&bench, "retry", ""));
    assert_non_null(bench_order(&bench, "topic", NULL, NULL));
    bench_receipt(&bench, key, NULL, NULL);
    assert_false(bench_done(&bench, "retry", ""));
    bench_close(&bench);
}

/* ---- refusals ---- */

/* Of each kind of order that an incident gives: what is said so that it is given, and how its failure is told. */
static const struct {
    const char *verb, *text, *order, *could_not;
} ORDERS[] = {
    { "title", "Another one", "topic", "I could not set the topic of <#C42>: " },
    { "invite", "", "invite", "I could not invite people to <#C42>: " },
    { "notify", "news", "post", "I could not write to <#" },
};

static const struct {
    const char *code, *advice;
} ADVICE[] = {
    { "missing_scope", "install it again from its manifest" },
    { "not_in_channel", "Invite Slipway's app" },
    { "channel_not_found", "Invite Slipway's app" },
    { "is_archived", "Unarchive" },
    { "restricted_action", "administrator" },
    { "internal_error", "tried again every 10 minutes" },
};

static void give_order(struct bench *bench, const char *verb, const char *text)
{
    if (sw_equal(verb, "invite"))
        (void)bench_name(bench, "invite", "U9", "human");
    else
        assert_true(bench_done(bench, verb, text));
}

static void test_every_order_says_what_to_do_when_it_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(ORDERS); i++)
        for (size_t k = 0; k < SW_COUNT(ADVICE); k++) {
            struct bench bench;
            char key[PROTO_ORDER_KEY_SIZE];
            bench_start(&bench);
            give_order(&bench, ORDERS[i].verb, ORDERS[i].text);
            (void)sw_copy(key, sizeof key, jx_string(bench_order(&bench, ORDERS[i].order, NULL, NULL), "key"));
            const size_t open = json_object_size(incident_part(bench.wf, "orders"));
            bench_receipt(&bench, key, NULL, error_new(ADVICE[k].code));
            const json_t *told = bench_order(&bench, NULL, "problem", NULL);
            const json_t *whisper = bench_order(&bench, "ephemeral", "problem", NULL);
            const char *said = jx_string_or(told ? told : whisper, "text", "");
            if (!strstr(said, ORDERS[i].could_not) || !strstr(said, "Slack says no") || !strstr(said, ADVICE[k].advice))
                fail_msg("%s, %s: %s", ORDERS[i].verb, ADVICE[k].code, said);
            assert_int_equal(json_object_size(incident_part(bench.wf, "orders")), open + 1); /* the others stay */
            bench_receipt(&bench, key, NULL, error_new(ADVICE[k].code));
            assert_null(bench_order(&bench, NULL, "problem", NULL)); /* people know */
            bench_close(&bench);
        }
}

/* The message stands, without its pin: it is done, and people are told how to get that right. */
static void test_what_failed_beside_an_order_is_told_once(void **state)
{
    (void)state;
    struct bench bench;
    declare_in(&bench, BENCH_INCIDENTS, "{\"title\":\"x\"}");
    bench_receipt(&bench, "channel:1", json_pack("{ss ss}", "id", "C42", "name", "inc-42"), NULL);
    char key[PROTO_ORDER_KEY_SIZE];
    (void)sw_copy(key, sizeof key, jx_string(bench_order(&bench, "post", "intro", NULL), "key"));
    for (int times = 0; times < 2; times++) {
        assert_false(sw_failed(bench_command_with(
            &bench, "receipt",
            json_pack("{ss ss ss ss sn sn s{ss ss}}", "event", "e", "channel", "C42", "ts", "2.2", "order", key,
                      "created", "error", "trouble", "code", "missing_scope", "text", "no scope (pins:write)"))));
        const json_t *told = bench_order(&bench, "post", "problem", "C42");
        assert_int_equal(told != NULL, times == 0);
        if (told)
            assert_string_equal(jx_string(told, "text"),
                                "I could not pin what begins this channel: no scope (pins:write). Slipway's app lacks "
                                "a permission: install it again from its manifest.");
    }
    assert_null(json_object_get(incident_part(bench.wf, "orders"), key));
    bench_close(&bench);
}

static void test_without_a_channel_it_speaks_under_its_headline(void **state)
{
    (void)state;
    struct bench bench;
    declare_in(&bench, BENCH_INCIDENTS, "{\"title\":\"x\"}");
    assert_false(sw_failed(bench_command_with(
        &bench, "receipt",
        json_pack("{ss ss ss sn sn sn}", "event", "e", "channel", "CMAIN", "ts", "2.2", "order", "created", "error"))));
    assert_true(bench_event(&bench, "posted"));
    bench_receipt(&bench, "channel:1", NULL, error_new("restricted_action"));
    const json_t *order = bench_order(&bench, "post", "problem", "CMAIN");
    assert_string_equal(jx_string(order, "thread_ts"), "2.2");
    bench.origin = "slash";
    assert_true(bench_done(&bench, "resolve", ""));
    assert_string_equal(jx_string(bench_order(&bench, "post", "resolved", "CMAIN"), "thread_ts"), "2.2");
    bench_close(&bench);
}

static void test_what_is_said_before_the_channel_waits_for_it(void **state)
{
    (void)state;
    struct bench bench;
    declare_in(&bench, BENCH_INCIDENTS, "{\"title\":\"x\"}");
    bench.origin = "slash";
    assert_true(bench_done(&bench, "point", ""));
    assert_true(bench_done(&bench, "resolve", ""));
    assert_null(bench_order(&bench, "post", "resolved", NULL));
    assert_int_equal(bench_timer_due(&bench, "orders"), 0); /* nothing but the channel is waited for */
    bench_receipt(&bench, "channel:1", json_pack("{ss ss}", "id", "C42", "name", "inc-42"), NULL);
    const json_t *users = json_object_get(bench_order(&bench, "invite", NULL, "C42"), "users");
    assert_int_equal(json_array_size(users), 2); /* nobody twice */
    bool introduced = false;
    for (size_t i = 0; i < bench.update.effect_count; i++) {
        const char *card = jx_string_or(bench.update.effects[i].order, "card", "");
        introduced = introduced || sw_equal(card, "intro");
        assert_true(introduced || !sw_equal(card, "resolved")); /* first things first */
    }
    assert_non_null(bench_order(&bench, "post", "resolved", "C42"));
    bench_answer_orders(&bench);
    bench_close(&bench);
}

static void test_what_waits_goes_under_the_headline_when_there_will_be_no_channel(void **state)
{
    (void)state;
    struct bench bench;
    declare_in(&bench, BENCH_INCIDENTS, "{\"title\":\"x\"}");
    bench.origin = "slash";
    assert_true(bench_done(&bench, "resolve", ""));
    bench_receipt(&bench, "channel:1", NULL, error_new("restricted_action"));
    assert_null(bench_order(&bench, "post", "resolved", NULL)); /* there is no headline yet */
    assert_false(sw_failed(bench_command_with(
        &bench, "receipt", json_pack("{ss ss ss sn}", "event", "e", "channel", "CMAIN", "ts", "2.2", "order"))));
    assert_string_equal(jx_string(bench_order(&bench, "post", "resolved", "CMAIN"), "thread_ts"), "2.2");
    bench_close(&bench);
}

static void test_many_failures_are_not_all_shown(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    for (int i = 0; i < 30; i++) {
        char key[64];
        (void)bench_name(&bench, "invite", "U9", "human");
        (void)sw_copy(key, sizeof key, jx_string(bench_order(&bench, "invite", NULL, NULL), "key"));
        bench_receipt(&bench, key, NULL, error_new("user_not_found"));
    }
    (void)bench_say(&bench, "status", "");
    assert_int_equal(json_array_size(json_object_get(bench_reply(&bench)->data, "failed_orders")), 20);
    bench_close(&bench);
}

static void test_a_long_text_is_cut(void **state)
{
    (void)state;
    struct bench bench;
    struct proto_order order;
    char text[INCIDENT_MAX_TEXT];
    bench_start(&bench);
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_true(bench_done(&bench, "notify", text));
    assert_false(sw_failed(proto_order_read(bench_order(&bench, "post", "comm_update", NULL), &order)));
    bench_close(&bench);
}

static void test_a_second_headline_is_surplus(void **state)
{
    (void)state;
    struct bench bench;
    struct proto_view view = { 0 };
    bench_start(&bench);
    for (int i = 1; i <= 2; i++)
        assert_false(sw_failed(bench_command_with(
            &bench, "receipt",
            json_pack("{ss ss ss sn}", "event", "e", "channel", "CMAIN", "ts", i == 1 ? "2.1" : "2.2", "order"))));
    assert_true(bench_event(&bench, "surplus"));
    assert_false(sw_failed(INCIDENT_KIND.view(bench.wf, &view)));
    assert_string_equal(view.message.ts, "2.1");
    assert_string_equal(view.surplus.ts, "2.2");
    proto_view_release(&view);
    bench_close(&bench);
}

static void test_a_receipt_for_nothing_changes_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    JX_AUTO json_t *before = json_incref(bench.wf->facts);
    bench_receipt(&bench, "channel:99", json_pack("{ss ss}", "id", "COTHER", "name", "x"), NULL);
    assert_true(json_equal(before, bench.wf->facts));
    bench_close(&bench);
}

/* ---- the topic ---- */

static const char *topic_after(struct bench *bench, const char *verb, const char *text)
{
    assert_true(bench_done(bench, verb, text));
    const json_t *order = bench_order(bench, "topic", NULL, "C42");
    assert_non_null(order);
    assert_true(json_is_true(json_object_get(order, "replaces")));
    return jx_string(order, "topic");
}

static void test_the_topic(void **state)
{
    (void)state;
    struct bench bench;
    char title[400];
    bench_start(&bench);
    assert_string_equal(incident_fact(bench.wf, "topic"),
                        ":fire: [P2] *TESTING 123* - Point: _nobody_, Comms: _nobody_");
    assert_string_equal(topic_after(&bench, "component", "db, auth-service"),
                        ":fire: [P2][auth-service][db] *TESTING 123* - Point: _nobody_, Comms: _nobody_");
    assert_non_null(strstr(topic_after(&bench, "triage", ""), "Triage: <@U1>"));
    assert_string_equal(topic_after(&bench, "blocked", "An external system"), /* K7 */
                        ":no_entry: [P2][blocked][auth-service][db] *TESTING 123* - Blocked on: An external system, "
                        "Point: _nobody_, Comms: _nobody_, Triage: <@U1>");
    assert_non_null(strstr(topic_after(&bench, "blocked", "somebody else"), "Blocked on: An external system,somebody"));
    (void)topic_after(&bench, "unblock_all", "");
    assert_string_equal(topic_after(&bench, "resolve", ""), ":sunny: [P2][auth-service][db] *TESTING 123*"); /* K8 */
    assert_string_equal(topic_after(&bench, "title", "café & db: see https://x.example"),
                        ":sunny: [P2][auth-service][db] *café & DB: SEE https://x.example*");
    memset(title, 'x', sizeof title);
    title[sizeof title - 1] = '\0';
    const char *topic = topic_after(&bench, "title", title); /* K5 */
    assert_int_equal(strlen(topic), 250);
    assert_string_equal(topic + 247, "...");
    bench_close(&bench);
}

static void test_no_mention_of_a_topic_is_cut(void **state)
{
    (void)state;
    struct bench bench;
    char title[300] = "";
    bench_start(&bench);
    bench_take_roles(&bench);
    for (size_t length = 200; length < 234; length++) {
        memset(title, 'x', length);
        title[length] = '\0';
        const char *topic = topic_after(&bench, "title", title), *mention = strrchr(topic, '<');
        assert_true(strlen(topic) <= 250);
        assert_true(!mention || strchr(mention, '>'));
    }
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_exists_before_its_channel),
        cmocka_unit_test(test_a_low_priority_is_quiet),
        cmocka_unit_test(test_what_cannot_be_declared),
        cmocka_unit_test(test_priorities_by_name),
        cmocka_unit_test(test_a_dot_word_declares_in_a_main_channel_alone),
        cmocka_unit_test(test_without_the_section_there_are_none),
        cmocka_unit_test(test_room_sets),
        cmocka_unit_test(test_orders_say_since_when_and_which_are_outstanding),
        cmocka_unit_test(test_a_taken_name_is_followed_by_the_next),
        cmocka_unit_test(test_a_failure_is_told_once_and_tried_six_times),
        cmocka_unit_test(test_every_order_says_what_to_do_when_it_is_refused),
        cmocka_unit_test(test_what_failed_beside_an_order_is_told_once),
        cmocka_unit_test(test_without_a_channel_it_speaks_under_its_headline),
        cmocka_unit_test(test_what_is_said_before_the_channel_waits_for_it),
        cmocka_unit_test(test_what_waits_goes_under_the_headline_when_there_will_be_no_channel),
        cmocka_unit_test(test_many_failures_are_not_all_shown),
        cmocka_unit_test(test_a_long_text_is_cut),
        cmocka_unit_test(test_a_second_headline_is_surplus),
        cmocka_unit_test(test_a_receipt_for_nothing_changes_nothing),
        cmocka_unit_test(test_the_topic),
        cmocka_unit_test(test_no_mention_of_a_topic_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
