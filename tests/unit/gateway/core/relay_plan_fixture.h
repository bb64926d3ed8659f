/* SPDX-License-Identifier: Apache-2.0
 * relay_plan_fixture: one relay's plan on one partition, and short words for what happens to it. Virtual time, no
 * Slack. */
#ifndef TESTS_RELAY_PLAN_FIXTURE_H
#define TESTS_RELAY_PLAN_FIXTURE_H

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
static inline int set_up(void **state)
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

static inline int tear_down(void **state)
{
    struct fixture *fixture = *state;
    relay_plan_free(fixture->plan);
    free(fixture);
    return 0;
}

struct said { /* of an event; zero: a live one of WF in state running */
    const char *workflow, *name, *state, *ts, *surplus, *channel;
    int64_t n, at_ms, epoch, created_ms;
    const char *order, *detail; /* JSON with single quotes */
};

static inline json_t *json_of(const char *text)
{
    SW_AUTO_FREE char *copy = sw_strdup(text);
    json_t *json = NULL;
    for (char *at = copy; (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    assert_false(sw_failed(jx_parse(copy, strlen(copy), &json)));
    return json;
}

static inline void tell_at(struct fixture *fixture, int64_t offset, struct said said)
{
    struct relay_event event = { .partition = 3, .offset = offset, .name = said.name ? said.name : "progressed" };
    struct proto_view *view = &event.view;
    const char *channel = said.channel ? said.channel : "C1";
    sw_copy(view->workflow, sizeof view->workflow, said.workflow ? said.workflow : WF);
    sw_copy(view->kind, sizeof view->kind, "deployment");
    sw_copy(view->state, sizeof view->state, said.state ? said.state : "running");
    sw_copy(view->home_channel, sizeof view->home_channel, channel);
    view->n = said.n;
    view->epoch = said.epoch ? said.epoch : EPOCH;
    view->at_ms = said.at_ms ? said.at_ms : fixture->now_ms;
    view->created_at_ms = said.created_ms ? said.created_ms : view->at_ms;
    view->order = said.order ? json_of(said.order) : NULL;
    view->detail = said.detail ? json_of(said.detail) : NULL;
    if (said.ts)
        sw_copy(view->message.ts, sizeof view->message.ts, said.ts);
    if (said.ts)
        sw_copy(view->message.channel, sizeof view->message.channel, channel);
    if (said.surplus)
        sw_copy(view->surplus.ts, sizeof view->surplus.ts, said.surplus);
    if (said.surplus)
        sw_copy(view->surplus.channel, sizeof view->surplus.channel, channel);
    JX_AUTO json_t *json = proto_view_encode(view);
    SW_AUTO_FREE char *text = jx_dump_new(json);
    event.text = text;
    event.length = strlen(text);
    assert_true(relay_plan_event(fixture->plan, &event, fixture->now_ms));
}

static inline void tell(struct fixture *fixture, struct said said) { tell_at(fixture, fixture->offset++, said); }

static inline bool next(struct fixture *fixture)
{
    return relay_plan_next(fixture->plan, fixture->now_ms, &fixture->order, &fixture->wake_ms);
}

static inline void expect_order(struct fixture *fixture, enum relay_verb verb, const char *event)
{
    assert_true(next(fixture));
    assert_string_equal(relay_verb_name(fixture->order.verb), relay_verb_name(verb));
    if (event)
        assert_string_equal(fixture->order.event, event);
}

static inline void expect_nothing(struct fixture *fixture) { assert_false(next(fixture)); }

static inline enum relay_news done(struct fixture *fixture, struct relay_outcome outcome)
{
    return relay_plan_done(fixture->plan, fixture->order.id, &outcome, fixture->now_ms);
}

static inline enum relay_news done_class(struct fixture *fixture, enum slack_class class)
{
    return done(fixture, (struct relay_outcome){ .class = class, .retry_after_ms = -1 });
}

static inline void ok(struct fixture *fixture) { assert_int_equal(done_class(fixture, SLACK_OK), RELAY_NEWS_NONE); }

static inline void posted_as(struct fixture *fixture, const char *ts)
{
    struct relay_outcome outcome = { .class = SLACK_OK };
    sw_copy(outcome.ref.channel, sizeof outcome.ref.channel, "C1");
    sw_copy(outcome.ref.ts, sizeof outcome.ref.ts, ts);
    assert_int_equal(done(fixture, outcome), RELAY_NEWS_NONE);
}

static inline int64_t committable(struct fixture *fixture)
{
    int64_t offset = -1;
    assert_true(relay_plan_offset(fixture->plan, 3, &offset));
    return offset;
}

/* The root message of WF is posted and its receipt delivered. */
static inline void post_root(struct fixture *fixture)
{
    tell(fixture, (struct said){ .n = 1, .name = "queued", .state = "queued" });
    expect_order(fixture, RELAY_POST, "d-aaaaaaaaaaaaa:1");
    posted_as(fixture, "10.1");
    expect_order(fixture, RELAY_RECEIPT, "d-aaaaaaaaaaaaa:1");
    ok(fixture);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
