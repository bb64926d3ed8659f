/* SPDX-License-Identifier: Apache-2.0
 * Holds: what they keep from starting, how they end, and that no crash loses or doubles any of it. */
#include "tests/scenario/kinds_fixture.h"
#include "tests/scenario/world/sweep.h"

static const char HOLD_SITE[] = "{\"hold\":{\"id\":\"h1\",\"service\":\"site\"}}";

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
    const json_t *told = world_event(world, held, world_workflow(world, held)->n)->body;
    assert_int_equal(json_array_size(json_object_get(told, "ahead")), 0); /* free_one has ended */
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
    assert_non_null(world_holder(world, "b"));
    assert_int_equal(json_array_size(json_object_get(buoy->facts, "errands")), 0);
    assert_int_equal(json_array_size(json_object_get(buoy->facts, "results")), 2); /* each counted once */
    assert_non_null(world_reply(world, "5", "done"));
    for (int64_t n = 1; n <= buoy->n; n++)
        assert_non_null(world_event(world, story->buoy, n));
    assert_int_equal(world->dead_letters, 0);
}

static void live(struct world *world)
{
    struct story story = run_story(world);
    check_story(world, &story);
}

static const struct sweep STORY_SWEEP = { new_world, live, end_world, 30 };

static void test_the_process_may_die_before_any_call(void **state) { sweep_run(*state, WORLD_DIES_BEFORE); }
static void test_the_process_may_die_after_any_call(void **state) { sweep_run(*state, WORLD_DIES_AFTER); }
static void test_any_call_may_fail(void **state) { sweep_run(*state, WORLD_FAILS); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_queued_before_a_hold_does_not_start),
        cmocka_unit_test(test_a_held_one_is_stepped_over_and_keeps_its_place),
        cmocka_unit_test(test_from_its_own_channel_a_hold_blocks_nothing),
        cmocka_unit_test(test_a_hold_ends_at_its_time_also_after_a_takeover),
        cmocka_unit_test(test_a_hold_ends_with_what_ordered_it),
        cmocka_unit_test(test_one_of_the_same_id_takes_its_place),
        SWEEP_TEST(test_the_process_may_die_before_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_the_process_may_die_after_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_any_call_may_fail, &STORY_SWEEP),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
