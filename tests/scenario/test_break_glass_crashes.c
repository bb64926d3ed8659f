/* SPDX-License-Identifier: Apache-2.0
 * Two people break the glass, and no crash loses or doubles any of it. */
#include "tests/scenario/break_glass_fixture.h"
#include "tests/scenario/world/sweep.h"

struct story {
    const char *incident, *held, *other;
};

/* Asked, declined, asked again, agreed to twice; another one's request is left to expire. */
static struct story run_story(struct world *world)
{
    struct story story = { .incident = world_id('i', "1") };
    world_say(world, "1", "declare", story.incident,
              "{\"title\":\"Nothing loads\",\"priority\":1,\"service\":\"site\"}");
    story.held = deploy(world, "2", "site");
    story.other = deploy(world, "3", "site");
    ask(world, "U1", "4", story.held, "mends the outage");
    world_run(world, 1000);
    press(world, "U2", "5", story.held, "decline", 1);
    world_run(world, 1000);
    ask(world, "U1", "6", story.held, "it really does");
    ask(world, "U1", "7", story.other, "this one, too");
    world_run(world, 1000);
    press(world, "U2", "8", story.held, "agree", 2);
    press(world, "U2", "9", story.held, "agree", 2);
    world_run(world, 20 * MINUTE_MS);
    return story;
}

static void check_story(const struct world *world, const struct story *story)
{
    static const char *const ONCE[] = { "break_glass_declined", "break_glass_agreed", "started", "succeeded" };
    assert_string_equal(world_state(world, story->held), "succeeded");
    assert_string_equal(world_state(world, story->other), "queued");
    assert_int_equal(world_effects(world, story->held, "build"), 1);
    for (size_t i = 0; i < SW_COUNT(ONCE); i++)
        assert_int_equal(events(world, story->held, ONCE[i]), 1);
    assert_int_equal(events(world, story->held, "break_glass_asked"), 2);
    assert_int_equal(events(world, story->other, "break_glass_expired"), 1);
    assert_int_equal(entries(world, story->incident, story->held, "<@U1> asked (it really does), <@U2> agreed"), 1);
    assert_int_equal(posts(world, story->incident, "The glass is broken"), 1);
    assert_int_equal(posts(world, story->incident, "asks to break the glass"), 3);
    assert_int_equal(world->hold_count, 1);
    assert_non_null(world_reply(world, "8", "done"));
    assert_non_null(world_reply(world, "9", "duplicate"));
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
        SWEEP_TEST(test_the_process_may_die_before_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_the_process_may_die_after_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_any_call_may_fail, &STORY_SWEEP),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
