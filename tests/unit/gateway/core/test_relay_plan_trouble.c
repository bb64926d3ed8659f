/* SPDX-License-Identifier: Apache-2.0
 * What the relay's plan makes of lost answers, limits, refusals, and of very many workflows. */
#include "tests/unit/gateway/core/relay_plan_fixture.h"

/* ---- trouble ---- */

static void test_a_lost_post_is_looked_for_twice_before_it_is_repeated(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    assert_int_equal(done_class(fixture, SLACK_UNKNOWN), RELAY_NEWS_RETRY);
    expect_nothing(fixture);
    fixture->now_ms = fixture->wake_ms;
    assert_in_range(fixture->now_ms, T0 + 1000, T0 + 2000);
    expect_order(fixture, RELAY_LOOK, NULL);
    ok(fixture);
    expect_nothing(fixture);
    fixture->now_ms += 4000;
    expect_order(fixture, RELAY_LOOK, NULL);
    ok(fixture);
    expect_order(fixture, RELAY_POST, "d-aaaaaaaaaaaaa:1");
}

static void test_a_lost_edit_is_repeated_and_never_posted(void **state)
{
    struct fixture *fixture = *state;
    post_root(fixture);
    fixture->now_ms += 5000;
    tell(fixture, (struct said){ .n = 2 });
    expect_order(fixture, RELAY_UPDATE, NULL);
    assert_int_equal(done_class(fixture, SLACK_UNKNOWN), RELAY_NEWS_RETRY);
    fixture->now_ms += 5000;
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:2");
}

static void test_retry_after_stops_the_method_and_no_other(void **state)
{
    struct fixture *fixture = *state;
    post_root(fixture);
    fixture->now_ms += 5000;
    tell(fixture, (struct said){ .n = 2 });
    expect_order(fixture, RELAY_UPDATE, NULL);
    assert_int_equal(done(fixture, (struct relay_outcome){ .class = SLACK_LIMITED, .retry_after_ms = 7000 }),
                     RELAY_NEWS_RETRY);
    tell(fixture, (struct said){ .workflow = OTHER, .n = 1 });
    expect_order(fixture, RELAY_POST, "d-bbbbbbbbbbbbb:1");
    expect_nothing(fixture);
    assert_int_equal(fixture->wake_ms, fixture->now_ms + 7000);
    fixture->now_ms += 7000;
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:2");
}

static void test_limited_without_a_time_waits_half_a_minute(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    assert_int_equal(done_class(fixture, SLACK_LIMITED), RELAY_NEWS_RETRY);
    fixture->now_ms += 29999;
    expect_nothing(fixture);
    fixture->now_ms += 1;
    expect_order(fixture, RELAY_POST, NULL);
}

static void test_failures_back_off_to_five_seconds(void **state)
{
    struct fixture *fixture = *state;
    int64_t waited_ms = 0;
    tell(fixture, (struct said){ .n = 1 });
    for (int i = 0; i < 12; i++) {
        expect_order(fixture, RELAY_POST, NULL);
        assert_int_equal(done_class(fixture, SLACK_RETRY), RELAY_NEWS_RETRY);
        expect_nothing(fixture);
        waited_ms = fixture->wake_ms - fixture->now_ms;
        assert_in_range(waited_ms, 1, 5000);
        fixture->now_ms = fixture->wake_ms;
    }
    assert_in_range(waited_ms, 4000, 5000);
}

static void test_a_refusal_parks_the_record_and_the_next_event_tries_again(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    assert_int_equal(done_class(fixture, SLACK_REFUSED), RELAY_NEWS_PARKED);
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 1);
    fixture->now_ms += 5000;
    tell(fixture, (struct said){ .n = 2 });
    expect_order(fixture, RELAY_POST, "d-aaaaaaaaaaaaa:2");
}

static void test_a_deleted_message_is_not_posted_again(void **state)
{
    struct fixture *fixture = *state;
    post_root(fixture);
    tell(fixture, (struct said){ .n = 2, .state = "failed" });
    expect_order(fixture, RELAY_UPDATE, NULL);
    assert_int_equal(done_class(fixture, SLACK_GONE), RELAY_NEWS_PARKED);
    fixture->now_ms += 5000;
    tell(fixture, (struct said){ .n = 3 });
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 3);
}

static void test_refused_blocks_are_tried_as_plain_text_once(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    assert_false(fixture->order.plain);
    assert_int_equal(done_class(fixture, SLACK_CONTENT), RELAY_NEWS_RETRY);
    expect_order(fixture, RELAY_POST, NULL);
    assert_true(fixture->order.plain);
    assert_int_equal(done_class(fixture, SLACK_CONTENT), RELAY_NEWS_PARKED);
    expect_nothing(fixture);
}

static void test_a_bad_token_stops_everything_and_loses_nothing(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    tell(fixture, (struct said){ .workflow = OTHER, .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    assert_int_equal(done_class(fixture, SLACK_AUTH), RELAY_NEWS_STALLED);
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 0);
    fixture->now_ms += 15000;
    expect_order(fixture, RELAY_POST, NULL);
    expect_order(fixture, RELAY_POST, NULL);
}

static void test_where_history_is_not_allowed_the_post_is_made(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 2 });
    expect_order(fixture, RELAY_LOOK, NULL);
    assert_int_equal(done_class(fixture, SLACK_REFUSED), RELAY_NEWS_NONE);
    expect_order(fixture, RELAY_POST, NULL);
}

static enum relay_news not_in_channel(struct fixture *fixture)
{
    struct relay_outcome outcome = { .class = SLACK_REFUSED, .retry_after_ms = -1 };
    (void)sw_copy(outcome.code, sizeof outcome.code, "not_in_channel");
    return done(fixture, outcome);
}

static void test_a_channel_without_slipway_is_joined_and_then_posted_to(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    assert_int_equal(not_in_channel(fixture), RELAY_NEWS_NONE);
    expect_order(fixture, RELAY_JOIN, NULL);
    assert_string_equal(fixture->order.ref.channel, "C1");
    assert_int_equal(committable(fixture), 0);
    assert_int_equal(done_class(fixture, SLACK_RETRY), RELAY_NEWS_RETRY);
    fixture->now_ms += 5000;
    expect_order(fixture, RELAY_JOIN, NULL);
    assert_int_equal(done_class(fixture, SLACK_OK), RELAY_NEWS_JOINED);
    fixture->now_ms += 5000;
    expect_order(fixture, RELAY_POST, "d-aaaaaaaaaaaaa:1");
    posted_as(fixture, "10.1");
    expect_order(fixture, RELAY_RECEIPT, NULL);
}

static void test_what_was_to_be_looked_for_is_looked_for_after_the_join(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 2 });
    expect_order(fixture, RELAY_LOOK, NULL);
    assert_int_equal(not_in_channel(fixture), RELAY_NEWS_NONE);
    expect_order(fixture, RELAY_JOIN, NULL);
    assert_int_equal(done_class(fixture, SLACK_OK), RELAY_NEWS_JOINED);
    fixture->now_ms += 5000;
    expect_order(fixture, RELAY_LOOK, NULL);
}

static void test_a_refused_join_parks_and_the_next_event_tries_again(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    assert_int_equal(not_in_channel(fixture), RELAY_NEWS_NONE);
    expect_order(fixture, RELAY_JOIN, NULL);
    assert_int_equal(done_class(fixture, SLACK_REFUSED), RELAY_NEWS_PARKED);
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 1);
    fixture->now_ms += 5000;
    tell(fixture, (struct said){ .n = 2 });
    expect_order(fixture, RELAY_POST, NULL);
    assert_int_equal(not_in_channel(fixture), RELAY_NEWS_NONE);
    expect_order(fixture, RELAY_JOIN, NULL);
    assert_int_equal(done_class(fixture, SLACK_OK), RELAY_NEWS_JOINED);
    fixture->now_ms += 5000;
    expect_order(fixture, RELAY_POST, NULL);
    assert_int_equal(not_in_channel(fixture), RELAY_NEWS_PARKED); /* joined, and yet: no loop */
    expect_nothing(fixture);
}

static void test_an_undelivered_receipt_is_sent_again(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    posted_as(fixture, "10.1");
    expect_order(fixture, RELAY_RECEIPT, NULL);
    assert_int_equal(done_class(fixture, SLACK_RETRY), RELAY_NEWS_RETRY);
    assert_int_equal(committable(fixture), 0);
    fixture->now_ms += 5000;
    expect_order(fixture, RELAY_RECEIPT, NULL);
    ok(fixture);
    assert_int_equal(committable(fixture), 1);
}

/* ---- pace ---- */

static void test_posts_to_a_channel_come_one_a_second_after_a_burst(void **state)
{
    struct fixture *fixture = *state;
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    for (int i = 0; i < 8; i++) {
        snprintf(workflow, sizeof workflow, "d-%013d", i);
        tell(fixture, (struct said){ .workflow = workflow, .n = 1 });
    }
    int posts = 0;
    while (next(fixture))
        posts++;
    assert_int_equal(posts, 4);
    assert_in_range(fixture->wake_ms, T0 + 990, T0 + 1010);
    tell(fixture, (struct said){ .workflow = OTHER, .n = 1, .channel = "C2" });
    expect_order(fixture, RELAY_POST, "d-bbbbbbbbbbbbb:1"); /* no channel delays another */
}

static void test_held_or_draining_it_writes_nothing_but_receipts(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    relay_plan_hold(fixture->plan, T0 + 3000);
    expect_nothing(fixture);
    assert_int_equal(fixture->wake_ms, T0 + 3000);
    fixture->now_ms += 3000;
    expect_order(fixture, RELAY_POST, NULL);
    relay_plan_drain(fixture->plan);
    tell(fixture, (struct said){ .n = 2 });
    posted_as(fixture, "10.1");
    expect_order(fixture, RELAY_RECEIPT, NULL);
    ok(fixture);
    fixture->now_ms += 5000;
    expect_nothing(fixture);
}

/* ---- many ---- */

static void test_thousands_of_workflows_each_get_one_message(void **state)
{
    struct fixture *fixture = *state;
    enum { COUNT = 5000 };
    char workflow[PROTO_WORKFLOW_ID_SIZE], channel[PROTO_SLACK_ID_SIZE], ts[PROTO_TS_SIZE];
    int posts = 0, receipts = 0;
    for (int i = 0; i < COUNT; i++) {
        snprintf(workflow, sizeof workflow, "d-%013d", i);
        snprintf(channel, sizeof channel, "C%d", i);
        tell(fixture, (struct said){ .workflow = workflow, .n = 1, .channel = channel });
    }
    assert_int_equal(relay_plan_counts(fixture->plan).unsent, COUNT);
    for (int turns = 0; posts + receipts < 2 * COUNT && turns < 20 * COUNT; turns++) {
        if (!next(fixture)) {
            fixture->now_ms = fixture->wake_ms;
            continue;
        }
        snprintf(ts, sizeof ts, "10.%d", turns);
        posts += fixture->order.verb == RELAY_POST;
        receipts += fixture->order.verb == RELAY_RECEIPT;
        posted_as(fixture, ts);
    }
    assert_int_equal(posts, COUNT);
    assert_int_equal(receipts, COUNT);
    assert_int_equal(committable(fixture), COUNT);
    assert_int_equal(relay_plan_counts(fixture->plan).unsent, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_lost_post_is_looked_for_twice_before_it_is_repeated),
        TEST(test_a_lost_edit_is_repeated_and_never_posted),
        TEST(test_retry_after_stops_the_method_and_no_other),
        TEST(test_limited_without_a_time_waits_half_a_minute),
        TEST(test_failures_back_off_to_five_seconds),
        TEST(test_a_refusal_parks_the_record_and_the_next_event_tries_again),
        TEST(test_a_deleted_message_is_not_posted_again),
        TEST(test_refused_blocks_are_tried_as_plain_text_once),
        TEST(test_a_bad_token_stops_everything_and_loses_nothing),
        TEST(test_where_history_is_not_allowed_the_post_is_made),
        TEST(test_a_channel_without_slipway_is_joined_and_then_posted_to),
        TEST(test_what_was_to_be_looked_for_is_looked_for_after_the_join),
        TEST(test_a_refused_join_parks_and_the_next_event_tries_again),
        TEST(test_an_undelivered_receipt_is_sent_again),
        TEST(test_posts_to_a_channel_come_one_a_second_after_a_burst),
        TEST(test_held_or_draining_it_writes_nothing_but_receipts),
        TEST(test_thousands_of_workflows_each_get_one_message),
    };
    return cmocka_run_group_tests_name("relay_plan_trouble", tests, NULL, NULL);
}
