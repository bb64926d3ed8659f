/* SPDX-License-Identifier: Apache-2.0
 * Names besides the id under which workflows are found. A key belongs to the newest workflow that claimed it: a claim
 * is made when the kind names a key that it did not name before. Those in memory are found here, the others in the
 * store; keys that nobody has are remembered, so that chatter in foreign channels costs one question each. */
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"

#include <stdlib.h>
#include <string.h>

struct claim {
    char key[WF_KEY_SIZE];
    struct entry *entry;
};

static void no_memory(struct engine *engine) { engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "keys: out of memory")); }

static bool has(char keys[][WF_KEY_SIZE], size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (sw_equal(keys[i], key))
            return true;
    return false;
}

static void store_row(struct engine *engine, const struct entry *entry, const char *key, bool gone)
{
    struct store_key *row = vec_push(&engine->filling->keys, sizeof *row);
    if (!row) {
        no_memory(engine);
        return;
    }
    (void)sw_copy(row->key, sizeof row->key, key); /* the same sizes */
    (void)sw_copy(row->workflow, sizeof row->workflow, entry->id);
    row->gone = gone;
}

static void give(struct engine *engine, struct entry *entry, const char *key)
{
    struct claim *claim = idmap_get(&engine->keys, key);
    if (claim) {
        claim->entry = entry;
        return;
    }
    claim = malloc(sizeof *claim);
    if (claim) {
        claim->entry = entry;
        (void)sw_copy(claim->key, sizeof claim->key, key); /* the same size */
    }
    if (!claim || !idmap_put(&engine->keys, claim->key, claim)) {
        free(claim);
        no_memory(engine);
    }
}

static void drop(struct engine *engine, struct claim *claim)
{
    idmap_remove(&engine->keys, claim->key);
    free(claim);
}

/* ---- claims ---- */

static void claim_key(struct engine *engine, struct entry *entry, const char *key)
{
    sw_lru_remove(engine->absent_keys, key);
    give(engine, entry, key);
    store_row(engine, entry, key, false);
}

static void release_key(struct engine *engine, const struct entry *entry, const char *key)
{
    struct claim *claim = idmap_get(&engine->keys, key);
    if (claim && claim->entry != entry)
        return; /* a newer one has it */
    if (claim)
        drop(engine, claim);
    store_row(engine, entry, key, true);
    if (!sw_lru_put(engine->absent_keys, key, NULL, engine->now_ms)) /* the store still has it, until the commit */
        no_memory(engine);
}

static bool remember(struct entry *entry, char keys[][WF_KEY_SIZE], size_t count)
{
    char(*copy)[WF_KEY_SIZE] = count ? malloc(count * sizeof *copy) : NULL;
    if (count && !copy)
        return false;
    if (count)
        memcpy(copy, keys, count * sizeof *copy);
    free(entry->keys);
    entry->keys = copy;
    entry->key_count = count;
    return true;
}

static size_t ask(const struct entry *entry, char ret_keys[][WF_KEY_SIZE])
{
    return entry->wf->kind->keys ? entry->wf->kind->keys(entry->wf, ret_keys) : 0;
}

void keys_renew(struct engine *engine, struct entry *entry)
{
    if (!entry->wf->kind->keys)
        return;
    char keys[KIND_MAX_KEYS][WF_KEY_SIZE] = { 0 };
    size_t count = ask(entry, keys);
    if (count == entry->key_count && (count == 0 || memcmp(keys, entry->keys, count * sizeof *keys) == 0))
        return;
    for (size_t i = 0; i < entry->key_count; i++)
        if (!has(keys, count, entry->keys[i]))
            release_key(engine, entry, entry->keys[i]);
    for (size_t i = 0; i < count; i++)
        if (!has(entry->keys, entry->key_count, keys[i]))
            claim_key(engine, entry, keys[i]);
    if (!remember(entry, keys, count))
        no_memory(engine);
}

/* ---- what was claimed before ---- */

void keys_recall(struct engine *engine, struct entry *entry)
{
    char keys[KIND_MAX_KEYS][WF_KEY_SIZE] = { 0 };
    if (!remember(entry, keys, ask(entry, keys)))
        no_memory(engine);
}

void keys_load(struct engine *engine, const struct store_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->key_count && !sw_failed(engine->failure); i++) {
        struct entry *entry = idmap_get(&engine->entries, snapshot->keys[i].workflow);
        if (entry)
            give(engine, entry, snapshot->keys[i].key);
    }
}

void keys_forget(struct engine *engine, const struct entry *entry)
{
    for (size_t i = 0; i < entry->key_count; i++) {
        struct claim *claim = idmap_get(&engine->keys, entry->keys[i]);
        if (claim && claim->entry == entry)
            drop(engine, claim);
    }
}

static void free_claim(void *self, void *value)
{
    (void)self;
    free(value);
}

void keys_release(struct engine *engine)
{
    idmap_each(&engine->keys, free_claim, NULL);
    idmap_release(&engine->keys);
}

/* ---- finding ---- */

struct entry *keys_find(struct engine *engine, const char *key)
{
    const struct claim *claim = idmap_get(&engine->keys, key);
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    bool absent = false;
    if (claim)
        return claim->entry;
    (void)sw_lru_get(engine->absent_keys, key, engine->now_ms, &absent);
    if (absent)
        return NULL;
    const struct store_port *store = engine_asks(engine);
    struct sw_status status = store->find_key(store->self, key, workflow);
    if (!sw_failed(status))
        return world_find(engine, workflow);
    if (status.code != SW_CODE_NOT_FOUND)
        engine_fail(engine, status);
    else
        (void)sw_lru_put(engine->absent_keys, key, NULL, engine->now_ms); /* without memory: asked again */
    return NULL;
}
