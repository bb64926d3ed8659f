/* SPDX-License-Identifier: Apache-2.0
 * idmap: pointers by name. Keys are borrowed: they live as long as their values. Threads: the engine's. */
#ifndef ORCHESTRATOR_ENGINE_IDMAP_H
#define ORCHESTRATOR_ENGINE_IDMAP_H

#include <stdbool.h>
#include <stddef.h>

struct idmap_node;
struct idmap {
    struct idmap_node **buckets;
    size_t bucket_count, count;
};

void *idmap_get(const struct idmap *map, const char *key); /* NULL when absent */
/* The key must be absent. False: no memory. */
bool idmap_put(struct idmap *map, const char *key, void *value);
void idmap_remove(struct idmap *map, const char *key);
/* Calls visit for every value; visit must not change the map. */
void idmap_each(const struct idmap *map, void (*visit)(void *self, void *value), void *self);
void idmap_release(struct idmap *map); /* not the values */

#endif
