/* SPDX-License-Identifier: Apache-2.0
 * Partitions, events and offsets; the orders are in relay_plan_orders.c, their outcomes in relay_plan_done.c. */
#include "gateway/core/relay_plan_internal.h"

#include "common/base/text.h"

#include <stdio.h>

enum { REPEAT_AFTER_MS = 35000 }; /* longer than a predecessor's request lives: 10 s, and 20 s in a proxy */

#define NAME_(name, text) [RELAY_##name] = (text),
static const char *const VERB_NAMES[] = { RELAY_VERBS(NAME_) };
#undef NAME_

const char *relay_verb_name(enum relay_verb verb) { return VERB_NAMES[verb]; }

struct relay_plan *relay_plan_new(uint32_t seed)
{
    struct relay_plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        return NULL;
    plan->random = seed | 1;
    if (relay_pace_init(&plan->pace))
        return plan;
    relay_plan_free(plan);
    return NULL;
}

void relay_plan_free(struct relay_plan *plan)
{
    if (!plan)
        return;
    relay_items_release(&plan->items);
    proto_view_release(&plan->shown);
    relay_pace_release(&plan->pace);
    free(plan);
}

/* ---- partitions ---- */

struct relay_partition *relay_plan_partition(struct relay_plan *plan, int32_t number)
{
    for (size_t i = 0; i < plan->partition_count; i++)
        if (plan->partitions[i].number == number)
            return &plan->partitions[i];
    return NULL;
}

void relay_plan_assign(struct relay_plan *plan, int32_t partition, int64_t now_ms)
{
    relay_plan_revoke(plan, partition);
    if (plan->partition_count == RELAY_PARTITIONS_MAX)
        return;
    plan->partitions[plan->partition_count++] = (struct relay_partition){
        .number = partition, .reading = true, .assigned_at_ms = now_ms, .position = -1, .end = INT64_MAX
    };
}

void relay_plan_revoke(struct relay_plan *plan, int32_t partition)
{
    struct relay_partition *part = relay_plan_partition(plan, partition);
    if (!part)
        return;
    for (size_t i = 0; i < plan->items.work_count; i++) {
        const struct relay_item *item = plan->items.work[i];
        if (item->partition != partition)
            continue;
        plan->in_flight -= item->order != 0;
        for (const struct relay_task *task = item->tasks.first; task; task = task->next)
            plan->in_flight -= task->handed_out && task->step != RELAY_RECEIPT;
    }
    relay_items_drop_partition(&plan->items, partition);
    *part = plan->partitions[--plan->partition_count];
}

/* What a predecessor may still be writing, slowly, is written once more later. */
static void plan_repeats(struct relay_plan *plan, const struct relay_partition *part)
{
    for (size_t i = 0; i < RELAY_BUCKETS; i++)
        for (struct relay_item *item = plan->items.buckets[i]; item; item = item->next) {
            if (item->partition != part->number || !item->restored)
                continue;
            item->repeat_at_ms = part->assigned_at_ms + REPEAT_AFTER_MS;
            if (!relay_items_settle(&plan->items, item))
                item->repeat_at_ms = 0; /* out of memory: a precaution less */
        }
}

static void end_reading(struct relay_plan *plan, struct relay_partition *part)
{
    if (!part->reading || part->position < part->end)
        return;
    part->reading = false;
    plan_repeats(plan, part);
}

void relay_plan_bounds(struct relay_plan *plan, int32_t partition, int64_t start, int64_t end)
{
    struct relay_partition *part = relay_plan_partition(plan, partition);
    if (!part)
        return;
    part->end = end;
    if (part->position < 0)
        part->position = start;
    end_reading(plan, part);
}

bool relay_plan_offset(const struct relay_plan *plan, int32_t partition, int64_t *ret_offset)
{
    const struct relay_partition *part = relay_plan_partition((struct relay_plan *)(uintptr_t)plan, partition);
    if (!part || part->position < 0)
        return false;
    int64_t offset = part->position;
    for (size_t i = 0; i < plan->items.work_count; i++) {
        const struct relay_item *item = plan->items.work[i];
        int64_t held = item->partition == partition ? relay_item_held_offset(item) : INT64_MAX;
        offset = held < offset ? held : offset;
    }
    *ret_offset = offset;
    return true;
}

/* ---- events ---- */

void relay_plan_skip(struct relay_plan *plan, int32_t partition, int64_t offset)
{
    struct relay_partition *part = relay_plan_partition(plan, partition);
    if (!part)
        return;
    part->position = offset + 1;
    end_reading(plan, part);
}

static bool newer(const struct proto_view *view, int64_t epoch, int64_t n)
{
    return view->epoch != epoch ? view->epoch > epoch : view->n > n;
}

/* The orchestrator's word on which message counts stands above what this relay posted itself. */
static void adopt_message(struct relay_item *item, const struct proto_view *view)
{
    if (!*view->message.ts)
        return;
    for (struct relay_job *next, *job = item->jobs; job; job = next) {
        next = job->next;
        if (job->verb == RELAY_RECEIPT && !job->order && sw_equal(job->ref.ts, view->message.ts))
            relay_item_drop_job(item, job); /* it has arrived */
    }
    if (sw_equal(item->message.ts, view->message.ts))
        return;
    item->message = view->message;
    item->gone = false;
    item->written_epoch = item->written_n = 0;
}

static bool add_deletion(struct relay_item *item, const struct relay_event *event, int64_t now_ms)
{
    const struct proto_message_ref *surplus = &event->view.surplus;
    if (!*surplus->ts || sw_equal(surplus->ts, item->message.ts) || sw_equal(surplus->ts, item->deleted_ts))
        return true;
    struct relay_job job = { .verb = RELAY_DELETE, .ref = *surplus, .offset = event->offset, .since_ms = now_ms };
    if (!relay_item_add_job(item, &job))
        return false;
    (void)sw_copy(item->deleted_ts, sizeof item->deleted_ts, surplus->ts);
    return true;
}

/* These change nothing that is shown; when the view before them is written, so is theirs. */
static bool shows_nothing_new(const struct relay_item *item, const struct relay_event *event)
{
    return (sw_equal(event->name, "posted") || sw_equal(event->name, "surplus")) && !item->dirty && !item->order &&
           *item->message.ts && item->written_epoch == event->view.epoch && item->written_n == event->view.n - 1;
}

/* Of a workflow whose events are read again, or that asks once more, somebody may have done it already. */
static bool add_order(struct relay_item *item, struct relay_event *event, bool reading, int64_t now_ms)
{
    char id[RELAY_EVENT_ID_SIZE];
    struct proto_view *view = &event->view;
    struct relay_task *task;
    (void)snprintf(id, sizeof id, "%s:%lld", view->workflow, (long long)view->n); /* fits */
    const char *own = jx_string_or(view->order, "key", "");
    relay_tasks_prune(&item->tasks, json_object_get(view->detail, "outstanding"), own);
    if (!view->order)
        return true;
    if (!relay_tasks_add(&item->tasks, SW_TAKE(view->order), id, &task))
        return false;
    if (!task)
        return true;
    const int64_t since_ms = task->order.since_ms;
    task->offset = event->offset;
    task->since_ms = now_ms;
    task->look_from_ms = since_ms ? since_ms : view->created_at_ms;
    task->looks = reading || (since_ms && since_ms < view->at_ms);
    return true;
}

static bool set_view(struct relay_item *item, const struct relay_event *event, int64_t now_ms)
{
    const bool unchanged = shows_nothing_new(item, event);
    const bool shown = *event->view.home_channel || *item->message.ts;
    if (!relay_view_keep(&item->view, &event->view, event->text, event->length))
        return false;
    item->view_offset = event->offset;
    item->touched_ms = now_ms;
    item->plain = item->joins = item->joined = false;
    if (unchanged) {
        item->written_n = item->view.n;
        return true;
    }
    if (!item->dirty || item->repeating)
        item->since_ms = now_ms;
    item->dirty = shown && !item->gone;
    item->repeating = false;
    return true;
}

static struct relay_item *item_of(struct relay_plan *plan, const struct relay_event *event, bool reading,
                                  int64_t now_ms)
{
    struct relay_item *item = relay_items_find(&plan->items, event->view.workflow);
    if (item)
        return item;
    item = relay_items_add(&plan->items, event->view.workflow, now_ms);
    if (!item)
        return NULL;
    item->restored = reading;
    item->looks = reading || event->view.n != 1; /* else nobody can have posted it */
    return item;
}

bool relay_plan_event(struct relay_plan *plan, struct relay_event *event, int64_t now_ms)
{
    struct relay_partition *part = relay_plan_partition(plan, event->partition);
    struct relay_item *item = part ? item_of(plan, event, part->reading, now_ms) : NULL;
    bool good = !part || item;
    if (item && newer(&event->view, item->view.epoch, item->view.n)) {
        item->partition = event->partition;
        adopt_message(item, &event->view);
        good = add_deletion(item, event, now_ms) && add_order(item, event, part->reading, now_ms);
        good = set_view(item, event, now_ms) && good;
        good = relay_items_settle(&plan->items, item) && good;
    }
    proto_view_release(&event->view);
    if (good)
        relay_plan_skip(plan, event->partition, event->offset);
    return good;
}

void relay_plan_hold(struct relay_plan *plan, int64_t until_ms)
{
    if (until_ms > plan->hold_until_ms)
        plan->hold_until_ms = until_ms;
}

void relay_plan_drain(struct relay_plan *plan) { plan->draining = true; }

struct relay_counts relay_plan_counts(const struct relay_plan *plan)
{
    struct relay_counts counts = { .partitions = plan->partition_count };
    for (size_t i = 0; i < plan->partition_count; i++)
        counts.reading += plan->partitions[i].reading;
    for (size_t i = 0; i < plan->items.work_count; i++) {
        const struct relay_item *item = plan->items.work[i];
        counts.unsent += ((item->dirty && !item->repeating) || item->jobs) + item->tasks.count;
        counts.orders += item->tasks.count;
        counts.in_flight += item->order != 0;
        for (const struct relay_job *job = item->jobs; job; job = job->next)
            counts.in_flight += job->order != 0;
        for (const struct relay_task *task = item->tasks.first; task; task = task->next) {
            counts.in_flight += task->handed_out != 0;
            if (!counts.oldest_order_ms || task->since_ms < counts.oldest_order_ms)
                counts.oldest_order_ms = task->since_ms;
        }
        if (item->dirty && !item->repeating && (!counts.oldest_ms || item->since_ms < counts.oldest_ms))
            counts.oldest_ms = item->since_ms;
    }
    return counts;
}
