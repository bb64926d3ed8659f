/* SPDX-License-Identifier: Apache-2.0
 * What comes to an incident from elsewhere, alerts and deployments; who may see and say what; and what is said where
 * there is none. */
#include "tests/unit/orchestrator/core/incident_bench.h"

#include "orchestrator/core/deployment.h"

/* ---- alerts ---- */

static json_t *alert_new(const char *key, const char *status)
{
    return json_pack("{ss ss ss ss ss ss si ss ss}", "source", "grafana", "key", key, "status", status, "title",
                     "Disk is full", "text", "97 %", "service", "site", "priority", 1, "url", "https://g/1",
                     "started_at", "2024-01-24T14:10:00.000Z");
}

static void send_alert(struct bench *bench, const char *key, const char *status)
{
    const char *user = bench->user;
    bench->origin = "hook";
    bench->user = "";
    assert_false(sw_failed(bench_command_with(bench, "alert", alert_new(key, status))));
    assert_null(bench_reply(bench));
    bench->origin = "dot";
    bench->user = user;
}

static void declare_by_alert(struct bench *bench)
{
    bench_open_with(bench, BENCH_INCIDENTS);
    bench->origin = "hook";
    bench->user = bench->channel = "";
    assert_true(bench_declare_as(bench, "alert", alert_new("a1", "firing")));
    bench->origin = "dot";
    bench->user = "U1";
    bench_answer_orders(bench);
    bench->channel = "C42";
}

static void test_an_alert_declares(void **state)
{
    (void)state;
    struct bench bench;
    char keys[KIND_MAX_KEYS][WF_KEY_SIZE];
    declare_by_alert(&bench);
    assert_string_equal(incident_fact(bench.wf, "title"), "Disk is full");
    assert_int_equal(incident_priority(bench.wf), 1);
    assert_int_equal(incident_time(bench.wf, "detected"), BENCH_NOW - 10 * BENCH_MINUTE); /* monitoring knows */
    assert_int_equal(incident_count_entries(bench.wf, "alert"), 1);
    assert_int_equal(INCIDENT_KIND.keys(bench.wf, keys), 3);
    assert_string_equal(keys[2], "alert:grafana:a1");
    bench_close(&bench);
}

static void test_an_alert_that_is_over_declares_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench.origin = "hook";
    assert_false(bench_declare_as(&bench, "alert", alert_new("a1", "resolved")));
    bench_close(&bench);
}

static void test_an_alert_updates_and_proposes(void **state)
{
    (void)state;
    struct bench bench;
    declare_by_alert(&bench);
    send_alert(&bench, "a1", "firing"); /* again: nothing new */
    assert_int_equal(bench.update.effect_count, 0);
    send_alert(&bench, "a2", "firing");
    assert_int_equal(json_array_size(incident_list(bench.wf, "alerts")), 2);
    send_alert(&bench, "a1", "resolved");
    assert_null(bench_order(&bench, "post", "resolve_offer", NULL)); /* the other one fires */
    send_alert(&bench, "a2", "resolved");
    assert_non_null(bench_order(&bench, "post", "resolve_offer", "C42"));
    assert_int_equal(bench.wf->state, INCIDENT_STARTED); /* people decide */
    assert_true(bench_done(&bench, "resolve", ""));
    send_alert(&bench, "a1", "firing");
    assert_non_null(bench_order(&bench, "post", "alert_again", "C42"));
    bench_close(&bench);
}

static void test_a_finished_incident_has_no_alerts(void **state)
{
    (void)state;
    struct bench bench;
    char keys[KIND_MAX_KEYS][WF_KEY_SIZE];
    declare_by_alert(&bench);
    assert_true(bench_done(&bench, "cancel", ""));
    assert_int_equal(INCIDENT_KIND.keys(bench.wf, keys), 2); /* the next one that fires is a new incident */
    bench_close(&bench);
}

/* ---- deployments ---- */

static const struct wf_hold *held(const struct bench *bench)
{
    const struct wf_effect *effect = bench_effect(bench, WF_HOLD);
    return effect ? effect->hold : NULL;
}

static void test_a_serious_one_holds_its_service(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench_declare(&bench, "{\"title\":\"x\",\"priority\":1,\"service\":\"site\"}");
    assert_string_equal(held(&bench)->service, "site");
    assert_string_equal(held(&bench)->origin, "i-0000000000001");
    assert_string_equal(held(&bench)->reason, "incident #42: x");
    bench_receipt(&bench, "channel:1", json_pack("{ss ss}", "id", "C42", "name", "inc-42"), NULL);
    assert_string_equal(held(&bench)->channel, "C42"); /* what is asked for there may start */
    bench.channel = "C42";
    assert_true(bench_done(&bench, "resolve", ""));
    assert_null(bench_effect(&bench, WF_RELEASE));
    assert_non_null(bench_order(&bench, "post", "release_offer", "C42"));
    assert_true(bench_done(&bench, "release", ""));
    assert_string_equal(bench_effect(&bench, WF_RELEASE)->hold_id, "i-0000000000001:1");
    assert_false(bench_done(&bench, "release", ""));
    assert_true(bench_done(&bench, "restart", ""));
    assert_string_equal(held(&bench)->service, "site");
    assert_true(bench_done(&bench, "cancel", ""));
    assert_non_null(bench_effect(&bench, WF_RELEASE));
    assert_true(bench_done(&bench, "uncancel", ""));
    assert_non_null(held(&bench));
    bench_close(&bench);
}

/* What is said, word by word, and whether its service is held at the end. */
static void test_what_is_under_way_again_holds_again(void **state)
{
    (void)state;
    static const struct {
        int priority;
        const char *said[8];
        bool holds, told; /* told: the last word says so in the channel */
    } CASES[] = {
        { 1, { "resolve", "release", "unresolve" }, true, true },
        { 2, { "resolve", "release", "restart" }, true, true },
        { 1, { "cancel", "uncancel" }, true, true },
        { 1, { "resolve", "unresolve" }, true, false }, /* it never let go */
        { 3, { "resolve", "unresolve" }, false, false },
        { 1, { "release", "resolve", "unresolve" }, false, false },
        { 1, { "release", "cancel", "uncancel" }, false, false },
        { 1, { "release", "mitigate", "restart" }, false, false },
        { 1, { "release", "hold", "resolve", "release", "unresolve" }, true, true },
        { 2, { "release", "priority 1" }, false, false },
        { 3, { "priority 1" }, true, true },
        { 2, { "release", "priority 3", "priority 1" }, true, true }, /* raised: it is as bad as a new one */
    };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct bench bench;
        bench_open_with(&bench, BENCH_INCIDENTS);
        assert_true(
            bench_declare_as(&bench, "declare",
                             json_pack("{ss si ss}", "title", "x", "priority", CASES[i].priority, "service", "site")));
        bench_answer_orders(&bench);
        bench.channel = "C42";
        for (size_t j = 0; CASES[i].said[j]; j++) {
            char verb[32];
            const char *rest = strchr(CASES[i].said[j], ' ');
            (void)snprintf(verb, sizeof verb, "%.*s", (int)strcspn(CASES[i].said[j], " "), CASES[i].said[j]);
            assert_true(bench_done(&bench, verb, rest ? rest + 1 : ""));
        }
        assert_int_equal(json_array_size(incident_list(bench.wf, "holds")), CASES[i].holds);
        assert_int_equal(bench_order(&bench, "post", "hold", "C42") != NULL, CASES[i].told);
        bench_close(&bench);
    }
}

static void test_a_title_may_begin_with_its_service(void **state)
{
    (void)state;
    static const struct {
        const char *title, *origin, *service;
    } CASES[] = {
        { "site is down", "slash", "site" },   { "Site: nothing loads", "dot", "site" },
        { "site", "slash", "site" },           { "sites are down", "slash", "" },
        { "the site is down", "slash", "" },   { "site is down", "modal", "" },
        { "nosuch, it is down", "slash", "" },
    };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct bench bench;
        bench_open_with(&bench, BENCH_INCIDENTS);
        bench.origin = CASES[i].origin;
        json_t *args = json_pack("{ss si}", "title", CASES[i].title, "priority", 1);
        assert_true(bench_declare_as(&bench, "declare", args));
        assert_string_equal(incident_fact(bench.wf, "title"), CASES[i].title);
        assert_string_equal(incident_fact(bench.wf, "service"), CASES[i].service);
        assert_int_equal(held(&bench) != NULL, *CASES[i].service != '\0');
        const char *why = bench_reply(&bench)->why;
        assert_int_equal(why && strstr(why, "`site` do not start") != NULL, *CASES[i].service != '\0');
        bench_close(&bench);
    }
}

static void test_who_holds_what_by_hand(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench_declare(&bench, "{\"title\":\"x\",\"priority\":3,\"service\":\"site\"}");
    assert_null(held(&bench));
    bench_answer_orders(&bench);
    bench.channel = "C42";
    assert_true(bench_done(&bench, "hold", "site 2h"));
    assert_int_equal(held(&bench)->until_ms, BENCH_NOW + 120 * BENCH_MINUTE);
    assert_false(bench_done(&bench, "hold", "siet"));
    assert_false(bench_done(&bench, "release", "siet"));
    assert_true(bench_done(&bench, "release", "site"));
    assert_true(bench_done(&bench, "priority", "1")); /* raised: it holds */
    assert_non_null(held(&bench));
    bench_close(&bench);
}

static void test_deployments_are_part_of_its_story(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench_declare(&bench, "{\"title\":\"x\",\"service\":\"site\"}");
    struct wf *other = wf_new(&DEPLOYMENT_KIND, "d-0000000000001", 0);
    json_decref(other->facts);
    other->facts = json_pack("{ss ss ss}", "service", "site", "ref", "main", "environment", "staging");
    assert_true(INCIDENT_KIND.watches(bench.wf, other));
    assert_false(
        sw_failed(bench_tell(&bench, (struct wf_input){ .kind = WF_NEWS, .other = other, .event = "succeeded" })));
    const json_t *entry = incident_entry(bench.wf, incident_last_entry(bench.wf));
    assert_string_equal(jx_string(entry, "type"), "deployment");
    assert_non_null(strstr(jx_string(entry, "text"), "d-0000000000001"));
    wf_free(other);
    bench_close(&bench);
}

static void test_a_failed_deployment_fills_the_declaration(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench.deployment =
        json_pack("{ss ss ss ss ss s{ss}}", "kind", "deployment", "workflow", "d-0000000000001", "service", "site",
                  "environment", "staging", "state", "failed", "error", "text", "exit code 1");
    bench_declare(&bench, "{\"title\":\"\",\"from\":\"d-0000000000001\"}");
    assert_string_equal(incident_fact(bench.wf, "cause"), "d-0000000000001");
    assert_string_equal(incident_fact(bench.wf, "service"), "site");
    assert_non_null(strstr(incident_fact(bench.wf, "title"), "site to staging"));
    assert_int_equal(incident_count_entries(bench.wf, "note"), 1); /* the error */
    bench_close(&bench);
}

static void test_what_was_deployed_before_is_kept(void **state)
{
    (void)state;
    struct bench bench;
    struct proto_view view = { 0 };
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench.views =
        json_pack("[{ss ss} {ss ss} {ss ss} {ss ss}]", "workflow", "d-4", "service", "site", "workflow", "d-3",
                  "service", "site", "workflow", "d-2", "service", "site", "workflow", "d-1", "service", "site");
    bench_declare(&bench, "{\"title\":\"x\",\"service\":\"site\"}");
    assert_false(sw_failed(INCIDENT_KIND.view(bench.wf, &view)));
    const json_t *changes = json_object_get(view.detail, "changes");
    assert_int_equal(json_array_size(changes), 3);
    assert_string_equal(jx_string(json_array_get(changes, 0), "workflow"), "d-4");
    proto_view_release(&view);
    bench_close(&bench);
}

static void test_changes_are_listed(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_non_null(strstr(bench_say(&bench, "changes", "")->text, "Nothing was deployed"));
    bench.views = json_pack("[{ss ss ss ss ss}]", "workflow", "d-0000000000001", "service", "site", "environment",
                            "staging", "ref", "main", "state", "succeeded");
    assert_non_null(strstr(bench_say(&bench, "changes", "site")->text, "d-0000000000001"));
    assert_int_equal(json_array_size(json_object_get(bench_reply(&bench)->data, "deployments")), 1);
    bench_close(&bench);
}

/* ---- who sees, who may ---- */

static void test_nothing_of_a_private_one_leaves_its_channel(void **state)
{
    (void)state;
    struct bench bench;
    struct proto_view view = { 0 };
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench_declare(&bench, "{\"title\":\"secret\",\"priority\":1,\"private\":true,\"service\":\"site\"}");
    assert_string_equal(held(&bench)->reason, "an incident");
    assert_true(jx_bool_or(bench_order(&bench, "create_channel", NULL, NULL), "private", false));
    bench_receipt(&bench, "channel:1", json_pack("{ss ss}", "id", "C42", "name", "inc-42"), NULL);
    bench.channel = "C42";
    assert_non_null(bench_order(&bench, "post", "intro", "C42"));
    assert_null(bench_order(&bench, "post", NULL, "CNOTIFY"));
    assert_false(sw_failed(INCIDENT_KIND.view(bench.wf, &view)));
    assert_string_equal(view.home_channel, "");
    proto_view_release(&view);
    assert_true(bench_done(&bench, "notify", "no word outside"));
    assert_true(bench_done(&bench, "resolve", ""));
    assert_null(bench_order(&bench, "post", NULL, "CMAIN"));
    assert_null(bench_order(&bench, "post", NULL, "CNOTIFY"));
    bench.channel = "CSOME";
    bench.user = "USTRANGER";
    assert_string_equal(bench_say(&bench, "status", "")->code, "E-NOT-FOUND");
    bench.user = "U1"; /* who declared it */
    assert_true(bench_done(&bench, "status", ""));
    bench_close(&bench);
}

static void test_who_may(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, "{\"main\":\"CMAIN\",\"allow\":{\"cancel\":{\"users\":[\"UBOSS\"]},"
                            "\"title\":{\"channels\":[\"C42\"]}}}");
    bench_declare(&bench, "{\"title\":\"x\",\"priority\":4}");
    bench_answer_orders(&bench);
    bench.channel = "C42";
    assert_string_equal(bench_say(&bench, "cancel", "")->code, "E-NOT-ALLOWED");
    assert_non_null(strstr(bench_reply(&bench)->why, "<@UBOSS>"));
    bench.foreign = true;
    assert_true(bench_done(&bench, "note", "people from outside may speak"));
    assert_string_equal(bench_say(&bench, "hold", "site")->code, "E-FOREIGN");
    bench.foreign = false;
    assert_true(bench_done(&bench, "title", "y"));
    bench.channel = "CSOME";
    assert_string_equal(bench_say(&bench, "title", "z")->code, "E-CHANNEL-NOT-ALLOWED");
    bench.user = "UBOSS";
    assert_true(bench_done(&bench, "cancel", ""));
    bench_close(&bench);
}

/* ---- where there is no incident ---- */

static struct proto_reply *astray(struct bench *bench, const char *verb, const char *text)
{
    struct proto_command command = bench_command(bench, "incident", NULL);
    struct proto_reply *reply = NULL;
    const struct kind_world world = { .config = bench->config, .now_ms = bench->now_ms, .reads = &bench->reads };
    command.args = json_pack("{ss ss ss}", "verb", verb, "text", text, "spoken", verb);
    assert_false(sw_failed(INCIDENT_KIND.astray(&world, &command, &reply)));
    json_decref(command.args);
    return reply;
}

static void check_astray(struct bench *bench, const char *verb, const char *expected)
{
    struct proto_reply *reply = astray(bench, verb, "");
    const char *got = reply ? (*reply->code ? reply->code : reply->card) : "";
    if (!sw_equal(got, expected))
        fail_msg("%s: %s", verb, got);
    if (reply)
        proto_reply_release(reply);
    free(reply);
}

static void test_what_is_said_where_there_is_none(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    check_astray(&bench, "resolve", "E-NOT-HERE"); /* H52 */
    check_astray(&bench, "status", "overview");
    check_astray(&bench, "list", "overview");
    check_astray(&bench, "history", "overview");
    check_astray(&bench, "priorities", "priorities");
    check_astray(&bench, "report", "figures");
    check_astray(&bench, "changes", "changes");
    check_astray(&bench, "start", "E-TITLE");
    check_astray(&bench, "unknown", "E-VERB"); /* in the main channel a near miss is answered */
    bench.channel = "CSOME";
    check_astray(&bench, "unknown", ""); /* elsewhere it may be meant for somebody else */
    bench_close(&bench);
}

static void test_a_number_behind_the_word_is_not_guessed_at(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool names_one;
    } CASES[] = { { "#2 hi", true },          { "#42", true },     { "#2", true },
                  { "#2hi", false },          { "# 2 hi", false }, { "hi #2", false },
                  { "#1234567890 x", false }, { "#x", false },     { "#12\nlines", true } };
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct proto_reply *reply = astray(&bench, "note", CASES[i].text);
        assert_string_equal(reply->code, "E-NOT-HERE");
        assert_string_equal(reply->card, CASES[i].names_one ? "" : "not_here");
        if (CASES[i].names_one)
            assert_non_null(strstr(reply->hint, " note ...`"));
        proto_reply_release(reply);
        free(reply);
    }
    struct proto_reply *reply = astray(&bench, "note", "#2 hi");
    assert_non_null(strstr(reply->hint, "`/incident #2 note ...`"));
    proto_reply_release(reply);
    free(reply);
    bench_close(&bench);
}

static json_t *view_new(const char *title, int priority, const char *state, bool is_private)
{
    return json_pack("{ss ss s{si ss sb s{si ss} ss s{sI}}}", "workflow", title, "state", state, "detail", "number",
                     priority, "title", title, "private", is_private, "priority", "n", priority, "name", "P",
                     "state_words", state, "times", "created", (json_int_t)BENCH_NOW);
}

static void test_the_overview_is_sorted(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench.views = json_pack("[ooooooo]", view_new("C", 1, "started", false), view_new("A", 3, "started", false),
                            view_new("B", 1, "blocked", false), view_new("D", 2, "acknowledged", false),
                            view_new("S", 1, "started", true), view_new("R", 1, "resolved", false),
                            view_new("Z", 1, "archived", false));
    struct proto_reply *reply = astray(&bench, "list", "list");
    const json_t *active = json_object_get(reply->data, "active");
    static const char *const ORDER[] = { "B", "C", "D", "A" }; /* F26 */
    assert_int_equal(json_array_size(active), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(jx_string(json_array_get(active, i), "title"), ORDER[i]);
    assert_int_equal(json_array_size(json_object_get(reply->data, "others")), 1);
    assert_null(strstr(reply->text, " S,"));
    proto_reply_release(reply);
    free(reply);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_alert_declares),
        cmocka_unit_test(test_an_alert_that_is_over_declares_nothing),
        cmocka_unit_test(test_an_alert_updates_and_proposes),
        cmocka_unit_test(test_a_finished_incident_has_no_alerts),
        cmocka_unit_test(test_a_serious_one_holds_its_service),
        cmocka_unit_test(test_what_is_under_way_again_holds_again),
        cmocka_unit_test(test_a_title_may_begin_with_its_service),
        cmocka_unit_test(test_who_holds_what_by_hand),
        cmocka_unit_test(test_deployments_are_part_of_its_story),
        cmocka_unit_test(test_a_failed_deployment_fills_the_declaration),
        cmocka_unit_test(test_what_was_deployed_before_is_kept),
        cmocka_unit_test(test_changes_are_listed),
        cmocka_unit_test(test_nothing_of_a_private_one_leaves_its_channel),
        cmocka_unit_test(test_who_may),
        cmocka_unit_test(test_what_is_said_where_there_is_none),
        cmocka_unit_test(test_a_number_behind_the_word_is_not_guessed_at),
        cmocka_unit_test(test_the_overview_is_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
