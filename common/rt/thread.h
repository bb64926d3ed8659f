/* SPDX-License-Identifier: Apache-2.0
 * thread: named threads that are joined. All signals are blocked in them; main handles signals. */
#ifndef COMMON_RT_THREAD_H
#define COMMON_RT_THREAD_H

#include "common/base/status.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct sw_thread {
    pthread_t handle;
    bool running;
};

/* name: at most 15 characters, a literal. */
struct sw_status sw_thread_start(struct sw_thread *thread, const char *name, void (*run)(void *self),
                                 void *self) SW_MUST_CHECK;
void sw_thread_join(struct sw_thread *thread); /* does nothing when not running */
/* For what may never end. False: it has not ended in time, and is left behind; what it uses must stay. */
bool sw_thread_join_within(struct sw_thread *thread, int64_t timeout_ms) SW_MUST_CHECK;

#endif
