/* SPDX-License-Identifier: Apache-2.0
 * What is written next: receipts, then ends of deployments, then what the orchestrator orders, then first posts, then
 * progress, then deletions; among equals, what has waited longest. */
#include "gateway/core/relay_plan_internal.h"

#include "common/base/text.h"

#include <stdio.h>

enum {
    EDIT_INTERVAL_MS = 1200, /* per message; 50 a minute */
    ROOT_MAX_AGE_MS = 24 * 3600000,
    IN_FLIGHT_MAX = 16,
    ASK_AGAIN_MS = 60000,
    NO_MEMORY_MS = 1000,
};

enum rank { RANK_RECEIPT, RANK_END, RANK_ORDER, RANK_POST, RANK_PROGRESS, RANK_DELETE, RANK_NONE };

struct choice {
    struct relay_item *item;
    struct relay_job *job;
    struct relay_task *task; /* both NULL: the item's own message */
    enum relay_verb verb;
    enum rank rank;
    int64_t since_ms;
    int64_t wake_ms;
};

static int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }

/* ---- what an item wants ---- */

static void due_repeat(struct relay_item *item, int64_t now_ms)
{
    if (!item->repeat_at_ms || now_ms < item->repeat_at_ms || item->order)
        return;
    const bool needed =
        !item->dirty && item->view.text && *item->message.ts && !item->gone && item->last_write_ms < item->repeat_at_ms;
    item->repeat_at_ms = 0;
    if (!needed)
        return;
    item->dirty = item->repeating = true;
    item->since_ms = now_ms;
}

static void drop_old_root(struct relay_item *item, int64_t now_ms)
{
    if (item->dirty && !item->order && !*item->message.ts && now_ms - item->view.at_ms > ROOT_MAX_AGE_MS)
        item->dirty = false;
}

static enum relay_verb verb_of(const struct relay_item *item)
{
    if (item->joins)
        return RELAY_JOIN;
    if (*item->message.ts)
        return RELAY_UPDATE;
    return item->looks > 0 ? RELAY_LOOK : RELAY_POST;
}

static const char *channel_of(const struct relay_item *item)
{
    return *item->message.channel ? item->message.channel : item->view.home_channel;
}

static void consider(struct choice *choice, const struct choice *other, int64_t ready_ms, int64_t now_ms)
{
    if (ready_ms > now_ms) {
        choice->wake_ms = ready_ms < choice->wake_ms ? ready_ms : choice->wake_ms;
        return;
    }
    if (other->rank > choice->rank || (other->rank == choice->rank && other->since_ms >= choice->since_ms))
        return;
    const int64_t wake_ms = choice->wake_ms;
    *choice = *other;
    choice->wake_ms = wake_ms;
}

static void consider_write(struct relay_plan *plan, struct relay_item *item, int64_t now_ms, struct choice *choice)
{
    if (item->order)
        return;
    if (item->repeat_at_ms && !item->dirty && item->repeat_at_ms < choice->wake_ms)
        choice->wake_ms = item->repeat_at_ms;
    if (!item->dirty || plan->in_flight >= IN_FLIGHT_MAX)
        return;
    const enum relay_verb verb = verb_of(item);
    const bool edit = verb == RELAY_UPDATE, end = edit && item->view.final;
    const struct choice own = { .item = item,
                                .verb = verb,
                                .rank = end    ? RANK_END
                                        : edit ? RANK_PROGRESS
                                               : RANK_POST,
                                .since_ms = item->since_ms };
    int64_t ready_ms = later(item->not_before_ms, relay_pace_ready_ms(&plan->pace, verb, channel_of(item), now_ms));
    if (edit && !end && item->last_write_ms)
        ready_ms = later(ready_ms, item->last_write_ms + EDIT_INTERVAL_MS);
    consider(choice, &own, ready_ms, now_ms);
}

static void consider_jobs(struct relay_plan *plan, struct relay_item *item, bool may_write, int64_t now_ms,
                          struct choice *choice)
{
    for (struct relay_job *job = item->jobs; job; job = job->next) {
        if (job->order || (job->verb == RELAY_DELETE && !may_write))
            continue;
        const struct choice own = { .item = item,
                                    .job = job,
                                    .verb = job->verb,
                                    .rank = job->verb == RELAY_RECEIPT ? RANK_RECEIPT : RANK_DELETE,
                                    .since_ms = job->since_ms };
        int64_t ready_ms = relay_pace_ready_ms(&plan->pace, job->verb, job->ref.channel, now_ms);
        consider(choice, &own, later(job->not_before_ms, ready_ms), now_ms);
    }
}

static void consider_tasks(struct relay_plan *plan, struct relay_item *item, bool may_write, int64_t now_ms,
                           struct choice *choice)
{
    for (struct relay_task *task = item->tasks.first; task; task = task->next) {
        const bool receipt = task->step == RELAY_RECEIPT;
        if (task->handed_out || (!receipt && (!may_write || plan->in_flight >= IN_FLIGHT_MAX)))
            continue;
        const struct choice own = { .item = item,
                                    .task = task,
                                    .verb = task->step,
                                    .rank = receipt ? RANK_RECEIPT : RANK_ORDER,
                                    .since_ms = task->since_ms };
        consider(choice, &own, relay_plan_task_ready_ms(plan, item, task, now_ms), now_ms);
    }
}

/* ---- handing out ---- */

static void fill_event(const struct relay_item *item, char ret_event[RELAY_EVENT_ID_SIZE])
{
    (void)snprintf(ret_event, RELAY_EVENT_ID_SIZE, "%s:%lld", item->view.workflow, (long long)item->view.n); /* fits */
}

static void order_write(struct relay_plan *plan, const struct choice *choice, struct relay_order *ret_order)
{
    struct relay_item *item = choice->item;
    item->order = ret_order->id;
    item->order_verb = choice->verb;
    item->order_epoch = item->view.epoch;
    item->order_n = item->view.n;
    item->order_offset = item->view_offset;
    fill_event(item, item->order_event);
    (void)sw_copy(ret_order->event, sizeof ret_order->event, item->order_event); /* of the same size */
    ret_order->ref = item->message;
    if (!*ret_order->ref.channel)
        (void)sw_copy(ret_order->ref.channel, sizeof ret_order->ref.channel, item->view.home_channel); /* likewise */
    ret_order->plain = item->plain;
    plan->in_flight++;
}

static void order_job(struct relay_job *job, struct relay_order *ret_order)
{
    job->order = ret_order->id;
    ret_order->ref = job->ref;
    (void)sw_copy(ret_order->event, sizeof ret_order->event, job->event); /* of the same size */
}

static void hand_out(struct relay_plan *plan, const struct choice *choice, int64_t now_ms,
                     struct relay_order *ret_order)
{
    *ret_order = (struct relay_order){ .id = ++plan->last_order, .verb = choice->verb, .view = &plan->shown };
    (void)sw_copy(ret_order->workflow, sizeof ret_order->workflow, choice->item->view.workflow); /* of the same size */
    if (choice->job)
        order_job(choice->job, ret_order);
    else if (choice->task)
        relay_plan_task_order(plan, choice->item, choice->task, ret_order);
    else
        order_write(plan, choice, ret_order);
    relay_pace_take(&plan->pace, choice->verb, ret_order->ref.channel, now_ms);
}

static bool show(struct relay_plan *plan, const struct relay_item *item)
{
    proto_view_release(&plan->shown);
    plan->shown = (struct proto_view){ 0 };
    return !sw_failed(relay_view_read(&item->view, &plan->shown));
}

bool relay_plan_next(struct relay_plan *plan, int64_t now_ms, struct relay_order *ret_order, int64_t *ret_wake_ms)
{
    struct choice choice = { .rank = RANK_NONE, .wake_ms = now_ms + ASK_AGAIN_MS };
    const bool held = now_ms < plan->hold_until_ms;
    if (held && plan->hold_until_ms < choice.wake_ms)
        choice.wake_ms = plan->hold_until_ms;
    for (size_t i = plan->items.work_count; i-- > 0;) {
        struct relay_item *item = plan->items.work[i];
        const struct relay_partition *part = relay_plan_partition(plan, item->partition);
        if (!part || part->reading)
            continue;
        const bool may_write = !held && !plan->draining;
        due_repeat(item, now_ms);
        drop_old_root(item, now_ms);
        if (may_write)
            consider_write(plan, item, now_ms, &choice);
        consider_jobs(plan, item, may_write, now_ms, &choice);
        consider_tasks(plan, item, may_write, now_ms, &choice);
        (void)relay_items_settle(&plan->items, item); /* only ever takes off here, which cannot fail */
    }
    *ret_wake_ms = choice.wake_ms;
    if (choice.rank == RANK_NONE)
        return false;
    if (!show(plan, choice.item)) { /* out of memory */
        *ret_wake_ms = now_ms + NO_MEMORY_MS;
        return false;
    }
    hand_out(plan, &choice, now_ms, ret_order);
    return true;
}
