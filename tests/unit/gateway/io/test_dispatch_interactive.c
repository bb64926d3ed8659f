/* SPDX-License-Identifier: Apache-2.0
 * Buttons and forms through dispatch and intake: forms are opened with the trigger, answered at once, read when they
 * come back. */
#include "tests/unit/gateway/io/ingress_world.h"

#include "gateway/core/glass_form.h"
#include "gateway/core/incident_ask.h"
#include "gateway/core/incident_dialog.h"
#include "gateway/core/modal.h"

static void types(struct world *world, const char *text)
{
    const struct carrier carrier = carrier_of(world);
    const struct slack_slash slash = { .command = "/incident",
                                       .text = text,
                                       .team = "T1",
                                       .user = "U1",
                                       .enterprise = "",
                                       .channel = "C1",
                                       .app = "A1",
                                       .trigger = "1.2.f",
                                       .response_url = "https://hooks.slack.com/commands/1" };
    dispatch_command(world->dispatch, &slash, &carrier);
}

static void test_a_bare_command_opens_the_form(void **state)
{
    struct world *world = *state;
    types(world, "");
    assert_string_equal(world->told, "answer;");
    wait_for(world->said, "/api/views.open");
    assert_true(holds(world->said, "\"trigger_id\":\"1.2.f\""));
    assert_true(holds(world->said, "incident.declare"));
    assert_int_equal(world->produced, 0);
}

static void test_a_priority_said_already_stands_in_the_form(void **state)
{
    struct world *world = *state;
    types(world, "crit");
    wait_for(world->said, "\"initial_value\":\"P1\"");
}

static void test_what_slack_does_not_open_can_be_typed(void **state)
{
    struct world *world = *state;
    world->views = "{\"ok\":false,\"error\":\"expired_trigger_id\"}";
    types(world, "start");
    assert_string_equal(world->told, "answer;");
    wait_for(world->said, "say cmd:A1:1.2.f");
}

static void test_without_a_token_it_can_be_typed(void **state)
{
    struct world *world = *state;
    types(world, "");
    assert_string_equal(world->told, "answer;");
    assert_string_equal(world->said, "say cmd:A1:1.2.f;");
}

static void clicks_text(struct world *world, const char *action, const char *text)
{
    const struct carrier carrier = carrier_of(world);
    JX_AUTO json_t *click =
        json_pack("{ss s{ss} s{ss} s{ss} ss ss ss s[{ss ss}]}", "type", "block_actions", "user", "id", "U1", "team",
                  "id", "T1", "channel", "id", "C1", "api_app_id", "A1", "trigger_id", "7.f", "response_url",
                  "https://hooks.slack.com/actions/1", "actions", "action_id", action, "value", text);
    assert_non_null(click);
    dispatch_interactive(world->dispatch, click, &carrier);
}

static void clicks(struct world *world, const char *action, json_t *value)
{
    SW_AUTO_FREE char *text = jx_dump_new(value);
    clicks_text(world, action, text);
    json_decref(value);
}

static void test_a_button_of_an_incident_is_a_command(void **state)
{
    struct world *world = *state;
    clicks(world, "incident.point", json_pack("{ss ss}", "target", "i-0123456789abc", "text", ""));
    assert_string_equal(world->id, "act:A1:7.f");
    assert_string_equal(jx_string(json_object_get(world->record, "args"), "verb"), "point");
    assert_string_equal(jx_string(world->record, "workflow"), "i-0123456789abc");
    assert_string_equal(jx_string(world->record, "origin"), "button");
    world->done(world->context, sw_ok(), 0, 1);
    assert_string_equal(world->told, "keep;answer;");
}

static void test_a_button_may_ask_for_a_text(void **state)
{
    struct world *world = *state;
    clicks(world, "incident.summary", json_pack("{ss ss sb}", "target", "i-0123456789abc", "text", "so far", "ask", 1));
    assert_string_equal(world->told, "answer;");
    wait_for(world->said, "\"initial_value\":\"so far\"");
    assert_int_equal(world->produced, 0);
}

static void test_breaking_the_glass_asks_why(void **state)
{
    struct world *world = *state;
    clicks_text(world, "break_glass", "d-0123456789abc");
    assert_string_equal(world->told, "answer;");
    wait_for(world->said, "deploy.break_glass");
    assert_true(holds(world->said, "d-0123456789abc"));
    assert_int_equal(world->produced, 0);
}

static void test_an_agreement_names_what_was_read(void **state)
{
    struct world *world = *state;
    clicks(world, "break_glass_agree", json_pack("{ss si}", "target", "d-0123456789abc", "request", 2));
    assert_string_equal(jx_string(world->record, "workflow"), "d-0123456789abc");
    assert_int_equal(jx_i64_or(json_object_get(world->record, "args"), "request", 0), 2);
    assert_string_equal(jx_string(world->record, "origin"), "button");
    world->done(world->context, sw_ok(), 0, 1);
    assert_string_equal(world->told, "keep;answer;");
}

/* ---- coming back ---- */

static json_t *filled_new(json_t *view, const char *block, const char *text)
{
    assert_true(jx_set_string(view, "id", "V1"));
    assert_true(jx_set_take(view, "state", json_pack("{s{s{s{ss}}}}", "values", block, MODAL_ACTION, "value", text)));
    return view;
}

static json_t *declare_new(const char *title)
{
    const struct incident_dialog dialog = { .channel = "C1", .response_url = "https://hooks.slack.com/commands/1" };
    return filled_new(incident_dialog_new(&dialog), INCIDENT_DIALOG_TITLE, title);
}

static json_t *word_new(const char *text)
{
    const struct incident_ask ask = { .row = incident_row_find("summary", 7),
                                      .target = "i-0123456789abc",
                                      .text = "",
                                      .channel = "C1",
                                      .response_url = "https://hooks.slack.com/actions/1" };
    return filled_new(incident_ask_new(&ask), INCIDENT_ASK_BLOCK, text);
}

static json_t *glass_new(const char *reason)
{
    const struct glass_form form = { .target = "d-0123456789abc",
                                     .channel = "C1",
                                     .response_url = "https://hooks.slack.com/actions/1" };
    return filled_new(glass_form_new(&form), GLASS_FORM_REASON, reason);
}

static void submits(struct world *world, const char *team, json_t *view)
{
    const struct carrier carrier = carrier_of(world);
    JX_AUTO json_t *payload = json_pack("{ss s{ss} s{ss} ss ss so}", "type", "view_submission", "user", "id", "U1",
                                        "team", "id", team, "api_app_id", "A1", "trigger_id", "8.f", "view", view);
    assert_non_null(payload);
    dispatch_interactive(world->dispatch, payload, &carrier);
}

static void test_the_reason_comes_back_as_a_command(void **state)
{
    struct world *world = *state;
    submits(world, "T1", glass_new("it can't wait"));
    assert_string_equal(world->id, "act:A1:V1");
    assert_string_equal(jx_string(world->record, "workflow"), "d-0123456789abc");
    assert_string_equal(jx_string(json_object_get(world->record, "args"), "reason"), "it can't wait");
    assert_string_equal(jx_string(world->record, "channel"), "C1");
    world->done(world->context, sw_ok(), 0, 1);
    assert_string_equal(world->told, "keep;answer;");
    world->told[0] = '\0';
    submits(world, "T1", glass_new("  "));
    assert_true(holds(world->told, "\"response_action\":\"errors\""));
    assert_true(holds(world->told, "Without a reason"));
    assert_int_equal(world->produced, 1);
}

static void test_a_words_form_is_its_command(void **state)
{
    struct world *world = *state;
    submits(world, "T1", word_new("it burns"));
    assert_string_equal(world->id, "act:A1:V1");
    assert_string_equal(jx_string(world->record, "workflow"), "i-0123456789abc");
    assert_string_equal(jx_string(json_object_get(world->record, "args"), "verb"), "summary");
    assert_string_equal(jx_string(json_object_get(world->record, "args"), "text"), "it burns");
    world->done(world->context, sw_ok(), 0, 1);
    assert_string_equal(world->told, "keep;answer;");
    world->told[0] = '\0';
    submits(world, "T1", word_new(""));
    assert_true(holds(world->told, "\"response_action\":\"errors\""));
}

static void test_a_filled_in_form_is_a_command(void **state)
{
    struct world *world = *state;
    submits(world, "T1", declare_new("it burns"));
    assert_string_equal(world->id, "act:A1:V1");
    assert_string_equal(jx_string(world->record, "origin"), "modal");
    assert_string_equal(jx_string(world->record, "channel"), "C1");
    assert_string_equal(jx_string(json_object_get(world->record, "args"), "title"), "it burns");
    assert_non_null(jx_string(world->record, "reply_to"));
    world->done(world->context, sw_ok(), 0, 1);
    assert_string_equal(world->told, "keep;answer;");
    assert_string_equal(world->said, "announce act:A1:V1;");
}

static void test_what_is_wrong_in_a_form_keeps_it_open(void **state)
{
    struct world *world = *state;
    submits(world, "T1", declare_new(" "));
    assert_true(holds(world->told, "\"response_action\":\"errors\""));
    assert_true(holds(world->told, "\"title\":"));
    assert_int_equal(world->produced, 0);
}

static void test_a_form_stays_open_when_kafka_is_away(void **state)
{
    struct world *world = *state;
    world->connected = false;
    submits(world, "T1", declare_new("it burns"));
    wait_for(world->told, "\"response_action\":\"errors\"");
    assert_true(holds(world->told, "othing was started"));
}

static void test_forms_of_other_workspaces_declare_nothing(void **state)
{
    struct world *world = *state;
    submits(world, "T9", declare_new("it burns"));
    assert_string_equal(world->told, "answer;");
    assert_int_equal(world->produced, 0);
}

int main(void)
{
    sw_metrics_init("test");
    ingress_metrics_init();
#define TEST_(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define SLACK_(name) cmocka_unit_test_setup_teardown(name, set_up_with_slack, tear_down)
    const struct CMUnitTest tests[] = {
        SLACK_(test_a_bare_command_opens_the_form),
        SLACK_(test_a_priority_said_already_stands_in_the_form),
        SLACK_(test_what_slack_does_not_open_can_be_typed),
        TEST_(test_without_a_token_it_can_be_typed),
        TEST_(test_a_button_of_an_incident_is_a_command),
        SLACK_(test_a_button_may_ask_for_a_text),
        SLACK_(test_breaking_the_glass_asks_why),
        TEST_(test_an_agreement_names_what_was_read),
        TEST_(test_the_reason_comes_back_as_a_command),
        TEST_(test_a_filled_in_form_is_a_command),
        TEST_(test_a_words_form_is_its_command),
        TEST_(test_what_is_wrong_in_a_form_keeps_it_open),
        TEST_(test_a_form_stays_open_when_kafka_is_away),
        TEST_(test_forms_of_other_workspaces_declare_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
