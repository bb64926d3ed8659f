/* SPDX-License-Identifier: Apache-2.0
 * A record that kills whoever takes it is parked after some deaths; who comes after deaths that had another cause is
 * innocent. */
#include "tests/scenario/kinds_fixture.h"

enum { DEATHS = 8 };

/* It takes the lease and loads; before it has taken a record it dies. */
static void live_and_die(struct world *world)
{
    world->now_ms += 10;
    world_boot(world);
    (void)leader_pass(world->me->leader, world->now_ms);
    world_kill(world);
}

static void test_what_was_there_at_each_death_is_parked(void **state)
{
    (void)state;
    struct world *world = new_world();
    world_run(world, 100);
    const char *one = say(world, "1", "lay", "{}");
    world_kill(world);
    for (int i = 0; i < DEATHS; i++)
        live_and_die(world);
    world->now_ms += 10;
    const char *two = say(world, "2", "lay", "{}");
    world_run(world, 5000);
    assert_int_equal(world->dead_letters, 1);
    assert_string_equal(world->dead_reason, "crashed the orchestrator");
    assert_null(world_workflow(world, one));
    assert_non_null(world_workflow(world, two));
    end_world(world);
}

static void test_who_comes_after_the_deaths_is_innocent(void **state)
{
    (void)state;
    struct world *world = new_world();
    world_run(world, 100);
    world_kill(world);
    for (int i = 0; i < DEATHS; i++)
        live_and_die(world);
    world_boot(world);
    (void)leader_pass(world->me->leader, world->now_ms);
    world->now_ms += 10;
    const char *one = say(world, "1", "lay", "{}");
    world_run(world, 5000);
    assert_int_equal(world->dead_letters, 0);
    assert_non_null(world_workflow(world, one));
    assert_non_null(world_reply(world, "1", "accepted"));
    end_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_there_at_each_death_is_parked),
        cmocka_unit_test(test_who_comes_after_the_deaths_is_innocent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
