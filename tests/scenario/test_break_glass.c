/* SPDX-License-Identifier: Apache-2.0
 * Two people break the glass of a deployment that an incident holds: what that takes, what it passes and what not, and
 * where it is told. */
#include "tests/scenario/break_glass_fixture.h"

static void test_two_people_let_it_start(void **state)
{
    (void)state;
    struct world *world = new_world();
    double asked = counted("asked"), agreed = counted("agreed");
    const char *incident = declare(world, "1", "site"), *held = deploy(world, "2", "site");
    int64_t number = world_workflow(world, held)->number;
    ask(world, "U1", "3", held, "mends the outage");
    world_run(world, 1000);
    assert_string_equal(world_state(world, held), "queued"); /* the first person alone changes nothing */
    assert_int_equal(world->hold_count, 1);
    const json_t *request = request_of(world, held);
    assert_string_equal(jx_string(request, "user"), "U1");
    assert_string_equal(jx_string(request, "reason"), "mends the outage");
    const json_t *hold = json_array_get(json_object_get(request, "holds"), 0);
    assert_string_equal(jx_string(hold, "by"), incident);
    assert_string_equal(jx_string(hold, "reason"), "incident #1: Nothing loads");
    assert_int_equal(posts(world, incident, "asks to break the glass"), 1);
    press(world, "U2", "4", held, "agree", 1);
    world_run(world, MINUTE_MS);
    assert_string_equal(world_state(world, held), "succeeded");
    assert_int_equal(world_workflow(world, held)->number, number);
    assert_int_equal(world_workflow(world, held)->started_at_ms,
                     jx_time_or(last_past(world, held), "ended_at", 0)); /* in the same commit */
    assert_int_equal(world->hold_count, 1);                              /* others are held as before */
    assert_null(request_of(world, held));
    assert_string_equal(jx_string(last_past(world, held), "by"), "U2");
    assert_string_equal(jx_string(last_past(world, held), "how"), "agreed");
    assert_int_equal(entries(world, incident, held, "<@U1> asked (mends the outage), <@U2> agreed"), 1);
    assert_int_equal(posts(world, incident, "The glass is broken"), 1);
    assert_true(counted("asked") == asked + 1 && counted("agreed") == agreed + 1);
    end_world(world);
}

static void test_the_word_of_somebody_else_is_an_agreement(void **state)
{
    (void)state;
    struct world *world = new_world();
    (void)declare(world, "1", "site");
    const char *held = deploy(world, "2", "site");
    ask(world, "U1", "3", held, "mends the outage");
    ask(world, "U2", "4", held, NULL);
    world_run(world, MINUTE_MS);
    assert_string_equal(world_state(world, held), "succeeded");
    assert_non_null(world_reply(world, "4", "done"));
    assert_string_equal(jx_string(last_past(world, held), "reason"), "mends the outage");
    end_world(world);
}

static void test_what_is_refused_changes_nothing(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *free_one = deploy(world, "1", "shop");
    (void)declare(world, "2", "site");
    const char *held = deploy(world, "3", "site");
    ask(world, "U1", "4", held, NULL);
    ask(world, "U1", "5", held, "  ");
    ask(world, "U9", "6", held, "not one of those who may");
    press(world, "U2", "7", held, "agree", 1);
    world_run(world, 1000);
    assert_string_equal(code_of(world, "4", "refused"), "E-REASON");
    assert_string_equal(code_of(world, "5", "refused"), "E-REASON");
    assert_string_equal(code_of(world, "6", "refused"), "E-NOT-ALLOWED");
    assert_string_equal(code_of(world, "7", "refused"), "E-REQUEST-OVER");
    assert_null(request_of(world, held));
    ask(world, "U1", "8", held, "mends the outage");
    ask(world, "U1", "9", held, "says it again");
    press(world, "U1", "10", held, "agree", 1);
    press(world, "U9", "11", held, "agree", 1);
    ask(world, "U1", "12", free_one, "for no reason");
    world_run(world, 1000);
    assert_string_equal(code_of(world, "9", "refused"), "E-SECOND-PERSON");
    assert_string_equal(code_of(world, "10", "refused"), "E-SECOND-PERSON");
    assert_string_equal(code_of(world, "11", "refused"), "E-NOT-ALLOWED");
    assert_non_null(world_reply(world, "12", "refused"));
    assert_string_equal(jx_string(request_of(world, held), "reason"), "mends the outage");
    assert_string_equal(world_state(world, held), "queued");
    end_world(world);
}

static void test_what_nothing_holds_needs_no_broken_glass(void **state)
{
    (void)state;
    struct world *world = new_world();
    (void)world_deploy(world, "1", "{\"service\":\"shop\"}");
    const char *waits = world_deploy(world, "2", "{\"service\":\"site\"}"); /* for its lane alone */
    ask(world, "U1", "3", waits, "in a hurry");
    world_run(world, 100);
    assert_string_equal(code_of(world, "3", "refused"), "E-NOT-HELD");
    end_world(world);
}

static void test_the_second_press_says_who_and_when(void **state)
{
    (void)state;
    struct world *world = new_world();
    (void)declare(world, "1", "site");
    const char *runs = world_deploy(world, "r", "{\"service\":\"shop\"}"), *held = deploy(world, "2", "site");
    ask(world, "U1", "3", held, "mends the outage");
    world_run(world, 100);
    press(world, "U2", "4", held, "agree", 1);
    press(world, "U3", "5", held, "agree", 1); /* while it waits for its lane */
    world_run(world, MINUTE_MS);
    press(world, "U2", "6", held, "agree", 1); /* when it has ended */
    world_run(world, 1000);
    assert_string_equal(world_state(world, runs), "succeeded");
    assert_string_equal(world_state(world, held), "succeeded");
    assert_non_null(strstr(said_to(world, "5", "duplicate"), "<@U2> agreed on "));
    assert_non_null(strstr(said_to(world, "6", "duplicate"), "<@U2> agreed on "));
    assert_int_equal(events(world, held, "break_glass_agreed"), 1);
    assert_int_equal(world_effects(world, held, "build"), 1);
    end_world(world);
}

static void test_a_later_hold_holds_again(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *first = declare(world, "1", "site");
    struct world_script slow[] = { { .step = "build", .takes_ms = 5 * MINUTE_MS, .outcome = STEP_EXITED } };
    world->scripts = slow;
    world->script_count = 1;
    const char *runs = deploy(world, "2", "shop"), *held = deploy(world, "3", "site");
    ask(world, "U1", "4", held, "mends the outage");
    press(world, "U2", "5", held, "agree", 1);
    world_run(world, 1000);
    assert_string_equal(world_state(world, held), "queued"); /* its lane is taken */
    assert_true(json_is_null(json_object_get(world_event(world, held, world_workflow(world, held)->n)->body, "held")));
    const char *second = declare(world, "6", "site");
    world_kill(world);
    world_run(world, 10 * MINUTE_MS);
    assert_string_equal(world_state(world, runs), "succeeded");
    assert_string_equal(world_state(world, held), "queued");
    const json_t *view = world_event(world, held, world_workflow(world, held)->n)->body;
    assert_string_equal(jx_string(json_object_get(view, "held"), "by"), second);
    ask(world, "U3", "7", held, "that one, too");
    world_run(world, 1000);
    assert_int_equal(json_array_size(json_object_get(request_of(world, held), "holds")), 1); /* the new one alone */
    press(world, "U2", "8", held, "agree", 1);                                               /* of the old message */
    press(world, "U1", "9", held, "agree", 2);
    world_run(world, 10 * MINUTE_MS);
    assert_non_null(world_reply(world, "8", "duplicate"));
    assert_string_equal(world_state(world, held), "succeeded");
    assert_int_equal(entries(world, first, held, "passes what is held"), 1);
    assert_int_equal(entries(world, second, held, "passes what is held"), 1);
    end_world(world);
}

static void test_all_holds_of_that_moment_are_passed(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *first = declare(world, "1", "site"), *held = deploy(world, "2", "site");
    ask(world, "U1", "3", held, "mends the outage");
    const char *second = declare(world, "4", "site"); /* between the request and the agreement */
    world_run(world, 1000);
    assert_int_equal(json_array_size(json_object_get(request_of(world, held), "holds")), 2); /* shown before */
    press(world, "U2", "5", held, "agree", 1);
    world_run(world, MINUTE_MS);
    assert_string_equal(world_state(world, held), "succeeded");
    assert_int_equal(entries(world, first, held, "passes what is held"), 1);
    assert_int_equal(entries(world, second, held, "passes what is held"), 1);
    end_world(world);
}

static void test_a_request_far_behind_in_the_line_shows_what_holds_it(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *first = declare(world, "1", "site"), *held = NULL;
    for (int i = 0; i < 25; i++) {
        char tag[16];
        (void)snprintf(tag, sizeof tag, "line-%d", i);
        held = deploy(world, tag, "site");
    }
    ask(world, "U1", "2", held, "mends the outage");
    const char *second = declare(world, "3", "site");
    world_run(world, 1000);
    assert_int_equal(json_array_size(json_object_get(request_of(world, held), "holds")), 2);
    tell(world, "4", first, "release", "");
    tell(world, "5", second, "release", "");
    world_run(world, 100);
    assert_null(request_of(world, held));
    assert_string_equal(world_state(world, held), "queued");
    end_world(world);
}

static void test_a_hold_of_another_service_tells_its_incident(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *incident = declare(world, "1", "site");
    tell(world, "2", incident, "hold", "shop");
    const char *held = deploy(world, "3", "shop");
    ask(world, "U1", "4", held, "the shop is not to blame");
    ask(world, "U2", "5", held, NULL);
    world_run(world, MINUTE_MS);
    assert_string_equal(world_state(world, held), "succeeded");
    assert_int_equal(entries(world, incident, held, "passes what is held"), 1);
    end_world(world);
}

static void test_a_request_expires_also_after_a_takeover(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *incident = declare(world, "1", "site"), *held = deploy(world, "2", "site");
    ask(world, "U1", "3", held, "mends the outage");
    world_run(world, 14 * MINUTE_MS);
    assert_non_null(request_of(world, held));
    world_kill(world);
    world_run(world, 2 * MINUTE_MS);
    assert_null(request_of(world, held));
    assert_string_equal(jx_string(last_past(world, held), "how"), "expired");
    assert_int_equal(events(world, held, "break_glass_expired"), 1);
    assert_int_equal(posts(world, incident, "Nobody agreed in time"), 1);
    press(world, "U2", "4", held, "agree", 1);
    world_run(world, MINUTE_MS);
    assert_string_equal(code_of(world, "4", "refused"), "E-REQUEST-OVER");
    assert_non_null(strstr(said_to(world, "4", "refused"), "expired"));
    assert_string_equal(world_state(world, held), "queued");
    end_world(world);
}

static void test_it_is_declined_or_withdrawn(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *incident = declare(world, "1", "site"), *held = deploy(world, "2", "site");
    ask(world, "U1", "3", held, "mends the outage");
    press(world, "U3", "4", held, "decline", 1);
    ask(world, "U1", "5", held, "please");
    press(world, "U1", "6", held, "decline", 2);
    press(world, "U2", "7", held, "agree", 2);
    world_run(world, 20 * MINUTE_MS);
    assert_non_null(world_reply(world, "4", "done"));
    assert_non_null(strstr(said_to(world, "6", "done"), "withdrawn"));
    assert_non_null(strstr(said_to(world, "7", "refused"), "<@U1> withdrew"));
    assert_int_equal(events(world, held, "break_glass_declined"), 2);
    assert_int_equal(events(world, held, "break_glass_expired"), 0); /* its timer went with it */
    assert_string_equal(world_state(world, held), "queued");
    assert_int_equal(posts(world, incident, "<@U3> declined"), 1);
    assert_int_equal(posts(world, incident, "<@U1> asks no more"), 1);
    end_world(world);
}

static void test_a_hold_that_is_over_drops_the_request(void **state)
{
    (void)state;
    struct world *world = new_world();
    struct world_script slow[] = { { .step = "build", .takes_ms = 5 * MINUTE_MS, .outcome = STEP_EXITED } };
    world->scripts = slow;
    world->script_count = 1;
    const char *incident = declare(world, "1", "site"), *runs = deploy(world, "2", "shop"),
               *held = deploy(world, "3", "site");
    ask(world, "U1", "4", held, "mends the outage");
    world_run(world, 1000);
    tell(world, "5", incident, "release", "");
    world_run(world, 1000);
    assert_string_equal(world_state(world, runs), "running");
    assert_null(request_of(world, held));
    assert_string_equal(jx_string(last_past(world, held), "how"), "dropped");
    assert_int_equal(posts(world, incident, "asks to break"), 1);
    assert_int_equal(posts(world, incident, ""), 1); /* quietly: nothing more is said there */
    world_run(world, 20 * MINUTE_MS);
    assert_string_equal(world_state(world, held), "succeeded");
    end_world(world);
}

static void test_a_request_ends_with_the_line(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *incident = declare(world, "1", "site"), *held = deploy(world, "2", "site"),
               *starts = deploy(world, "3", "site");
    ask(world, "U1", "4", held, "mends the outage");
    ask(world, "U1", "5", starts, "this one, too");
    world_run(world, 1000);
    world_say(world, "6", "cancel", held, "{}");
    tell(world, "7", incident, "release", "");
    world_run(world, MINUTE_MS);
    assert_string_equal(world_state(world, held), "cancelled");
    assert_string_equal(world_state(world, starts), "succeeded");
    assert_string_equal(jx_string(last_past(world, held), "how"), "dropped");
    assert_string_equal(jx_string(last_past(world, starts), "how"), "dropped");
    assert_int_equal(events(world, starts, "break_glass_dropped"), 1);
    press(world, "U2", "8", held, "agree", 1);
    world_run(world, 20 * MINUTE_MS);
    assert_non_null(world_reply(world, "8", "refused"));
    assert_int_equal(events(world, held, "break_glass_expired") + events(world, starts, "break_glass_expired"), 0);
    end_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_people_let_it_start),
        cmocka_unit_test(test_the_word_of_somebody_else_is_an_agreement),
        cmocka_unit_test(test_what_is_refused_changes_nothing),
        cmocka_unit_test(test_what_nothing_holds_needs_no_broken_glass),
        cmocka_unit_test(test_the_second_press_says_who_and_when),
        cmocka_unit_test(test_a_later_hold_holds_again),
        cmocka_unit_test(test_all_holds_of_that_moment_are_passed),
        cmocka_unit_test(test_a_request_far_behind_in_the_line_shows_what_holds_it),
        cmocka_unit_test(test_a_hold_of_another_service_tells_its_incident),
        cmocka_unit_test(test_a_request_expires_also_after_a_takeover),
        cmocka_unit_test(test_it_is_declined_or_withdrawn),
        cmocka_unit_test(test_a_hold_that_is_over_drops_the_request),
        cmocka_unit_test(test_a_request_ends_with_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
