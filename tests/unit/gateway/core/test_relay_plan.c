/* SPDX-License-Identifier: Apache-2.0
 * What the relay writes, when, and what it commits, while Slack is well. */
#include "tests/unit/gateway/core/relay_plan_fixture.h"

/* ---- one message, edited ---- */

static void test_first_event_is_posted_and_its_receipt_holds_the_offset(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    assert_int_equal(committable(fixture), 0);
    expect_order(fixture, RELAY_POST, "d-aaaaaaaaaaaaa:1");
    assert_string_equal(fixture->order.ref.channel, "C1");
    expect_nothing(fixture); /* one write at a time */
    posted_as(fixture, "10.1");
    assert_int_equal(committable(fixture), 0);
    expect_order(fixture, RELAY_RECEIPT, "d-aaaaaaaaaaaaa:1");
    assert_string_equal(fixture->order.ref.ts, "10.1");
    ok(fixture);
    assert_int_equal(committable(fixture), 1);
    expect_nothing(fixture);
}

static void test_edits_are_coalesced_to_the_newest_view(void **state)
{
    struct fixture *fixture = *state;
    post_root(fixture);
    for (int64_t n = 2; n <= 9; n++)
        tell(fixture, (struct said){ .n = n });
    expect_nothing(fixture); /* an edit a 1.2 s */
    assert_int_equal(fixture->wake_ms, T0 + 1200);
    fixture->now_ms += 1200;
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:9");
    assert_string_equal(fixture->order.ref.ts, "10.1");
    assert_int_equal(committable(fixture), 8);
    ok(fixture);
    assert_int_equal(committable(fixture), 9);
    expect_nothing(fixture);
}

static void test_a_view_that_comes_during_a_write_is_written_after_it(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, "d-aaaaaaaaaaaaa:1");
    tell(fixture, (struct said){ .n = 2 });
    posted_as(fixture, "10.1");
    expect_order(fixture, RELAY_RECEIPT, "d-aaaaaaaaaaaaa:1");
    ok(fixture);
    fixture->now_ms += 1200;
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:2");
    ok(fixture);
    assert_int_equal(committable(fixture), 2);
}

static void test_the_end_of_a_deployment_does_not_wait_for_pacing(void **state)
{
    struct fixture *fixture = *state;
    post_root(fixture);
    tell(fixture, (struct said){ .n = 2, .state = "succeeded" });
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:2");
}

static void test_what_is_not_newer_is_dropped(void **state)
{
    struct fixture *fixture = *state;
    post_root(fixture);
    fixture->now_ms += 5000;
    tell(fixture, (struct said){ .n = 1 });
    tell(fixture, (struct said){ .n = 7, .epoch = EPOCH - 1 });
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 3);
    tell(fixture, (struct said){ .n = 1, .epoch = EPOCH + 1 });
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:1");
}

static void test_without_a_home_nothing_is_written(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1, .channel = "" });
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 1);
}

static void test_no_first_post_for_events_older_than_a_day(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1, .at_ms = T0 - 25 * HOUR_MS });
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 1);
    tell(fixture, (struct said){ .workflow = OTHER, .n = 4, .at_ms = T0 - 25 * HOUR_MS, .ts = "9.9" });
    expect_order(fixture, RELAY_UPDATE, "d-bbbbbbbbbbbbb:4");
}

/* ---- which message counts ---- */

static void test_a_posted_event_that_only_confirms_causes_no_edit(void **state)
{
    struct fixture *fixture = *state;
    post_root(fixture);
    fixture->now_ms += 5000;
    tell(fixture, (struct said){ .n = 2, .name = "posted", .ts = "10.1" });
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 2);
    tell(fixture, (struct said){ .n = 3, .ts = "10.1" });
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:3");
}

static void test_the_orchestrators_word_on_the_message_stands_above_ours(void **state)
{
    struct fixture *fixture = *state;
    post_root(fixture);
    tell(fixture, (struct said){ .n = 2, .name = "posted", .ts = "9.7" });
    fixture->now_ms += 5000;
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:2");
    assert_string_equal(fixture->order.ref.ts, "9.7");
}

static void test_a_receipt_that_has_arrived_is_not_sent_again(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    posted_as(fixture, "10.1");
    tell(fixture, (struct said){ .n = 2, .name = "posted", .ts = "10.1" });
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 2);
}

static void test_a_surplus_message_is_deleted_once(void **state)
{
    struct fixture *fixture = *state;
    post_root(fixture);
    tell(fixture, (struct said){ .n = 2, .name = "surplus", .ts = "10.1", .surplus = "11.1" });
    expect_order(fixture, RELAY_DELETE, NULL);
    assert_string_equal(fixture->order.ref.ts, "11.1");
    assert_int_equal(committable(fixture), 1);
    assert_int_equal(done_class(fixture, SLACK_GONE), RELAY_NEWS_NONE); /* somebody was faster */
    assert_int_equal(committable(fixture), 2);
    tell(fixture, (struct said){ .n = 3, .name = "surplus", .ts = "10.1", .surplus = "11.1" });
    expect_nothing(fixture);
    tell(fixture, (struct said){ .n = 4, .name = "surplus", .ts = "10.1", .surplus = "10.1" });
    expect_nothing(fixture); /* never the one that counts */
}

/* ---- replay ---- */

static void test_a_partition_is_read_to_its_end_before_the_first_write(void **state)
{
    struct fixture *fixture = *state;
    relay_plan_assign(fixture->plan, 3, T0);
    tell_at(fixture, 5, (struct said){ .n = 1 });
    expect_nothing(fixture); /* its end is not known */
    relay_plan_bounds(fixture->plan, 3, 5, 8);
    tell_at(fixture, 6, (struct said){ .n = 2 });
    expect_nothing(fixture);
    relay_plan_skip(fixture->plan, 3, 7);
    expect_order(fixture, RELAY_LOOK, "d-aaaaaaaaaaaaa:2"); /* the predecessor may have posted it */
    assert_int_equal(committable(fixture), 6);
}

static void test_what_a_look_finds_is_edited_and_reported(void **state)
{
    struct fixture *fixture = *state;
    struct relay_outcome outcome = { .class = SLACK_OK, .found_count = 2 };
    outcome.found[0] = (struct relay_found){ .ts = "10.1", .event = "d-aaaaaaaaaaaaa:1" };
    outcome.found[1] = (struct relay_found){ .ts = "10.2", .event = "d-aaaaaaaaaaaaa:1" };
    tell(fixture, (struct said){ .n = 2 }); /* live, but not the first one */
    expect_order(fixture, RELAY_LOOK, "d-aaaaaaaaaaaaa:2");
    assert_int_equal(done(fixture, outcome), RELAY_NEWS_NONE);
    for (int i = 0; i < 2; i++) { /* both: the orchestrator orders one deleted */
        expect_order(fixture, RELAY_RECEIPT, "d-aaaaaaaaaaaaa:1");
        ok(fixture);
    }
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:2");
    assert_string_equal(fixture->order.ref.ts, "10.1");
    ok(fixture);
    assert_int_equal(committable(fixture), 1);
}

static void test_what_a_look_does_not_find_is_posted(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 2 });
    expect_order(fixture, RELAY_LOOK, NULL);
    ok(fixture);
    expect_order(fixture, RELAY_POST, "d-aaaaaaaaaaaaa:2");
}

static void test_looking_is_not_needed_for_the_very_first_event(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
}

static void test_the_last_write_of_a_predecessor_is_repeated_once(void **state)
{
    struct fixture *fixture = *state;
    relay_plan_assign(fixture->plan, 3, T0);
    relay_plan_bounds(fixture->plan, 3, 0, 1);
    tell(fixture, (struct said){ .n = 4, .ts = "10.1", .state = "succeeded" });
    expect_order(fixture, RELAY_UPDATE, NULL);
    ok(fixture);
    assert_int_equal(committable(fixture), 1);
    expect_nothing(fixture);
    assert_int_equal(fixture->wake_ms, T0 + 35000);
    fixture->now_ms = T0 + 35000;
    expect_order(fixture, RELAY_UPDATE, "d-aaaaaaaaaaaaa:4");
    assert_int_equal(committable(fixture), 1); /* a commit never goes back */
    ok(fixture);
    fixture->now_ms += HOUR_MS;
    expect_nothing(fixture);
}

static void test_a_partition_taken_away_is_forgotten(void **state)
{
    struct fixture *fixture = *state;
    int64_t offset;
    tell(fixture, (struct said){ .n = 1 });
    expect_order(fixture, RELAY_POST, NULL);
    relay_plan_revoke(fixture->plan, 3);
    posted_as(fixture, "10.1"); /* no receipt, no edit: its next owner looks */
    expect_nothing(fixture);
    assert_false(relay_plan_offset(fixture->plan, 3, &offset));
    assert_int_equal(relay_plan_counts(fixture->plan).in_flight, 0);
    tell(fixture, (struct said){ .n = 2 });
    expect_nothing(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_first_event_is_posted_and_its_receipt_holds_the_offset),
        TEST(test_edits_are_coalesced_to_the_newest_view),
        TEST(test_a_view_that_comes_during_a_write_is_written_after_it),
        TEST(test_the_end_of_a_deployment_does_not_wait_for_pacing),
        TEST(test_what_is_not_newer_is_dropped),
        TEST(test_without_a_home_nothing_is_written),
        TEST(test_no_first_post_for_events_older_than_a_day),
        TEST(test_a_posted_event_that_only_confirms_causes_no_edit),
        TEST(test_the_orchestrators_word_on_the_message_stands_above_ours),
        TEST(test_a_receipt_that_has_arrived_is_not_sent_again),
        TEST(test_a_surplus_message_is_deleted_once),
        TEST(test_a_partition_is_read_to_its_end_before_the_first_write),
        TEST(test_what_a_look_finds_is_edited_and_reported),
        TEST(test_what_a_look_does_not_find_is_posted),
        TEST(test_looking_is_not_needed_for_the_very_first_event),
        TEST(test_the_last_write_of_a_predecessor_is_repeated_once),
        TEST(test_a_partition_taken_away_is_forgotten),
    };
    return cmocka_run_group_tests_name("relay_plan", tests, NULL, NULL);
}
