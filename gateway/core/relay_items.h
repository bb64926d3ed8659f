/* SPDX-License-Identifier: Apache-2.0
 * relay_items: what relay_plan knows of each workflow, and the list of those with something left to do. Pure. */
#ifndef GATEWAY_CORE_RELAY_ITEMS_H
#define GATEWAY_CORE_RELAY_ITEMS_H

#include "gateway/core/relay_plan.h"
#include "gateway/core/relay_task.h"
#include "gateway/core/relay_view.h"

enum { RELAY_BUCKETS = 4096 };

/* A receipt or a deletion that is still to be made; they do not wait for the workflow's own message. */
struct relay_job {
    struct relay_job *next;
    enum relay_verb verb; /* RELAY_RECEIPT or RELAY_DELETE */
    struct proto_message_ref ref;
    char event[RELAY_EVENT_ID_SIZE];
    int64_t offset; /* not done before the job is */
    uint64_t order; /* 0: not handed out */
    int64_t since_ms, not_before_ms;
    int32_t failures;
};

struct relay_item {
    struct relay_item *next; /* in its hash bucket */
    size_t work_index;       /* SIZE_MAX: nothing to do */
    int32_t partition;
    struct relay_view view; /* the newest; its text while there is something to do */
    int64_t view_offset;
    int64_t touched_ms;
    struct proto_message_ref message; /* "" while not known */
    char deleted_ts[PROTO_TS_SIZE];   /* the last surplus message that was taken care of */
    struct relay_job *jobs;
    struct relay_tasks tasks;

    bool dirty;           /* view is not written */
    bool repeating;       /* ... but was already, by us or a predecessor: holds no offset */
    bool restored;        /* first seen in a replay */
    bool gone;            /* its message cannot be edited any more */
    bool plain;           /* Slack refused the blocks of this view */
    bool joins;           /* the channel is to be joined before anything else */
    bool joined;          /* ... which was tried for this view */
    int32_t looks;        /* how often to look before a first post */
    int64_t repeat_at_ms; /* 0: no */
    int64_t since_ms;     /* dirty since */

    uint64_t order; /* of the write under way; 0: none */
    enum relay_verb order_verb;
    int64_t order_epoch, order_n, order_offset;
    char order_event[RELAY_EVENT_ID_SIZE];
    int64_t written_epoch, written_n, last_write_ms;
    int64_t not_before_ms;
    int32_t failures;
};

struct relay_items {
    struct relay_item *buckets[RELAY_BUCKETS];
    size_t count, sweep_at;
    struct relay_item **work;
    size_t work_count, work_capacity;
};

struct relay_item *relay_items_find(struct relay_items *items, const char *workflow);
/* A new one, zeroed but for its view's workflow; NULL when out of memory. Forgets idle ones when there are many. */
struct relay_item *relay_items_add(struct relay_items *items, const char *workflow, int64_t now_ms);
void relay_items_drop_partition(struct relay_items *items, int32_t partition);
void relay_items_release(struct relay_items *items);

/* Puts the item on the work list or takes it off, as its fields say. False: out of memory; it stays as it was. */
bool relay_items_settle(struct relay_items *items, struct relay_item *item);
bool relay_item_idle(const struct relay_item *item);

/* False: out of memory. A job for the same message that waits already is enough. */
bool relay_item_add_job(struct relay_item *item, const struct relay_job *job) SW_MUST_CHECK;
void relay_item_drop_job(struct relay_item *item, struct relay_job *job);
/* The first offset that this item keeps from being done; INT64_MAX: none. */
int64_t relay_item_held_offset(const struct relay_item *item);

#endif
