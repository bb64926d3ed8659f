/* SPDX-License-Identifier: Apache-2.0
 * A kind that the product does not have, beside deployments: it is added by its row alone, and the engine routes,
 * counts and answers for it. */
#include "common/base/text.h"
#include "orchestrator/core/deployment.h"
#include "orchestrator/core/kind_table.h"
#include "tests/scenario/world/buoy.h"
#include "tests/scenario/world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct wf_kind *const KIND_TABLE[] = { &DEPLOYMENT_KIND, &BUOY_KIND };
const size_t KIND_TABLE_COUNT = SW_COUNT(KIND_TABLE);

static const char CONFIG[] = "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{"
                             "\"site\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"},"
                             "\"shop\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"}},"
                             "\"pipelines\":{\"one\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./build\"]}]}}}";

static struct world *new_world(void)
{
    struct world *world = malloc(sizeof *world);
    world_init(world, CONFIG, NULL, 0);
    world->lease_is_provably_dead = true;
    return world;
}

static void end_world(struct world *world)
{
    world_release(world);
    free(world);
}

static const char *say(struct world *world, const char *tag, const char *name, const char *args)
{
    const char *id = world_id('b', tag);
    world_say(world, tag, name, id, args);
    return id;
}

/* A command that names no workflow. */
static void hail(struct world *world, const char *tag, const char *args) { world_say(world, tag, "hail", "", args); }

static void test_each_way_of_a_command(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *one = say(world, "1", "lay", "{\"keys\":[\"a\"]}");
    hail(world, "2", "{\"key\":\"a\",\"keys\":[\"a\",\"b\"]}");
    hail(world, "3", "{\"key\":\"c\"}");
    hail(world, "4", "{\"key\":\"c\",\"quiet\":\"yes\"}");
    say(world, "5", "drift", "{\"key\":\"b\"}");
    const char *two = say(world, "6", "drift", "{\"key\":\"d\",\"keys\":[\"d\"]}");
    world_run(world, 2000);
    assert_non_null(world_reply(world, "1", "accepted"));
    assert_non_null(world_reply(world, "2", "done"));
    assert_non_null(world_reply(world, "3", "refused"));
    assert_null(world_reply(world, "4", "refused"));
    assert_non_null(world_reply(world, "5", "done"));
    assert_non_null(world_reply(world, "6", "accepted"));
    assert_int_equal(world->workflow_count, 2);
    assert_int_equal(world_workflow(world, one)->sequence, 1);
    assert_int_equal(world_workflow(world, two)->sequence, 2);
    assert_int_equal(jx_i64_or(world_workflow(world, two)->facts, "sequence", 0), 2);
    assert_int_equal(world_workflow(world, one)->n, 3);
    end_world(world);
}

static void test_cancel_retry_and_receipt_reach_it_by_id(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *one = say(world, "1", "lay", "{}");
    world_say(world, "2", "cancel", one, "{\"end\":true}");
    world_run(world, 2000);
    assert_string_equal(world_state(world, one), "sunk");
    assert_non_null(world_reply(world, "2", "done"));
    end_world(world);
}

static void test_the_newest_claimer_has_the_key(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *old = say(world, "1", "lay", "{\"keys\":[\"a\"]}");
    const char *new = say(world, "2", "lay", "{\"keys\":[\"a\"]}");
    hail(world, "3", "{\"key\":\"a\"}");
    world_run(world, 2000);
    assert_int_equal(world_workflow(world, new)->n, 2);
    world_kill(world); /* the same after a takeover */
    hail(world, "4", "{\"key\":\"a\"}");
    world_run(world, 2000);
    assert_int_equal(world_workflow(world, new)->n, 3);
    assert_int_equal(world_workflow(world, old)->n, 1);
    world_say(world, "5", "hail", old, "{\"keys\":[]}"); /* what it has no more it cannot give up */
    hail(world, "6", "{\"key\":\"a\"}");
    world_run(world, 2000);
    assert_int_equal(world_workflow(world, new)->n, 4);
    world_say(world, "7", "hail", new, "{\"keys\":[]}");
    hail(world, "8", "{\"key\":\"a\"}");
    world_run(world, 2000);
    assert_non_null(world_reply(world, "8", "refused"));
    assert_int_equal(world->key_count, 0);
    end_world(world);
}

static void test_what_has_ended_is_found_by_its_key(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *one = say(world, "1", "lay", "{\"keys\":[\"a\"],\"end\":true}");
    world_run(world, 2000);
    world_kill(world);
    hail(world, "2", "{\"key\":\"a\"}");
    hail(world, "3", "{\"key\":\"a\",\"keys\":[\"b\"]}");
    hail(world, "4", "{\"key\":\"a\"}");
    world_run(world, 2000);
    assert_non_null(world_reply(world, "2", "done"));
    assert_non_null(world_reply(world, "3", "done"));
    assert_non_null(world_reply(world, "4", "refused")); /* in the same commit, while the store still has the row */
    assert_int_equal(world_workflow(world, one)->n, 3);
    assert_string_equal(world->keys[0].key, "b");
    end_world(world);
}

static void test_a_key_that_nobody_has_is_asked_for_once(void **state)
{
    (void)state;
    struct world *world = new_world();
    world_run(world, 1000);
    hail(world, "1", "{\"key\":\"a\"}");
    world_run(world, 1000);
    int calls = world->key_reads;
    hail(world, "2", "{\"key\":\"a\"}");
    const char *one = say(world, "3", "lay", "{\"keys\":[\"a\"]}");
    hail(world, "4", "{\"key\":\"a\"}");
    world_run(world, 1000);
    assert_int_equal(world->key_reads, calls);
    assert_int_equal(world_workflow(world, one)->n, 2);
    end_world(world);
}

static void test_a_duplicate_shows_the_one_that_it_was_about(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *one = say(world, "1", "lay", "{\"keys\":[\"a\"]}");
    hail(world, "2", "{\"key\":\"a\"}");
    hail(world, "2", "{\"key\":\"a\"}");
    world_run(world, 2000);
    const struct world_event *reply = world_reply(world, "2", "duplicate");
    assert_string_equal(jx_string(json_object_get(reply->body, "view"), "workflow"), one);
    assert_int_equal(world_workflow(world, one)->n, 2);
    end_world(world);
}

static void test_machines_read_memory_and_store(void **state)
{
    (void)state;
    struct world *world = new_world();
    say(world, "1", "lay", "{\"end\":true}");
    world_run(world, 2000);
    world_kill(world); /* the first one is in the store alone */
    const char *two = say(world, "2", "lay", "{\"end\":true}");
    const char *three = say(world, "3", "lay", "{}");
    char args[64];
    (void)snprintf(args, sizeof args, "{\"one\":\"%s\"}", two);
    world_say(world, "4", "sound", "", args);
    world_run(world, 2000);
    const json_t *data = json_object_get(world_reply(world, "4", "answer")->body, "data");
    assert_int_equal(json_array_size(json_object_get(data, "open")), 1);
    assert_int_equal(json_array_size(json_object_get(data, "recent")), 3);
    assert_string_equal(jx_string(json_array_get(json_object_get(data, "recent"), 0), "workflow"), three);
    assert_string_equal(jx_string(json_object_get(data, "one"), "state"), "sunk");
    end_world(world);
}

static void test_an_order_goes_with_its_event(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *one = say(world, "1", "lay", "{\"order\":{\"key\":\"k\",\"verb\":\"join\",\"channel\":\"C1\"}}");
    const char *two = say(world, "2", "lay", "{\"order\":{\"key\":\"k\",\"verb\":\"dance\"}}");
    world_run(world, 2000);
    const struct world_event *ordered = world_event(world, one, 2);
    assert_string_equal(ordered->envelope.type, "slipway.buoy.ordered.v1");
    assert_string_equal(jx_string(json_object_get(ordered->body, "order"), "verb"), "join");
    assert_true(json_is_null(json_object_get(world_event(world, one, 1)->body, "order")));
    assert_true(json_is_null(json_object_get(world_event(world, two, 2)->body, "order")));
    end_world(world);
}

/* ---- holds ---- */

static const char HOLD_SITE[] = "{\"hold\":{\"id\":\"h1\",\"service\":\"site\"}}";

static const char *deploy(struct world *world, const char *tag, const char *service)
{
    char args[64];
    (void)snprintf(args, sizeof args, "{\"service\":\"%s\"}", service);
    return world_deploy(world, tag, args);
}

static const json_t *last_held(const struct world *world, const char *id)
{
    return json_object_get(world_event(world, id, world_workflow(world, id)->n)->body, "held");
}

static void test_what_is_queued_before_a_hold_does_not_start(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *runs = deploy(world, "1", "site"), *waits = deploy(world, "2", "site"),
               *last = deploy(world, "3", "site");
    world_run(world, 500);
    const char *buoy = say(world, "4", "lay", HOLD_SITE);
    world_run(world, 60000);
    assert_string_equal(world_state(world, runs), "succeeded"); /* what runs is not stopped */
    assert_string_equal(world_state(world, waits), "queued");
    assert_string_equal(jx_string(last_held(world, waits), "by"), buoy);
    assert_string_equal(jx_string(last_held(world, waits), "reason"), "shallow water");
    world_say(world, "5", "hail", buoy, "{\"release\":\"h1\"}");
    world_run(world, 1000);
    assert_string_equal(world_state(world, waits), "running");
    assert_string_equal(world_state(world, last), "queued");
    assert_true(json_is_null(last_held(world, last)));
    world_run(world, 60000);
    assert_string_equal(world_state(world, last), "succeeded");
    assert_true(world_workflow(world, last)->started_at_ms >= world_workflow(world, waits)->finished_at_ms);
    assert_int_equal(world->hold_count, 0);
    end_world(world);
}

static void test_a_held_one_is_stepped_over_and_keeps_its_place(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *buoy = say(world, "1", "lay", HOLD_SITE);
    const char *held = deploy(world, "2", "site"), *free_one = deploy(world, "3", "shop");
    world_run(world, 60000);
    assert_string_equal(world_state(world, held), "queued");
    assert_string_equal(world_state(world, free_one), "succeeded");
    const json_t *view = json_object_get(world_reply(world, "2", "accepted")->body, "view");
    assert_string_equal(jx_string(json_object_get(view, "held"), "by"), buoy);
    const char *busy = deploy(world, "4", "shop"), *behind = deploy(world, "5", "shop");
    world_say(world, "6", "hail", buoy, "{\"release\":\"h1\"}");
    world_run(world, 60000);
    assert_true(world_workflow(world, held)->started_at_ms >= world_workflow(world, busy)->finished_at_ms);
    assert_true(world_workflow(world, behind)->started_at_ms >= world_workflow(world, held)->finished_at_ms);
    end_world(world);
}

static void test_from_its_own_channel_a_hold_blocks_nothing(void **state)
{
    (void)state;
    struct world *world = new_world();
    say(world, "1", "lay", "{\"hold\":{\"service\":\"site\",\"channel\":\"C1\"}}");
    say(world, "2", "lay", "{\"hold\":{\"id\":\"h2\",\"service\":\"shop\",\"channel\":\"C9\"}}");
    const char *mends = deploy(world, "3", "site"), *held = deploy(world, "4", "shop"); /* both from C1 */
    world_run(world, 30000);
    assert_string_equal(world_state(world, mends), "succeeded");
    assert_string_equal(world_state(world, held), "queued");
    end_world(world);
}

static void test_a_hold_ends_at_its_time_also_after_a_takeover(void **state)
{
    (void)state;
    struct world *world = new_world();
    say(world, "1", "lay", "{\"hold\":{\"for_ms\":30000}}");
    const char *held = deploy(world, "2", "site");
    world_run(world, 10000);
    int64_t until_ms = world->holds[0].until_ms;
    assert_true(jx_time_or(last_held(world, held), "until", 0) == until_ms);
    world_kill(world);
    world_run(world, 19000);
    assert_string_equal(world_state(world, held), "queued");
    world_run(world, 20000);
    assert_string_equal(world_state(world, held), "succeeded");
    assert_in_range(world_workflow(world, held)->started_at_ms - until_ms, 0, 10);
    assert_int_equal(world->hold_count, 0);
    end_world(world);
}

static void test_a_hold_ends_with_what_ordered_it(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *buoy = say(world, "1", "lay", "{\"hold\":{\"lane\":\"main\"}}");
    const char *held = deploy(world, "2", "site");
    world_run(world, 5000);
    world_kill(world);
    world_run(world, 5000);
    assert_string_equal(world_state(world, held), "queued");
    world_say(world, "3", "hail", buoy, "{\"end\":true}");
    world_run(world, 20000);
    assert_string_equal(world_state(world, held), "succeeded");
    end_world(world);
}

static void test_one_of_the_same_id_takes_its_place(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *buoy = say(world, "1", "lay", HOLD_SITE);
    const char *site = deploy(world, "2", "site"), *shop = deploy(world, "3", "shop");
    world_run(world, 20000);
    assert_string_equal(world_state(world, shop), "succeeded");
    world_say(world, "4", "hail", buoy, "{\"hold\":{\"id\":\"h1\",\"service\":\"shop\"}}");
    shop = deploy(world, "5", "shop");
    world_run(world, 20000);
    assert_string_equal(world_state(world, site), "succeeded");
    assert_string_equal(world_state(world, shop), "queued");
    assert_int_equal(world->hold_count, 1);
    end_world(world);
}

/* ---- errands ---- */

static void test_an_errand_is_done_once_and_its_result_comes_back(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *one = say(world, "1", "lay", "{\"errands\":[\"e.one\",\"e.two\"]}");
    world_run(world, 10000);
    assert_int_equal(world_errand(world, one, "e.one")->starts, 1);
    assert_int_equal(world_errand(world, one, "e.two")->done, 1);
    const json_t *facts = world_workflow(world, one)->facts;
    assert_int_equal(json_array_size(json_object_get(facts, "errands")), 0);
    assert_int_equal(json_array_size(json_object_get(facts, "results")), 2);
    end_world(world);
}

static void test_a_new_leader_starts_them_again(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *one = say(world, "1", "lay", "{\"errands\":[\"e.one\"]}");
    world_run(world, WORLD_ERRAND_MS / 2);
    assert_int_equal(world_errand(world, one, "e.one")->starts, 1);
    world_kill(world);
    world_run(world, 5000);
    assert_int_equal(world_errand(world, one, "e.one")->starts, 2);
    assert_int_equal(world_errand(world, one, "e.one")->done, 1);
    end_world(world);
}

static void test_failures_come_back_as_they_are(void **state)
{
    (void)state;
    struct world *world = new_world();
    world->errand_failures = 1;
    const char *one = say(world, "1", "lay", "{\"errands\":[\"e.one\"]}");
    world_run(world, 10000);
    assert_int_equal(world_errand(world, one, "e.one")->starts, 2);
    assert_int_equal(world_errand(world, one, "e.one")->done, 1);
    world->errand_failures = 1;
    world->errands_fail_for_good = true;
    world_say(world, "2", "hail", one, "{\"errands\":[\"e.two\"]}");
    world_run(world, 10000);
    const json_t *results = json_object_get(world_workflow(world, one)->facts, "results");
    assert_string_equal(json_string_value(json_array_get(results, 1)), "the tracker refuses");
    assert_int_equal(world_errand(world, one, "e.two")->starts, 1);
    end_world(world);
}

static void test_nothing_is_started_for_what_has_ended(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *one = say(world, "1", "lay", "{\"errands\":[\"e.one\"],\"end\":true}");
    world_run(world, 10000);
    assert_string_equal(world_state(world, one), "sunk");
    assert_null(world_errand(world, one, "e.one"));
    end_world(world);
}

/* ---- the sweep ---- */

struct story {
    const char *buoy, *held, *mends;
};

/* A buoy with a key, an errand and a hold; one deployment waits for its end, another one may start. */
static struct story run_story(struct world *world)
{
    struct story story = { 0 };
    story.buoy = say(world, "1", "lay",
                     "{\"keys\":[\"a\"],\"errands\":[\"e.one\"],\"hold\":{\"id\":\"h1\",\"service\":\"site\"}}");
    story.held = deploy(world, "2", "site");
    story.mends = deploy(world, "3", "shop");
    world_run(world, 20000);
    hail(world, "4", "{\"key\":\"a\",\"keys\":[\"b\"],\"errands\":[\"e.two\"]}");
    world_run(world, 20000);
    hail(world, "5", "{\"key\":\"b\",\"release\":\"h1\"}");
    world_run(world, 40000);
    return story;
}

static void check_story(const struct world *world, const struct story *story)
{
    const struct wf *buoy = world_workflow(world, story->buoy);
    assert_string_equal(world_state(world, story->mends), "succeeded");
    assert_string_equal(world_state(world, story->held), "succeeded");
    assert_true(world_workflow(world, story->held)->started_at_ms >=
                world_workflow(world, story->mends)->finished_at_ms);
    assert_int_equal(world_effects(world, story->held, "build"), 1);
    assert_int_equal(world->hold_count, 0);
    assert_int_equal(world->key_count, 1);
    assert_string_equal(world->keys[0].key, "b");
    assert_int_equal(json_array_size(json_object_get(buoy->facts, "errands")), 0);
    assert_int_equal(json_array_size(json_object_get(buoy->facts, "results")), 2); /* each counted once */
    assert_non_null(world_reply(world, "5", "done"));
    for (int64_t n = 1; n <= buoy->n; n++)
        assert_non_null(world_event(world, story->buoy, n));
    assert_int_equal(world->dead_letters, 0);
}

static void sweep(enum world_fault fault)
{
    struct world *world = new_world();
    struct story story = run_story(world);
    check_story(world, &story);
    int calls = world->calls;
    end_world(world);
    assert_true(calls >= 30);
    for (int at = 1; at <= calls; at++) {
        world = new_world();
        world->fault = fault;
        world->fault_at = at;
        story = run_story(world);
        if (!sw_equal(world_state(world, story.held), "succeeded"))
            print_message("fault %d at call %d (%s)\n", (int)fault, at, world->faulted);
        check_story(world, &story);
        end_world(world);
    }
}

static void test_the_process_may_die_before_any_call(void **state)
{
    (void)state;
    sweep(WORLD_DIES_BEFORE);
}

static void test_the_process_may_die_after_any_call(void **state)
{
    (void)state;
    sweep(WORLD_DIES_AFTER);
}

static void test_any_call_may_fail(void **state)
{
    (void)state;
    sweep(WORLD_FAILS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_way_of_a_command),
        cmocka_unit_test(test_cancel_retry_and_receipt_reach_it_by_id),
        cmocka_unit_test(test_the_newest_claimer_has_the_key),
        cmocka_unit_test(test_what_has_ended_is_found_by_its_key),
        cmocka_unit_test(test_a_key_that_nobody_has_is_asked_for_once),
        cmocka_unit_test(test_a_duplicate_shows_the_one_that_it_was_about),
        cmocka_unit_test(test_machines_read_memory_and_store),
        cmocka_unit_test(test_an_order_goes_with_its_event),
        cmocka_unit_test(test_what_is_queued_before_a_hold_does_not_start),
        cmocka_unit_test(test_a_held_one_is_stepped_over_and_keeps_its_place),
        cmocka_unit_test(test_from_its_own_channel_a_hold_blocks_nothing),
        cmocka_unit_test(test_a_hold_ends_at_its_time_also_after_a_takeover),
        cmocka_unit_test(test_a_hold_ends_with_what_ordered_it),
        cmocka_unit_test(test_one_of_the_same_id_takes_its_place),
        cmocka_unit_test(test_an_errand_is_done_once_and_its_result_comes_back),
        cmocka_unit_test(test_a_new_leader_starts_them_again),
        cmocka_unit_test(test_failures_come_back_as_they_are),
        cmocka_unit_test(test_nothing_is_started_for_what_has_ended),
        cmocka_unit_test(test_the_process_may_die_before_any_call),
        cmocka_unit_test(test_the_process_may_die_after_any_call),
        cmocka_unit_test(test_any_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
