/* SPDX-License-Identifier: Apache-2.0
 * The orchestrator's orders while Slack is well: each is done once, in order, also when it is asked for again, read
 * again or taken away. Virtual time, no Slack. */
#include "tests/unit/gateway/core/relay_task_fixture.h"

/* ---- while all is well ---- */

static void test_a_post_is_made_and_told_and_only_then_done(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    assert_int_equal(committable(fixture), 0);
    expect_step(fixture, RELAY_SAY, "intro");
    assert_string_equal(fixture->order.event, INC ":1");
    assert_string_equal(fixture->order.ref.channel, "C9");
    assert_string_equal(fixture->order.order->text, "hello");
    expect_nothing(fixture);
    said_as(fixture, "C9", "20.1");
    assert_int_equal(committable(fixture), 0);
    expect_receipt(fixture, "intro", "20.1", "");
    assert_int_equal(committable(fixture), 1);
    assert_int_equal(relay_plan_counts(fixture->plan).unsent, 0);
    expect_nothing(fixture);
}

static void test_an_order_does_not_wait_for_the_live_message(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .workflow = INC, .n = 1, .order = POST_INTRO });
    expect_step(fixture, RELAY_SAY, "intro");
    expect_order(fixture, RELAY_POST, INC ":1");
    posted_as(fixture, "10.1");
    expect_order(fixture, RELAY_RECEIPT, INC ":1");
    assert_null(fixture->order.key);
    ok(fixture);
}

static void test_a_pinned_post_is_pinned_before_it_is_told(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, "{'key':'a','verb':'post','channel':'C9','text':'x','pin':true}");
    expect_step(fixture, RELAY_SAY, "a");
    said_as(fixture, "C9", "20.1");
    expect_step(fixture, RELAY_PIN, "a");
    assert_string_equal(fixture->order.ref.ts, "20.1");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "too_many_pins"), RELAY_NEWS_REFUSED); /* said, and done */
    expect_step(fixture, RELAY_RECEIPT, "a");
    assert_true(fixture->order.result->beside);
    assert_string_equal(fixture->order.result->code, "too_many_pins");
    assert_string_equal(fixture->order.result->ts, "20.1");
    ok(fixture);
}

static void test_a_channel_is_made_marked_and_told(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, CREATE);
    expect_step(fixture, RELAY_CREATE, "room");
    assert_int_equal(channel_is(fixture, "C42"), RELAY_NEWS_NONE);
    expect_step(fixture, RELAY_PURPOSE, "room");
    assert_string_equal(fixture->order.ref.channel, "C42");
    ok(fixture);
    expect_step(fixture, RELAY_RECEIPT, "room");
    assert_string_equal(fixture->order.result->created.id, "C42");
    assert_string_equal(fixture->order.result->created.name, "inc-42");
    ok(fixture);
}

static void test_orders_of_a_channel_go_one_after_the_other(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, "{'key':'a','verb':'post','channel':'C9','text':'1'}");
    order(fixture, 2, "{'key':'b','verb':'post','channel':'C9','text':'2'}");
    order(fixture, 3, "{'key':'c','verb':'post','channel':'C8','text':'3'}");
    order(fixture, 4, "{'key':'d','verb':'archive','channel':'C9'}");
    expect_step(fixture, RELAY_SAY, "a");
    const struct relay_order first = fixture->order;
    expect_step(fixture, RELAY_SAY, "c");
    said_as(fixture, "C8", "30.1");
    expect_receipt(fixture, "c", "30.1", "");
    expect_nothing(fixture);
    fixture->order = first;
    said_as(fixture, "C9", "20.1");
    expect_receipt(fixture, "a", "20.1", "");
    expect_step(fixture, RELAY_SAY, "b");
    assert_int_equal(committable(fixture), 1);
    said_as(fixture, "C9", "20.2");
    expect_receipt(fixture, "b", "20.2", "");
    expect_step(fixture, RELAY_ARCHIVE, "d");
    ok(fixture);
    expect_receipt(fixture, "d", "", "");
    assert_int_equal(committable(fixture), 4);
}

static void test_a_newer_topic_replaces_those_that_wait(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, "{'key':'topic:1','verb':'topic','channel':'C9','replaces':true}");
    expect_step(fixture, RELAY_TOPIC, "topic:1"); /* under way: it stays */
    const struct relay_order first = fixture->order;
    order(fixture, 2, "{'key':'topic:2','verb':'topic','channel':'C9','replaces':true}");
    order(fixture, 3, "{'key':'topic:3','verb':'topic','channel':'C9','replaces':true}");
    expect_receipt(fixture, "topic:2", "", "");
    expect_nothing(fixture);
    fixture->order = first;
    ok(fixture);
    expect_receipt(fixture, "topic:1", "", "");
    expect_step(fixture, RELAY_TOPIC, "topic:3");
    assert_int_equal(fixture->order.view->n, 3); /* what it says is made of the newest view */
    ok(fixture);
    expect_receipt(fixture, "topic:3", "", "");
}

static void test_each_person_is_invited_and_who_cannot_be_is_told(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, "{'key':'i','verb':'invite','channel':'C9','users':['U1','U2','U3']}");
    expect_step(fixture, RELAY_INVITE, "i");
    assert_string_equal(fixture->order.user, "U1");
    ok(fixture);
    expect_step(fixture, RELAY_INVITE, "i");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "user_not_found"), RELAY_NEWS_NONE);
    expect_step(fixture, RELAY_INVITE, "i");
    assert_string_equal(fixture->order.user, "U3");
    assert_int_equal(done_class(fixture, SLACK_RETRY), RELAY_NEWS_RETRY);
    fixture->now_ms += 5000;
    expect_step(fixture, RELAY_INVITE, "i");
    assert_string_equal(fixture->order.user, "U3"); /* the others are in */
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "cant_invite_self"), RELAY_NEWS_REFUSED);
    expect_step(fixture, RELAY_RECEIPT, "i");
    assert_string_equal(fixture->order.result->code, "user_not_found");
    assert_string_equal(fixture->order.result->text, "<@U2>: Slack knows no such person");
}

/* ---- repeats, restarts, rebalances ---- */

static void test_a_repeat_of_what_waits_or_was_done_is_not_done_again(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    order(fixture, 2, POST_INTRO);
    expect_step(fixture, RELAY_SAY, "intro");
    said_as(fixture, "C9", "20.1");
    expect_receipt(fixture, "intro", "20.1", "");
    expect_nothing(fixture);
    order(fixture, 3, POST_INTRO); /* the orchestrator has not read the receipt yet */
    expect_receipt(fixture, "intro", "20.1", "");
    expect_nothing(fixture);
}

static void test_what_failed_is_tried_again_when_it_is_asked_for_again(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    expect_step(fixture, RELAY_SAY, "intro");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "is_archived"), RELAY_NEWS_REFUSED);
    expect_receipt(fixture, "intro", "", "is_archived");
    order(fixture, 2, POST_INTRO);
    expect_step(fixture, RELAY_SAY, "intro");
}

static void test_after_a_restart_posts_are_looked_for_first(void **state)
{
    struct fixture *fixture = *state;
    relay_plan_revoke(fixture->plan, 3);
    relay_plan_assign(fixture->plan, 3, fixture->now_ms);
    tell(fixture,
         (struct said){ .workflow = INC, .n = 1, .channel = "", .order = POST_INTRO, .created_ms = T0 - 5000 });
    expect_nothing(fixture); /* not before the end is read */
    read_to_end(fixture);
    expect_step(fixture, RELAY_SEEK, "intro");
    assert_int_equal(fixture->order.look_from_ms, T0 - 5000);
    assert_int_equal(found(fixture, "19.9", NULL), RELAY_NEWS_FOUND);
    expect_receipt(fixture, "intro", "19.9", "");
    expect_nothing(fixture);
}

static void test_a_repeat_that_says_since_when_is_looked_for_from_there(void **state)
{
    struct fixture *fixture = *state;
    fixture->now_ms += 600000;
    order(fixture, 7, "{'key':'a','verb':'post','channel':'C9','text':'x','since':'2026-01-01T00:00:00Z'}");
    expect_step(fixture, RELAY_SEEK, "a");
    assert_int_equal(fixture->order.look_from_ms, T0);
    assert_int_equal(found(fixture, NULL, NULL), RELAY_NEWS_NONE);
    expect_step(fixture, RELAY_SAY, "a");
}

static void test_what_is_not_outstanding_any_more_is_not_done(void **state)
{
    struct fixture *fixture = *state;
    revoke_and_read_again(fixture);
    order(fixture, 1, POST_INTRO);
    order(fixture, 2, CREATE);
    tell(fixture, (struct said){ .workflow = INC,
                                 .n = 3,
                                 .channel = "",
                                 .order = "{'key':'c','verb':'join','channel':'C9'}",
                                 .detail = "{'outstanding':['room']}" }); /* its own goes without saying */
    read_to_end(fixture);
    expect_step(fixture, RELAY_CREATE, "room");
    expect_step(fixture, RELAY_JOIN, "c");
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 1);
}

static void test_a_rebalance_forgets_what_was_under_way_and_the_next_one_finds_it(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    expect_step(fixture, RELAY_SAY, "intro");
    const struct relay_order old = fixture->order;
    revoke_and_read_again(fixture);
    fixture->order = old;
    said_as(fixture, "C9", "20.1"); /* nobody's any more */
    order(fixture, 1, POST_INTRO);
    read_to_end(fixture);
    expect_step(fixture, RELAY_SEEK, "intro");
    assert_int_equal(relay_plan_counts(fixture->plan).in_flight, 1);
    assert_int_equal(found(fixture, "20.1", NULL), RELAY_NEWS_FOUND);
    expect_receipt(fixture, "intro", "20.1", "");
}

static void test_draining_makes_no_call_but_tells_what_was_done(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    order(fixture, 2, CREATE);
    expect_step(fixture, RELAY_SAY, "intro");
    relay_plan_drain(fixture->plan);
    said_as(fixture, "C9", "20.1");
    expect_receipt(fixture, "intro", "20.1", "");
    expect_nothing(fixture);
}

static void test_orders_count_as_unsent_and_the_oldest_is_known(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    fixture->now_ms += 1000;
    order(fixture, 2, CREATE);
    const struct relay_counts counts = relay_plan_counts(fixture->plan);
    assert_int_equal(counts.unsent, 2);
    assert_int_equal(counts.orders, 2);
    assert_int_equal(counts.oldest_order_ms, T0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_post_is_made_and_told_and_only_then_done),
        TEST(test_an_order_does_not_wait_for_the_live_message),
        TEST(test_a_pinned_post_is_pinned_before_it_is_told),
        TEST(test_a_channel_is_made_marked_and_told),
        TEST(test_orders_of_a_channel_go_one_after_the_other),
        TEST(test_a_newer_topic_replaces_those_that_wait),
        TEST(test_each_person_is_invited_and_who_cannot_be_is_told),
        TEST(test_a_repeat_of_what_waits_or_was_done_is_not_done_again),
        TEST(test_what_failed_is_tried_again_when_it_is_asked_for_again),
        TEST(test_after_a_restart_posts_are_looked_for_first),
        TEST(test_a_repeat_that_says_since_when_is_looked_for_from_there),
        TEST(test_what_is_not_outstanding_any_more_is_not_done),
        TEST(test_a_rebalance_forgets_what_was_under_way_and_the_next_one_finds_it),
        TEST(test_draining_makes_no_call_but_tells_what_was_done),
        TEST(test_orders_count_as_unsent_and_the_oldest_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
