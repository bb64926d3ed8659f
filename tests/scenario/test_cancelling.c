/* SPDX-License-Identifier: Apache-2.0
 * Deployments that are cancelled: in line, while they run, and while nobody can tell whether a step has begun. */
#include "tests/scenario/world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const char CONFIG[] =
    "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{"
    "\"site\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"three\"}},"
    "\"pipelines\":{\"three\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./build\"]},"
    "{\"name\":\"test\",\"run\":[\"./test\"]},{\"name\":\"deploy\",\"run\":[\"./deploy\"]}]}}}";

static struct world *new_world(struct world_script *scripts, size_t count)
{
    struct world *world = malloc(sizeof *world);
    world_init(world, CONFIG, scripts, count);
    return world;
}

static void end_world(struct world *world)
{
    world_release(world);
    free(world);
}

static void test_cancel_in_line_and_running(void **state)
{
    (void)state;
    struct world_script scripts[] = { { .step = "build", .takes_ms = 60000, .outcome = STEP_EXITED } };
    struct world *world = new_world(scripts, 1);
    const char *first = world_deploy(world, "1", "{\"service\":\"site\"}");
    const char *second = world_deploy(world, "2", "{\"service\":\"site\"}");
    world_run(world, 3000);
    world_say(world, "3", "cancel", second, "{\"target\":\"\"}");
    world_say(world, "4", "cancel", first, "{\"target\":\"\"}");
    world_run(world, 3000);
    assert_string_equal(world_state(world, first), "cancelled");
    assert_string_equal(world_state(world, second), "cancelled");
    assert_int_equal(world_starts(world, second, "build"), 0);
    assert_non_null(world_reply(world, "3", "done"));
    assert_non_null(world_reply(world, "4", "done"));
    world_say(world, "5", "cancel", first, "{\"target\":\"\"}");
    world_run(world, 3000);
    assert_non_null(world_reply(world, "5", "refused"));
    end_world(world);
}

/* A supervisor has its spec, and is not seen yet: nobody may call that stopped before it cannot begin any more. */
static void test_what_begins_while_it_is_cancelled_is_stopped(void **state)
{
    (void)state;
    struct world_script scripts[] = { { .step = "build", .takes_ms = 60000, .outcome = STEP_EXITED } };
    struct world *world = new_world(scripts, 1);
    world->claims_late = true;
    const char *first = world_deploy(world, "1", "{\"service\":\"site\"}");
    world_run(world, 3000);
    assert_int_equal(world->attempt_count, 0);
    world_say(world, "2", "cancel", first, "{\"target\":\"\"}");
    world_run(world, 30000);
    assert_string_equal(world_state(world, first), "cancelled");
    assert_int_equal(world_starts(world, first, "build"), 1);
    assert_int_equal(world->attempts[0].report.outcome, STEP_STOPPED);
    assert_false(world->attempts[0].running);
    end_world(world);
}

static void test_what_was_cancelled_before_it_began_never_begins(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world->claims_late = true;
    const char *first = world_deploy(world, "1", "{\"service\":\"site\"}");
    world_run(world, 3000);
    world->claims_late = false; /* it died with its spec */
    world_say(world, "2", "cancel", first, "{\"target\":\"\"}");
    world_run(world, 30000);
    assert_string_equal(world_state(world, first), "cancelled");
    assert_int_equal(world_starts(world, first, "build"), 0);
    end_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cancel_in_line_and_running),
        cmocka_unit_test(test_what_begins_while_it_is_cancelled_is_stopped),
        cmocka_unit_test(test_what_was_cancelled_before_it_began_never_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
