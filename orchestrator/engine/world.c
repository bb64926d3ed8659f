/* SPDX-License-Identifier: Apache-2.0
 * The workflows in memory: found, added, settled; and their pinned definitions. */
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"

#include <stdlib.h>
#include <string.h>

/* ---- finding and adding ---- */

static void no_memory(struct engine *engine)
{
    engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "workflows: out of memory"));
}

static void take_place(struct engine *engine, struct entry *entry)
{
    struct lane *lane = lanes_get(&engine->lanes, entry->wf->lane);
    if (!lane)
        no_memory(engine);
    else if (entry->wf->active)
        lane->active = entry;
    else if (entry->wf->kind->waits(entry->wf) && !lane_join(lane, entry))
        no_memory(engine);
    else
        holds_join(engine, entry);
}

struct entry *world_add(struct engine *engine, struct wf *wf, json_t *definition)
{
    struct entry *entry = entry_new(wf, definition);
    if (!entry || !idmap_put(&engine->entries, entry->id, entry)) {
        entry_free(entry);
        no_memory(engine);
        return NULL;
    }
    if (*entry->wf->lane && !entry->wf->final)
        take_place(engine, entry);
    news_add(engine, entry);
    return entry;
}

struct entry *world_find(struct engine *engine, const char *id)
{
    struct entry *entry = idmap_get(&engine->entries, id);
    struct wf *wf = NULL;
    if (entry)
        return entry;
    const struct store_port *store = engine_asks(engine);
    struct sw_status status = store->find_workflow(store->self, id, &wf);
    if (sw_failed(status)) {
        if (status.code != SW_CODE_NOT_FOUND)
            engine_fail(engine, status);
        return NULL;
    }
    entry = world_add(engine, wf, NULL);
    if (entry) {
        entry->durable = true;
        keys_recall(engine, entry);
        world_settle(engine, entry);
    }
    return entry;
}

/* Takes a place in the ring of recent ones, where the oldest makes room. */
void world_settle(struct engine *engine, struct entry *entry)
{
    if (entry->settled)
        return;
    struct entry **place = &engine->recent[engine->recent_at++ % ENGINE_RECENT];
    struct entry *oldest = *place;
    if (oldest && (oldest->touched || oldest->committing ||
                   oldest->told)) /* changes right now: stays, beyond the ring, until its next settling */
        oldest->settled = false;
    else if (oldest) {
        keys_forget(engine, oldest);
        news_forget(engine, oldest);
        idmap_remove(&engine->entries, oldest->id);
        entry_free(oldest);
    }
    entry->settled = true;
    *place = entry;
}

void world_touch(struct engine *engine, struct entry *entry)
{
    if (entry->touched)
        return;
    struct entry **slot = vec_push(&engine->filling->entries, sizeof entry);
    if (!slot) {
        no_memory(engine);
        return;
    }
    *slot = entry;
    entry->touched = true;
}

/* ---- definitions ---- */

struct pinned {
    char hash[WF_HASH_SIZE];
    json_t *body;
};

static void free_pinned(void *self, void *value)
{
    (void)self;
    json_decref(((struct pinned *)value)->body);
    free(value);
}

void world_release_definitions(struct engine *engine)
{
    idmap_each(&engine->definitions, free_pinned, NULL);
    idmap_release(&engine->definitions);
}

static struct pinned *keep_definition(struct engine *engine, const char *hash, json_t *body)
{
    struct pinned *pinned = calloc(1, sizeof *pinned);
    if (!pinned)
        return NULL;
    (void)sw_copy(pinned->hash, sizeof pinned->hash, hash); /* the same size */
    if (!idmap_put(&engine->definitions, pinned->hash, pinned)) {
        free(pinned);
        return NULL;
    }
    pinned->body = json_incref(body);
    return pinned;
}

static void store_definition(struct engine *engine, const struct entry *entry, char *body)
{
    struct store_definition *row = vec_push(&engine->filling->definitions, sizeof *row);
    if (!row || !keep_definition(engine, entry->wf->definition, entry->definition)) {
        if (row)
            engine->filling->definitions.count--;
        free(body);
        no_memory(engine);
        return;
    }
    (void)sw_copy(row->hash, sizeof row->hash, entry->wf->definition);
    row->body = body;
}

void world_pin(struct engine *engine, struct entry *entry)
{
    char *body = jx_dump_new(entry->definition);
    if (!body) {
        no_memory(engine);
        return;
    }
    engine->options->sha256_hex(body, strlen(body), entry->wf->definition);
    struct pinned *known = idmap_get(&engine->definitions, entry->wf->definition);
    if (!known) {
        store_definition(engine, entry, body);
        return;
    }
    free(body);
    json_decref(entry->definition); /* one copy is enough for all */
    entry->definition = json_incref(known->body);
}

const json_t *world_definition(struct engine *engine, struct entry *entry)
{
    if (entry->definition || !*entry->wf->definition)
        return entry->definition;
    const struct pinned *pinned = idmap_get(&engine->definitions, entry->wf->definition);
    if (pinned) {
        entry->definition = json_incref(pinned->body);
        return entry->definition;
    }
    const struct store_port *store = engine_asks(engine);
    engine_fail(engine, sw_wrap(store->find_definition(store->self, entry->wf->definition, &entry->definition),
                                "definition of %s", entry->wf->id));
    return entry->definition;
}
