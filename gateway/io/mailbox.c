/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/mailbox.h"

#include "common/rt/queue.h"

#include <stdatomic.h>

struct mailbox {
    struct sw_queue *queue;
    void (*release)(void *item);
    atomic_int references;
};

struct mailbox *mailbox_new(size_t max_items, void (*release)(void *item))
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (!mailbox)
        return NULL;
    mailbox->release = release;
    atomic_init(&mailbox->references, 1);
    mailbox->queue = sw_queue_new(max_items);
    if (mailbox->queue)
        return mailbox;
    free(mailbox);
    return NULL;
}

struct mailbox *mailbox_ref(struct mailbox *mailbox)
{
    atomic_fetch_add(&mailbox->references, 1);
    return mailbox;
}

void mailbox_unref(struct mailbox *mailbox)
{
    if (!mailbox || atomic_fetch_sub(&mailbox->references, 1) > 1)
        return;
    sw_queue_free(mailbox->queue, mailbox->release);
    free(mailbox);
}

void mailbox_put(struct mailbox *mailbox, void *item)
{
    if (sw_failed(sw_queue_push(mailbox->queue, item, 0)))
        mailbox->release(item); /* closed; a full one is as good as a lost answer */
}

void *mailbox_take(struct mailbox *mailbox, int64_t timeout_ms) { return sw_queue_pop(mailbox->queue, timeout_ms); }

void mailbox_close(struct mailbox *mailbox) { sw_queue_close(mailbox->queue); }
