/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/socket_plan.h"

#include "common/base/backoff.h"
#include "common/base/text.h"

#include <assert.h>

enum {
    PLACES = 3 * SOCKET_LINKS_MAX, /* each may have a successor and a predecessor whose end is slow */
    ASK_MS = 20000,
    HELLO_MS = 15000,  /* TCP, TLS and the handshake have 10 s */
    CLOSE_MS = 5000,   /* for the peer's side of the close */
    BUSY_MS = 10000,   /* an acknowledgement after that long would come too late */
    STEADY_MS = 30000, /* what lived that long did not fail */
    BY_HAND_MS = 60000,
    REFRESH_PERCENT = 80, /* of its life, and up to SPREAD more: replicas that began together do not stay so */
    SPREAD_PERCENT = 12,
};

static const struct sw_backoff RETRIES = { .base_ms = 1000, .max_ms = 30000, .jitter_percent = 20 };

enum state { FREE, ASKING, DIALLING, LIVE, LEAVING, CLOSING };

struct link {
    uint64_t id;
    enum state state;
    bool alone; /* leaving: without a successor */
    size_t busy;
    int64_t live_ms;    /* since when; 0: never was */
    int64_t due_ms;     /* ASKING, DIALLING, CLOSING: gives up; LIVE: leaves; INT64_MAX: never */
    int64_t patient_ms; /* LEAVING: waits for acknowledgements until then */
};

struct socket_plan {
    struct link links[PLACES];
    size_t wanted;
    uint64_t last_id;
    uint32_t random;
    int32_t failures; /* in a row */
    int64_t try_ms;   /* not before */
    int64_t without_ms;
    bool ever, draining;
};

static uint32_t next_random(struct socket_plan *plan)
{
    plan->random ^= plan->random << 13; /* xorshift32 */
    plan->random ^= plan->random >> 17;
    plan->random ^= plan->random << 5;
    return plan->random;
}

struct socket_plan *socket_plan_new(size_t wanted, uint32_t seed, int64_t now_ms)
{
    assert(wanted >= 1 && wanted <= SOCKET_LINKS_MAX);
    struct socket_plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        return NULL;
    plan->wanted = wanted;
    plan->random = seed | 1;
    plan->without_ms = now_ms;
    return plan;
}

void socket_plan_free(struct socket_plan *plan) { free(plan); }

/* ---- counting ---- */

static size_t count(const struct socket_plan *plan, enum state state)
{
    size_t found = 0;
    for (size_t i = 0; i < PLACES; i++)
        found += plan->links[i].state == state;
    return found;
}

static struct link *find(struct socket_plan *plan, uint64_t id)
{
    for (size_t i = 0; i < PLACES; i++)
        if (plan->links[i].state != FREE && plan->links[i].id == id)
            return &plan->links[i];
    return NULL;
}

static bool carries(const struct link *link) { return link->state == LIVE || link->state == LEAVING; }

struct socket_counts socket_plan_counts(const struct socket_plan *plan)
{
    struct socket_counts counts = { .ever = plan->ever };
    for (size_t i = 0; i < PLACES; i++) {
        const struct link *link = &plan->links[i];
        counts.links += link->state != FREE;
        counts.live += carries(link);
        if (carries(link) && (counts.oldest_ms == 0 || link->live_ms < counts.oldest_ms))
            counts.oldest_ms = link->live_ms;
    }
    counts.without_ms = counts.live > 0 ? 0 : plan->without_ms;
    return counts;
}

/* ---- changes of state ---- */

static void note_loss(struct socket_plan *plan, int64_t now_ms)
{
    if (count(plan, LIVE) + count(plan, LEAVING) == 0)
        plan->without_ms = now_ms;
}

static void fail(struct socket_plan *plan, int64_t now_ms)
{
    plan->failures++;
    const int64_t try_ms = now_ms + sw_backoff_delay_ms(&RETRIES, plan->failures, next_random(plan));
    if (try_ms > plan->try_ms)
        plan->try_ms = try_ms;
}

static void leave(struct link *link, bool alone)
{
    link->state = LEAVING;
    link->alone = alone;
    link->patient_ms = 0;
}

static void end(struct socket_plan *plan, struct link *link, int64_t now_ms)
{
    const bool carried = carries(link);
    link->state = FREE;
    if (carried)
        note_loss(plan, now_ms);
}

static void close_link(struct socket_plan *plan, struct link *link, int64_t now_ms)
{
    const bool carried = carries(link);
    link->state = CLOSING;
    link->due_ms = now_ms + CLOSE_MS;
    if (carried)
        note_loss(plan, now_ms);
}

/* ---- what came of orders ---- */

static void set_pause(struct socket_plan *plan, enum slack_class class, int64_t retry_after_ms, int64_t now_ms)
{
    fail(plan, now_ms);
    if (class == SLACK_LIMITED && retry_after_ms > 0)
        plan->try_ms = now_ms + retry_after_ms;
    else if (class != SLACK_LIMITED && class != SLACK_RETRY && class != SLACK_UNKNOWN)
        plan->try_ms = now_ms + BY_HAND_MS;
}

bool socket_plan_asked(struct socket_plan *plan, uint64_t id, enum slack_class class, int64_t retry_after_ms,
                       int64_t now_ms)
{
    struct link *link = find(plan, id);
    if (!link || link->state != ASKING)
        return false;
    if (class == SLACK_OK) {
        link->state = DIALLING;
        link->due_ms = now_ms + HELLO_MS;
        return true;
    }
    end(plan, link, now_ms);
    set_pause(plan, class, retry_after_ms, now_ms);
    return false;
}

void socket_plan_hello(struct socket_plan *plan, uint64_t id, int64_t life_ms, int64_t now_ms)
{
    struct link *link = find(plan, id);
    if (!link || link->state != DIALLING)
        return;
    const int64_t percent = REFRESH_PERCENT + next_random(plan) % SPREAD_PERCENT;
    link->state = LIVE;
    link->live_ms = now_ms;
    link->due_ms = life_ms > 0 ? now_ms + life_ms * percent / 100 : INT64_MAX;
    plan->ever = true;
}

void socket_plan_disconnect(struct socket_plan *plan, uint64_t id, enum socket_disconnect why, int64_t now_ms)
{
    struct link *link = find(plan, id);
    if (link && link->state == DIALLING) /* instead of a hello */
        link->due_ms = now_ms;
    else if (link && carries(link))
        leave(link, why != SOCKET_REFRESH);
    if (why != SOCKET_REFRESH)
        plan->try_ms = now_ms + BY_HAND_MS;
}

/* One that we close, or that was told to go, ends as it should; any other one that lived for moments failed. */
void socket_plan_ended(struct socket_plan *plan, uint64_t id, int64_t now_ms)
{
    struct link *link = find(plan, id);
    if (!link)
        return;
    const bool failed = link->state == DIALLING || (link->state == LIVE && now_ms - link->live_ms < STEADY_MS);
    if (failed)
        fail(plan, now_ms);
    else if (link->live_ms > 0)
        plan->failures = 0;
    end(plan, link, now_ms);
}

void socket_plan_busy(struct socket_plan *plan, uint64_t id, size_t busy)
{
    struct link *link = find(plan, id);
    if (link)
        link->busy = busy;
}

void socket_plan_drain(struct socket_plan *plan, int64_t until_ms)
{
    plan->draining = true;
    for (size_t i = 0; i < PLACES; i++) {
        struct link *link = &plan->links[i];
        if (link->state == ASKING)
            link->state = FREE; /* its answer will find nobody */
        else if (link->state == DIALLING)
            link->due_ms = 0;
        else if (carries(link)) {
            leave(link, true);
            link->patient_ms = until_ms;
        }
    }
}

/* ---- orders ---- */

/* Whether a leaving link may be closed now; else when it may at the latest. */
static bool may_close(struct socket_plan *plan, struct link *link, int64_t now_ms, int64_t *wake_ms)
{
    if (!link->alone && count(plan, LIVE) < plan->wanted)
        return false; /* its successor's hello wakes us, or its own end */
    if (link->busy == 0)
        return true;
    if (link->patient_ms == 0)
        link->patient_ms = now_ms + BUSY_MS;
    if (link->patient_ms < *wake_ms)
        *wake_ms = link->patient_ms;
    return now_ms >= link->patient_ms;
}

static bool order(struct socket_order *ret_order, enum socket_verb verb, const struct link *link)
{
    *ret_order = (struct socket_order){ .verb = verb, .link = link->id };
    return true;
}

/* A link whose time has come. */
static bool expire(struct socket_plan *plan, struct link *link, int64_t now_ms, struct socket_order *ret_order)
{
    switch (link->state) {
    case ASKING: /* the answer is awaited no longer */
        end(plan, link, now_ms);
        fail(plan, now_ms);
        return false;
    case DIALLING:
        fail(plan, now_ms);
        close_link(plan, link, now_ms);
        return order(ret_order, SOCKET_CLOSE, link);
    case CLOSING:
        link->due_ms = now_ms + CLOSE_MS;
        return order(ret_order, SOCKET_DROP, link);
    case LIVE:
        if (count(plan, LEAVING) == 0)
            leave(link, false);
        return false;
    case LEAVING:
    case FREE:
        break;
    }
    return false;
}

static bool next_of(struct socket_plan *plan, struct link *link, int64_t now_ms, struct socket_order *ret_order,
                    int64_t *wake_ms)
{
    if (link->state == LEAVING) {
        if (!may_close(plan, link, now_ms, wake_ms))
            return false;
        close_link(plan, link, now_ms);
        return order(ret_order, SOCKET_CLOSE, link);
    }
    if (link->state == FREE)
        return false;
    if (now_ms >= link->due_ms)
        return expire(plan, link, now_ms, ret_order);
    if (link->due_ms < *wake_ms)
        *wake_ms = link->due_ms;
    return false;
}

/* One at a time: Slack counts the calls. */
static bool ask(struct socket_plan *plan, int64_t now_ms, struct socket_order *ret_order, int64_t *wake_ms)
{
    struct link *link = NULL;
    const size_t coming = count(plan, ASKING) + count(plan, DIALLING);
    if (plan->draining || coming > 0 || count(plan, LIVE) >= plan->wanted)
        return false;
    if (now_ms < plan->try_ms) {
        if (plan->try_ms < *wake_ms)
            *wake_ms = plan->try_ms;
        return false;
    }
    for (size_t i = 0; i < PLACES && !link; i++)
        link = plan->links[i].state == FREE ? &plan->links[i] : NULL;
    if (!link)
        return false; /* the end of a closing one wakes us */
    *link = (struct link){ .id = ++plan->last_id, .state = ASKING, .due_ms = now_ms + ASK_MS };
    return order(ret_order, SOCKET_ASK, link);
}

bool socket_plan_next(struct socket_plan *plan, int64_t now_ms, struct socket_order *ret_order, int64_t *ret_wake_ms)
{
    *ret_wake_ms = INT64_MAX;
    for (size_t i = 0; i < PLACES; i++)
        if (next_of(plan, &plan->links[i], now_ms, ret_order, ret_wake_ms))
            return true;
    return ask(plan, now_ms, ret_order, ret_wake_ms);
}
