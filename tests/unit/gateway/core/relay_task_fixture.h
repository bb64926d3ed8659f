/* SPDX-License-Identifier: Apache-2.0
 * relay_task_fixture: short words for the orchestrator's orders and what Slack answers to them. */
#ifndef TESTS_RELAY_TASK_FIXTURE_H
#define TESTS_RELAY_TASK_FIXTURE_H

#include "tests/unit/gateway/core/relay_plan_fixture.h"

#define INC "i-aaaaaaaaaaaaa"

static const char POST_INTRO[] = "{'key':'intro','verb':'post','channel':'C9','text':'hello','card':'intro'}";
static const char CREATE[] = "{'key':'room','verb':'create_channel','name':'inc-42'}";

/* An event of an incident without a home channel: nothing but its order is to be done. */
static inline void order(struct fixture *fixture, int64_t n, const char *json)
{
    tell(fixture, (struct said){ .workflow = INC, .n = n, .channel = "", .order = json });
}

static inline void expect_step(struct fixture *fixture, enum relay_verb verb, const char *key)
{
    expect_order(fixture, verb, NULL);
    assert_string_equal(fixture->order.key, key);
}

static inline void said_as(struct fixture *fixture, const char *channel, const char *ts)
{
    struct relay_outcome outcome = { .class = SLACK_OK };
    sw_copy(outcome.ref.channel, sizeof outcome.ref.channel, channel);
    sw_copy(outcome.ref.ts, sizeof outcome.ref.ts, ts);
    assert_int_equal(done(fixture, outcome), RELAY_NEWS_NONE);
}

static inline enum relay_news refuse(struct fixture *fixture, enum slack_class class, const char *code)
{
    struct relay_outcome outcome = { .class = class, .retry_after_ms = -1 };
    sw_copy(outcome.code, sizeof outcome.code, code);
    sw_copy(outcome.error, sizeof outcome.error, code);
    return done(fixture, outcome);
}

static inline enum relay_news found(struct fixture *fixture, const char *first, const char *second)
{
    struct relay_outcome outcome = { .class = SLACK_OK };
    sw_copy(outcome.found[0].ts, sizeof outcome.found[0].ts, first ? first : "");
    sw_copy(outcome.found[1].ts, sizeof outcome.found[1].ts, second ? second : "");
    outcome.found_count = second ? 2 : first ? 1 : 0;
    return done(fixture, outcome);
}

static inline enum relay_news channel_is(struct fixture *fixture, const char *id)
{
    struct relay_outcome outcome = { .class = SLACK_OK };
    sw_copy(outcome.channel.id, sizeof outcome.channel.id, id);
    sw_copy(outcome.channel.name, sizeof outcome.channel.name, "inc-42");
    return done(fixture, outcome);
}

static inline void expect_receipt(struct fixture *fixture, const char *key, const char *ts, const char *code)
{
    expect_step(fixture, RELAY_RECEIPT, key);
    assert_string_equal(fixture->order.result->ts, ts);
    assert_string_equal(fixture->order.result->code, code);
    ok(fixture);
}

static inline void revoke_and_read_again(struct fixture *fixture)
{
    relay_plan_revoke(fixture->plan, 3);
    relay_plan_assign(fixture->plan, 3, fixture->now_ms);
    fixture->offset = 0;
}

static inline void read_to_end(struct fixture *fixture) { relay_plan_bounds(fixture->plan, 3, 0, fixture->offset); }

#endif
