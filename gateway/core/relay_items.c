/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/relay_items.h"

#include "common/base/text.h"

#include <string.h>

enum { SWEEP_COUNT = 2048, IDLE_MS = 3600000, FIRST_CAPACITY = 64 };

/* ---- jobs ---- */

bool relay_item_add_job(struct relay_item *item, const struct relay_job *job)
{
    for (const struct relay_job *other = item->jobs; other; other = other->next)
        if (other->verb == job->verb && sw_equal(other->ref.ts, job->ref.ts))
            return true;
    struct relay_job *copy = malloc(sizeof *copy);
    if (!copy)
        return false;
    *copy = *job;
    copy->next = item->jobs;
    item->jobs = copy;
    return true;
}

void relay_item_drop_job(struct relay_item *item, struct relay_job *job)
{
    struct relay_job **link = &item->jobs;
    while (*link != job)
        link = &(*link)->next;
    *link = job->next;
    free(job);
}

int64_t relay_item_held_offset(const struct relay_item *item)
{
    int64_t offset = item->dirty && !item->repeating ? item->view_offset : INT64_MAX;
    for (const struct relay_job *job = item->jobs; job; job = job->next)
        if (job->offset < offset)
            offset = job->offset;
    for (const struct relay_task *task = item->tasks.first; task; task = task->next)
        if (task->offset < offset)
            offset = task->offset;
    return offset;
}

/* ---- the map ---- */

static struct relay_item **bucket_of(struct relay_items *items, const char *workflow)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (const char *at = workflow; *at; at++)
        hash = (hash ^ (uint8_t)*at) * 16777619u;
    return &items->buckets[hash % RELAY_BUCKETS];
}

struct relay_item *relay_items_find(struct relay_items *items, const char *workflow)
{
    struct relay_item *item = *bucket_of(items, workflow);
    while (item && !sw_equal(item->view.workflow, workflow))
        item = item->next;
    return item;
}

static void take_off(struct relay_items *items, struct relay_item *item)
{
    struct relay_item *last = items->work[items->work_count - 1];
    items->work[item->work_index] = last;
    last->work_index = item->work_index;
    items->work_count--;
    item->work_index = SIZE_MAX;
}

static void free_item(struct relay_items *items, struct relay_item *item)
{
    if (item->work_index != SIZE_MAX)
        take_off(items, item);
    while (item->jobs)
        relay_item_drop_job(item, item->jobs);
    relay_tasks_release(&item->tasks);
    relay_view_forget_text(&item->view);
    free(item);
    items->count--;
}

/* Frees those of the partition (-1: any) that were not touched since. */
static void drop(struct relay_items *items, int32_t partition, int64_t idle_since_ms)
{
    for (size_t i = 0; i < RELAY_BUCKETS; i++) {
        struct relay_item **link = &items->buckets[i];
        while (*link) {
            struct relay_item *item = *link;
            const bool idle = idle_since_ms == INT64_MAX || (relay_item_idle(item) && item->touched_ms < idle_since_ms);
            if ((partition >= 0 && item->partition != partition) || !idle) {
                link = &item->next;
                continue;
            }
            *link = item->next;
            free_item(items, item);
        }
    }
}

struct relay_item *relay_items_add(struct relay_items *items, const char *workflow, int64_t now_ms)
{
    if (items->count >= SWEEP_COUNT && items->count >= items->sweep_at) {
        drop(items, -1, now_ms - IDLE_MS);
        items->sweep_at = 2 * items->count;
    }
    struct relay_item *item = calloc(1, sizeof *item);
    if (!item)
        return NULL;
    (void)sw_copy(item->view.workflow, sizeof item->view.workflow, workflow); /* of the same size */
    item->work_index = SIZE_MAX;
    item->touched_ms = now_ms;
    struct relay_item **bucket = bucket_of(items, workflow);
    item->next = *bucket;
    *bucket = item;
    items->count++;
    return item;
}

void relay_items_drop_partition(struct relay_items *items, int32_t partition) { drop(items, partition, INT64_MAX); }

void relay_items_release(struct relay_items *items)
{
    drop(items, -1, INT64_MAX);
    free(items->work);
}

/* ---- the work list ---- */

bool relay_item_idle(const struct relay_item *item)
{
    return !item->dirty && !item->jobs && !item->tasks.first && !item->order && !item->repeat_at_ms;
}

static bool make_room(struct relay_items *items)
{
    if (items->work_count < items->work_capacity)
        return true;
    size_t capacity = items->work_capacity ? 2 * items->work_capacity : FIRST_CAPACITY;
    struct relay_item **work = realloc(items->work, capacity * sizeof(struct relay_item *));
    if (!work)
        return false;
    items->work = work;
    items->work_capacity = capacity;
    return true;
}

bool relay_items_settle(struct relay_items *items, struct relay_item *item)
{
    const bool idle = relay_item_idle(item);
    if (idle)
        relay_view_forget_text(&item->view);
    if (idle == (item->work_index == SIZE_MAX))
        return true;
    if (idle) {
        take_off(items, item);
        return true;
    }
    if (!make_room(items))
        return false;
    item->work_index = items->work_count;
    items->work[items->work_count++] = item;
    return true;
}
