/* SPDX-License-Identifier: Apache-2.0
 * Chained hashing with FNV-1a; the table doubles when chains get longer than one on average. */
#include "orchestrator/engine/idmap.h"

#include "common/base/text.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST_BUCKETS = 64 };

struct idmap_node {
    const char *key;
    void *value;
    struct idmap_node *next;
};

static size_t bucket_of(const struct idmap *map, const char *key)
{
    uint64_t hash = 14695981039346656037ULL;
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 1099511628211ULL;
    return (size_t)(hash & (map->bucket_count - 1));
}

static struct idmap_node **slot_of(const struct idmap *map, const char *key)
{
    struct idmap_node **slot = &map->buckets[bucket_of(map, key)];
    while (*slot && !sw_equal((*slot)->key, key))
        slot = &(*slot)->next;
    return slot;
}

void *idmap_get(const struct idmap *map, const char *key)
{
    struct idmap_node *node = map->bucket_count ? *slot_of(map, key) : NULL;
    return node ? node->value : NULL;
}

static void relink(struct idmap *grown, struct idmap_node *node)
{
    size_t bucket = bucket_of(grown, node->key);
    node->next = grown->buckets[bucket];
    grown->buckets[bucket] = node;
}

static bool grow(struct idmap *map)
{
    struct idmap grown = { .bucket_count = map->bucket_count ? map->bucket_count * 2 : FIRST_BUCKETS,
                           .count = map->count };
    grown.buckets = calloc(grown.bucket_count, sizeof(struct idmap_node *));
    if (!grown.buckets)
        return false;
    for (size_t i = 0; i < map->bucket_count; i++)
        for (struct idmap_node *node = map->buckets[i], *next; node; node = next) {
            next = node->next;
            relink(&grown, node);
        }
    free(map->buckets);
    *map = grown;
    return true;
}

bool idmap_put(struct idmap *map, const char *key, void *value)
{
    if (map->count >= map->bucket_count && !grow(map))
        return false;
    struct idmap_node *node = malloc(sizeof *node);
    if (!node)
        return false;
    *node = (struct idmap_node){ .key = key, .value = value };
    relink(map, node);
    map->count++;
    return true;
}

void idmap_remove(struct idmap *map, const char *key)
{
    struct idmap_node **slot = map->bucket_count ? slot_of(map, key) : NULL;
    if (!slot || !*slot)
        return;
    struct idmap_node *node = *slot;
    *slot = node->next;
    free(node);
    map->count--;
}

void idmap_each(const struct idmap *map, void (*visit)(void *self, void *value), void *self)
{
    for (size_t i = 0; i < map->bucket_count; i++)
        for (struct idmap_node *node = map->buckets[i]; node; node = node->next)
            visit(self, node->value);
}

void idmap_release(struct idmap *map)
{
    for (size_t i = 0; i < map->bucket_count; i++)
        for (struct idmap_node *node = map->buckets[i], *next; node; node = next) {
            next = node->next;
            free(node);
        }
    free(map->buckets);
    *map = (struct idmap){ 0 };
}
