/* SPDX-License-Identifier: Apache-2.0
 * The orchestrator's orders while Slack is not well: lost answers, limits, refusals. Virtual time, no Slack. */
#include "tests/unit/gateway/core/relay_task_fixture.h"

static void test_transient_failures_are_repeated_for_ever(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, "{'key':'a','verb':'archive','channel':'C9'}");
    for (int i = 0; i < 100; i++) {
        expect_step(fixture, RELAY_ARCHIVE, "a");
        assert_int_equal(done_class(fixture, i % 2 ? SLACK_RETRY : SLACK_UNKNOWN), RELAY_NEWS_RETRY);
        expect_nothing(fixture);
        fixture->now_ms += 6000;
    }
    expect_step(fixture, RELAY_ARCHIVE, "a");
    ok(fixture);
    expect_receipt(fixture, "a", "", "");
}

static void test_a_limit_is_waited_for_and_other_methods_go_on(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, "{'key':'t','verb':'topic','channel':'C9'}");
    order(fixture, 2, POST_INTRO);
    expect_step(fixture, RELAY_TOPIC, "t");
    assert_int_equal(done(fixture, (struct relay_outcome){ .class = SLACK_LIMITED, .retry_after_ms = 20000 }),
                     RELAY_NEWS_RETRY);
    expect_step(fixture, RELAY_SAY, "intro");
    said_as(fixture, "C9", "20.1");
    expect_receipt(fixture, "intro", "20.1", "");
    expect_nothing(fixture);
    fixture->now_ms += 20000;
    expect_step(fixture, RELAY_TOPIC, "t");
}

static void test_a_lost_reply_is_looked_for_twice_before_the_post_is_repeated(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    expect_step(fixture, RELAY_SAY, "intro");
    assert_int_equal(done_class(fixture, SLACK_UNKNOWN), RELAY_NEWS_RETRY);
    expect_nothing(fixture);
    fixture->now_ms += 1000;
    expect_step(fixture, RELAY_SEEK, "intro");
    assert_int_equal(fixture->order.look_from_ms, T0);
    assert_int_equal(found(fixture, NULL, NULL), RELAY_NEWS_NONE);
    expect_nothing(fixture);
    fixture->now_ms += 4000;
    expect_step(fixture, RELAY_SEEK, "intro");
    assert_int_equal(found(fixture, "20.1", NULL), RELAY_NEWS_FOUND);
    expect_receipt(fixture, "intro", "20.1", "");
}

static void test_a_second_one_that_is_found_is_deleted(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    expect_step(fixture, RELAY_SAY, "intro");
    assert_int_equal(done_class(fixture, SLACK_UNKNOWN), RELAY_NEWS_RETRY);
    fixture->now_ms += 1000;
    expect_step(fixture, RELAY_SEEK, "intro");
    assert_int_equal(found(fixture, "20.1", "20.2"), RELAY_NEWS_FOUND);
    expect_receipt(fixture, "intro", "20.1", "");
    expect_order(fixture, RELAY_DELETE, NULL);
    assert_string_equal(fixture->order.ref.ts, "20.2");
    assert_string_equal(fixture->order.ref.channel, "C9");
    assert_int_equal(committable(fixture), 0);
    ok(fixture);
    assert_int_equal(committable(fixture), 1);
}

static void test_a_name_that_is_taken_by_us_is_our_channel(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, CREATE);
    expect_step(fixture, RELAY_CREATE, "room");
    assert_int_equal(done_class(fixture, SLACK_UNKNOWN), RELAY_NEWS_RETRY);
    fixture->now_ms += 1000;
    expect_step(fixture, RELAY_CREATE, "room");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "name_taken"), RELAY_NEWS_NONE);
    expect_step(fixture, RELAY_FIND, "room");
    assert_int_equal(channel_is(fixture, ""), RELAY_NEWS_NONE); /* lists lag behind */
    expect_nothing(fixture);
    fixture->now_ms += 4000;
    expect_step(fixture, RELAY_FIND, "room");
    assert_int_equal(channel_is(fixture, "C42"), RELAY_NEWS_FOUND);
    expect_step(fixture, RELAY_PURPOSE, "room");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "missing_scope"), RELAY_NEWS_REFUSED);
    expect_step(fixture, RELAY_RECEIPT, "room");
    assert_string_equal(fixture->order.result->created.id, "C42");
    assert_true(fixture->order.result->beside);
    assert_string_equal(fixture->order.result->code, "missing_scope");
}

static void test_a_name_that_others_have_is_told(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, CREATE);
    expect_step(fixture, RELAY_CREATE, "room");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "name_taken"), RELAY_NEWS_NONE);
    expect_step(fixture, RELAY_FIND, "room");
    assert_int_equal(channel_is(fixture, ""), RELAY_NEWS_REFUSED);
    expect_step(fixture, RELAY_RECEIPT, "room");
    assert_string_equal(fixture->order.result->code, "name_taken");
    assert_string_equal(fixture->order.result->created.id, "");
}

static void test_a_channel_that_we_are_not_in_is_joined_once(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    expect_step(fixture, RELAY_SAY, "intro");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "not_in_channel"), RELAY_NEWS_NONE);
    expect_step(fixture, RELAY_JOIN, "intro");
    ok(fixture);
    expect_step(fixture, RELAY_SAY, "intro");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "not_in_channel"), RELAY_NEWS_REFUSED);
    expect_receipt(fixture, "intro", "", "not_in_channel");
}

static void test_a_channel_that_cannot_be_joined_is_told_as_such(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    expect_step(fixture, RELAY_SAY, "intro");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "not_in_channel"), RELAY_NEWS_NONE);
    expect_step(fixture, RELAY_JOIN, "intro");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "method_not_supported_for_channel_type"), RELAY_NEWS_REFUSED);
    expect_receipt(fixture, "intro", "", "not_in_channel");
}

static void test_final_errors_are_in_the_receipt_and_the_next_order_goes_on(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    order(fixture, 2, "{'key':'b','verb':'post','channel':'C9','text':'2'}");
    expect_step(fixture, RELAY_SAY, "intro");
    assert_int_equal(refuse(fixture, SLACK_REFUSED, "is_archived"), RELAY_NEWS_REFUSED);
    expect_step(fixture, RELAY_RECEIPT, "intro");
    assert_string_equal(fixture->order.result->text, "the channel is archived (is_archived)");
    ok(fixture);
    expect_step(fixture, RELAY_SAY, "b");
}

static void test_blocks_that_slack_refuses_are_left_out_once(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, POST_INTRO);
    expect_step(fixture, RELAY_SAY, "intro");
    assert_int_equal(refuse(fixture, SLACK_CONTENT, "invalid_blocks"), RELAY_NEWS_RETRY);
    expect_step(fixture, RELAY_SAY, "intro");
    assert_true(fixture->order.plain);
    assert_int_equal(refuse(fixture, SLACK_CONTENT, "no_text"), RELAY_NEWS_REFUSED);
    expect_receipt(fixture, "intro", "", "no_text");
}

static void test_a_reaction_to_what_is_gone_is_done(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, "{'key':'r','verb':'react','channel':'C9','ts':'1.2','name':'eyes'}");
    expect_step(fixture, RELAY_REACT, "r");
    assert_string_equal(fixture->order.ref.ts, "1.2");
    assert_int_equal(refuse(fixture, SLACK_GONE, "message_not_found"), RELAY_NEWS_NONE);
    expect_receipt(fixture, "r", "", "");
}

static void test_a_whisper_is_not_repeated_without_end(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, "{'key':'w','verb':'ephemeral','channel':'C9','user':'U1','text':'x'}");
    for (int i = 0; i < 2; i++) {
        expect_step(fixture, RELAY_WHISPER, "w");
        assert_string_equal(fixture->order.user, "U1");
        assert_int_equal(done_class(fixture, SLACK_UNKNOWN), RELAY_NEWS_RETRY);
        fixture->now_ms += 6000;
    }
    expect_step(fixture, RELAY_WHISPER, "w");
    assert_int_equal(done_class(fixture, SLACK_UNKNOWN), RELAY_NEWS_REFUSED);
    expect_receipt(fixture, "w", "", "unsure");
}

static void test_an_order_that_cannot_be_read_is_told(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, 1, "{'key':'x','verb':'dance'}");
    expect_receipt(fixture, "x", "", "invalid_order");
    order(fixture, 2, "{'verb':'post'}"); /* nobody could be told */
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_transient_failures_are_repeated_for_ever),
        TEST(test_a_limit_is_waited_for_and_other_methods_go_on),
        TEST(test_a_lost_reply_is_looked_for_twice_before_the_post_is_repeated),
        TEST(test_a_second_one_that_is_found_is_deleted),
        TEST(test_a_name_that_is_taken_by_us_is_our_channel),
        TEST(test_a_name_that_others_have_is_told),
        TEST(test_a_channel_that_we_are_not_in_is_joined_once),
        TEST(test_a_channel_that_cannot_be_joined_is_told_as_such),
        TEST(test_final_errors_are_in_the_receipt_and_the_next_order_goes_on),
        TEST(test_blocks_that_slack_refuses_are_left_out_once),
        TEST(test_a_reaction_to_what_is_gone_is_done),
        TEST(test_a_whisper_is_not_repeated_without_end),
        TEST(test_an_order_that_cannot_be_read_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
