/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/mailbox.h"

#include "common/rt/queue.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MAX_LETTERS = 65536 };

struct mailbox {
    struct sw_queue *queue;
    int bell;
};

struct sw_status mailbox_new(struct mailbox **ret_mailbox)
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (!mailbox)
        return sw_fail(SW_CODE_NO_MEMORY, "mailbox: out of memory");
    mailbox->queue = sw_queue_new(MAX_LETTERS);
    mailbox->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (mailbox->queue && mailbox->bell >= 0) {
        *ret_mailbox = mailbox;
        return sw_ok();
    }
    mailbox_free(mailbox);
    return sw_fail(SW_CODE_IO, "mailbox: no queue");
}

bool mailbox_put(struct mailbox *mailbox, const struct letter *letter)
{
    struct letter *copy = malloc(sizeof *copy);
    if (!copy)
        return false;
    *copy = *letter;
    if (sw_failed(sw_queue_push(mailbox->queue, copy, 0))) {
        free(copy);
        return false;
    }
    mailbox_ring(mailbox);
    return true;
}

struct letter *mailbox_take(struct mailbox *mailbox) { return sw_queue_pop(mailbox->queue, 0); }

void letter_free(struct letter *letter)
{
    if (!letter)
        return;
    step_report_release(&letter->report);
    errand_report_release(&letter->errand);
    config_free(letter->config);
    free(letter);
}

void mailbox_ring(struct mailbox *mailbox)
{
    const uint64_t one = 1;
    (void)!write(mailbox->bell, &one, sizeof one); /* it can only be full, and then it rings already */
}

int mailbox_fd(const struct mailbox *mailbox) { return mailbox->bell; }

void mailbox_silence(struct mailbox *mailbox)
{
    uint64_t rings;
    (void)!read(mailbox->bell, &rings, sizeof rings); /* empty: nobody rang */
}

/* Questions were answered by the server when it ended. */
static void release(void *item) { letter_free(item); }

void mailbox_free(struct mailbox *mailbox)
{
    if (!mailbox)
        return;
    sw_queue_free(mailbox->queue, release);
    if (mailbox->bell >= 0)
        close(mailbox->bell);
    free(mailbox);
}
