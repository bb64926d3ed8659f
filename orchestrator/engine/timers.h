/* SPDX-License-Identifier: Apache-2.0
 * timers: which durable timer is due next. The rows themselves stand at their entries; a heap item whose time is not
 * the entry's any more is stale and skipped. */
#ifndef ORCHESTRATOR_ENGINE_TIMERS_H
#define ORCHESTRATOR_ENGINE_TIMERS_H

#include "proto/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer_item {
    int64_t due_ms;
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    char name[PROTO_NAME_SIZE];
};

struct timers {
    struct timer_item *heap;
    size_t count, capacity;
};

bool timers_add(struct timers *timers, const struct timer_item *item); /* false: no memory */
const struct timer_item *timers_first(const struct timers *timers);    /* NULL: none */
void timers_drop_first(struct timers *timers);
void timers_release(struct timers *timers);

#endif
