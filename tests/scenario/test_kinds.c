/* SPDX-License-Identifier: Apache-2.0
 * A kind that the product does not have, beside deployments: it is added by its row alone, and the engine routes,
 * counts, runs errands and answers for it. */
#include "tests/scenario/kinds_fixture.h"

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
    assert_non_null(world_holder(world, "b"));
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
    (void)snprintf(args, sizeof args, "{\"one\":\"%s\",\"month\":\"2026-99\"}", two);
    world_say(world, "4", "sound", "", args);
    world_run(world, 2000);
    const json_t *data = json_object_get(world_reply(world, "4", "answer")->body, "data");
    assert_int_equal(json_array_size(json_object_get(data, "open")), 1);
    assert_int_equal(json_array_size(json_object_get(data, "recent")), 3);
    assert_string_equal(jx_string(json_array_get(json_object_get(data, "recent"), 0), "workflow"), three);
    assert_string_equal(jx_string(json_object_get(data, "one"), "state"), "sunk");
    assert_int_equal(json_array_size(json_object_get(data, "figures")), 0);
    world_say(world, "5", "sound", "", "{\"month\":\"2026-11\"}");
    world_run(world, 2000);
    data = json_object_get(world_reply(world, "5", "answer")->body, "data");
    assert_int_equal(jx_i64_or(json_array_get(json_object_get(data, "figures"), 0), "deployments", 0), 3);
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

/* ---- news ---- */

static int64_t news_of(const struct world *world, const char *id)
{
    return (int64_t)json_array_size(json_object_get(world_workflow(world, id)->facts, "news"));
}

static void test_those_who_watch_hear_of_it_in_the_same_commit(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *watcher = say(world, "1", "lay", "{\"watch\":true}"), *other = say(world, "2", "lay", "{}");
    world_run(world, 1000);
    assert_int_equal(news_of(world, watcher), 1); /* of the other one's beginning */
    int commits_before = world->commits;
    deploy(world, "3", "site");
    world_run(world, 10000);
    assert_int_equal(news_of(world, watcher), 4); /* queued, started, succeeded */
    assert_int_equal(world->commits - commits_before, 2);
    const json_t *news = json_object_get(world_workflow(world, watcher)->facts, "news");
    assert_string_equal(json_string_value(json_array_get(news, 3)), "deployment succeeded");
    assert_int_equal(news_of(world, other), 0);
    end_world(world);
}

static void test_news_cause_no_news(void **state)
{
    (void)state;
    struct world *world = new_world();
    const char *one = say(world, "1", "lay", "{\"watch\":true}"), *two = say(world, "2", "lay", "{\"watch\":true}");
    world_run(world, 1000);
    world_kill(world);
    world_say(world, "3", "hail", one, "{}");
    world_run(world, 1000);
    assert_int_equal(news_of(world, two), 1);
    assert_int_equal(news_of(world, one), 1); /* of the other one's beginning */
    world_say(world, "4", "hail", two, "{\"end\":true}");
    world_say(world, "5", "hail", one, "{}");
    world_run(world, 1000);
    assert_int_equal(news_of(world, two), 1); /* what has ended hears nothing */
    assert_int_equal(news_of(world, one), 2);
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

static void test_who_asks_to_wait_is_left_alone(void **state)
{
    (void)state;
    struct world *world = new_world();
    world->errand_failures = 1;
    world->errands_ask_ms = 30000;
    const char *one = say(world, "1", "lay", "{\"errands\":[\"e.one\"]}");
    world_run(world, 29000);
    assert_int_equal(world_errand(world, one, "e.one")->starts, 1);
    world_run(world, 10000);
    assert_int_equal(world_errand(world, one, "e.one")->starts, 2);
    assert_int_equal(world_errand(world, one, "e.one")->done, 1);
    end_world(world);
}

static void test_failures_are_further_and_further_apart(void **state)
{
    (void)state;
    struct world *world = new_world();
    world->errand_failures = 1000;
    const char *one = say(world, "1", "lay", "{\"errands\":[\"e.one\"]}");
    world_run(world, 600000); /* rests of 1, 2, 4, 8, 16, 32, then 60 seconds, and what the reconciler adds */
    int starts = world_errand(world, one, "e.one")->starts;
    assert_in_range(starts, 10, 16);
    world->errand_failures = 0;
    world_run(world, 90000);
    assert_int_equal(world_errand(world, one, "e.one")->done, 1);
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
        cmocka_unit_test(test_those_who_watch_hear_of_it_in_the_same_commit),
        cmocka_unit_test(test_news_cause_no_news),
        cmocka_unit_test(test_an_errand_is_done_once_and_its_result_comes_back),
        cmocka_unit_test(test_a_new_leader_starts_them_again),
        cmocka_unit_test(test_failures_come_back_as_they_are),
        cmocka_unit_test(test_who_asks_to_wait_is_left_alone),
        cmocka_unit_test(test_failures_are_further_and_further_apart),
        cmocka_unit_test(test_nothing_is_started_for_what_has_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
