/* SPDX-License-Identifier: Apache-2.0
 * The live message in each state: what it says, and which buttons it has. The limits are judged by the simulator's
 * validator in tests/unit/sandbox/test_render_limits.c. */
#include "gateway/core/render_message.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID "d-0123456789abc"

static const int64_t T0 = 1767225600000;

static struct proto_step_view STEPS[] = {
    { .name = "build", .state = PROTO_STEP_SUCCEEDED, .attempt = 1, .attempts = 1 },
    { .name = "test", .state = PROTO_STEP_RUNNING, .attempt = 2, .attempts = 3, .status = "40% 7 of 18 <hosts>" },
    { .name = "publish", .state = PROTO_STEP_PENDING },
};

static struct proto_view view_in(const char *state)
{
    struct proto_view view = { .n = 7,
                               .service = "site",
                               .environment = "staging",
                               .ref = "main",
                               .workflow = ID,
                               .requested_user = "UANA",
                               .created_at_ms = T0,
                               .steps = STEPS,
                               .step_count = SW_COUNT(STEPS) };
    (void)sw_copy(view.state, sizeof view.state, state);
    STEPS[0].started_at_ms = T0;
    STEPS[0].finished_at_ms = T0 + 130000;
    STEPS[1].started_at_ms = T0 + 130000;
    STEPS[1].finished_at_ms = STEPS[1].retry_at_ms = 0;
    STEPS[1].state = PROTO_STEP_RUNNING;
    STEPS[1].tail = NULL;
    return view;
}

static void fail_test_step(enum proto_step_state state)
{
    STEPS[1].state = state;
    STEPS[1].finished_at_ms = T0 + 192000;
    STEPS[1].has_exit_code = true;
    STEPS[1].exit_code = 1;
    (void)sw_copy(STEPS[1].error, sizeof STEPS[1].error, "page `x` is missing");
}

/* The message as one text, and it must have the words (NULL-terminated). */
static char *rendered(const struct proto_view *view)
{
    JX_AUTO json_t *message = render_message_new(view, T0 + 142000);
    assert_non_null(message);
    assert_true(json_string_length(json_object_get(message, "text")) > 0);
    return json_dumps(message, JSON_COMPACT | JSON_ENCODE_ANY);
}

static void assert_has(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("no \"%s\" in: %s", words, text);
}

static void assert_buttons(const char *text, bool cancel, bool retry)
{
    assert_int_equal(strstr(text, "\"action_id\":\"cancel\"") != NULL, cancel);
    assert_int_equal(strstr(text, "\"action_id\":\"retry\"") != NULL, retry);
    assert_int_equal(strstr(text, "\"confirm\":{") != NULL, cancel);
    if (cancel)
        assert_has(text, "\"value\":\"" ID "\"");
}

static void test_queued_tells_its_place_and_who_is_ahead(void **state)
{
    (void)state;
    struct proto_view view = view_in("queued");
    view.position = 2;
    JX_AUTO json_t *ahead = json_pack("[ss]", "d-1", "d-2");
    view.ahead = ahead;
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "*site → staging* queued, 2nd in line");
    assert_has(text, "version `main`");
    assert_has(text, "ahead: `d-1`, `d-2`");
    assert_has(text, "by <@UANA>");
    assert_has(text, "site to staging: queued, 2nd in line. `" ID "`");
    assert_buttons(text, true, false);
}

static void test_a_held_one_tells_by_what_and_until_when(void **state)
{
    (void)state;
    struct proto_view view = view_in("queued");
    (void)sw_copy(view.held_by, sizeof view.held_by, "i-0123456789abc");
    (void)sw_copy(view.held_channel, sizeof view.held_channel, "C42");
    (void)sw_copy(view.held_reason, sizeof view.held_reason, "P1 <checkout>");
    view.held_until_ms = T0 + 3600000;
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text,
               "🧊 held by incident `i-0123456789abc` (<#C42>): P1 &lt;checkout&gt; · until <!date^1767229200^");
    (void)sw_copy(view.state, sizeof view.state, "running");
    SW_AUTO_FREE char *running = rendered(&view);
    assert_null(strstr(running, "🧊"));
}

/* ---- breaking the glass ---- */

#define HELD_BY_42                                                                                                     \
    "'holds':[{'id':'i-1:1','by':'i-1','channel':'C42','reason':'incident #42: <down>'},"                              \
    "{'id':'i-2:1','by':'i-2','channel':'','reason':'an incident'}]"
#define ASKED "'number':2,'user':'U1','reason':'it can`t & must not wait','at':'2026-01-01T00:00:05.000Z'," HELD_BY_42

static struct proto_view held_view(const char *state, const char *glass)
{
    struct proto_view view = view_in(state);
    char *text = strdup(glass);
    for (char *at = text; *at; at++)
        if (*at == '\'')
            *at = '"';
    view.detail = json_pack("{so}", "break_glass", json_loads(text, 0, NULL));
    (void)sw_copy(view.held_by, sizeof view.held_by, "i-0123456789abc");
    assert_non_null(view.detail);
    free(text);
    return view;
}

static void test_a_held_one_offers_to_break_the_glass(void **state)
{
    (void)state;
    struct proto_view view = view_in("queued");
    SW_AUTO_FREE char *free_one = rendered(&view);
    assert_null(strstr(free_one, "break_glass"));
    (void)sw_copy(view.held_by, sizeof view.held_by, "i-0123456789abc");
    SW_AUTO_FREE char *held = rendered(&view);
    assert_has(held, "\"action_id\":\"break_glass\"");
    assert_has(held, "\"style\":\"danger\"");
    assert_buttons(held, true, false);
}

static void test_a_request_says_who_why_and_what_it_would_pass(void **state)
{
    (void)state;
    struct proto_view view =
        held_view("queued", "{'next':3,'request':{" ASKED ",'until':'2026-01-01T00:15:05.000Z'},'past':[]}");
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "<@U1> asks to *break the glass* <!date^1767225605^");
    assert_has(text, ": it canˋt &amp; must not wait");
    assert_has(text, "It would pass incident #42: &lt;down&gt; (<#C42>), an incident. Somebody else has to agree until "
                     "<!date^1767226505^");
    assert_has(text, "\"action_id\":\"break_glass_agree\"");
    assert_has(text, "\"action_id\":\"break_glass_decline\"");
    assert_has(text, "\\\"request\\\":2");
    assert_null(strstr(text, "\"action_id\":\"break_glass\""));
    json_decref(view.detail);
}

static void test_broken_glass_stays_told(void **state)
{
    (void)state;
    static const char *const STATES[] = { "queued", "running", "succeeded", "failed", "cancelled" };
    for (size_t i = 0; i < SW_COUNT(STATES); i++) {
        struct proto_view view =
            held_view(STATES[i], "{'next':3,'request':null,'past':[{" ASKED
                                 ",'how':'agreed','by':'U2','ended_at':'2026-01-01T00:01:05.000Z'}]}");
        SW_AUTO_FREE char *text = rendered(&view);
        assert_has(text, "The *glass is broken*: <@U1> asked <!date^1767225605^");
        assert_has(text, ", <@U2> agreed <!date^1767225665^");
        assert_has(text, "It passes incident #42: &lt;down&gt; (<#C42>), an incident");
        json_decref(view.detail);
    }
}

static void test_a_request_that_came_to_nothing_is_told_while_it_matters(void **state)
{
    (void)state;
    static const char *const WORDS[][2] = { { "'declined','by':'U2'", "as <@U1> asked: <@U2> declined" },
                                            { "'declined','by':'U1'", "as <@U1> asked: it was withdrawn" },
                                            { "'expired','by':null", "as <@U1> asked: nobody agreed in time" },
                                            { "'dropped','by':null", "as <@U1> asked: nothing holds it any more" } };
    for (size_t i = 0; i < SW_COUNT(WORDS); i++) {
        char glass[700];
        (void)snprintf(glass, sizeof glass,
                       "{'next':3,'request':null,'past':[{" ASKED ",'how':%s,'ended_at':'2026-01-01T00:01:05.000Z'}]}",
                       WORDS[i][0]);
        struct proto_view view = held_view("queued", glass);
        SW_AUTO_FREE char *text = rendered(&view);
        assert_has(text, WORDS[i][1]);
        assert_has(text, "\"action_id\":\"break_glass\""); /* it may be asked for again */
        (void)sw_copy(view.state, sizeof view.state, "succeeded");
        SW_AUTO_FREE char *over = rendered(&view);
        assert_null(strstr(over, "glass"));
        json_decref(view.detail);
    }
}

static void test_a_failed_one_offers_to_declare_an_incident(void **state)
{
    (void)state;
    struct proto_view view = view_in("failed");
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "\"action_id\":\"declare\"");
    assert_has(text, "\\\"from\\\":\\\"" ID "\\\"");
    assert_has(text, "\\\"title\\\":\\\"site to staging failed\\\"");
    JX_AUTO json_t *none = json_pack("{sb}", "incidents", 0);
    view.detail = none;
    SW_AUTO_FREE char *without = rendered(&view);
    assert_null(strstr(without, "declare"));
}

static void test_running_tells_each_step(void **state)
{
    (void)state;
    struct proto_view view = view_in("running");
    view.started_at_ms = T0;
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "*site → staging* running, step 2 of 3");
    assert_has(text, "✅ *build* succeeded · 2 m 10 s");
    assert_has(text, "⏳ *test* running since <!date^1767225730^");
    assert_has(text, "40% 7 of 18 &lt;hosts&gt; · attempt 2 of 3");
    assert_has(text, "*publish* pending");
    assert_has(text, "running, step 2 of 3 (test)");
    assert_buttons(text, true, false);
}

static void test_a_step_that_waits_says_why_and_until_when(void **state)
{
    (void)state;
    struct proto_view view = view_in("running");
    fail_test_step(PROTO_STEP_FAILED);
    STEPS[1].retry_at_ms = T0 + 200000;
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "🔁 *test* waits");
    assert_has(text, "attempt 2 of 3 · tries again at <!date^1767225800^");
    assert_has(text, "exit 1 · `page ˋxˋ is missing`");
}

static void test_cancelling_has_no_button_left(void **state)
{
    (void)state;
    struct proto_view view = view_in("cancelling");
    view.cancel_at_ms = T0 + 140000;
    (void)sw_copy(view.cancel_user, sizeof view.cancel_user, "UBO");
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "*site → staging* cancelling, step 2 of 3");
    assert_has(text, "asked to stop <!date^1767225740^");
    assert_has(text, "by <@UBO>");
    assert_buttons(text, false, false);
}

static void test_a_human_is_told_what_is_unknown_and_may_choose(void **state)
{
    (void)state;
    struct proto_view view = view_in("needs_a_human");
    fail_test_step(PROTO_STEP_UNKNOWN);
    (void)sw_copy(view.error_code, sizeof view.error_code, "E-STEP-UNKNOWN");
    (void)sw_copy(view.error_text, sizeof view.error_text, "Nobody can tell how `test` ended");
    (void)sw_copy(view.error_hint, sizeof view.error_hint, "Look at its target.");
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "*site → staging* needs a human at *test*");
    assert_has(text, "Nobody can tell how `test` ended\\nLook at its target.");
    assert_has(text, "❓ *test* unknown");
    assert_has(text, "error `E-STEP-UNKNOWN`");
    assert_buttons(text, true, true);
}

static void test_success_is_one_line_with_the_version_and_the_time(void **state)
{
    (void)state;
    struct proto_view view = view_in("succeeded");
    for (size_t i = 0; i < SW_COUNT(STEPS); i++)
        STEPS[i].state = PROTO_STEP_SUCCEEDED;
    view.started_at_ms = T0;
    view.finished_at_ms = T0 + 571000;
    SW_AUTO_FREE char *text = rendered(&view);
    STEPS[2].state = PROTO_STEP_PENDING;
    assert_has(text, "✅ *site → staging* succeeded: `main` is live · 9 m 31 s · <@UANA>");
    assert_buttons(text, false, false);
}

static void test_failure_shows_the_error_the_hint_and_the_last_lines(void **state)
{
    (void)state;
    struct proto_view view = view_in("failed");
    fail_test_step(PROTO_STEP_FAILED);
    char tail[] =
        "line 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\nline 9\nline 10\nline 11\n<line 12>\n";
    STEPS[1].tail = tail;
    view.started_at_ms = T0;
    view.finished_at_ms = T0 + 192000;
    (void)sw_copy(view.error_text, sizeof view.error_text, "`test` ended with 1");
    (void)sw_copy(view.error_hint, sizeof view.error_hint, "Deploy again.");
    (void)sw_copy(view.error_code, sizeof view.error_code, "E-STEP-FAILED");
    SW_AUTO_FREE char *text = rendered(&view);
    STEPS[1].tail = NULL;
    assert_has(text, "❌ *site → staging* failed at *test* after 3 m 12 s");
    assert_has(text, "`test` ended with 1\\nDeploy again.");
    assert_has(text, "```\\nline 3\\n");
    assert_has(text, "line 11\\n&lt;line 12&gt;\\n```");
    assert_null(strstr(text, "line 2\\n"));
    assert_has(text, "error `E-STEP-FAILED`");
    assert_has(text, "after 3 m 12 s. `" ID "`\\n`test` ended with 1\\nDeploy again.\\n`E-STEP-FAILED`");
    assert_buttons(text, false, false);
}

static void test_empty_lines_at_the_end_of_the_output_are_no_lines(void **state)
{
    (void)state;
    char tail[6000], blank[] = "\n\n\n";
    memset(tail, '\n', sizeof tail);
    memcpy(tail, "one\ntwo", strlen("one\ntwo"));
    tail[sizeof tail - 1] = '\0';
    struct proto_view view = view_in("failed");
    fail_test_step(PROTO_STEP_FAILED);
    STEPS[1].tail = tail;
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "\"```\\none\\ntwo\\n```\"");
    STEPS[1].tail = blank;
    SW_AUTO_FREE char *without = rendered(&view);
    STEPS[1].tail = NULL;
    assert_null(strstr(without, "```"));
}

static void test_cancelled_names_who_and_strikes_the_title(void **state)
{
    (void)state;
    struct proto_view view = view_in("cancelled");
    (void)sw_copy(view.cancel_user, sizeof view.cancel_user, "UBO");
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "~site → staging~ cancelled by <@UBO>");
    assert_buttons(text, false, false);
}

static void test_rejected_says_why_and_shows_no_steps(void **state)
{
    (void)state;
    struct proto_view view = view_in("rejected");
    (void)sw_copy(view.error_text, sizeof view.error_text, "No service `sit`.");
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "~site → staging~ rejected");
    assert_has(text, "No service `sit`.");
    assert_null(strstr(text, "*publish*"));
    assert_buttons(text, false, false);
}

static void test_every_state_has_a_message_with_its_words(void **state)
{
    (void)state;
    for (int i = 0; i < PROTO_DEPLOYMENT_STATE_COUNT; i++) {
        char words[PROTO_NAME_SIZE];
        const char *name = proto_deployment_state_name((enum proto_deployment_state)i);
        struct proto_view view = view_in(name);
        SW_AUTO_FREE char *text = rendered(&view);
        proto_state_words(name, words, sizeof words);
        assert_has(text, words);
    }
}

static void test_what_is_not_known_is_left_out(void **state)
{
    (void)state;
    struct proto_view view = { .workflow = ID, .state = "running" };
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "*" ID "* running");
    assert_null(strstr(text, "version"));
    assert_null(strstr(text, "1970"));
    assert_null(strstr(text, " by "));
    assert_null(strstr(text, "``"));
}

static void test_a_state_of_a_later_version_is_shown_as_it_is_called(void **state)
{
    (void)state;
    struct proto_view view = view_in("baking_cakes");
    SW_AUTO_FREE char *text = rendered(&view);
    assert_has(text, "*site → staging* baking cakes");
    assert_buttons(text, false, false);
}

static void test_the_metadata_carries_the_event(void **state)
{
    (void)state;
    JX_AUTO json_t *metadata = render_metadata_new(ID ":7", ID, 7);
    const json_t *payload = json_object_get(metadata, "event_payload");
    assert_string_equal(jx_string(metadata, "event_type"), "slipway_event");
    assert_string_equal(jx_string(payload, "id"), ID ":7");
    assert_string_equal(jx_string(payload, "workflow"), ID);
    assert_int_equal(jx_i64_or(payload, "n", 0), 7);
}

static void test_ordinals_read_as_people_say_them(void **state)
{
    (void)state;
    static const struct {
        int32_t number;
        const char *text;
    } ROWS[] = { { 1, "1st" },   { 2, "2nd" },   { 3, "3rd" },   { 4, "4th" },     { 11, "11th" },
                 { 12, "12th" }, { 13, "13th" }, { 21, "21st" }, { 111, "111th" }, { 122, "122nd" } };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        struct sw_buf SW_AUTO_BUF buf = { 0 };
        render_put_ordinal(&buf, ROWS[i].number);
        assert_string_equal(sw_buf_string(&buf), ROWS[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queued_tells_its_place_and_who_is_ahead),
        cmocka_unit_test(test_a_held_one_tells_by_what_and_until_when),
        cmocka_unit_test(test_a_held_one_offers_to_break_the_glass),
        cmocka_unit_test(test_a_request_says_who_why_and_what_it_would_pass),
        cmocka_unit_test(test_broken_glass_stays_told),
        cmocka_unit_test(test_a_request_that_came_to_nothing_is_told_while_it_matters),
        cmocka_unit_test(test_a_failed_one_offers_to_declare_an_incident),
        cmocka_unit_test(test_running_tells_each_step),
        cmocka_unit_test(test_a_step_that_waits_says_why_and_until_when),
        cmocka_unit_test(test_cancelling_has_no_button_left),
        cmocka_unit_test(test_a_human_is_told_what_is_unknown_and_may_choose),
        cmocka_unit_test(test_success_is_one_line_with_the_version_and_the_time),
        cmocka_unit_test(test_failure_shows_the_error_the_hint_and_the_last_lines),
        cmocka_unit_test(test_empty_lines_at_the_end_of_the_output_are_no_lines),
        cmocka_unit_test(test_cancelled_names_who_and_strikes_the_title),
        cmocka_unit_test(test_rejected_says_why_and_shows_no_steps),
        cmocka_unit_test(test_every_state_has_a_message_with_its_words),
        cmocka_unit_test(test_what_is_not_known_is_left_out),
        cmocka_unit_test(test_a_state_of_a_later_version_is_shown_as_it_is_called),
        cmocka_unit_test(test_the_metadata_carries_the_event),
        cmocka_unit_test(test_ordinals_read_as_people_say_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
