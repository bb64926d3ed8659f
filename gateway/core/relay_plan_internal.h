/* SPDX-License-Identifier: Apache-2.0
 * relay_plan_internal: what relay_plan*.c share. */
#ifndef GATEWAY_CORE_RELAY_PLAN_INTERNAL_H
#define GATEWAY_CORE_RELAY_PLAN_INTERNAL_H

#include "gateway/core/relay_items.h"
#include "gateway/core/relay_pace.h"

enum { RELAY_PARTITIONS_MAX = 256 };

struct relay_partition {
    int32_t number;
    bool reading;
    int64_t assigned_at_ms;
    int64_t position; /* next offset to be read; -1: not known */
    int64_t end;      /* reading ends there; INT64_MAX: not known */
};

struct relay_plan {
    struct relay_items items;
    struct relay_pace pace;
    struct relay_partition partitions[RELAY_PARTITIONS_MAX];
    size_t partition_count;
    uint64_t last_order;
    struct proto_view shown; /* of the order that was handed out last */
    size_t in_flight;        /* writes; receipts are not counted */
    int64_t hold_until_ms;
    bool draining;
    uint32_t random;
};

/* ---- relay_plan_task.c ---- */
/* When the task may go on; INT64_MAX: not before something else has happened. */
int64_t relay_plan_task_ready_ms(struct relay_plan *plan, const struct relay_item *item, const struct relay_task *task,
                                 int64_t now_ms);
void relay_plan_task_order(struct relay_plan *plan, struct relay_item *item, struct relay_task *task,
                           struct relay_order *ret_order);
enum relay_news relay_plan_task_done(struct relay_plan *plan, struct relay_item *item, struct relay_task *task,
                                     const struct relay_outcome *outcome, int64_t now_ms);

/* ---- relay_plan_done.c ---- */
enum relay_news relay_plan_limited(struct relay_plan *plan, enum relay_verb verb, const char *channel,
                                   const struct relay_outcome *outcome, int64_t now_ms);
enum relay_news relay_plan_stalled(struct relay_plan *plan, int64_t now_ms);
int64_t relay_plan_retry_at(struct relay_plan *plan, int32_t *failures, int64_t now_ms);

struct relay_partition *relay_plan_partition(struct relay_plan *plan, int32_t number); /* NULL: not ours */

#endif
