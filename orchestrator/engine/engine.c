/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/engine/engine.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/figures.h"

#include <assert.h>
#include <stdlib.h>

enum { RECONCILE_MS = 5000, LOOK_AGAIN_MS = 1000, KNOWN_TTL_MS = INT32_MAX };

void engine_fail(struct engine *engine, struct sw_status status)
{
    if (sw_failed(status) && !sw_failed(engine->failure))
        engine->failure = status;
}

static void set_clock(struct engine *engine, int64_t monotonic_ms)
{
    engine->monotonic_ms = monotonic_ms;
    engine->now_ms = engine->lease.now_ms + (monotonic_ms - engine->taken_monotonic_ms);
    if (engine->now_ms < engine->last_at_ms)
        engine->now_ms = engine->last_at_ms;
    engine->last_at_ms = engine->now_ms;
}

int64_t engine_when(const struct engine *engine, int64_t at_ms)
{
    return engine->taken_monotonic_ms + (at_ms - engine->lease.now_ms);
}

struct engine *engine_new(const struct leader_options *options, const struct config *config,
                          const struct store_lease *lease, int64_t monotonic_ms)
{
    struct engine *engine = calloc(1, sizeof *engine);
    assert(kind_count() <= ENGINE_MAX_KINDS);
    if (!engine)
        return NULL;
    engine->options = options;
    engine->config = config;
    engine->lease = *lease;
    engine->taken_monotonic_ms = engine->progress_ms = engine->published_seen_ms = monotonic_ms;
    engine->filling = batch_new();
    engine->reads = reads_of(engine);
    engine->known = sw_lru_new(ENGINE_KNOWN, KNOWN_TTL_MS, free);
    engine->absent_keys = sw_lru_new(ENGINE_ABSENT_KEYS, KNOWN_TTL_MS, NULL);
    if (engine->filling && engine->known && engine->absent_keys) {
        set_clock(engine, monotonic_ms);
        return engine;
    }
    engine_free(engine);
    return NULL;
}

static void free_entry(void *self, void *value)
{
    (void)self;
    entry_free(value);
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    batch_free(engine->filling);
    batch_free(engine->flying);
    lanes_release(&engine->lanes);
    timers_release(&engine->timers);
    vec_release(&engine->statuses);
    vec_release(&engine->watchers);
    idmap_each(&engine->entries, free_entry, NULL);
    idmap_release(&engine->entries);
    world_release_definitions(engine);
    keys_release(engine);
    holds_release(engine);
    if (engine->absent_keys)
        sw_lru_free(engine->absent_keys);
    if (engine->known)
        sw_lru_free(engine->known);
    free(engine);
}

/* ---- loading ---- */

static json_t *definition_of(const struct store_snapshot *snapshot, const char *hash)
{
    for (size_t i = 0; i < snapshot->definition_count; i++)
        if (sw_equal(snapshot->definitions[i].hash, hash))
            return json_incref(snapshot->definitions[i].body);
    return NULL;
}

static void load_workflows(struct engine *engine, struct store_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->workflow_count && !sw_failed(engine->failure); i++) {
        struct wf *wf = snapshot->workflows[i];
        struct entry *entry = world_add(engine, wf, definition_of(snapshot, wf->definition));
        snapshot->workflows[i] = NULL;
        if (entry) {
            entry->durable = true;
            keys_recall(engine, entry);
        }
    }
}

static void load_timers(struct engine *engine, const struct store_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->timer_count; i++) {
        const struct store_timer *row = &snapshot->timers[i];
        struct entry *entry = idmap_get(&engine->entries, row->workflow);
        struct timer_item item = { .due_ms = row->due_ms };
        (void)sw_copy(item.workflow, sizeof item.workflow, row->workflow); /* the same sizes */
        (void)sw_copy(item.name, sizeof item.name, row->name);
        if (entry && !(entry_timer_set(entry, row->name, row->due_ms) && timers_add(&engine->timers, &item)))
            engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "timers: out of memory"));
    }
}

const struct store_port *engine_asks(struct engine *engine)
{
    engine->filling->read_count++;
    return &engine->options->store;
}

struct known_command engine_known_of(const struct store_known *stored)
{
    struct known_command known;
    (void)sw_copy(known.hash, sizeof known.hash, stored->hash); /* the same sizes */
    (void)sw_copy(known.workflow, sizeof known.workflow, stored->workflow);
    return known;
}

static void load_known(struct engine *engine, const struct store_snapshot *snapshot)
{
    for (size_t i = snapshot->known_count; i-- > 0;) { /* the newest last, so that it is forgotten last */
        struct known_command *known = malloc(sizeof *known);
        if (!known) {
            engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "known commands: out of memory"));
            return;
        }
        *known = engine_known_of(&snapshot->known[i]);
        (void)sw_lru_put(engine->known, snapshot->known[i].command, known,
                         engine->now_ms); /* without memory: one find more */
    }
}

static void load_sequences(struct engine *engine, const struct store_snapshot *snapshot)
{
    for (size_t kind = 0; kind < kind_count(); kind++)
        for (size_t i = 0; i < snapshot->sequence_count; i++)
            if (sw_equal(snapshot->sequences[i].kind, kind_at(kind)->name))
                engine->last_sequence[kind] = snapshot->sequences[i].last;
}

struct sw_status engine_load(struct engine *engine, struct store_snapshot *snapshot)
{
    engine->last_at_ms = snapshot->last_at_ms;
    set_clock(engine, engine->monotonic_ms);
    engine->cursor = engine->stored_cursor = snapshot->cursor;
    engine->last_number = snapshot->last_number;
    engine->last_outbox_id = snapshot->last_outbox_id;
    engine->published_stored = snapshot->published_id;
    load_sequences(engine, snapshot);
    holds_load(engine, snapshot);
    load_workflows(engine, snapshot);
    keys_load(engine, snapshot);
    load_timers(engine, snapshot);
    load_known(engine, snapshot);
    engine->reconcile_due_ms = engine->line_due_ms = engine->monotonic_ms;
    return engine->failure;
}

/* ---- after a log was lost ---- */

static void say_again(void *self, void *value)
{
    struct engine *engine = self;
    struct entry *entry = value;
    if (json_is_null(json_object_get(entry->wf->facts, "message")) || !json_object_get(entry->wf->facts, "message"))
        announce_event(engine, entry, "progressed", NULL);
}

void engine_say_again(struct engine *engine, struct store_snapshot *snapshot)
{
    idmap_each(&engine->entries, say_again, engine);
    for (size_t i = 0; i < snapshot->unposted_count && !sw_failed(engine->failure); i++) {
        struct entry *entry = world_add(engine, snapshot->unposted[i], NULL);
        snapshot->unposted[i] = NULL;
        if (!entry)
            return;
        entry->durable = true;
        keys_recall(engine, entry);
        announce_event(engine, entry, "progressed", NULL);
    }
}

/* ---- one pass ---- */

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

static void reconcile_when_due(struct engine *engine)
{
    if (engine->monotonic_ms < engine->reconcile_due_ms)
        return;
    engine->reconcile_due_ms = engine->monotonic_ms + RECONCILE_MS;
    attempts_reconcile(engine);
    errands_reconcile(engine);
    admit_all(engine);
}

bool engine_idle(const struct engine *engine) { return !engine->flying && batch_empty(engine->filling); }

int64_t engine_pass(struct engine *engine, int64_t monotonic_ms)
{
    set_clock(engine, monotonic_ms);
    commits_poll(engine);
    if (sw_failed(engine->failure))
        return monotonic_ms;
    reconcile_when_due(engine);
    int64_t due_ms = earlier(engine->reconcile_due_ms, clocks_run(engine));
    due_ms = earlier(due_ms, attempts_show(engine));
    due_ms = earlier(due_ms, holds_run(engine));
    due_ms = earlier(due_ms, clocks_refresh_line(engine));
    if (engine->admission_owed && !batch_full(engine->filling))
        admit_all(engine);
    if (!engine->stopping)
        ingest_pull(engine);
    if (engine->holds_moved) /* by what has just come in: in the same commit */
        due_ms = earlier(due_ms, holds_run(engine));
    commits_submit(engine);
    figures_update(engine);
    if (engine->admission_owed)
        due_ms = monotonic_ms;
    return earlier(due_ms, monotonic_ms + LOOK_AGAIN_MS);
}
