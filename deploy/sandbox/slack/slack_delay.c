/* SPDX-License-Identifier: Apache-2.0
 * slack_delay: a sorted list and a thread that sleeps until its first entry is due. */
#include "deploy/sandbox/slack/slack_delay.h"

#include "common/rt/clock.h"
#include "common/rt/thread.h"

#include <assert.h>
#include <time.h>

struct entry {
    struct entry *next;
    int64_t due_ms;
    void (*run)(void *self);
    void *self;
};

struct slack_delay {
    struct sw_thread thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct entry *first; /* mutex */
    bool stopping;       /* mutex */
};

static void wait_until(struct slack_delay *delay, int64_t due_ms)
{
    struct timespec until = { .tv_sec = due_ms / 1000, .tv_nsec = (due_ms % 1000) * 1000000 };
    (void)pthread_cond_timedwait(&delay->changed, &delay->mutex, &until); /* the caller looks again anyway */
}

/* With the mutex; NULL when the thread is to end. */
static struct entry *next_due(struct slack_delay *delay)
{
    for (;;) {
        int64_t now_ms = sw_monotonic_ms();
        struct entry *entry = delay->first;
        if (entry && (delay->stopping || entry->due_ms <= now_ms)) {
            delay->first = entry->next;
            return entry;
        }
        if (delay->stopping)
            return NULL;
        wait_until(delay, entry ? entry->due_ms : now_ms + 1000);
    }
}

static void delay_run(void *self)
{
    struct slack_delay *delay = self;
    struct entry *entry;
    pthread_mutex_lock(&delay->mutex);
    while ((entry = next_due(delay)) != NULL) {
        pthread_mutex_unlock(&delay->mutex);
        entry->run(entry->self);
        free(entry);
        pthread_mutex_lock(&delay->mutex);
    }
    pthread_mutex_unlock(&delay->mutex);
}

struct sw_status slack_delay_new(struct slack_delay **ret_delay)
{
    struct slack_delay *delay = calloc(1, sizeof(*delay));
    pthread_condattr_t attributes;
    if (!delay)
        return sw_fail(SW_CODE_NO_MEMORY, "delay");
    pthread_mutex_init(&delay->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&delay->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    struct sw_status status = sw_thread_start(&delay->thread, "delay", delay_run, delay);
    if (sw_failed(status)) {
        free(delay);
        return status;
    }
    *ret_delay = delay;
    return sw_ok();
}

void slack_delay_add(struct slack_delay *delay, int64_t after_ms, void (*run)(void *self), void *self)
{
    struct entry *entry = malloc(sizeof(*entry));
    assert(entry);
    /* Never early: the millisecond that it is now has begun already. */
    const int64_t due_ms = sw_monotonic_ms() + after_ms + (after_ms > 0);
    *entry = (struct entry){ .due_ms = due_ms, .run = run, .self = self };
    pthread_mutex_lock(&delay->mutex);
    struct entry **link = &delay->first;
    while (*link && (*link)->due_ms <= entry->due_ms)
        link = &(*link)->next;
    entry->next = *link;
    *link = entry;
    pthread_cond_signal(&delay->changed);
    pthread_mutex_unlock(&delay->mutex);
}

bool slack_delay_stopping(struct slack_delay *delay)
{
    pthread_mutex_lock(&delay->mutex);
    bool stopping = delay->stopping;
    pthread_mutex_unlock(&delay->mutex);
    return stopping;
}

void slack_delay_stop(struct slack_delay *delay)
{
    if (!delay)
        return;
    pthread_mutex_lock(&delay->mutex);
    delay->stopping = true;
    pthread_cond_signal(&delay->changed);
    pthread_mutex_unlock(&delay->mutex);
    sw_thread_join(&delay->thread);
}

void slack_delay_free(struct slack_delay *delay)
{
    if (!delay)
        return;
    slack_delay_stop(delay);
    for (struct entry *entry = delay->first, *next; entry; entry = next) {
        next = entry->next;
        entry->run(entry->self); /* added after the stop */
        free(entry);
    }
    pthread_cond_destroy(&delay->changed);
    pthread_mutex_destroy(&delay->mutex);
    free(delay);
}
