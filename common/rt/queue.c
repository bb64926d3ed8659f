/* SPDX-License-Identifier: Apache-2.0
 * A ring under a mutex. The eventfd's counter is 1 while something is inside and 0 otherwise, so that a poller sees a
 * level, not edges. */
#include "common/rt/queue.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct sw_queue {
    pthread_mutex_t lock;
    pthread_cond_t not_full, not_empty;
    size_t max_items, head, count; /* under lock, as all below */
    bool closed;
    int fd;
    void *items[];
};

static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct sw_queue *sw_queue_new(size_t max_items)
{
    struct sw_queue *queue = calloc(1, sizeof *queue + max_items * sizeof *queue->items);
    if (!queue)
        return NULL;
    queue->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (queue->fd < 0) {
        free(queue);
        return NULL;
    }
    queue->max_items = max_items;
    pthread_mutex_init(&queue->lock, NULL);
    init_condition(&queue->not_full);
    init_condition(&queue->not_empty);
    return queue;
}

void sw_queue_free(struct sw_queue *queue, void (*release_item)(void *item))
{
    if (!queue)
        return;
    for (size_t i = 0; release_item && i < queue->count; i++)
        release_item(queue->items[(queue->head + i) % queue->max_items]);
    close(queue->fd);
    pthread_cond_destroy(&queue->not_full);
    pthread_cond_destroy(&queue->not_empty);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

static struct timespec deadline_after(int64_t timeout_ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += (time_t)(timeout_ms / 1000);
    at.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

/* Waits while `count` equals `unwanted` and the queue is open. */
static void wait_while(struct sw_queue *queue, size_t unwanted, pthread_cond_t *condition, int64_t timeout_ms)
{
    if (timeout_ms <= 0)
        return;
    struct timespec deadline = deadline_after(timeout_ms);
    while (queue->count == unwanted && !queue->closed)
        if (pthread_cond_timedwait(condition, &queue->lock, &deadline) != 0)
            return;
}

static void raise_fd(struct sw_queue *queue)
{
    uint64_t one = 1;
    ssize_t written = write(queue->fd, &one, sizeof one);
    assert(written == (ssize_t)sizeof one); /* the counter is 0 or 1 */
}

static void lower_fd(struct sw_queue *queue)
{
    uint64_t value;
    ssize_t got = read(queue->fd, &value, sizeof value);
    (void)got; /* nothing to read when it is low already */
}

struct sw_status sw_queue_push(struct sw_queue *queue, void *item, int64_t timeout_ms)
{
    struct sw_status status = sw_ok();
    pthread_mutex_lock(&queue->lock);
    wait_while(queue, queue->max_items, &queue->not_full, timeout_ms);
    if (queue->closed)
        status = sw_fail(SW_CODE_CLOSED, "queue is closed");
    else if (queue->count == queue->max_items)
        status = sw_fail(SW_CODE_FULL, "queue of %zu is full", queue->max_items);
    else {
        queue->items[(queue->head + queue->count++) % queue->max_items] = item;
        if (queue->count == 1)
            raise_fd(queue);
        pthread_cond_signal(&queue->not_empty);
    }
    pthread_mutex_unlock(&queue->lock);
    return status;
}

void *sw_queue_pop(struct sw_queue *queue, int64_t timeout_ms)
{
    void *item = NULL;
    pthread_mutex_lock(&queue->lock);
    wait_while(queue, 0, &queue->not_empty, timeout_ms);
    if (queue->count > 0) {
        item = queue->items[queue->head];
        queue->head = (queue->head + 1) % queue->max_items;
        if (--queue->count == 0 && !queue->closed)
            lower_fd(queue);
        pthread_cond_signal(&queue->not_full);
    }
    pthread_mutex_unlock(&queue->lock);
    return item;
}

void sw_queue_close(struct sw_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    if (!queue->closed && queue->count == 0)
        raise_fd(queue); /* a poller must see the end */
    queue->closed = true;
    pthread_cond_broadcast(&queue->not_full);
    pthread_cond_broadcast(&queue->not_empty);
    pthread_mutex_unlock(&queue->lock);
}

size_t sw_queue_length(struct sw_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t count = queue->count;
    pthread_mutex_unlock(&queue->lock);
    return count;
}

int sw_queue_fd(const struct sw_queue *queue) { return queue->fd; }
