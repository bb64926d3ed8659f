/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/engine/vec.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ITEMS = 16, MAX_ITEMS = 1024 * 1024 };

void *vec_push(struct vec *vec, size_t item_size)
{
    if (vec->count == vec->capacity) {
        size_t capacity = vec->capacity ? vec->capacity * 2 : FIRST_ITEMS;
        void *data = capacity <= MAX_ITEMS ? realloc(vec->data, capacity * item_size) : NULL;
        if (!data)
            return NULL;
        vec->data = data;
        vec->capacity = capacity;
    }
    char *slot = (char *)vec->data + vec->count++ * item_size;
    memset(slot, 0, item_size);
    return slot;
}

void vec_release(struct vec *vec)
{
    free(vec->data);
    *vec = (struct vec){ 0 };
}
