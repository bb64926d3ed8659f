/* SPDX-License-Identifier: Apache-2.0
 * queue: a bounded queue of pointers between threads: many producers, one consumer; an eventfd wakes a poller.
 *
 * Ownership: the queue borrows items; who pops owns. Every wait has a deadline. */
#ifndef COMMON_RT_QUEUE_H
#define COMMON_RT_QUEUE_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct sw_queue;

struct sw_queue *sw_queue_new(size_t max_items) SW_MUST_CHECK;
void sw_queue_free(struct sw_queue *queue, void (*release_item)(void *item)); /* NULL queue allowed */

/* SW_CODE_FULL after timeout_ms without room (0: at once), SW_CODE_CLOSED after close; the item stays the caller's. */
struct sw_status sw_queue_push(struct sw_queue *queue, void *item, int64_t timeout_ms) SW_MUST_CHECK;
/* NULL when none came within timeout_ms (0: at once), or when closed and empty. */
void *sw_queue_pop(struct sw_queue *queue, int64_t timeout_ms);
void sw_queue_close(struct sw_queue *queue); /* pushes fail from now on; what is inside can still be popped */
size_t sw_queue_length(struct sw_queue *queue);
int sw_queue_fd(const struct sw_queue *queue); /* readable while an item waits; never read it yourself */

#endif
