/* SPDX-License-Identifier: Apache-2.0
 * Connections of Socket Mode opened, refreshed and closed: virtual time, no Slack. */
#include "gateway/core/socket_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const int64_t T0 = 1000000, SECOND = 1000, HOUR = 3600000;

struct fixture {
    struct socket_plan *plan;
    int64_t now_ms, wake_ms;
    struct socket_order order;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->now_ms = T0;
    fixture->plan = socket_plan_new(2, 7, T0);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    socket_plan_free(fixture->plan);
    free(fixture);
    return 0;
}

static bool next(struct fixture *fixture)
{
    return socket_plan_next(fixture->plan, fixture->now_ms, &fixture->order, &fixture->wake_ms);
}

static uint64_t expect(struct fixture *fixture, enum socket_verb verb)
{
    assert_true(next(fixture));
    assert_int_equal(fixture->order.verb, verb);
    return fixture->order.link;
}

static void expect_nothing(struct fixture *fixture) { assert_false(next(fixture)); }

static bool asked(struct fixture *fixture, uint64_t link, enum slack_class class)
{
    return socket_plan_asked(fixture->plan, link, class, -1, fixture->now_ms);
}

/* Asked, dialled, greeted. */
static uint64_t connect_one(struct fixture *fixture, int64_t life_ms)
{
    uint64_t link = expect(fixture, SOCKET_ASK);
    expect_nothing(fixture); /* one at a time */
    assert_true(asked(fixture, link, SLACK_OK));
    expect_nothing(fixture);
    socket_plan_hello(fixture->plan, link, life_ms, fixture->now_ms);
    return link;
}

static void ended(struct fixture *fixture, uint64_t link) { socket_plan_ended(fixture->plan, link, fixture->now_ms); }

/* To when the plan wants to be asked again. */
static void sleep_on(struct fixture *fixture)
{
    expect_nothing(fixture);
    assert_true(fixture->wake_ms > fixture->now_ms && fixture->wake_ms < INT64_MAX);
    fixture->now_ms = fixture->wake_ms;
}

static void test_two_connections_one_after_the_other(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(socket_plan_counts(fixture->plan).without_ms, T0);
    connect_one(fixture, HOUR);
    assert_int_equal(socket_plan_counts(fixture->plan).live, 1);
    assert_int_equal(socket_plan_counts(fixture->plan).without_ms, 0);
    connect_one(fixture, HOUR);
    assert_int_equal(socket_plan_counts(fixture->plan).live, 2);
    expect_nothing(fixture);
    assert_in_range(fixture->wake_ms, T0 + HOUR * 80 / 100, T0 + HOUR * 92 / 100);
}

static void test_the_new_one_is_live_before_the_old_one_is_closed(void **state)
{
    struct fixture *fixture = *state;
    uint64_t first = connect_one(fixture, HOUR), second = connect_one(fixture, 0);
    sleep_on(fixture); /* the first one's time has come */
    uint64_t third = expect(fixture, SOCKET_ASK);
    assert_true(asked(fixture, third, SLACK_OK));
    expect_nothing(fixture);
    assert_int_equal(socket_plan_counts(fixture->plan).live, 2);
    socket_plan_hello(fixture->plan, third, 0, fixture->now_ms);
    assert_int_equal(expect(fixture, SOCKET_CLOSE), first);
    ended(fixture, first);
    expect_nothing(fixture);
    assert_int_equal(fixture->wake_ms, INT64_MAX); /* no life was said for the others */
    assert_int_equal(socket_plan_counts(fixture->plan).links, 2);
    (void)second;
}

static void test_those_whose_time_comes_together_leave_one_after_the_other(void **state)
{
    struct fixture *fixture = *state;
    connect_one(fixture, HOUR);
    connect_one(fixture, HOUR);
    fixture->now_ms += HOUR;
    uint64_t third = expect(fixture, SOCKET_ASK);
    expect_nothing(fixture);
    assert_true(asked(fixture, third, SLACK_OK));
    socket_plan_hello(fixture->plan, third, HOUR, fixture->now_ms);
    uint64_t closed = expect(fixture, SOCKET_CLOSE);
    uint64_t fourth = expect(fixture, SOCKET_ASK);
    ended(fixture, closed);
    assert_true(asked(fixture, fourth, SLACK_OK));
    socket_plan_hello(fixture->plan, fourth, HOUR, fixture->now_ms);
    expect(fixture, SOCKET_CLOSE);
    expect_nothing(fixture);
}

static void test_slack_asks_for_a_refresh(void **state)
{
    struct fixture *fixture = *state;
    uint64_t first = connect_one(fixture, HOUR);
    connect_one(fixture, HOUR);
    socket_plan_disconnect(fixture->plan, first, SOCKET_REFRESH, fixture->now_ms);
    uint64_t third = expect(fixture, SOCKET_ASK);
    ended(fixture, first); /* Slack was faster */
    assert_true(asked(fixture, third, SLACK_OK));
    socket_plan_hello(fixture->plan, third, HOUR, fixture->now_ms);
    expect_nothing(fixture);
    assert_int_equal(socket_plan_counts(fixture->plan).live, 2);
}

static void test_what_waits_for_its_acknowledgement_keeps_the_old_one_open(void **state)
{
    struct fixture *fixture = *state;
    uint64_t first = connect_one(fixture, 0);
    connect_one(fixture, 0);
    socket_plan_busy(fixture->plan, first, 3);
    socket_plan_disconnect(fixture->plan, first, SOCKET_REFRESH, fixture->now_ms);
    connect_one(fixture, 0);
    expect_nothing(fixture);
    socket_plan_busy(fixture->plan, first, 0);
    assert_int_equal(expect(fixture, SOCKET_CLOSE), first);
}

static void test_but_not_for_ever(void **state)
{
    struct fixture *fixture = *state;
    uint64_t first = connect_one(fixture, 0);
    connect_one(fixture, 0);
    socket_plan_busy(fixture->plan, first, 1);
    socket_plan_disconnect(fixture->plan, first, SOCKET_REFRESH, fixture->now_ms);
    connect_one(fixture, 0);
    sleep_on(fixture);
    assert_int_equal(expect(fixture, SOCKET_CLOSE), first);
    sleep_on(fixture); /* the peer does not close */
    assert_int_equal(expect(fixture, SOCKET_DROP), first);
}

static void test_failures_are_repeated_with_growing_pauses(void **state)
{
    struct fixture *fixture = *state;
    int64_t before_ms = 0;
    for (int i = 0; i < 12; i++) {
        assert_false(asked(fixture, expect(fixture, SOCKET_ASK), SLACK_RETRY));
        int64_t from_ms = fixture->now_ms;
        sleep_on(fixture);
        assert_in_range(fixture->now_ms - from_ms, 800, 30000);
        if (i < 5)
            assert_true(fixture->now_ms - from_ms > before_ms);
        before_ms = fixture->now_ms - from_ms;
    }
    assert_in_range(before_ms, 24000, 30000);
    assert_int_equal(socket_plan_counts(fixture->plan).without_ms, T0);
    assert_false(socket_plan_counts(fixture->plan).ever);
}

static void test_slack_says_when(void **state)
{
    struct fixture *fixture = *state;
    uint64_t link = expect(fixture, SOCKET_ASK);
    assert_false(socket_plan_asked(fixture->plan, link, SLACK_LIMITED, 45 * SECOND, fixture->now_ms));
    sleep_on(fixture);
    assert_int_equal(fixture->now_ms, T0 + 45 * SECOND);
    assert_false(asked(fixture, expect(fixture, SOCKET_ASK), SLACK_AUTH));
    sleep_on(fixture); /* only a person can mend it */
    assert_int_equal(fixture->now_ms, T0 + 105 * SECOND);
}

static void test_no_answer_and_no_hello_are_failures(void **state)
{
    struct fixture *fixture = *state;
    uint64_t link = expect(fixture, SOCKET_ASK);
    sleep_on(fixture);
    expect_nothing(fixture);                      /* a pause */
    assert_false(asked(fixture, link, SLACK_OK)); /* too late */
    fixture->now_ms = fixture->wake_ms;
    link = expect(fixture, SOCKET_ASK);
    assert_true(asked(fixture, link, SLACK_OK));
    sleep_on(fixture);
    assert_int_equal(expect(fixture, SOCKET_CLOSE), link);
    socket_plan_hello(fixture->plan, link, 0, fixture->now_ms); /* too late */
    assert_int_equal(socket_plan_counts(fixture->plan).live, 0);
    ended(fixture, link);
    assert_int_equal(socket_plan_counts(fixture->plan).links, 0);
}

static void test_short_lives_are_failures_and_long_ones_are_not(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 6; i++) {
        ended(fixture, connect_one(fixture, 0));
        sleep_on(fixture);
    }
    assert_true(fixture->now_ms - T0 > 20 * SECOND);
    uint64_t link = connect_one(fixture, 0);
    fixture->now_ms += HOUR;
    uint64_t other = connect_one(fixture, 0);
    ended(fixture, link);
    connect_one(fixture, 0); /* at once */
    fixture->now_ms += HOUR;
    ended(fixture, other);
    connect_one(fixture, 0);
}

static void test_since_when_there_is_none(void **state)
{
    struct fixture *fixture = *state;
    uint64_t first = connect_one(fixture, 0), second = connect_one(fixture, 0);
    fixture->now_ms += HOUR;
    ended(fixture, first);
    assert_int_equal(socket_plan_counts(fixture->plan).without_ms, 0);
    fixture->now_ms += SECOND;
    ended(fixture, second);
    assert_int_equal(socket_plan_counts(fixture->plan).without_ms, T0 + HOUR + SECOND);
    assert_true(socket_plan_counts(fixture->plan).ever);
}

static void test_switched_off_is_looked_at_once_a_minute(void **state)
{
    struct fixture *fixture = *state;
    uint64_t first = connect_one(fixture, 0), second = connect_one(fixture, 0);
    socket_plan_disconnect(fixture->plan, first, SOCKET_DISABLED, fixture->now_ms);
    socket_plan_disconnect(fixture->plan, second, SOCKET_DISABLED, fixture->now_ms);
    ended(fixture, expect(fixture, SOCKET_CLOSE));
    ended(fixture, expect(fixture, SOCKET_CLOSE));
    sleep_on(fixture);
    assert_int_equal(fixture->now_ms, T0 + 60 * SECOND);
    expect(fixture, SOCKET_ASK);
}

static void test_too_many_means_fewer_for_a_minute(void **state)
{
    struct fixture *fixture = *state;
    connect_one(fixture, 0);
    uint64_t link = expect(fixture, SOCKET_ASK);
    assert_true(asked(fixture, link, SLACK_OK));
    socket_plan_disconnect(fixture->plan, link, SOCKET_TOO_MANY, fixture->now_ms); /* instead of a hello */
    assert_int_equal(expect(fixture, SOCKET_CLOSE), link);
    ended(fixture, link);
    sleep_on(fixture);
    assert_int_equal(fixture->now_ms, T0 + 60 * SECOND);
    assert_int_equal(socket_plan_counts(fixture->plan).live, 1);
}

static void test_draining_closes_what_has_nothing_to_wait_for(void **state)
{
    struct fixture *fixture = *state;
    uint64_t first = connect_one(fixture, 0), second = connect_one(fixture, 0);
    socket_plan_busy(fixture->plan, second, 1);
    socket_plan_drain(fixture->plan, fixture->now_ms + 2 * SECOND);
    assert_int_equal(expect(fixture, SOCKET_CLOSE), first);
    ended(fixture, first);
    sleep_on(fixture);
    assert_int_equal(fixture->now_ms, T0 + 2 * SECOND);
    assert_int_equal(expect(fixture, SOCKET_CLOSE), second);
    ended(fixture, second);
    expect_nothing(fixture);
    assert_int_equal(socket_plan_counts(fixture->plan).links, 0);
}

static void test_draining_forgets_what_was_only_begun(void **state)
{
    struct fixture *fixture = *state;
    uint64_t link = expect(fixture, SOCKET_ASK);
    socket_plan_drain(fixture->plan, fixture->now_ms);
    assert_false(asked(fixture, link, SLACK_OK));
    expect_nothing(fixture);
    assert_int_equal(socket_plan_counts(fixture->plan).links, 0);
}

int main(void)
{
#define TEST_(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST_(test_two_connections_one_after_the_other),
        TEST_(test_the_new_one_is_live_before_the_old_one_is_closed),
        TEST_(test_those_whose_time_comes_together_leave_one_after_the_other),
        TEST_(test_slack_asks_for_a_refresh),
        TEST_(test_what_waits_for_its_acknowledgement_keeps_the_old_one_open),
        TEST_(test_but_not_for_ever),
        TEST_(test_failures_are_repeated_with_growing_pauses),
        TEST_(test_slack_says_when),
        TEST_(test_no_answer_and_no_hello_are_failures),
        TEST_(test_short_lives_are_failures_and_long_ones_are_not),
        TEST_(test_since_when_there_is_none),
        TEST_(test_switched_off_is_looked_at_once_a_minute),
        TEST_(test_too_many_means_fewer_for_a_minute),
        TEST_(test_draining_closes_what_has_nothing_to_wait_for),
        TEST_(test_draining_forgets_what_was_only_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
