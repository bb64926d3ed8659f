/* SPDX-License-Identifier: Apache-2.0
 * Verified requests through dispatch and intake: what is put on Kafka, and when and how the carrier is answered. */
#include "tests/unit/gateway/io/ingress_world.h"

static void type_through(const struct carrier *carrier, const char *team, const char *command, const char *text,
                         const char *trigger)
{
    struct world *world = carrier->self;
    const struct slack_slash slash = { .command = command,
                                       .text = text,
                                       .team = team,
                                       .user = "U1",
                                       .enterprise = "",
                                       .channel = "C1",
                                       .app = "A1",
                                       .trigger = trigger,
                                       .response_url = "https://hooks.slack.com/commands/1" };
    dispatch_command(world->dispatch, &slash, carrier);
}

static void type_command(struct world *world, const char *team, const char *command, const char *text,
                         const char *trigger)
{
    const struct carrier carrier = carrier_of(world);
    type_through(&carrier, team, command, text, trigger);
}

static void test_a_command_is_answered_when_kafka_has_it(void **state)
{
    struct world *world = *state;
    type_command(world, "T1", "/deploy", "site", "1.2.f");
    assert_int_equal(world->produced, 1);
    assert_string_equal(world->told, "keep;");
    assert_string_equal(world->id, "cmd:A1:1.2.f");
    assert_string_equal(world->said, "announce cmd:A1:1.2.f;");
    world->done(world->context, sw_ok(), 0, 1);
    assert_non_null(strstr(world->told, "keep;answer {"));
    assert_non_null(strstr(world->told, "Got it"));
}

static void test_without_a_trigger_the_request_names_the_command(void **state)
{
    struct world *world = *state;
    type_command(world, "T1", "/deploy", "site", "");
    assert_string_equal(world->id, "sig:0a1b");
    world->done(world->context, sw_ok(), 0, 1);
}

static void test_a_late_kafka_is_corrected_beside_the_answer(void **state)
{
    struct world *world = *state;
    struct carrier carrier = carrier_of(world);
    carrier.received_us -= 60 * INT64_C(1000000);
    type_through(&carrier, "T1", "/deploy", "site", "1.2.f");
    wait_for(world->told, "keep;answer {");
    assert_non_null(strstr(world->told, "not confirmed"));
    world->done(world->context, sw_ok(), 0, 1);
    wait_for(world->said, "say cmd:A1:1.2.f;");
}

static struct carrier late_envelope(struct world *world)
{
    struct carrier carrier = carrier_of(world);
    carrier.received_us -= 60 * INT64_C(1000000);
    carrier.patient = true;
    return carrier;
}

static void test_a_patient_carrier_is_answered_when_kafka_has_it_however_late(void **state)
{
    struct world *world = *state;
    const struct carrier carrier = late_envelope(world);
    type_through(&carrier, "T1", "/deploy", "site", "1.2.f");
    wait_for(world->said, "announce cmd:A1:1.2.f;say cmd:A1:1.2.f;");
    assert_string_equal(world->told, "keep;");
    world->done(world->context, sw_ok(), 0, 1);
    wait_for(world->told, "keep;answer;");
    assert_true(holds(world->said, "say cmd:A1:1.2.f;say cmd:A1:1.2.f;"));
}

static void test_a_patient_carrier_is_left_when_nothing_is_ever_known(void **state)
{
    struct world *world = *state;
    const struct carrier carrier = late_envelope(world);
    type_through(&carrier, "T1", "/deploy", "site", "1.2.f");
    wait_for(world->said, "say cmd:A1:1.2.f;");
    world->done(world->context, sw_fail(SW_CODE_KAFKA, "who knows"), 0, -1);
    wait_for(world->told, "keep;leave;");
}

static void test_nothing_started_is_an_answer_but_not_of_a_repeated_delivery(void **state)
{
    struct world *world = *state;
    struct carrier carrier = late_envelope(world);
    world->connected = false;
    type_through(&carrier, "T1", "/deploy", "site", "1.2.f");
    wait_for(world->told, "keep;answer {");
    assert_true(holds(world->told, "othing was started"));
    world->told[0] = '\0';
    carrier.repeated = true;
    type_through(&carrier, "T1", "/deploy", "site", "1.2.f");
    wait_for(world->told, "keep;leave;");
    assert_string_equal(world->said, "say cmd:A1:1.2.f;");
}

static void test_a_wordless_carrier_says_it_elsewhere(void **state)
{
    struct world *world = *state;
    struct carrier carrier = carrier_of(world);
    carrier.wordless = true;
    type_through(&carrier, "T1", "/deploy", "help", "1");
    type_through(&carrier, "T1", "/deploy", "site", "2");
    world->done(world->context, sw_ok(), 0, 1);
    assert_string_equal(world->told, "answer;keep;answer;");
    assert_string_equal(world->said, "say cmd:A1:1;announce cmd:A1:2;say cmd:A1:2;");
}

static void test_envelopes_are_known_again_by_their_ids(void **state)
{
    struct world *world = *state;
    struct carrier carrier = carrier_of(world);
    carrier.pass = slack_gate_pass_envelope(world->gate, "4e3a-1");
    assert_true(sw_starts_with(carrier.pass.request, "env:"));
    assert_false(carrier.pass.replayed);
    type_through(&carrier, "T1", "/deploy", "site", "");
    assert_string_equal(world->id, carrier.pass.request);
    assert_false(slack_gate_pass_envelope(world->gate, "4e3a-1").replayed); /* Kafka has not got it yet */
    world->done(world->context, sw_ok(), 0, 1);
    assert_true(slack_gate_pass_envelope(world->gate, "4e3a-1").replayed);
    assert_false(slack_gate_pass_envelope(world->gate, "4e3a-2").replayed);
}

static void test_help_and_wrong_words_need_no_kafka(void **state)
{
    struct world *world = *state;
    type_command(world, "T2", "/deploy", "help", "1");
    assert_non_null(strstr(world->told, "answer {"));
    world->told[0] = '\0';
    type_command(world, "T2", "/nothing", "", "2");
    assert_non_null(strstr(world->told, "answer {"));
    assert_int_equal(world->produced, 0);
}

static void test_other_workspaces_are_not_served(void **state)
{
    struct world *world = *state;
    type_command(world, "T", "/deploy", "site", "1");
    assert_non_null(strstr(world->told, "answer {"));
    assert_int_equal(world->produced, 0);
}

static void test_a_click_is_answered_with_nothing(void **state)
{
    struct world *world = *state;
    const struct carrier carrier = carrier_of(world);
    JX_AUTO json_t *click =
        json("{\"type\":\"block_actions\",\"user\":{\"id\":\"U1\"},\"team\":{\"id\":\"T1\"},\"api_app_id\":\"A1\","
             "\"trigger_id\":\"7.f\",\"actions\":[{\"action_id\":\"cancel\",\"value\":\"d-0123456789abc\"}]}");
    dispatch_interactive(world->dispatch, click, &carrier);
    assert_string_equal(world->id, "act:A1:7.f");
    world->done(world->context, sw_ok(), 0, 1);
    assert_string_equal(world->told, "keep;answer;");
}

static void test_what_cannot_be_read_is_refused(void **state)
{
    struct world *world = *state;
    const struct carrier carrier = carrier_of(world);
    JX_AUTO json_t *nothing = json("{}");
    dispatch_interactive(world->dispatch, nothing, &carrier);
    dispatch_event(world->dispatch, nothing, &carrier);
    assert_string_equal(world->told, "refuse;refuse;");
}

static void test_menus_and_events_are_answered_at_once(void **state)
{
    struct world *world = *state;
    const struct carrier carrier = carrier_of(world);
    JX_AUTO json_t *suggestion = json("{\"type\":\"block_suggestion\"}");
    JX_AUTO json_t *event = json("{\"type\":\"event_callback\"}");
    JX_AUTO json_t *challenge = json("{\"type\":\"url_verification\",\"challenge\":\"abc\"}");
    dispatch_interactive(world->dispatch, suggestion, &carrier);
    dispatch_event(world->dispatch, event, &carrier);
    dispatch_event(world->dispatch, challenge, &carrier);
    assert_string_equal(world->told, "answer {\"options\":[]};answer;answer {\"challenge\":\"abc\"};");
}

int main(void)
{
    sw_metrics_init("test");
    ingress_metrics_init();
#define TEST_(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST_(test_a_command_is_answered_when_kafka_has_it),
        TEST_(test_without_a_trigger_the_request_names_the_command),
        TEST_(test_a_late_kafka_is_corrected_beside_the_answer),
        TEST_(test_a_patient_carrier_is_answered_when_kafka_has_it_however_late),
        TEST_(test_a_patient_carrier_is_left_when_nothing_is_ever_known),
        TEST_(test_nothing_started_is_an_answer_but_not_of_a_repeated_delivery),
        TEST_(test_a_wordless_carrier_says_it_elsewhere),
        TEST_(test_envelopes_are_known_again_by_their_ids),
        TEST_(test_help_and_wrong_words_need_no_kafka),
        TEST_(test_other_workspaces_are_not_served),
        TEST_(test_a_click_is_answered_with_nothing),
        TEST_(test_what_cannot_be_read_is_refused),
        TEST_(test_menus_and_events_are_answered_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
