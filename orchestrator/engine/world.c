/* SPDX-License-Identifier: Apache-2.0
 * The workflows in memory: found, added, told what happened, admitted to their lanes. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"
#include "orchestrator/engine/figures.h"

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
    return entry;
}

struct entry *world_find(struct engine *engine, const char *id)
{
    const struct store_port *store = &engine->options->store;
    struct entry *entry = idmap_get(&engine->entries, id);
    struct wf *wf = NULL;
    if (entry)
        return entry;
    struct sw_status status = store->find_workflow(store->self, id, &wf);
    if (sw_failed(status)) {
        if (status.code != SW_CODE_NOT_FOUND)
            engine_fail(engine, status);
        return NULL;
    }
    entry = world_add(engine, wf, NULL);
    if (entry) {
        entry->durable = true;
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
    if (oldest && oldest->touched) /* changes right now: stays, beyond the ring, until its next settling */
        oldest->settled = false;
    else if (oldest) {
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
    const struct store_port *store = &engine->options->store;
    if (entry->definition || !*entry->wf->definition)
        return entry->definition;
    const struct pinned *pinned = idmap_get(&engine->definitions, entry->wf->definition);
    if (pinned)
        entry->definition = json_incref(pinned->body);
    else
        engine_fail(engine, sw_wrap(store->find_definition(store->self, entry->wf->definition, &entry->definition),
                                    "definition of %s", entry->wf->id));
    return entry->definition;
}

/* ---- telling the machine ---- */

static void apply_effect(struct engine *engine, struct entry *entry, struct wf_effect *effect,
                         struct proto_reply **ret_reply)
{
    switch (effect->kind) {
    case WF_START_STEP:
        attempts_start(engine, entry, effect->step);
        return;
    case WF_STOP_STEP:
        attempts_stop(engine, entry, effect->step);
        return;
    case WF_SET_TIMER:
    case WF_CLEAR_TIMER:
        if (!clocks_set(engine, entry, effect->timer, effect->kind == WF_SET_TIMER ? effect->due_ms : 0))
            no_memory(engine);
        return;
    case WF_EVENT:
        announce_event(engine, entry, effect->event);
        return;
    case WF_REPLY:
        if (ret_reply) {
            *ret_reply = effect->reply;
            effect->reply = NULL;
        }
        return;
    }
}

void world_act(struct engine *engine, struct entry *entry, struct wf_update *update, struct proto_reply **ret_reply)
{
    world_touch(engine, entry);
    for (size_t i = 0; i < update->effect_count && !sw_failed(engine->failure); i++)
        apply_effect(engine, entry, &update->effects[i], ret_reply);
    wf_update_release(update);
}

static void log_change(const struct wf *from, const struct wf *to, const char *why)
{
    if (from->state != to->state)
        sw_info("state changed", sw_s("workflow", to->id), sw_s("from", from->kind->state_name(from->state)),
                sw_s("to", to->kind->state_name(to->state)), sw_s("why", why));
}

/* Keeps the lane's books after a change of state. */
static void move_in_lane(struct engine *engine, struct entry *entry, bool was_active, bool was_waiting)
{
    struct lane *lane = *entry->wf->lane ? lanes_get(&engine->lanes, entry->wf->lane) : NULL;
    if (!lane)
        return;
    if (was_waiting && !entry->wf->kind->waits(entry->wf))
        lane_leave(lane, entry);
    if (entry->wf->active)
        lane->active = entry;
    else if (was_active && lane->active == entry)
        lane->active = NULL;
}

struct sw_status world_tell(struct engine *engine, struct entry *entry, struct wf_input *input,
                            struct proto_reply **ret_reply)
{
    struct wf_update update = { 0 };
    bool was_active = entry->wf->active, was_waiting = entry->wf->kind->waits(entry->wf);
    input->now_ms = engine->now_ms;
    input->random = engine->options->random(engine->options->random_self);
    input->config = engine->config;
    input->definition = entry->wf->final ? NULL : world_definition(engine, entry);
    struct wf *copy = wf_copy_new(entry->wf);
    if (!copy) {
        no_memory(engine);
        return engine->failure;
    }
    struct sw_status status = copy->kind->step(copy, input, &update);
    if (sw_failed(status)) {
        wf_free(copy);
        if (status.class == SW_RETRY)
            engine_fail(engine, status);
        return status;
    }
    log_change(entry->wf, copy, update.why);
    if (copy->final && !entry->wf->final)
        figures_ended(copy);
    entry_adopt(entry, copy);
    move_in_lane(engine, entry, was_active, was_waiting);
    world_act(engine, entry, &update, ret_reply);
    if (was_active && !entry->wf->active && *entry->wf->lane)
        world_admit(engine, lanes_get(&engine->lanes, entry->wf->lane));
    return sw_ok();
}

/* ---- admission ---- */

static bool admit_first(struct engine *engine, struct lane *lane)
{
    struct entry *first = lane_first(lane);
    struct wf_input input = { .kind = WF_ADMIT };
    if (!first)
        return false;
    struct sw_status status = world_tell(engine, first, &input, NULL);
    if (sw_failed(status)) /* a definition of another version: it must not block the line for ever */
        sw_error("cannot be admitted; cancel it", sw_s("workflow", first->wf->id), sw_e(&status));
    return !sw_failed(status);
}

/* A deployment that needs no time ends as it is admitted, and the next one's turn comes in the same commit. */
void world_admit(struct engine *engine, struct lane *lane)
{
    while (!lane->active && lane_first(lane) && !sw_failed(engine->failure)) {
        if (batch_full(engine->filling) || engine->stopping) {
            engine->admission_owed = !engine->stopping;
            return;
        }
        if (!admit_first(engine, lane))
            return;
    }
}

void world_admit_all(struct engine *engine)
{
    engine->admission_owed = false;
    for (size_t i = 0; i < engine->lanes.count; i++)
        world_admit(engine, engine->lanes.all[i]);
}
