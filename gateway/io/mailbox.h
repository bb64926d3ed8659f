/* SPDX-License-Identifier: Apache-2.0
 * mailbox: the way back from the threads of the HTTP client and of the Kafka producer to the one that owns the state.
 *
 * Outcomes may come after their owner is gone: the mailbox lives as long as somebody holds a reference, and what is
 * put into a closed one is released. Threads: any may put; one takes. */
#ifndef GATEWAY_IO_MAILBOX_H
#define GATEWAY_IO_MAILBOX_H

#include "common/base/attrs.h"

#include <stddef.h>
#include <stdint.h>

struct mailbox;

/* release: of an item that nobody takes. */
struct mailbox *mailbox_new(size_t max_items, void (*release)(void *item)) SW_MUST_CHECK;
struct mailbox *mailbox_ref(struct mailbox *mailbox);
void mailbox_unref(struct mailbox *mailbox); /* NULL allowed */
void mailbox_put(struct mailbox *mailbox, void *item);
void *mailbox_take(struct mailbox *mailbox, int64_t timeout_ms); /* NULL: none came */
void mailbox_close(struct mailbox *mailbox);

#endif
