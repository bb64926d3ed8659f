/* SPDX-License-Identifier: Apache-2.0
 * Deployments from the command to the end, in virtual time: the whole engine against a made-up world. */
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

static const char CONFIG[] =
    "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{"
    "\"site\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"three\"},"
    "\"flaky\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"flaky\"},"
    "\"again\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"again\"},"
    "\"asked\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"asked\"},"
    "\"slow\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"slow\"},"
    "\"idle\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"idle\"}},"
    "\"pipelines\":{"
    "\"three\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./build\",\"${ref}\"]},{\"name\":\"test\",\"run\":[\"./"
    "test\"]},"
    "{\"name\":\"deploy\",\"run\":[\"./deploy\"]}]},"
    "\"flaky\":{\"steps\":[{\"name\":\"shaky\",\"run\":[\"./shaky\"],\"retry\":{\"attempts\":3,\"backoff\":\"2s\"}}]},"
    "\"again\":{\"steps\":[{\"name\":\"again\",\"run\":[\"./again\"],\"on_unknown\":\"retry\"}]},"
    "\"asked\":{\"steps\":[{\"name\":\"asked\",\"run\":[\"./asked\"],\"on_unknown\":{\"probe\":[\"./probe\"]}}]},"
    "\"slow\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./build\"]},{\"name\":\"settle\",\"wait\":\"10s\"}]},"
    "\"idle\":{\"steps\":[{\"name\":\"a\",\"wait\":0},{\"name\":\"b\",\"wait\":0},{\"name\":\"c\",\"wait\":0}]}}}";

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

static void test_three_steps_take_four_commits(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world_run(world, 2000);
    int commits_before = world->commits;
    const char *id = world_deploy(world, "1", "{\"service\":\"site\"}");
    world_run(world, 6500);
    assert_string_equal(world_state(world, id), "succeeded");
    assert_int_equal(world->commits - commits_before, 4);
    assert_non_null(world_reply(world, "1", "accepted"));
    const struct world_event *last = world_event(world, id, world_workflow(world, id)->n);
    assert_string_equal(last->envelope.type, "slipway.deployment.succeeded.v1");
    assert_string_equal(jx_string(last->body, "state"), "succeeded");
    world_say(world, "r", "receipt", id, "{\"event\":\"x:1\",\"channel\":\"C1\",\"ts\":\"1.2\"}");
    world_run(world, 1000);
    assert_int_equal(world->commits - commits_before, 5);
    end_world(world);
}

static void test_one_at_a_time_in_order(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    const char *ids[5];
    char tag[8];
    for (int i = 0; i < 5; i++) {
        (void)snprintf(tag, sizeof tag, "t%d", i);
        ids[i] = world_deploy(world, tag, "{\"service\":\"site\"}");
    }
    world_run(world, 1500);
    assert_string_equal(world_state(world, ids[0]), "running");
    assert_string_equal(world_state(world, ids[4]), "queued");
    const struct world_event *reply = world_reply(world, "t4", "accepted");
    assert_int_equal(jx_i64_or(json_object_get(reply->body, "view"), "position", 0), 4);
    world_run(world, 60000);
    for (int i = 0; i < 5; i++) {
        assert_string_equal(world_state(world, ids[i]), "succeeded");
        if (i > 0)
            assert_true(world_workflow(world, ids[i])->started_at_ms >=
                        world_workflow(world, ids[i - 1])->finished_at_ms);
    }
    end_world(world);
}

static void test_the_same_command_twice_has_one_effect(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    const char *id = world_deploy(world, "same", "{\"service\":\"site\"}");
    world_deploy(world, "same", "{\"service\":\"site\"}");
    world_run(world, 20000);
    assert_int_equal(world->workflow_count, 1);
    assert_string_equal(world_state(world, id), "succeeded");
    assert_int_equal(world_starts(world, id, "build"), 1);
    assert_non_null(world_reply(world, "same", "accepted"));
    assert_non_null(world_reply(world, "same", "duplicate"));
    end_world(world);
}

/* In the middle of others, and alone at the cursor. */
static void test_a_command_that_memory_has_forgotten_is_still_known(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world->forgetful = true;
    const char *id = world_deploy(world, "same", "{\"service\":\"site\"}");
    world_run(world, 20000);
    world_kill(world);
    const char *before = world_deploy(world, "before", "{\"service\":\"site\"}");
    world_deploy(world, "same", "{\"service\":\"site\"}");
    const char *after = world_deploy(world, "after", "{\"service\":\"site\"}");
    world_run(world, 60000);
    world_kill(world);
    world_deploy(world, "before", "{\"service\":\"site\"}");
    world_run(world, 20000);
    assert_int_equal(world->workflow_count, 3);
    assert_int_equal(world->dead_letters, 0);
    assert_int_equal(world_starts(world, id, "build"), 1);
    assert_string_equal(world_state(world, before), "succeeded");
    assert_string_equal(world_state(world, after), "succeeded");
    assert_non_null(world_reply(world, "same", "duplicate"));
    assert_non_null(world_reply(world, "before", "duplicate"));
    end_world(world);
}

/* Each read of the store is waited for; beats and other people's deployments shall not wait for all of them. */
static void test_questions_that_read_the_store_are_committed_a_few_at_a_time(void **state)
{
    enum { QUESTIONS = 64, READS_AT_ONCE = 32 };
    char tag[8];
    (void)state;
    struct world *world = new_world(NULL, 0);
    world_run(world, 1000);
    int64_t commits_before = world->commits;
    for (int i = 0; i < QUESTIONS; i++) {
        (void)snprintf(tag, sizeof tag, "q%d", i);
        world_say(world, tag, "check_status", "", "{\"target\":\"d-0000000000000\"}");
    }
    world_run(world, 20000);
    assert_non_null(world_reply(world, "q63", "not_found"));
    assert_true(world->commits - commits_before >= QUESTIONS / READS_AT_ONCE);
    end_world(world);
}

static void test_one_id_with_two_meanings_is_refused(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world_deploy(world, "same", "{\"service\":\"site\"}");
    world_deploy(world, "same", "{\"service\":\"flaky\"}");
    world_run(world, 20000);
    assert_int_equal(world->workflow_count, 1);
    assert_non_null(world_reply(world, "same", "refused"));
    end_world(world);
}

static void test_a_failed_step_is_tried_again_by_its_policy(void **state)
{
    (void)state;
    struct world_script scripts[] = {
        { .step = "shaky", .takes_ms = 100, .outcome = STEP_EXITED, .exit_code = 1, .times = 2 }
    };
    struct world *world = new_world(scripts, 1);
    const char *id = world_deploy(world, "1", "{\"service\":\"flaky\"}");
    world_run(world, 60000);
    assert_string_equal(world_state(world, id), "succeeded");
    assert_int_equal(world_starts(world, id, "shaky"), 3);
    end_world(world);
}

static void test_tries_end(void **state)
{
    (void)state;
    struct world_script scripts[] = { { .step = "shaky", .takes_ms = 100, .outcome = STEP_EXITED, .exit_code = 7 } };
    struct world *world = new_world(scripts, 1);
    const char *id = world_deploy(world, "1", "{\"service\":\"flaky\"}");
    world_run(world, 60000);
    assert_string_equal(world_state(world, id), "failed");
    assert_int_equal(world_starts(world, id, "shaky"), 3);
    const struct world_event *last = world_event(world, id, world_workflow(world, id)->n);
    assert_string_equal(jx_string(json_object_get(last->body, "error"), "code"), "E-STEP-FAILED");
    end_world(world);
}

static void test_unknown_holds_retries_or_asks(void **state)
{
    (void)state;
    struct world_script scripts[] = {
        { .step = "build", .takes_ms = 100, .outcome = STEP_LOST, .times = 1 },
        { .step = "again", .takes_ms = 100, .outcome = STEP_LOST, .times = 1 },
        { .step = "asked", .takes_ms = 100, .outcome = STEP_LOST, .times = 1 },
    };
    struct world *world = new_world(scripts, 3);
    const char *again = world_deploy(world, "1", "{\"service\":\"again\"}");
    const char *asked = world_deploy(world, "2", "{\"service\":\"asked\"}");
    const char *held = world_deploy(world, "3", "{\"service\":\"site\"}");
    const char *behind = world_deploy(world, "4", "{\"service\":\"site\"}");
    world_run(world, 30000);
    assert_string_equal(world_state(world, again), "succeeded");
    assert_int_equal(world_starts(world, again, "again"), 2);
    assert_string_equal(world_state(world, asked), "succeeded"); /* the probe said: done */
    assert_int_equal(world_starts(world, asked, "asked"), 2);
    assert_string_equal(world_state(world, held), "needs_a_human");
    assert_string_equal(world_state(world, behind), "queued");
    world_say(world, "5", "retry", held, "{\"target\":\"\"}");
    world_run(world, 30000);
    assert_string_equal(world_state(world, held), "succeeded");
    assert_string_equal(world_state(world, behind), "succeeded");
    end_world(world);
}

static void test_a_wait_survives_a_restart_and_keeps_its_time(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world->lease_is_provably_dead = true;
    const char *id = world_deploy(world, "1", "{\"service\":\"slow\"}");
    world_run(world, 5000);
    int64_t began_ms = world_workflow(world, id)->steps[1].started_at_ms;
    world_kill(world);
    world_run(world, 20000);
    assert_string_equal(world_state(world, id), "succeeded");
    assert_in_range(world_workflow(world, id)->finished_at_ms - began_ms, 10000, 10010);
    end_world(world);
}

/* Postgres's clock is put back: time stands still until it is where it was. */
static void test_while_time_stands_still_nobody_turns_around_a_timer(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world->lease_is_provably_dead = true;
    const char *id = world_deploy(world, "1", "{\"service\":\"slow\"}");
    world_run(world, 5000);
    int64_t due_ms = world_workflow(world, id)->steps[1].started_at_ms + 10000;
    world_run(world, due_ms - world->now_ms - 100);
    world->now_ms = due_ms - 100;                             /* nothing is due before */
    (void)world_deploy(world, "2", "{\"service\":\"slow\"}"); /* its event is what was stored last */
    world_run(world, 50);
    world->clock_ms = -600000;
    world_kill(world);
    world_run(world, 10000);
    assert_in_range(leader_pass(world->me->leader, world->now_ms) - world->now_ms, 500, 1000);
    assert_string_equal(world_state(world, id), "running");
    world_run(world, 600000);
    assert_in_range(world_workflow(world, id)->finished_at_ms - due_ms, 0, 10);
    end_world(world);
}

static void test_steps_of_no_time_pass_at_once(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world_run(world, 1000);
    int commits_before = world->commits;
    char tag[8];
    const char *ids[10];
    for (int i = 0; i < 10; i++) {
        (void)snprintf(tag, sizeof tag, "i%d", i);
        ids[i] = world_deploy(world, tag, "{\"service\":\"idle\"}");
    }
    world_run(world, 1000);
    for (int i = 0; i < 10; i++)
        assert_string_equal(world_state(world, ids[i]), "succeeded");
    assert_int_equal(world->commits - commits_before, 1);
    end_world(world);
}

static void test_questions_are_answered(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    const char *id = world_deploy(world, "1", "{\"service\":\"site\"}");
    world_say(world, "2", "check_status", "", "{\"target\":\"d-nosuchthing12\"}");
    world_run(world, 3000);
    char args[64];
    (void)snprintf(args, sizeof args, "{\"target\":\"%s\"}", id);
    world_say(world, "3", "check_status", "", args);
    world_say(world, "4", "line", "", "{}");
    world_run(world, 30000);
    world_say(world, "5", "history", "", "{}");
    world_say(world, "6", "services", "", "{}");
    world_run(world, 3000);
    assert_non_null(world_reply(world, "2", "not_found"));
    const struct world_event *status = world_reply(world, "3", "status");
    assert_string_equal(jx_string(json_object_get(status->body, "view"), "state"), "running");
    assert_int_equal(json_array_size(json_object_get(world_reply(world, "4", "line")->body, "views")), 1);
    assert_int_equal(json_array_size(json_object_get(world_reply(world, "5", "history")->body, "views")), 1);
    assert_non_null(world_reply(world, "6", "services"));
    end_world(world);
}

/* What is asked about stands in the answer, cut between two characters. */
static void test_questions_about_long_names_are_answered(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    for (int before = 0; before < 4; before++) {
        char name[200] = "", args[240], tag[2][8];
        memset(name, 'x', (size_t)before);
        while (strlen(name) < 150)
            (void)strcat(name, "€");
        (void)snprintf(tag[0], sizeof tag[0], "%d", before);
        (void)snprintf(tag[1], sizeof tag[1], "h%d", before);
        (void)snprintf(args, sizeof args, "{\"target\":\"%s\"}", name);
        world_say(world, tag[0], "check_status", "", args);
        (void)snprintf(args, sizeof args, "{\"service\":\"%s\"}", name);
        world_say(world, tag[1], "history", "", args);
        world_run(world, 1000);
        assert_non_null(world_reply(world, tag[0], "not_found"));
        assert_non_null(world_reply(world, tag[1], "history"));
    }
    end_world(world);
}

static void test_a_refused_deploy_keeps_its_id_and_reason(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    const char *id = world_deploy(world, "1", "{\"service\":\"siet\"}");
    world_run(world, 3000);
    assert_string_equal(world_state(world, id), "rejected");
    const struct world_event *reply = world_reply(world, "1", "refused");
    assert_string_equal(jx_string(reply->body, "code"), "E-SERVICE-UNKNOWN");
    end_world(world);
}

static void test_each_kind_counts_without_gaps(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world->lease_is_provably_dead = true;
    const char *first = world_deploy(world, "1", "{\"service\":\"idle\"}");
    const char *second = world_deploy(world, "2", "{\"service\":\"siet\"}");
    world_run(world, 3000);
    world_kill(world);
    const char *third = world_deploy(world, "3", "{\"service\":\"idle\"}");
    world_run(world, 3000);
    assert_int_equal(world_workflow(world, first)->sequence, 1);
    assert_int_equal(world_workflow(world, second)->sequence, 2);
    assert_int_equal(world_workflow(world, third)->sequence, 3);
    end_world(world);
}

static void test_poison_is_parked_and_blocks_nothing(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world_put_record(world, "slipway.command.deploy.v1", "cmd:A1:bad", "{not json");
    world_put_record(world, "slipway.command.dance.v1", "cmd:A1:dance", "{}");
    world_put_record(world, "slipway.command.deploy.v2", "cmd:A1:v2", "{}");
    const char *id = world_deploy(world, "1", "{\"service\":\"site\"}");
    world_run(world, 20000);
    assert_int_equal(world->dead_letters, 3);
    assert_string_equal(world_state(world, id), "succeeded");
    end_world(world);
}

static void test_data_that_postgres_refuses_is_found_and_parked(void **state)
{
    (void)state;
    struct world *world = new_world(NULL, 0);
    world->refuse_data = "cmd:A1:guilty";
    world_run(world, 1000);
    const char *before = world_deploy(world, "1", "{\"service\":\"site\"}");
    const char *guilty = world_deploy(world, "guilty", "{\"service\":\"site\"}");
    const char *after = world_deploy(world, "2", "{\"service\":\"site\"}");
    world_run(world, 60000);
    assert_string_equal(world_state(world, before), "succeeded");
    assert_string_equal(world_state(world, guilty), "(none)");
    assert_string_equal(world_state(world, after), "succeeded");
    assert_int_equal(world->dead_letters, 1);
    assert_non_null(strstr(world->dead_reason, "Postgres refused it"));
    end_world(world);
}

/* ---- the sweep ---- */

static void run_story(struct world *world, const char *ret_ids[2])
{
    world->lease_is_provably_dead = true;
    ret_ids[0] = world_deploy(world, "one", "{\"service\":\"site\"}");
    ret_ids[1] = world_deploy(world, "two", "{\"service\":\"slow\"}");
    world_run(world, 60000);
}

static void check_story(const struct world *world, const char *const ids[2])
{
    static const char *const STEPS[] = { "build", "test", "deploy" };
    assert_string_equal(world_state(world, ids[0]), "succeeded");
    assert_string_equal(world_state(world, ids[1]), "succeeded");
    for (size_t i = 0; i < SW_COUNT(STEPS); i++) {
        assert_int_equal(world_starts(world, ids[0], STEPS[i]), 1);
        assert_int_equal(world_effects(world, ids[0], STEPS[i]), 1);
    }
    for (size_t i = 0; i < 2; i++)
        for (int64_t n = 1; n <= world_workflow(world, ids[i])->n; n++)
            assert_non_null(world_event(world, ids[i], n));
    assert_non_null(world_reply(world, "one", "accepted"));
    assert_int_equal(world->dead_letters, 0);
}

static struct world *new_story_world(void) { return new_world(NULL, 0); }

static void live(struct world *world)
{
    const char *ids[2];
    run_story(world, ids);
    check_story(world, ids);
}

static const struct sweep STORY_SWEEP = { new_story_world, live, end_world, 30 };

static void test_the_process_may_die_before_any_call(void **state) { sweep_run(*state, WORLD_DIES_BEFORE); }
static void test_the_process_may_die_after_any_call(void **state) { sweep_run(*state, WORLD_DIES_AFTER); }
static void test_any_call_may_fail(void **state) { sweep_run(*state, WORLD_FAILS); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_steps_take_four_commits),
        cmocka_unit_test(test_one_at_a_time_in_order),
        cmocka_unit_test(test_the_same_command_twice_has_one_effect),
        cmocka_unit_test(test_a_command_that_memory_has_forgotten_is_still_known),
        cmocka_unit_test(test_questions_that_read_the_store_are_committed_a_few_at_a_time),
        cmocka_unit_test(test_one_id_with_two_meanings_is_refused),
        cmocka_unit_test(test_a_failed_step_is_tried_again_by_its_policy),
        cmocka_unit_test(test_tries_end),
        cmocka_unit_test(test_unknown_holds_retries_or_asks),
        cmocka_unit_test(test_a_wait_survives_a_restart_and_keeps_its_time),
        cmocka_unit_test(test_while_time_stands_still_nobody_turns_around_a_timer),
        cmocka_unit_test(test_steps_of_no_time_pass_at_once),
        cmocka_unit_test(test_questions_are_answered),
        cmocka_unit_test(test_questions_about_long_names_are_answered),
        cmocka_unit_test(test_a_refused_deploy_keeps_its_id_and_reason),
        cmocka_unit_test(test_each_kind_counts_without_gaps),
        cmocka_unit_test(test_poison_is_parked_and_blocks_nothing),
        cmocka_unit_test(test_data_that_postgres_refuses_is_found_and_parked),
        SWEEP_TEST(test_the_process_may_die_before_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_the_process_may_die_after_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_any_call_may_fail, &STORY_SWEEP),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
