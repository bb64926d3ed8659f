/* SPDX-License-Identifier: Apache-2.0
 * What the outcome of an order changes. */
#include "gateway/core/relay_plan_internal.h"

#include "common/base/backoff.h"
#include "common/base/text.h"

enum {
    NO_RETRY_AFTER_MS = 30000, /* limited without a word on how long */
    RETRY_AFTER_MAX_MS = 3600000,
    AUTH_STALL_MS = 15000,
    LOOKS_WHEN_UNSURE = 2, /* a post that was lost sight of may arrive later than the first look */
    FIRST_LOOK_MS = 1000,
    NEXT_LOOK_MS = 4000,
};

static const struct sw_backoff RETRIES = { .base_ms = 500, .max_ms = 5000, .jitter_percent = 20 };

static uint32_t next_random(struct relay_plan *plan)
{
    plan->random ^= plan->random << 13; /* xorshift32 */
    plan->random ^= plan->random >> 17;
    plan->random ^= plan->random << 5;
    return plan->random;
}

/* ---- outcomes that are the same for all ---- */

enum relay_news relay_plan_limited(struct relay_plan *plan, enum relay_verb verb, const char *channel,
                                   const struct relay_outcome *outcome, int64_t now_ms)
{
    int64_t wait_ms = outcome->retry_after_ms < 0 ? NO_RETRY_AFTER_MS : outcome->retry_after_ms;
    wait_ms = wait_ms > RETRY_AFTER_MAX_MS ? RETRY_AFTER_MAX_MS : wait_ms;
    relay_pace_limited(&plan->pace, verb, channel, now_ms + wait_ms, now_ms);
    return RELAY_NEWS_RETRY;
}

enum relay_news relay_plan_stalled(struct relay_plan *plan, int64_t now_ms)
{
    relay_plan_hold(plan, now_ms + AUTH_STALL_MS);
    return RELAY_NEWS_STALLED;
}

int64_t relay_plan_retry_at(struct relay_plan *plan, int32_t *failures, int64_t now_ms)
{
    *failures += *failures < INT16_MAX;
    return now_ms + sw_backoff_delay_ms(&RETRIES, *failures, next_random(plan));
}

/* ---- jobs ---- */

static enum relay_news job_done(struct relay_plan *plan, struct relay_item *item, struct relay_job *job,
                                const struct relay_outcome *outcome, int64_t now_ms)
{
    job->order = 0;
    switch (outcome->class) {
    case SLACK_OK:
    case SLACK_GONE: /* what was to be deleted is not there */
        relay_item_drop_job(item, job);
        return RELAY_NEWS_NONE;
    case SLACK_LIMITED:
        return relay_plan_limited(plan, job->verb, job->ref.channel, outcome, now_ms);
    case SLACK_AUTH:
        return relay_plan_stalled(plan, now_ms);
    case SLACK_CONTENT:
    case SLACK_REFUSED:
        relay_item_drop_job(item, job);
        return RELAY_NEWS_PARKED;
    case SLACK_RETRY:
    case SLACK_UNKNOWN:
    case SLACK_CLASS_COUNT:
        break;
    }
    job->not_before_ms = relay_plan_retry_at(plan, &job->failures, now_ms);
    return RELAY_NEWS_RETRY;
}

/* ---- the item's own message ---- */

static bool add_receipt(struct relay_item *item, const struct proto_message_ref *ref, const char *event, int64_t now_ms)
{
    struct relay_job job = { .verb = RELAY_RECEIPT, .ref = *ref, .offset = item->order_offset, .since_ms = now_ms };
    (void)sw_copy(job.event, sizeof job.event, event); /* of the same size */
    return relay_item_add_job(item, &job);
}

static enum relay_news parked(struct relay_item *item)
{
    item->dirty = item->repeating = false;
    item->failures = 0;
    return RELAY_NEWS_PARKED;
}

static enum relay_news looked(struct relay_item *item, const struct relay_outcome *outcome, int64_t now_ms)
{
    item->failures = 0;
    for (size_t i = 0; i < outcome->found_count; i++) {
        struct proto_message_ref ref = { 0 };
        (void)sw_copy(ref.channel, sizeof ref.channel, item->view.home_channel); /* of the same size */
        (void)sw_copy(ref.ts, sizeof ref.ts, outcome->found[i].ts);              /* likewise */
        if (!*item->message.ts)
            item->message = ref;
        if (!add_receipt(item, &ref, outcome->found[i].event, now_ms))
            return RELAY_NEWS_RETRY; /* out of memory: found again by the next look */
    }
    item->looks = outcome->found_count > 0 ? 0 : item->looks - 1;
    if (item->looks > 0)
        item->not_before_ms = now_ms + NEXT_LOOK_MS;
    return RELAY_NEWS_NONE;
}

static enum relay_news written(struct relay_item *item, const struct relay_outcome *outcome, int64_t now_ms)
{
    item->failures = 0;
    item->last_write_ms = now_ms;
    if (item->order_verb == RELAY_POST) {
        if (!*item->message.ts)
            item->message = outcome->ref;
        if (!add_receipt(item, &outcome->ref, item->order_event, now_ms))
            item->looks = 1; /* out of memory; whoever reads the partition next finds it */
        if (!sw_equal(item->message.ts, outcome->ref.ts))
            return RELAY_NEWS_NONE; /* another message counts; the receipt leads to the deletion of this one */
    }
    item->written_epoch = item->order_epoch;
    item->written_n = item->order_n;
    if (item->view.epoch == item->order_epoch && item->view.n == item->order_n)
        item->dirty = item->repeating = false;
    return RELAY_NEWS_NONE;
}

static enum relay_news failed(struct relay_plan *plan, struct relay_item *item, int64_t now_ms)
{
    item->not_before_ms = relay_plan_retry_at(plan, &item->failures, now_ms);
    return RELAY_NEWS_RETRY;
}

static enum relay_news unsure(struct relay_plan *plan, struct relay_item *item, int64_t now_ms)
{
    (void)failed(plan, item, now_ms);
    if (item->order_verb != RELAY_POST)
        return RELAY_NEWS_RETRY;
    item->looks = LOOKS_WHEN_UNSURE;
    if (item->not_before_ms < now_ms + FIRST_LOOK_MS)
        item->not_before_ms = now_ms + FIRST_LOOK_MS;
    return RELAY_NEWS_RETRY;
}

/* Looking is not allowed here, while posting may be. */
static enum relay_news look_refused(struct relay_item *item)
{
    item->looks = 0;
    return RELAY_NEWS_NONE;
}

static enum relay_news content_refused(struct relay_item *item)
{
    if (item->plain)
        return parked(item);
    item->plain = true;
    return RELAY_NEWS_RETRY;
}

static enum relay_news message_gone(struct relay_item *item)
{
    item->gone = true; /* a person deleted it: no second one */
    return parked(item);
}

/* Slipway was never invited, or has been removed: a public channel it can join, once for each view. */
static bool joins_first(struct relay_item *item, const struct relay_outcome *outcome)
{
    if (item->joined || !sw_equal(outcome->code, "not_in_channel"))
        return false;
    item->joins = item->joined = true;
    return true;
}

static enum relay_news now_joined(struct relay_item *item)
{
    item->joins = false;
    item->failures = 0;
    return RELAY_NEWS_JOINED;
}

/* Where posting is allowed to whoever is not a member, it still goes well. */
static enum relay_news not_joined(struct relay_item *item)
{
    item->joins = false;
    return item->looks > 0 ? look_refused(item) : parked(item);
}

static enum relay_news write_refused(struct relay_item *item, enum relay_verb verb, const struct relay_outcome *outcome)
{
    if (verb == RELAY_JOIN)
        return not_joined(item);
    if (joins_first(item, outcome))
        return RELAY_NEWS_NONE;
    return verb == RELAY_LOOK ? look_refused(item) : parked(item);
}

static enum relay_news write_went_well(struct relay_item *item, enum relay_verb verb,
                                       const struct relay_outcome *outcome, int64_t now_ms)
{
    if (verb == RELAY_JOIN)
        return now_joined(item);
    return verb == RELAY_LOOK ? looked(item, outcome, now_ms) : written(item, outcome, now_ms);
}

static enum relay_news write_done(struct relay_plan *plan, struct relay_item *item, const struct relay_outcome *outcome,
                                  int64_t now_ms)
{
    const enum relay_verb verb = item->order_verb;
    switch (outcome->class) {
    case SLACK_OK:
        return write_went_well(item, verb, outcome, now_ms);
    case SLACK_LIMITED:
        return relay_plan_limited(plan, verb, item->view.home_channel, outcome, now_ms);
    case SLACK_AUTH:
        return relay_plan_stalled(plan, now_ms);
    case SLACK_RETRY:
        return failed(plan, item, now_ms);
    case SLACK_UNKNOWN:
        return unsure(plan, item, now_ms);
    case SLACK_CONTENT:
        return verb == RELAY_LOOK || verb == RELAY_JOIN ? write_refused(item, verb, outcome) : content_refused(item);
    case SLACK_GONE:
        return verb == RELAY_UPDATE ? message_gone(item) : write_refused(item, verb, outcome);
    case SLACK_REFUSED:
        return write_refused(item, verb, outcome);
    case SLACK_CLASS_COUNT:
        break;
    }
    return failed(plan, item, now_ms);
}

/* ---- whose order it was ---- */

struct owner {
    struct relay_item *item; /* NULL: nobody's any more */
    struct relay_job *job;
    struct relay_task *task; /* both NULL: the item's own message */
};

static struct owner owner_of(struct relay_plan *plan, uint64_t order)
{
    for (size_t i = 0; i < plan->items.work_count; i++) {
        struct owner owner = { .item = plan->items.work[i] };
        if (owner.item->order == order)
            return owner;
        for (owner.job = owner.item->jobs; owner.job; owner.job = owner.job->next)
            if (owner.job->order == order)
                return owner;
        for (owner.task = owner.item->tasks.first; owner.task; owner.task = owner.task->next)
            if (owner.task->handed_out == order)
                return owner;
    }
    return (struct owner){ 0 };
}

enum relay_news relay_plan_done(struct relay_plan *plan, uint64_t order_id, const struct relay_outcome *outcome,
                                int64_t now_ms)
{
    enum relay_news news;
    const struct owner owner = owner_of(plan, order_id);
    struct relay_item *item = owner.item;
    if (!item)
        return RELAY_NEWS_NONE; /* its partition was taken away meanwhile */
    if (owner.job) {
        news = job_done(plan, item, owner.job, outcome, now_ms);
    } else if (owner.task) {
        news = relay_plan_task_done(plan, item, owner.task, outcome, now_ms);
    } else {
        item->order = 0;
        plan->in_flight--;
        news = write_done(plan, item, outcome, now_ms);
    }
    (void)relay_items_settle(&plan->items, item); /* it is on the list already: nothing to fail */
    return news;
}
