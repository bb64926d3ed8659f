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
    size_t in_flight; /* writes; receipts are not counted */
    int64_t hold_until_ms;
    bool draining;
    uint32_t random;
};

struct relay_partition *relay_plan_partition(struct relay_plan *plan, int32_t number); /* NULL: not ours */

#endif
