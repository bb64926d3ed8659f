/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/steps_spares.h"

void steps_spares_init(struct steps_spares *spares)
{
    *spares = (struct steps_spares){ .count = 0 };
    pthread_mutex_init(&spares->lock, NULL);
    pthread_cond_init(&spares->made, NULL);
}

bool steps_spares_add(struct steps_spares *spares, const struct steps_spawn_options *options, size_t enough)
{
    pthread_mutex_lock(&spares->lock);
    bool wanted = spares->count < enough && spares->count < STEPS_SPARES_MAX;
    spares->making = wanted;
    pthread_mutex_unlock(&spares->lock);
    if (!wanted)
        return false;
    struct steps_spare spare;
    bool made = !sw_failed(steps_spawn_spare(options, &spare));
    pthread_mutex_lock(&spares->lock);
    if (made)
        spares->items[spares->count++] = spare;
    spares->making = false;
    pthread_cond_broadcast(&spares->made);
    pthread_mutex_unlock(&spares->lock);
    return made;
}

void steps_spares_take(struct steps_spares *spares, struct steps_spare *ret_spare)
{
    *ret_spare = (struct steps_spare){ .spec_fd = -1, .control_fd = -1 };
    pthread_mutex_lock(&spares->lock);
    while (spares->count == 0 && spares->making)
        pthread_cond_wait(&spares->made, &spares->lock);
    if (spares->count > 0)
        *ret_spare = spares->items[--spares->count];
    pthread_mutex_unlock(&spares->lock);
}

void steps_spares_release(struct steps_spares *spares)
{
    while (spares->count > 0)
        steps_spare_drop(&spares->items[--spares->count]);
    pthread_cond_destroy(&spares->made);
    pthread_mutex_destroy(&spares->lock);
}
