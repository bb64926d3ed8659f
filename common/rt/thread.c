/* SPDX-License-Identifier: Apache-2.0 */
#include "common/rt/thread.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct start {
    void (*run)(void *self);
    void *self;
};

static void *trampoline(void *context)
{
    struct start start = *(struct start *)context;
    free(context);
    start.run(start.self);
    return NULL;
}

/* Signals are blocked while the thread is created, so that it inherits the mask from its first instruction. */
static int create_masked(pthread_t *handle, struct start *start)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(handle, NULL, trampoline, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

struct sw_status sw_thread_start(struct sw_thread *thread, const char *name, void (*run)(void *self), void *self)
{
    struct start *start = malloc(sizeof *start);
    if (!start)
        return sw_fail(SW_CODE_NO_MEMORY, "thread %s: out of memory", name);
    *start = (struct start){ .run = run, .self = self };
    int failure = create_masked(&thread->handle, start);
    if (failure) {
        free(start);
        return sw_fail(SW_CODE_IO, "thread %s: %s", name, strerror(failure));
    }
    (void)pthread_setname_np(thread->handle, name); /* only for people who look */
    thread->running = true;
    return sw_ok();
}

void sw_thread_join(struct sw_thread *thread)
{
    if (!thread->running)
        return;
    pthread_join(thread->handle, NULL);
    thread->running = false;
}

bool sw_thread_join_within(struct sw_thread *thread, int64_t timeout_ms)
{
    struct timespec until;
    if (!thread->running)
        return true;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += timeout_ms % 1000 * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    thread->running = false;
    if (pthread_clockjoin_np(thread->handle, NULL, CLOCK_MONOTONIC, &until) == 0)
        return true;
    pthread_detach(thread->handle);
    return false;
}
