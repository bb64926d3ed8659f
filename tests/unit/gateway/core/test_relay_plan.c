/* SPDX-License-Identifier: Apache-2.0
 * What the relay writes, when, and what it commits: virtual time, no Slack. */
#include "gateway/core/relay_plan.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int64_t T0 = 1767225600000, EPOCH = 1767225000000, HOUR_MS = 3600000;
static const char WF[] = "d-aaaaaaaaaaaaa", OTHER[] = "d-bbbbbbbbbbbbb";

struct fixture {
    struct relay_plan *plan;
    int64_t now_ms, offset, wake_ms;
    struct relay_order order;
};

/* One partition, read to its (empty) end. */
static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->now_ms = T0;
    fixture->plan = relay_plan_new(1);
    assert_non_null(fixture->plan);
    relay_plan_assign(fixture->plan, 3, T0);
    relay_plan_bounds(fixture->plan, 3, 0, 0);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    relay_plan_free(fixture->plan);
    free(fixture);
    return 0;
}

struct said { /* of an event; zero: a live one of WF in state running */
    const char *workflow, *name, *state, *ts, *surplus, *channel;
    int64_t n, at_ms, epoch;
};

static void tell_at(struct fixture *fixture, int64_t offset, struct said said)
{
    struct relay_event event = { .partition = 3, .offset = offset, .name = said.name ? said.name : "progressed" };
    struct proto_view *view = &event.view;
    const char *channel = said.channel ? said.channel : "C1";
    sw_copy(view->workflow, sizeof view->workflow, said.workflow ? said.workflow : WF);
    sw_copy(view->state, sizeof view->state, said.state ? said.state : "running");
    sw_copy(view->home_channel, sizeof view->home_channel, channel);
    view->n = said.n;
    view->epoch = said.epoch ? said.epoch : EPOCH;
    view->at_ms = said.at_ms ? said.at_ms : fixture->now_ms;
    view->created_at_ms = view->at_ms;
    if (said.ts)
        sw_copy(view->message.ts, sizeof view->message.ts, said.ts);
    if (said.ts)
        sw_copy(view->message.channel, sizeof view->message.channel, channel);
    if (said.surplus)
        sw_copy(view->surplus.ts, sizeof view->surplus.ts, said.surplus);
    if (said.surplus)
        sw_copy(view->surplus.channel, sizeof view->surplus.channel, channel);
    assert_true(relay_plan_event(fixture->plan, &event, fixture->now_ms));
}

static void tell(struct fixture *fixture, struct said said) { tell_at(fixture, fixture->offset++, said); }

static bool next(struct fixture *fixture)
{
    return relay_plan_next(fixture->plan, fixture->now_ms, &fixture->order, &fixture->wake_ms);
}

static void expect_order(struct fixture *fixture, enum relay_verb verb, const char *event)
{
    assert_true(next(fixture));
    assert_string_equal(relay_verb_name(fixture->order.verb), relay_verb_name(verb));
    if (event)
        assert_string_equal(fixture->order.event, event);
}

static void expect_nothing(struct fixture *fixture) { assert_false(next(fixture)); }

static enum relay_news done(struct fixture *fixture, struct relay_outcome outcome)
{
    return relay_plan_done(fixture->plan, fixture->order.id, &outcome, fixture->now_ms);
}

static enum relay_news done_class(struct fixture *fixture, enum slack_class class)
{
    return done(fixture, (struct relay_outcome){ .class = class, .retry_after_ms = -1 });
}

static void ok(struct fixture *fixture) { assert_int_equal(done_class(fixture, SLACK_OK), RELAY_NEWS_NONE); }

static void posted_as(struct fixture *fixture, const char *ts)
{
    struct relay_outcome outcome = { .class = SLACK_OK };
    sw_copy(outcome.ref.channel, sizeof outcome.ref.channel, "C1");
    sw_copy(outcome.ref.ts, sizeof outcome.ref.ts, ts);
    assert_int_equal(done(fixture, outcome), RELAY_NEWS_NONE);
}

static int64_t committable(struct fixture *fixture)
{
    int64_t offset = -1;
    assert_true(relay_plan_offset(fixture->plan, 3, &offset));
    return offset;
}

/* The root message of WF is posted and its receipt delivered. */
static void post_root(struct fixture *fixture)
{
    tell(fixture, (struct said){ .n = 1, .name = "queued", .state = "queued" });
    expect_order(fixture, RELAY_POST, "d-aaaaaaaaaaaaa:1");
    posted_as(fixture, "10.1");
    expect_order(fixture, RELAY_RECEIPT, "d-aaaaaaaaaaaaa:1");
    ok(fixture);
}

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

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
        TEST(test_an_undelivered_receipt_is_sent_again),
        TEST(test_posts_to_a_channel_come_one_a_second_after_a_burst),
        TEST(test_held_or_draining_it_writes_nothing_but_receipts),
        TEST(test_thousands_of_workflows_each_get_one_message),
    };
    return cmocka_run_group_tests_name("relay_plan", tests, NULL, NULL);
}
