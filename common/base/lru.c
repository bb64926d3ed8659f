/* SPDX-License-Identifier: Apache-2.0
 * A chained hash table whose entries also form a list in order of use, newest at the front. The table is sized once for
 * the maximum, so nothing ever moves. */
#include "common/base/lru.h"

#include "common/base/text.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct entry *newer, *older; /* order of use */
    struct entry *next;          /* chain */
    int64_t expires_ms;
    void *value;
    char key[];
};

struct sw_lru {
    size_t max_entries, count, slot_count;
    int64_t ttl_ms;
    void (*release)(void *value);
    struct entry *newest, *oldest;
    struct entry *slots[];
};

struct sw_lru *sw_lru_new(size_t max_entries, int64_t ttl_ms, void (*release)(void *value))
{
    size_t slot_count = 16;
    while (slot_count < max_entries)
        slot_count *= 2;
    struct sw_lru *lru = calloc(1, sizeof *lru + slot_count * sizeof(struct entry *));
    if (!lru)
        return NULL;
    lru->max_entries = max_entries;
    lru->slot_count = slot_count;
    lru->ttl_ms = ttl_ms;
    lru->release = release;
    return lru;
}

/* FNV-1a: keys come from signed requests or from our own records, so chains need no defence against chosen keys. */
static struct entry **find_slot(struct sw_lru *lru, const char *key)
{
    uint64_t hash = 14695981039346656037u;
    for (const char *at = key; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    struct entry **slot = &lru->slots[hash & (lru->slot_count - 1)];
    while (*slot && strcmp((*slot)->key, key) != 0)
        slot = &(*slot)->next;
    return slot;
}

static void unlink_use(struct sw_lru *lru, struct entry *entry)
{
    *(entry->newer ? &entry->newer->older : &lru->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &lru->oldest) = entry->newer;
    entry->newer = entry->older = NULL;
}

static void push_newest(struct sw_lru *lru, struct entry *entry)
{
    entry->older = lru->newest;
    *(lru->newest ? &lru->newest->newer : &lru->oldest) = entry;
    lru->newest = entry;
}

static void release_value(struct sw_lru *lru, void *value)
{
    if (lru->release && value)
        lru->release(value);
}

static void remove_at(struct sw_lru *lru, struct entry **slot)
{
    struct entry *entry = *slot;
    *slot = entry->next;
    unlink_use(lru, entry);
    release_value(lru, entry->value);
    free(entry);
    lru->count--;
}

void sw_lru_free(struct sw_lru *lru)
{
    if (!lru)
        return;
    while (lru->oldest)
        remove_at(lru, find_slot(lru, lru->oldest->key));
    free(lru);
}

static bool insert(struct sw_lru *lru, const char *key, void *value, int64_t now_ms)
{
    size_t size = strlen(key) + 1;
    struct entry *entry = calloc(1, sizeof *entry + size);
    if (!entry) {
        release_value(lru, value);
        return false;
    }
    if (lru->count == lru->max_entries)
        remove_at(lru, find_slot(lru, lru->oldest->key));
    memcpy(entry->key, key, size);
    entry->value = value;
    entry->expires_ms = now_ms + lru->ttl_ms;
    struct entry **slot = find_slot(lru, key);
    *slot = entry;
    push_newest(lru, entry);
    lru->count++;
    return true;
}

bool sw_lru_put(struct sw_lru *lru, const char *key, void *value, int64_t now_ms)
{
    struct entry *present = *find_slot(lru, key);
    if (!present)
        return insert(lru, key, value, now_ms);
    if (present->value != value)
        release_value(lru, present->value);
    present->value = value;
    present->expires_ms = now_ms + lru->ttl_ms;
    unlink_use(lru, present);
    push_newest(lru, present);
    return true;
}

void *sw_lru_get(struct sw_lru *lru, const char *key, int64_t now_ms, bool *ret_found)
{
    struct entry **slot = find_slot(lru, key);
    bool found = *slot && (*slot)->expires_ms > now_ms;
    if (ret_found)
        *ret_found = found;
    if (*slot && !found)
        remove_at(lru, slot);
    if (!found)
        return NULL;
    unlink_use(lru, *slot);
    push_newest(lru, *slot);
    return (*slot)->value;
}

void sw_lru_remove(struct sw_lru *lru, const char *key)
{
    struct entry **slot = find_slot(lru, key);
    if (*slot)
        remove_at(lru, slot);
}

size_t sw_lru_count(const struct sw_lru *lru) { return lru->count; }
