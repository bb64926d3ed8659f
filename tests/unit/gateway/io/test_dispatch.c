/* SPDX-License-Identifier: Apache-2.0
 * Verified requests through dispatch and intake: what is put on Kafka, and when and how the carrier is answered. */
#include "gateway/io/dispatch.h"

#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { DEADLINE_MS = 10000 };

/* A carrier that writes down what happened to it, a Kafka that reports when it is told to, and who is told later. */
struct world {
    char told[512]; /* "keep;answer {...};" and so on */
    char said[256];
    bool connected;
    int32_t produced;
    char id[128];
    kafka_delivered_fn *done;
    void *context;
    struct publisher *publisher;
    struct slack_gate *gate;
    struct directory *directory;
    struct intake *intake;
    struct dispatch *dispatch;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* the publisher's timer tells too */

static void put(char *text, size_t size, const char *what, const char *more)
{
    pthread_mutex_lock(&lock);
    size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s%s%s;", what, more ? " " : "", more ? more : "");
    pthread_mutex_unlock(&lock);
}

static bool holds(const char *text, const char *part)
{
    pthread_mutex_lock(&lock);
    bool found = strstr(text, part) != NULL;
    pthread_mutex_unlock(&lock);
    return found;
}

static void keep(void *self) { put(((struct world *)self)->told, 512, "keep", NULL); }
static void answer(void *self, const char *json) { put(((struct world *)self)->told, 512, "answer", json); }
static void leave(void *self) { put(((struct world *)self)->told, 512, "leave", NULL); }
static void refuse(void *self) { put(((struct world *)self)->told, 512, "refuse", NULL); }

static const struct carrier_way WAY = { .keep = keep, .answer = answer, .refuse = refuse, .leave = leave };

static bool connected(void *self) { return ((struct world *)self)->connected; }

static struct sw_status produce(void *self, const struct kafka_record *record, kafka_delivered_fn *done, void *context)
{
    struct world *world = self;
    world->produced++;
    world->done = done;
    world->context = context;
    for (size_t i = 0; i < record->header_count; i++)
        if (sw_equal(record->headers[i].name, "ce_id"))
            (void)sw_copy(world->id, sizeof world->id, record->headers[i].value);
    return sw_ok();
}

static void announce(void *self, const char *command_id, const char *response_url, bool expected)
{
    (void)expected;
    (void)response_url;
    put(((struct world *)self)->said, 256, "announce", command_id);
}

static void say(void *self, const char *command_id, const char *response_url, json_t *message)
{
    (void)response_url;
    put(((struct world *)self)->said, 256, "say", command_id);
    json_decref(message);
}

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    world->connected = true;
    assert_false(sw_failed(publisher_new(
        &(struct publisher_options){
            .topic = "commands",
            .bus = { .produce = produce, .connected = connected, .self = world },
            .tick_ms = 1,
        },
        &world->publisher)));
    assert_false(sw_failed(slack_gate_new("secret", NULL, &world->gate)));
    assert_false(sw_failed(directory_new(&(struct directory_options){ .slack_api_url = "" }, &world->directory)));
    const struct intake_options intake = {
        .gateway = "gateway-1",
        .response_hosts = "hooks.slack.com",
        .status_command = "/check_status",
        .publisher = world->publisher,
        .gate = world->gate,
        .directory = world->directory,
        .replies = { .announce = announce, .say = say, .self = world },
    };
    assert_false(sw_failed(intake_new(&intake, &world->intake)));
    struct dispatch_options options = { .team_ids = "T1, T2", .intake = world->intake };
    assert_false(
        sw_failed(command_names_parse("deploy=/deploy,check_status=/check_status,incident=/incident", &options.names)));
    assert_false(sw_failed(dispatch_new(&options, &world->dispatch)));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    publisher_free(world->publisher);
    dispatch_free(world->dispatch);
    intake_free(world->intake);
    directory_free(world->directory);
    slack_gate_free(world->gate);
    free(world);
    return 0;
}

static struct carrier carrier_of(struct world *world)
{
    struct carrier carrier = { .way = &WAY, .self = world, .received_us = sw_monotonic_us() };
    (void)sw_copy(carrier.pass.request, sizeof carrier.pass.request, "sig:0a1b");
    return carrier;
}

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

static void wait_for(const char *text, const char *part)
{
    const int64_t until_ms = sw_monotonic_ms() + DEADLINE_MS;
    while (!holds(text, part) && sw_monotonic_ms() < until_ms)
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = 1000000 }, NULL);
    assert_true(holds(text, part));
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

static json_t *json(const char *text)
{
    json_t *value = NULL;
    assert_false(sw_failed(jx_parse(text, strlen(text), &value)));
    return value;
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
