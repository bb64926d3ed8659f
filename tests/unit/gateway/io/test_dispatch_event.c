/* SPDX-License-Identifier: Apache-2.0
 * What is said and happens in channels, through dispatch and intake: what is put on Kafka, what Slack is asked first,
 * when the event is answered, and what people are told. */
#include "tests/unit/gateway/io/ingress_world.h"

#include "common/base/buf.h"

static json_t *event_new(const char *id, const char *event)
{
    SW_AUTO_BUF struct sw_buf buf = { 0 };
    sw_buf_printf(&buf,
                  "{'type':'event_callback','api_app_id':'A1','event_id':'%s','team_id':'T1','authorizations':[{"
                  "'team_id':'T1','user_id':'UBOT','is_bot':true}],'event':%s}",
                  id, event);
    for (char *at = buf.data; *at; at++)
        if (*at == '\'')
            *at = '"';
    return json(buf.data);
}

static void happens_through(const struct carrier *carrier, const char *id, const char *event)
{
    JX_AUTO json_t *body = event_new(id, event);
    dispatch_event(((struct world *)carrier->self)->dispatch, body, carrier);
}

static void happens(struct world *world, const char *id, const char *event)
{
    const struct carrier carrier = carrier_of(world);
    happens_through(&carrier, id, event);
}

static void says(struct world *world, const char *id, const char *text)
{
    SW_AUTO_BUF struct sw_buf buf = { 0 };
    sw_buf_printf(&buf, "{'type':'message','user':'U1','channel':'C1','ts':'1700000000.000100','text':'%s'}", text);
    happens(world, id, buf.data);
}

static const json_t *args(const struct world *world) { return json_object_get(world->record, "args"); }

static void test_a_dot_word_is_a_command_of_its_message(void **state)
{
    struct world *world = *state;
    says(world, "Ev1", ".start it burns");
    assert_string_equal(world->kafka, "evt:A1:Ev1;");
    assert_string_equal(world->said, "announce evt:A1:Ev1;");
    assert_string_equal(world->told, "keep;");
    assert_string_equal(jx_string(args(world), "title"), "it burns");
    assert_string_equal(jx_string(world->record, "origin"), "dot");
    assert_string_equal(jx_string(world->record, "text"), ".start it burns");
    assert_string_equal(jx_string(json_object_get(world->record, "said"), "ts"), "1700000000.000100");
    assert_int_equal(*jx_string_or(world->record, "workflow", ""), 'i');
    assert_non_null(jx_string(world->record, "reply_to"));
    world->done(world->context, sw_ok(), 0, 1);
    assert_string_equal(world->told, "keep;answer;");
}

static void test_slacks_retry_is_the_same_command(void **state)
{
    struct world *world = *state;
    for (size_t i = 0; i < 2; i++) {
        says(world, "Ev1", ".status");
        world->done(world->context, sw_ok(), 0, 1);
    }
    assert_string_equal(world->kafka, "evt:A1:Ev1;evt:A1:Ev1;");
    assert_string_equal(world->told, "keep;answer;keep;answer;");
}

static void test_an_event_that_kafka_has_not_is_left_to_slack(void **state)
{
    struct world *world = *state;
    says(world, "Ev1", ".status");
    world->done(world->context, sw_fail(SW_CODE_KAFKA, "no"), -1, -1);
    assert_string_equal(world->told, "keep;leave;");
}

static void test_a_slow_kafka_leaves_the_event_and_has_it_later(void **state)
{
    struct world *world = *state;
    struct carrier carrier = carrier_of(world);
    carrier.received_us -= 60 * INT64_C(1000000);
    happens_through(&carrier, "Ev1", "{'type':'channel_archive','user':'U1','channel':'C1'}");
    wait_for(world->told, "keep;leave;");
    world->done(world->context, sw_ok(), 0, 1);
    assert_string_equal(world->told, "keep;leave;");
}

static void test_what_concerns_nobody_is_answered_at_once(void **state)
{
    struct world *world = *state;
    static const char *const events[] = {
        "{'type':'message','user':'U1','channel':'C1','ts':'1.2','text':'hello'}",
        "{'type':'message','bot_id':'B1','user':'U2','channel':'C1','ts':'1.2','text':'.start x'}",
        "{'type':'reaction_added','user':'U1','reaction':'tada','item':{'type':'message','channel':'C1','ts':'1.2'}}",
        "{'type':'app_home_opened','user':'U1'}",
    };
    for (size_t i = 0; i < SW_COUNT(events); i++) {
        world->told[0] = '\0';
        happens(world, "Ev1", events[i]);
        assert_string_equal(world->told, "answer;");
    }
    assert_int_equal(world->produced, 0);
}

static void test_other_workspaces_are_not_heard(void **state)
{
    struct world *world = *state;
    const struct carrier carrier = carrier_of(world);
    JX_AUTO json_t *body = json("{\"type\":\"event_callback\",\"api_app_id\":\"A1\",\"event_id\":\"Ev1\",\"team_id\":"
                                "\"T9\",\"event\":{\"type\":\"message\",\"user\":\"U1\",\"channel\":\"C1\",\"ts\":"
                                "\"1.2\",\"text\":\".start x\"}}");
    dispatch_event(world->dispatch, body, &carrier);
    assert_string_equal(world->told, "answer;");
    assert_int_equal(world->produced, 0);
}

static void test_what_happens_in_a_channel_is_told_on_and_nobody_answered(void **state)
{
    struct world *world = *state;
    happens(world, "Ev1",
            "{'type':'pin_added','user':'U2','channel_id':'C1','item':{'type':'message','message':{'user':'U1','text':"
            "'it is &lt;dns&gt;','ts':'1700000000.000100'}}}");
    assert_string_equal(jx_string(args(world), "what"), "pinned");
    assert_string_equal(jx_string(args(world), "text"), "it is <dns>");
    assert_string_equal(jx_string(args(world), "user"), "U1");
    assert_string_equal(jx_string(args(world), "said_at"), "2023-11-14T22:13:20.000Z");
    assert_null(jx_string(world->record, "reply_to"));
    assert_true(json_is_null(json_object_get(world->record, "said")));
    assert_string_equal(jx_string(json_object_get(world->record, "actor"), "user"), "U2");
    assert_string_equal(world->said, "");
    world->done(world->context, sw_ok(), 0, 1);
}

static void test_mentions_are_read_like_the_slash_command(void **state)
{
    struct world *world = *state;
    happens(world, "Ev1", "{'type':'app_mention','user':'U1','channel':'C1','ts':'1.2','text':'<@UBOT> status'}");
    assert_string_equal(jx_string(args(world), "verb"), "status");
    assert_string_equal(jx_string(world->record, "origin"), "mention");
    world->done(world->context, sw_ok(), 0, 1);
}

static void test_help_is_whispered_without_kafka(void **state)
{
    struct world *world = *state;
    says(world, "Ev1", ".help");
    assert_string_equal(world->told, "answer;");
    wait_for(world->said, "/api/chat.postEphemeral");
    assert_true(holds(world->said, "\"user\":\"U1\""));
    assert_true(holds(world->said, ".mitigate"));
    says(world, "Ev2", ".point alice");
    wait_for(world->said, "E-USAGE");
    assert_int_equal(world->produced, 0);
}

static void test_in_a_thread_it_is_whispered_in_the_thread(void **state)
{
    struct world *world = *state;
    happens(world, "Ev1", "{'type':'message','user':'U1','channel':'C1','ts':'1.3','thread_ts':'1.2','text':'.title'}");
    wait_for(world->said, "\"thread_ts\":\"1.2\"");
}

static void wait_for_workspace(struct world *world)
{
    char link[DIRECTORY_LINK_SIZE];
    const int64_t until_ms = sw_monotonic_ms() + DEADLINE_MS;
    while (!directory_link(world->directory, "C1", "1.2", "", link) && sw_monotonic_ms() < until_ms)
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static void test_times_come_with_the_zone_and_links_with_the_workspace(void **state)
{
    struct world *world = *state;
    world->people = "{\"ok\":true,\"user\":{\"id\":\"U1\",\"tz\":\"Europe/Berlin\",\"name\":\"ann\",\"profile\":{"
                    "\"display_name\":\"Ann\"}}}";
    says(world, "Ev1", ".mitigated 14:05");
    wait_for(world->kafka, "evt:A1:Ev1;");
    const json_t *actor = json_object_get(world->record, "actor");
    assert_string_equal(jx_string(actor, "zone"), "Europe/Berlin");
    assert_string_equal(jx_string(actor, "name"), "Ann");
    world->done(world->context, sw_ok(), 0, 1);
    wait_for_workspace(world);
    says(world, "Ev2", ".detected 14:05"); /* who says it is known by now */
    assert_true(holds(world->kafka, "evt:A1:Ev2;"));
    assert_string_equal(jx_string(args(world), "link"), "https://acme.example/archives/C1/p1700000000000100");
    world->done(world->context, sw_ok(), 0, 1);
}

static void check_person(struct world *world, const char *people, const char *kind)
{
    static int32_t number;
    char id[16], record[32];
    (void)snprintf(id, sizeof id, "Ev%d", ++number);
    (void)snprintf(record, sizeof record, "evt:A1:%s;", id);
    char text[64];
    (void)snprintf(text, sizeof text, ".point <@U00%dXY>", number);
    world->people = people;
    says(world, id, text);
    wait_for(world->kafka, record);
    const json_t *user = json_object_get(args(world), "user");
    assert_string_equal(jx_string(user, "kind"), kind);
    assert_non_null(jx_string(user, "id"));
    world->done(world->context, sw_ok(), 0, 1);
}

static void test_who_is_named_is_looked_up(void **state)
{
    struct world *world = *state;
    check_person(world, "{\"ok\":true,\"user\":{\"id\":\"U2\",\"real_name\":\"Bob\",\"tz\":\"UTC\"}}", "human");
    assert_string_equal(jx_string(json_object_get(args(world), "user"), "name"), "Bob");
    check_person(world, "{\"ok\":true,\"user\":{\"id\":\"U3\",\"is_bot\":true}}", "bot");
    check_person(world, "{\"ok\":true,\"user\":{\"id\":\"U4\",\"deleted\":true}}", "missing");
    check_person(world, "{\"ok\":false,\"error\":\"user_not_found\"}", "missing");
    check_person(world, "{\"ok\":false,\"error\":\"missing_scope\"}", "unknown");
}

static void test_a_silent_directory_holds_nothing_up(void **state)
{
    struct world *world = *state;
    const int64_t from_ms = sw_monotonic_ms();
    says(world, "Ev1", ".point <@U002XY>"); /* this thread goes on at once */
    assert_true(sw_monotonic_ms() - from_ms < 900);
    wait_for(world->kafka, "evt:A1:Ev1;");
    assert_string_equal(jx_string(json_object_get(args(world), "user"), "kind"), "unknown");
    world->done(world->context, sw_ok(), 0, 1);
}

static void test_a_reaction_brings_what_the_message_says(void **state)
{
    struct world *world = *state;
    world->messages = "{\"ok\":true,\"messages\":[{\"ts\":\"1700000000.000100\",\"user\":\"U7\",\"text\":\"it is "
                      "dns\",\"thread_ts\":\"1699999999.000100\"}]}";
    happens(world, "Ev1",
            "{'type':'reaction_added','user':'U2','reaction':'pushpin','item_user':'U1','item':{'type':'message',"
            "'channel':'C1','ts':'1700000000.000100'}}");
    wait_for(world->kafka, "evt:A1:Ev1;");
    assert_string_equal(jx_string(args(world), "text"), "it is dns");
    assert_string_equal(jx_string(args(world), "user"), "U7");
    assert_string_equal(jx_string(args(world), "thread_ts"), "1699999999.000100");
    world->done(world->context, sw_ok(), 0, 1);
    world->messages = "{\"ok\":true,\"messages\":[]}"; /* neither in the channel nor in a thread */
    happens(world, "Ev2",
            "{'type':'reaction_added','user':'U2','reaction':'pushpin','item':{'type':'message','channel':'C1','ts':"
            "'1700000000.000100'}}");
    wait_for(world->kafka, "evt:A1:Ev2;");
    assert_null(jx_string(args(world), "text"));
    world->done(world->context, sw_ok(), 0, 1);
}

static void test_the_last_delivery_that_fails_is_told_to_the_person(void **state)
{
    struct world *world = *state;
    struct carrier carrier = carrier_of(world);
    carrier.last = true;
    happens_through(&carrier, "Ev1", "{'type':'message','user':'U1','channel':'C1','ts':'1.2','text':'.status'}");
    world->done(world->context, sw_fail(SW_CODE_KAFKA, "no"), -1, -1);
    wait_for(world->said, "E-BUS-SLOW");
    assert_string_equal(world->told, "keep;leave;");
}

int main(void)
{
    sw_metrics_init("test");
    ingress_metrics_init();
#define TEST_(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define SLACK_TEST_(name) cmocka_unit_test_setup_teardown(name, set_up_with_slack, tear_down)
    const struct CMUnitTest tests[] = {
        TEST_(test_a_dot_word_is_a_command_of_its_message),
        TEST_(test_slacks_retry_is_the_same_command),
        TEST_(test_an_event_that_kafka_has_not_is_left_to_slack),
        TEST_(test_a_slow_kafka_leaves_the_event_and_has_it_later),
        TEST_(test_what_concerns_nobody_is_answered_at_once),
        TEST_(test_other_workspaces_are_not_heard),
        TEST_(test_what_happens_in_a_channel_is_told_on_and_nobody_answered),
        TEST_(test_mentions_are_read_like_the_slash_command),
        SLACK_TEST_(test_help_is_whispered_without_kafka),
        SLACK_TEST_(test_in_a_thread_it_is_whispered_in_the_thread),
        SLACK_TEST_(test_times_come_with_the_zone_and_links_with_the_workspace),
        SLACK_TEST_(test_who_is_named_is_looked_up),
        SLACK_TEST_(test_a_silent_directory_holds_nothing_up),
        SLACK_TEST_(test_a_reaction_brings_what_the_message_says),
        SLACK_TEST_(test_the_last_delivery_that_fails_is_told_to_the_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
