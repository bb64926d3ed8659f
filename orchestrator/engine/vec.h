/* SPDX-License-Identifier: Apache-2.0
 * vec: a growing array of equal items, for the engine's batches. vec_push() gives a zeroed slot, or NULL when memory or
 * the maximum is reached; pointers into it are valid until the next push. */
#ifndef ORCHESTRATOR_ENGINE_VEC_H
#define ORCHESTRATOR_ENGINE_VEC_H

#include <stddef.h>

struct vec {
    void *data;
    size_t count, capacity;
};

void *vec_push(struct vec *vec, size_t item_size);
void vec_release(struct vec *vec); /* not what items own */

#endif
