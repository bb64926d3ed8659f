/* SPDX-License-Identifier: Apache-2.0
 * Interactive payloads and events: what they are, and which facts count. */
#include "gateway/core/slack_payload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static json_t *json(const char *text)
{
    json_t *value = NULL;
    assert_false(sw_failed(jx_parse(text, strlen(text), &value)));
    return value;
}

static const char CLICK[] =
    "{\"type\":\"block_actions\",\"user\":{\"id\":\"U1\",\"team_id\":\"T9\"},\"team\":{\"id\":\"T1\"},"
    "\"channel\":{\"id\":\"C1\"},\"api_app_id\":\"A1\",\"trigger_id\":\"1.2.f\",\"enterprise\":null,"
    "\"response_url\":\"https://hooks.slack.com/actions/x\",\"actions\":[{\"action_id\":\"link\",\"value\":\"v\"},"
    "{\"action_id\":\"cancel\",\"value\":\"d-0123456789abc\"}]}";

static void test_a_click_on_our_button(void **state)
{
    (void)state;
    struct slack_payload read;
    JX_AUTO json_t *payload = json(CLICK);
    assert_false(sw_failed(slack_payload_read(payload, &read)));
    assert_int_equal(read.kind, SLACK_PAYLOAD_CLICK);
    assert_int_equal(read.click.button, SLACK_BUTTON_COMMAND);
    assert_string_equal(read.click.action, "cancel");
    assert_string_equal(read.click.value, "d-0123456789abc");
    assert_string_equal(read.click.who.team, "T1");
    assert_string_equal(read.click.who.user, "U1");
    assert_string_equal(read.click.who.user_team, "T9");
    assert_string_equal(read.click.who.channel, "C1");
    assert_string_equal(read.click.who.app, "A1");
    assert_string_equal(read.click.who.trigger, "1.2.f");
    assert_string_equal(read.click.who.enterprise, "");
}

static void test_an_organisation_install_has_no_team(void **state)
{
    (void)state;
    struct slack_payload read;
    JX_AUTO json_t *payload =
        json("{\"type\":\"block_actions\",\"user\":{\"id\":\"U1\",\"team_id\":\"T9\"},\"team\":null,"
             "\"enterprise\":{\"id\":\"E1\"},\"container\":{\"channel_id\":\"C2\"},"
             "\"actions\":[{\"action_id\":\"retry\",\"value\":\"x\"}]}");
    assert_false(sw_failed(slack_payload_read(payload, &read)));
    assert_string_equal(read.click.who.team, "T9");
    assert_string_equal(read.click.who.enterprise, "E1");
    assert_string_equal(read.click.who.channel, "C2");
    assert_string_equal(read.click.who.trigger, "");
}

static void expect_kind(const char *text, enum slack_payload_kind expected)
{
    struct slack_payload read;
    JX_AUTO json_t *payload = json(text);
    print_message("  %s\n", text);
    assert_false(sw_failed(slack_payload_read(payload, &read)));
    assert_int_equal(read.kind, expected);
}

static void expect_button(const char *action, enum slack_button button, const char *name)
{
    char text[200];
    struct slack_payload read;
    (void)snprintf(text, sizeof text,
                   "{\"type\":\"block_actions\",\"actions\":[{\"action_id\":\"%s\",\"value\":\"v\"}]}", action);
    JX_AUTO json_t *payload = json(text);
    assert_false(sw_failed(slack_payload_read(payload, &read)));
    assert_int_equal(read.kind, SLACK_PAYLOAD_CLICK);
    assert_int_equal(read.click.button, button);
    assert_string_equal(read.click.action, name);
    assert_string_equal(read.click.value, "v");
}

static void test_buttons_are_told_apart(void **state)
{
    (void)state;
    expect_button("retry", SLACK_BUTTON_COMMAND, "retry");
    expect_button("declare", SLACK_BUTTON_DECLARE, "declare");
    expect_button("break_glass", SLACK_BUTTON_GLASS, "break_glass");
    expect_button("break_glass_agree", SLACK_BUTTON_ANSWER, "break_glass_agree");
    expect_button("break_glass_decline", SLACK_BUTTON_ANSWER, "break_glass_decline");
    expect_button("incident.point", SLACK_BUTTON_INCIDENT, "point");
    expect_kind("{\"type\":\"block_actions\",\"actions\":[{\"action_id\":\"incident.open\",\"value\":\"v\"}]}",
                SLACK_PAYLOAD_SILENT); /* a link, which is no word of the table */
}

static void expect_form(const char *callback, enum slack_form_kind form)
{
    struct slack_payload read;
    JX_AUTO json_t *payload = json_pack("{ss s{ss}}", "type", "view_submission", "view", "callback_id", callback);
    assert_false(sw_failed(slack_payload_read(payload, &read)));
    assert_int_equal(read.kind, SLACK_PAYLOAD_SUBMISSION);
    assert_int_equal(read.submission.form, form);
}

static void test_a_form_of_ours_is_sent(void **state)
{
    (void)state;
    struct slack_payload read;
    JX_AUTO json_t *payload = json("{\"type\":\"view_submission\",\"user\":{\"id\":\"U1\",\"team_id\":\"T1\"},"
                                   "\"team\":null,\"view\":{\"callback_id\":\"incident.declare\"}}");
    assert_false(sw_failed(slack_payload_read(payload, &read)));
    assert_int_equal(read.kind, SLACK_PAYLOAD_SUBMISSION);
    assert_string_equal(read.submission.who.user, "U1");
    assert_string_equal(read.submission.who.team, "T1");
    assert_ptr_equal(read.submission.view, json_object_get(payload, "view"));
    expect_form("incident.declare", SLACK_FORM_DECLARE);
    expect_form("incident.word", SLACK_FORM_WORD);
    expect_form("deploy.break_glass", SLACK_FORM_GLASS);
    expect_kind("{\"type\":\"view_submission\",\"view\":{\"callback_id\":\"other\"}}", SLACK_PAYLOAD_SILENT);
}

static void test_other_payloads_start_nothing(void **state)
{
    (void)state;
    expect_kind("{\"type\":\"block_actions\",\"actions\":[{\"action_id\":\"link\",\"value\":\"x\"}]}",
                SLACK_PAYLOAD_SILENT);
    expect_kind("{\"type\":\"block_actions\",\"actions\":[{\"action_id\":\"cancel\"}]}", SLACK_PAYLOAD_SILENT);
    expect_kind("{\"type\":\"block_actions\",\"actions\":\"cancel\"}", SLACK_PAYLOAD_SILENT);
    expect_kind("{\"type\":\"view_submission\",\"actions\":[{\"action_id\":\"cancel\",\"value\":\"x\"}]}",
                SLACK_PAYLOAD_SILENT);
    expect_kind("{\"type\":\"shortcut\"}", SLACK_PAYLOAD_SILENT);
    expect_kind("{\"type\":\"block_suggestion\"}", SLACK_PAYLOAD_SUGGESTION);
}

static void test_payloads_without_a_type_are_refused(void **state)
{
    (void)state;
    struct slack_payload read;
    struct slack_event event;
    enum slack_event_kind event_kind;
    static const char *const bad[] = { "[]", "{}", "{\"type\":1}", "{\"type\":\"\"}" };
    for (size_t i = 0; i < SW_COUNT(bad); i++) {
        JX_AUTO json_t *payload = json(bad[i]);
        assert_int_equal(slack_payload_read(payload, &read).code, SW_CODE_INVALID);
        assert_int_equal(slack_event_read(payload, &event_kind, &event).code, SW_CODE_INVALID);
    }
}

static void test_the_challenge_is_a_short_text(void **state)
{
    (void)state;
    enum slack_event_kind kind;
    struct slack_event event;
    JX_AUTO json_t *good = json("{\"type\":\"url_verification\",\"challenge\":\"abc\",\"token\":\"x\"}");
    JX_AUTO json_t *number = json("{\"type\":\"url_verification\",\"challenge\":1}");
    JX_AUTO json_t *message = json("{\"type\":\"event_callback\",\"challenge\":\"abc\",\"team_id\":\"T1\"}");
    char text[1100] = "";
    memset(text, 'a', SLACK_CHALLENGE_MAX + 1);
    JX_AUTO json_t *longer = json("{\"type\":\"url_verification\"}");
    assert_true(jx_set_string(longer, "challenge", text));
    assert_false(sw_failed(slack_event_read(good, &kind, &event)));
    assert_int_equal(kind, SLACK_EVENT_VERIFICATION);
    assert_string_equal(event.challenge, "abc");
    assert_true(sw_failed(slack_event_read(number, &kind, &event)));
    assert_true(sw_failed(slack_event_read(longer, &kind, &event)));
    assert_false(sw_failed(slack_event_read(message, &kind, &event)));
    assert_int_equal(kind, SLACK_EVENT_CALLBACK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_click_on_our_button),
        cmocka_unit_test(test_an_organisation_install_has_no_team),
        cmocka_unit_test(test_buttons_are_told_apart),
        cmocka_unit_test(test_a_form_of_ours_is_sent),
        cmocka_unit_test(test_other_payloads_start_nothing),
        cmocka_unit_test(test_payloads_without_a_type_are_refused),
        cmocka_unit_test(test_the_challenge_is_a_short_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
