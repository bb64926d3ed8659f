/* SPDX-License-Identifier: Apache-2.0
 * steps_spares: a few supervisors that have gone through exec and the dynamic linker and wait for a spec, so that steps
 * that follow one another at once do not wait for that. Each ends by itself with the orchestrator. One thread fills,
 * any thread takes. For steps_local.c. */
#ifndef ORCHESTRATOR_ADAPTERS_STEPS_SPARES_H
#define ORCHESTRATOR_ADAPTERS_STEPS_SPARES_H

#include "orchestrator/adapters/steps_spawn.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { STEPS_SPARES_MAX = 4 };

struct steps_spares {
    pthread_mutex_t lock;
    pthread_cond_t made;
    struct steps_spare items[STEPS_SPARES_MAX]; /* under lock, as the next two */
    size_t count;
    bool making;
};

void steps_spares_init(struct steps_spares *spares);

/* Makes one more unless there are `enough`. False: there are, or it cannot be made; whoever needs it will say why. */
bool steps_spares_add(struct steps_spares *spares, const struct steps_spawn_options *options, size_t enough);

/* One that waits, or the one that is being made; without either ret_spare is none. The caller owns it. */
void steps_spares_take(struct steps_spares *spares, struct steps_spare *ret_spare);

void steps_spares_release(struct steps_spares *spares);

#endif
