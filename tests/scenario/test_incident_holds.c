/* SPDX-License-Identifier: Apache-2.0
 * Incidents beside deployments, on the engine: what an incident holds, how that ends, and that no crash loses or
 * doubles any of it. Slack is a relay that answers each order once. */
#include "common/base/text.h"
#include "tests/scenario/world/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MINUTE_MS = 60 * 1000, MAX_ORDERS = 64, TURN_MS = 250 };

static const char CONFIG[] = "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{"
                             "\"site\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"},"
                             "\"shop\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"}},"
                             "\"pipelines\":{\"one\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./build\"]}]}},"
                             "\"incidents\":{\"main\":\"CMAIN\",\"notify\":\"CNOTIFY\",\"nag_grid\":0}}";

/* ---- Slack's side ---- */

static char answered[MAX_ORDERS][96];
static size_t answered_count, channels_made;
static const char *room; /* the id that its channel gets */

static bool is_answered(const char *key)
{
    for (size_t i = 0; i < answered_count; i++)
        if (sw_equal(answered[i], key))
            return true;
    return false;
}

static void answer(struct world *world, const char *workflow, const json_t *order)
{
    const char *key = jx_string_or(order, "key", "");
    bool makes = sw_equal(jx_string(order, "verb"), "create_channel");
    char tag[128];
    if (is_answered(key))
        return;
    assert_true(answered_count < MAX_ORDERS);
    assert_true(sw_copy(answered[answered_count++], sizeof answered[0], key));
    channels_made += makes;
    JX_AUTO json_t *args =
        json_pack("{ss ss ss ss so sn}", "event", "e", "channel", "", "ts", "", "order", key, "created",
                  makes ? json_pack("{ss ss}", "id", room, "name", "inc-1") : json_null(), "error");
    SW_AUTO_FREE char *text = jx_dump_new(args);
    (void)snprintf(tag, sizeof tag, "receipt-%s", key);
    world_say(world, tag, "receipt", workflow, text);
}

static void answer_orders(struct world *world)
{
    for (size_t i = 0; i < world->event_count; i++) {
        const json_t *order = json_object_get(world->events[i].body, "order");
        if (json_is_object(order))
            answer(world, world->events[i].envelope.subject, order);
    }
}

/* Time goes on, also when nothing is due, and Slack answers what it is told. */
static void run_for(struct world *world, int64_t turn_ms)
{
    int64_t end_ms = world->now_ms + turn_ms;
    world_run(world, turn_ms);
    world->now_ms = world->now_ms > end_ms ? world->now_ms : end_ms;
    answer_orders(world);
}

static void run(struct world *world, int64_t for_ms)
{
    for (int64_t end_ms = world->now_ms + for_ms; world->now_ms < end_ms;)
        run_for(world, end_ms - world->now_ms > MINUTE_MS ? MINUTE_MS / 2 : TURN_MS);
}

static struct world *new_world(const char *channel)
{
    struct world *world = malloc(sizeof *world);
    world_init(world, CONFIG, NULL, 0);
    world->lease_is_provably_dead = true;
    answered_count = channels_made = 0;
    room = channel;
    return world;
}

static void end_world(struct world *world)
{
    world_release(world);
    free(world);
}

/* ---- what people say ---- */

static const char *declare(struct world *world, const char *tag, int priority)
{
    char args[128];
    const char *id = world_id('i', tag);
    (void)snprintf(args, sizeof args, "{\"title\":\"Nothing loads\",\"priority\":%d,\"service\":\"site\"}", priority);
    world_say(world, tag, "declare", id, args);
    return id;
}

static void say(struct world *world, const char *tag, const char *id, const char *verb, const char *text)
{
    char args[256];
    (void)snprintf(args, sizeof args, "{\"verb\":\"%s\",\"text\":\"%s\",\"target\":\"%s\"}", verb, text, id);
    world_say(world, tag, "incident", id, args);
}

static const char *deploy(struct world *world, const char *tag, const char *service)
{
    char args[64];
    (void)snprintf(args, sizeof args, "{\"service\":\"%s\"}", service);
    return world_deploy(world, tag, args);
}

static size_t listed_holds(const struct world *world, const char *id)
{
    return json_array_size(json_object_get(world_workflow(world, id)->facts, "holds"));
}

static const json_t *last_held(const struct world *world, const char *id)
{
    return json_object_get(world_event(world, id, world_workflow(world, id)->n)->body, "held");
}

/* How often its timeline has an entry of this type. */
static int entries(const struct world *world, const char *id, const char *type)
{
    const json_t *log = json_object_get(world_workflow(world, id)->facts, "log");
    int count = 0;
    for (size_t i = 0; i < json_array_size(log); i++) {
        assert_int_equal(jx_i64_or(json_array_get(log, i), "id", 0), (int64_t)i + 1); /* without gaps */
        count += sw_equal(jx_string(json_array_get(log, i), "type"), type);
    }
    return count;
}

/* ---- tests ---- */

static void test_the_hold_is_there_as_soon_as_the_incident_is(void **state)
{
    (void)state;
    struct world *world = new_world("C42");
    const char *runs = deploy(world, "1", "site"), *waits = deploy(world, "2", "site"),
               *other = deploy(world, "3", "shop");
    world_run(world, 500);
    const char *incident = declare(world, "4", 1);
    while (!world_workflow(world, incident)) {
        assert_int_equal(world->hold_count, 0);
        run_for(world, 1);
    }
    assert_int_equal(world->hold_count, 1);
    assert_string_equal(world->holds[0].origin, incident);
    assert_string_equal(world->holds[0].service, "site");
    run(world, 2 * MINUTE_MS);
    assert_string_equal(world_state(world, runs), "succeeded");
    assert_string_equal(world_state(world, waits), "queued");
    assert_string_equal(world_state(world, other), "succeeded");
    assert_string_equal(jx_string(last_held(world, waits), "by"), incident);
    assert_string_equal(jx_string(last_held(world, waits), "reason"), "incident #1: Nothing loads");
    assert_string_equal(jx_string(last_held(world, waits), "channel"), "C42"); /* known since it was made */
    end_world(world);
}

static void test_a_slight_one_holds_nothing_until_it_is_serious(void **state)
{
    (void)state;
    struct world *world = new_world("C42");
    const char *incident = declare(world, "1", 3), *before = deploy(world, "2", "site");
    run(world, MINUTE_MS);
    assert_string_equal(world_state(world, before), "succeeded");
    say(world, "3", incident, "priority", "1");
    const char *after = deploy(world, "4", "site");
    run(world, MINUTE_MS);
    assert_string_equal(world_state(world, after), "queued");
    assert_int_equal(world->hold_count, 1);
    end_world(world);
}

static void test_what_mends_it_may_start_from_its_channel(void **state)
{
    (void)state;
    struct world *world = new_world("C1"); /* where deployments are asked for in this world */
    const char *incident = declare(world, "1", 1), *mends = deploy(world, "2", "site");
    world_run(world, 100);
    assert_string_equal(world_state(world, mends), "queued"); /* there is no channel yet */
    run(world, MINUTE_MS);
    assert_string_equal(world_state(world, mends), "succeeded");
    assert_int_equal(world->hold_count, 1);
    assert_int_equal(entries(world, incident, "deployment"), 2); /* its beginning and its end */
    end_world(world);
}

static void test_a_hold_whose_time_is_over_is_listed_no_more(void **state)
{
    (void)state;
    struct world *world = new_world("C42");
    const char *incident = declare(world, "1", 3);
    run(world, MINUTE_MS);
    say(world, "2", incident, "hold", "site 30m");
    say(world, "3", incident, "hold", "shop");
    const char *site = deploy(world, "4", "site"), *shop = deploy(world, "5", "shop");
    run(world, 10LL * MINUTE_MS);
    assert_int_equal(listed_holds(world, incident), 2);
    assert_string_equal(world_state(world, site), "queued");
    int told = entries(world, incident, "event");
    world_kill(world);
    run(world, 25LL * MINUTE_MS);
    assert_string_equal(world_state(world, site), "succeeded");
    assert_string_equal(world_state(world, shop), "queued");
    assert_int_equal(listed_holds(world, incident), 1);
    assert_int_equal(entries(world, incident, "event"), told + 1);
    say(world, "6", incident, "release", "site");
    run(world, MINUTE_MS);
    assert_non_null(world_reply(world, "6", "refused"));
    end_world(world);
}

static void test_its_resolution_offers_and_its_cancellation_releases(void **state)
{
    (void)state;
    struct world *world = new_world("C42");
    const char *incident = declare(world, "1", 1), *held = deploy(world, "2", "site");
    run(world, MINUTE_MS);
    say(world, "3", incident, "resolve", "");
    run(world, MINUTE_MS);
    assert_string_equal(world_state(world, incident), "resolved");
    assert_string_equal(world_state(world, held), "queued"); /* a person says when */
    say(world, "4", incident, "cancel", "a false alarm");
    run(world, MINUTE_MS);
    assert_string_equal(world_state(world, incident), "cancelled");
    assert_string_equal(world_state(world, held), "succeeded");
    assert_int_equal(world->hold_count, 0);
    end_world(world);
}

/* ---- the sweep ---- */

struct story {
    const char *incident, *held;
};

/* Declared, its channel made, acknowledged, one deployment held and another one not, resolved, released. */
static struct story run_story(struct world *world)
{
    struct story story = { .incident = declare(world, "1", 1), .held = deploy(world, "2", "site") };
    (void)deploy(world, "3", "shop");
    run(world, 5000);
    say(world, "4", story.incident, "point", "");
    say(world, "5", story.incident, "comms", "");
    run(world, 3LL * MINUTE_MS);
    say(world, "6", story.incident, "note", "a look at the logs");
    say(world, "7", story.incident, "resolve", "");
    say(world, "8", story.incident, "release", "");
    run(world, MINUTE_MS);
    return story;
}

/* Each order has one key, however often it was announced. */
static void check_orders(const struct world *world)
{
    size_t intros = 0;
    for (size_t i = 0; i < world->event_count; i++) {
        const json_t *order = json_object_get(world->events[i].body, "order");
        bool again = false;
        for (size_t k = 0; k < i && !again; k++)
            again = order && sw_equal(jx_string(json_object_get(world->events[k].body, "order"), "key"),
                                      jx_string(order, "key"));
        intros += !again && sw_equal(jx_string(order, "card"), "intro");
    }
    assert_int_equal(intros, 1);
    assert_int_equal(channels_made, 1);
}

static void check_story(const struct world *world, const struct story *story)
{
    const struct wf *incident = world_workflow(world, story->incident);
    assert_string_equal(world_state(world, story->incident), "resolved");
    assert_string_equal(world_state(world, story->held), "succeeded");
    assert_int_equal(world_effects(world, story->held, "build"), 1);
    assert_int_equal(world->hold_count, 0);
    assert_int_equal(entries(world, story->incident, "note"), 1);
    assert_int_equal(entries(world, story->incident, "deployment"), 2);
    check_orders(world);
    for (int tag = 4; tag <= 8; tag++) {
        char name[8];
        (void)snprintf(name, sizeof name, "%d", tag);
        assert_non_null(world_reply(world, name, "done"));
    }
    for (int64_t n = 1; n <= incident->n; n++)
        assert_non_null(world_event(world, story->incident, n));
    assert_int_equal(world->dead_letters, 0);
}

static struct world *new_story_world(void) { return new_world("C42"); }

static void live(struct world *world)
{
    struct story story = run_story(world);
    check_story(world, &story);
}

static const struct sweep STORY_SWEEP = { new_story_world, live, end_world, 30 };

static void test_the_process_may_die_before_any_call(void **state) { sweep_run(*state, WORLD_DIES_BEFORE); }
static void test_the_process_may_die_after_any_call(void **state) { sweep_run(*state, WORLD_DIES_AFTER); }
static void test_any_call_may_fail(void **state) { sweep_run(*state, WORLD_FAILS); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_hold_is_there_as_soon_as_the_incident_is),
        cmocka_unit_test(test_a_slight_one_holds_nothing_until_it_is_serious),
        cmocka_unit_test(test_what_mends_it_may_start_from_its_channel),
        cmocka_unit_test(test_a_hold_whose_time_is_over_is_listed_no_more),
        cmocka_unit_test(test_its_resolution_offers_and_its_cancellation_releases),
        SWEEP_TEST(test_the_process_may_die_before_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_the_process_may_die_after_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_any_call_may_fail, &STORY_SWEEP),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
