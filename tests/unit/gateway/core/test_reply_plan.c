/* SPDX-License-Identifier: Apache-2.0
 * Whose private answer is posted when, how often, and what is committed: virtual time, no Slack. */
#include "gateway/core/reply_plan.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int64_t T0 = 1767225600000, MINUTE_MS = 60000;
static const char CMD[] = "cmd:A1:1.2.3", URL[] = "https://hooks.slack.com/commands/x";

struct fixture {
    struct reply_plan *plan;
    int64_t now_ms, wake_ms;
    struct reply_order order;
    char command[PROTO_COMMAND_ID_MAX + 1]; /* of the order */
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->now_ms = T0;
    fixture->plan = reply_plan_new("us", 1);
    assert_non_null(fixture->plan);
    reply_plan_assign(fixture->plan, 3);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    reply_plan_free(fixture->plan);
    free(fixture);
    return 0;
}

static void record(struct fixture *fixture, const char *name, const char *gateway, int64_t offset)
{
    struct proto_reply reply = { .at_ms = fixture->now_ms, .reply_to = sw_strdup("sealed"), .text = sw_strdup("ok") };
    const struct reply_place place = { .partition = 3, .offset = offset };
    sw_copy(reply.command, sizeof reply.command, CMD);
    sw_copy(reply.name, sizeof reply.name, name);
    sw_copy(reply.gateway, sizeof reply.gateway, gateway);
    assert_true(reply_plan_reply(fixture->plan, &reply, offset < 0 ? NULL : &place, fixture->now_ms));
}

static void announce(struct fixture *fixture)
{
    assert_true(reply_plan_announce(fixture->plan, CMD, URL, true, fixture->now_ms));
}

static bool next(struct fixture *fixture)
{
    if (!reply_plan_next(fixture->plan, fixture->now_ms, &fixture->order, &fixture->wake_ms))
        return false;
    sw_copy(fixture->command, sizeof fixture->command, fixture->order.command);
    return true;
}

static void expect_order(struct fixture *fixture, enum reply_verb verb)
{
    assert_true(next(fixture));
    assert_int_equal(fixture->order.verb, verb);
}

static void expect_nothing(struct fixture *fixture) { assert_false(next(fixture)); }

static enum reply_news done(struct fixture *fixture, enum slack_class class)
{
    return reply_plan_done(fixture->plan, fixture->command, class, -1, fixture->now_ms);
}

static int64_t committable(struct fixture *fixture)
{
    int64_t offset = -1;
    assert_true(reply_plan_offset(fixture->plan, 3, &offset));
    return offset;
}

static void test_the_reply_of_an_own_command_is_posted_at_once_and_marked(void **state)
{
    struct fixture *fixture = *state;
    announce(fixture);
    record(fixture, "accepted", "us", -1);
    expect_order(fixture, REPLY_POST);
    assert_string_equal(fixture->order.url, URL);
    expect_nothing(fixture);
    assert_int_equal(done(fixture, SLACK_OK), REPLY_NEWS_NONE);
    expect_order(fixture, REPLY_MARK);
    assert_int_equal(done(fixture, SLACK_OK), REPLY_NEWS_NONE);
    record(fixture, "accepted", "us", 5); /* the group reads it as well */
    fixture->now_ms += 10000;
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 6);
    assert_int_equal(reply_plan_open(fixture->plan), 0);
}

static void test_no_word_within_three_seconds_is_said_and_the_truth_follows(void **state)
{
    struct fixture *fixture = *state;
    announce(fixture);
    expect_nothing(fixture);
    assert_int_equal(fixture->wake_ms, T0 + 3000);
    fixture->now_ms += 3000;
    expect_order(fixture, REPLY_WAITING);
    assert_int_equal(done(fixture, SLACK_OK), REPLY_NEWS_NONE);
    fixture->now_ms += 3000;
    expect_nothing(fixture);
    record(fixture, "accepted", "us", -1);
    expect_order(fixture, REPLY_POST);
}

static void test_a_reply_read_before_its_announcement_is_posted_with_it(void **state)
{
    struct fixture *fixture = *state;
    record(fixture, "accepted", "us", -1);
    expect_nothing(fixture);
    announce(fixture);
    expect_order(fixture, REPLY_POST);
    assert_string_equal(fixture->order.url, URL);
}

static void test_others_replies_are_held_two_seconds_and_then_posted(void **state)
{
    struct fixture *fixture = *state;
    record(fixture, "accepted", "them", 5);
    expect_nothing(fixture);
    assert_int_equal(fixture->wake_ms, T0 + 2000);
    assert_int_equal(committable(fixture), 5);
    fixture->now_ms += 2000;
    expect_order(fixture, REPLY_POST);
    assert_null(fixture->order.url);
    assert_string_equal(fixture->order.reply->reply_to, "sealed");
    assert_int_equal(done(fixture, SLACK_OK), REPLY_NEWS_NONE);
    assert_int_equal(committable(fixture), 5);
    expect_order(fixture, REPLY_MARK);
    assert_int_equal(done(fixture, SLACK_OK), REPLY_NEWS_NONE);
    assert_int_equal(committable(fixture), 6);
}

static void test_a_marker_ends_the_holding(void **state)
{
    struct fixture *fixture = *state;
    record(fixture, "accepted", "them", 5);
    record(fixture, "delivered", "them", 6);
    fixture->now_ms += 2000;
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 7);
}

static void test_a_marker_that_is_seen_first_counts_too(void **state)
{
    struct fixture *fixture = *state;
    record(fixture, "delivered", "them", -1); /* the reader beside the group is ahead of it */
    record(fixture, "accepted", "them", 5);
    fixture->now_ms += 2000;
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 6);
}

static void test_beside_the_group_others_replies_are_nothing_to_us(void **state)
{
    struct fixture *fixture = *state;
    record(fixture, "accepted", "them", -1);
    fixture->now_ms += 5000;
    expect_nothing(fixture);
    assert_int_equal(reply_plan_open(fixture->plan), 0);
}

static void test_a_partition_taken_away_leaves_own_commands_alone(void **state)
{
    struct fixture *fixture = *state;
    int64_t offset;
    announce(fixture);
    record(fixture, "accepted", "us", 5);
    reply_plan_revoke(fixture->plan, 3);
    assert_false(reply_plan_offset(fixture->plan, 3, &offset));
    expect_order(fixture, REPLY_POST);
}

static void test_a_partition_taken_away_takes_others_replies_along(void **state)
{
    struct fixture *fixture = *state;
    record(fixture, "accepted", "them", 5);
    reply_plan_revoke(fixture->plan, 3);
    fixture->now_ms += 2000;
    expect_nothing(fixture);
}

static void test_replies_older_than_the_address_are_dropped(void **state)
{
    struct fixture *fixture = *state;
    struct proto_reply reply = { .at_ms = T0 - 31 * MINUTE_MS, .name = "accepted", .reply_to = sw_strdup("sealed") };
    const struct reply_place place = { .partition = 3, .offset = 8 };
    sw_copy(reply.command, sizeof reply.command, CMD);
    assert_true(reply_plan_reply(fixture->plan, &reply, &place, T0));
    fixture->now_ms += 5000;
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 9);
}

static void test_a_command_without_a_reply_is_forgotten_with_its_address(void **state)
{
    struct fixture *fixture = *state;
    announce(fixture);
    fixture->now_ms += 31 * MINUTE_MS;
    expect_nothing(fixture);
    assert_int_equal(reply_plan_open(fixture->plan), 0);
}

static void test_failures_are_repeated_and_a_dead_address_is_not(void **state)
{
    struct fixture *fixture = *state;
    announce(fixture);
    record(fixture, "accepted", "us", -1);
    for (int i = 0; i < 10; i++) {
        expect_order(fixture, REPLY_POST);
        assert_int_equal(done(fixture, SLACK_RETRY), REPLY_NEWS_RETRY);
        expect_nothing(fixture);
        assert_in_range(fixture->wake_ms - fixture->now_ms, 1, 5000);
        fixture->now_ms = fixture->wake_ms;
    }
    expect_order(fixture, REPLY_POST);
    assert_int_equal(done(fixture, SLACK_GONE), REPLY_NEWS_GIVEN_UP);
    expect_order(fixture, REPLY_MARK); /* nobody else need try */
}

static void test_what_may_have_arrived_is_repeated_twice_at_the_most(void **state)
{
    struct fixture *fixture = *state;
    announce(fixture);
    record(fixture, "accepted", "us", -1);
    for (int i = 0; i < 2; i++) {
        expect_order(fixture, REPLY_POST);
        assert_int_equal(done(fixture, SLACK_UNKNOWN), REPLY_NEWS_RETRY);
        fixture->now_ms += 5000;
    }
    expect_order(fixture, REPLY_POST);
    assert_int_equal(done(fixture, SLACK_UNKNOWN), REPLY_NEWS_GIVEN_UP);
    expect_order(fixture, REPLY_MARK);
}

static void test_own_messages_go_first_and_in_order(void **state)
{
    struct fixture *fixture = *state;
    announce(fixture);
    record(fixture, "accepted", "us", -1);
    assert_true(reply_plan_say(fixture->plan, CMD, URL, json_pack("{s:s}", "text", "one"), T0));
    assert_true(reply_plan_say(fixture->plan, CMD, URL, json_pack("{s:s}", "text", "two"), T0));
    for (int i = 0; i < 2; i++) {
        expect_order(fixture, REPLY_SAY);
        assert_string_equal(json_string_value(json_object_get(fixture->order.message, "text")), i ? "two" : "one");
        assert_int_equal(done(fixture, SLACK_OK), REPLY_NEWS_NONE);
    }
    expect_order(fixture, REPLY_POST);
}

static void test_a_message_without_an_announcement_leaves_nothing_behind(void **state)
{
    struct fixture *fixture = *state;
    assert_true(reply_plan_say(fixture->plan, CMD, URL, json_pack("{s:s}", "text", "one"), T0));
    expect_order(fixture, REPLY_SAY);
    assert_int_equal(done(fixture, SLACK_OK), REPLY_NEWS_NONE);
    expect_nothing(fixture);
    assert_int_equal(reply_plan_open(fixture->plan), 0);
}

static void test_a_marker_during_a_post_closes_after_it(void **state)
{
    struct fixture *fixture = *state;
    record(fixture, "accepted", "them", 5);
    fixture->now_ms += 2000;
    expect_order(fixture, REPLY_POST);
    record(fixture, "delivered", "them", 6); /* late, but alive */
    assert_int_equal(done(fixture, SLACK_RETRY), REPLY_NEWS_RETRY);
    fixture->now_ms += 5000;
    expect_order(fixture, REPLY_MARK); /* and no second post */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* ---- what was said in a channel ---- */

static const char PLACE[] = "{\"channel\":\"C1\",\"ts\":\"1.2\",\"user\":\"U1\"}";

static void test_in_a_channel_no_word_is_said_after_ten_seconds(void **state)
{
    struct fixture *fixture = *state;
    assert_true(reply_plan_announce(fixture->plan, CMD, PLACE, true, fixture->now_ms));
    fixture->now_ms += 9999;
    assert_false(next(fixture));
    assert_int_equal(fixture->wake_ms, T0 + 10000);
    fixture->now_ms += 1;
    assert_true(next(fixture));
    assert_int_equal(fixture->order.verb, REPLY_WAITING);
}

static void test_in_a_channel_an_answer_is_looked_for_before_it_is_repeated(void **state)
{
    struct fixture *fixture = *state;
    assert_true(reply_plan_announce(fixture->plan, CMD, PLACE, true, fixture->now_ms));
    record(fixture, "answer", "us", -1);
    assert_true(next(fixture));
    assert_int_equal(fixture->order.verb, REPLY_POST);
    assert_false(fixture->order.look);
    for (int i = 0; i < 10; i++) { /* more than a response_url would take */
        assert_int_equal(reply_plan_done(fixture->plan, CMD, SLACK_UNKNOWN, -1, fixture->now_ms), REPLY_NEWS_RETRY);
        fixture->now_ms += 6000;
        assert_true(next(fixture));
        assert_true(fixture->order.look);
    }
    assert_int_equal(reply_plan_done(fixture->plan, CMD, SLACK_OK, -1, fixture->now_ms), REPLY_NEWS_NONE);
    assert_true(next(fixture));
    assert_int_equal(fixture->order.verb, REPLY_MARK);
}

static void test_for_a_gateway_that_died_the_answer_is_looked_for_first(void **state)
{
    struct fixture *fixture = *state;
    record(fixture, "answer", "they", 0);
    fixture->now_ms += 2000;
    assert_true(next(fixture));
    assert_int_equal(fixture->order.verb, REPLY_POST);
    assert_true(fixture->order.look);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_reply_of_an_own_command_is_posted_at_once_and_marked),
        TEST(test_no_word_within_three_seconds_is_said_and_the_truth_follows),
        TEST(test_a_reply_read_before_its_announcement_is_posted_with_it),
        TEST(test_others_replies_are_held_two_seconds_and_then_posted),
        TEST(test_a_marker_ends_the_holding),
        TEST(test_a_marker_that_is_seen_first_counts_too),
        TEST(test_beside_the_group_others_replies_are_nothing_to_us),
        TEST(test_a_partition_taken_away_leaves_own_commands_alone),
        TEST(test_a_partition_taken_away_takes_others_replies_along),
        TEST(test_replies_older_than_the_address_are_dropped),
        TEST(test_a_command_without_a_reply_is_forgotten_with_its_address),
        TEST(test_failures_are_repeated_and_a_dead_address_is_not),
        TEST(test_what_may_have_arrived_is_repeated_twice_at_the_most),
        TEST(test_own_messages_go_first_and_in_order),
        TEST(test_a_message_without_an_announcement_leaves_nothing_behind),
        TEST(test_a_marker_during_a_post_closes_after_it),
        TEST(test_in_a_channel_no_word_is_said_after_ten_seconds),
        TEST(test_in_a_channel_an_answer_is_looked_for_before_it_is_repeated),
        TEST(test_for_a_gateway_that_died_the_answer_is_looked_for_first),
    };
    return cmocka_run_group_tests_name("reply_plan", tests, NULL, NULL);
}
