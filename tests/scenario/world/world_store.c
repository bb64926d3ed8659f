/* SPDX-License-Identifier: Apache-2.0
 * Postgres, as far as the engine can see it: a lease with epochs, one transaction at a time, reads. */
#include "common/base/text.h"
#include "tests/scenario/world/world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { KNOWN_MAX = 20000 };

static struct sw_status acquire(void *self, struct store_lease *ret_lease)
{
    struct world *world = self;
    if (world_enter(world, "store.acquire"))
        return sw_fail(SW_CODE_DB, "the database is away");
    int64_t now_ms = world_clock(world);
    if (world->lease_until_ms > now_ms + WORLD_TTL_MS) /* the clock was put back */
        world->lease_until_ms = now_ms + WORLD_TTL_MS;
    bool dead =
        world->lease_is_provably_dead && (world->holder == world->me || !world->holder || !world->holder->leader);
    if (now_ms < world->lease_until_ms && !dead)
        return sw_fail(SW_CODE_REFUSED, "held by another");
    world->epoch = world->epoch + 1 > now_ms ? world->epoch + 1 : now_ms;
    world->lease_until_ms = now_ms + WORLD_TTL_MS;
    world->holder = world->me;
    world->led_clock_ms = world->clock_ms;
    world->me->epoch = world->epoch;
    *ret_lease = (struct store_lease){ .epoch = world->epoch, .now_ms = now_ms };
    world_left(world);
    return sw_ok();
}

static void release(void *self)
{
    struct world *world = self;
    if (world_enter(world, "store.release"))
        return;
    if (world->me->epoch == world->epoch)
        world->lease_until_ms = 0;
    world_left(world);
}

/* ---- load ---- */

static void load_known(const struct world *world, struct store_snapshot *snapshot)
{
    size_t count = world->forgetful ? 0 : world->known_count < KNOWN_MAX ? world->known_count : KNOWN_MAX;
    snapshot->known = calloc(count + 1, sizeof *snapshot->known);
    for (size_t i = 0; i < count; i++)
        snapshot->known[i] = world->known[world->known_count - 1 - i];
    snapshot->known_count = count;
}

static void load_names(const struct world *world, struct store_snapshot *snapshot)
{
    snapshot->timers = calloc(world->timer_count + 1, sizeof *snapshot->timers);
    for (size_t i = 0; i < world->timer_slots; i++)
        if (world->timers[i].timer.due_ms)
            snapshot->timers[snapshot->timer_count++] = world->timers[i].timer;
    snapshot->keys = calloc(world->key_count + 1, sizeof *snapshot->keys);
    for (size_t i = 0; i < world->key_slots; i++)
        if (!world->keys[i].gone)
            snapshot->keys[snapshot->key_count++] = world->keys[i];
}

static void load_rows(struct world *world, struct store_snapshot *snapshot)
{
    snapshot->workflows = calloc(world->workflow_count + 1, sizeof(struct wf *));
    for (size_t i = 0; i < world->workflow_count; i++)
        if (!world->workflows[i].wf->final)
            snapshot->workflows[snapshot->workflow_count++] = wf_copy_new(world->workflows[i].wf);
    load_names(world, snapshot);
    snapshot->holds = calloc(world->hold_count + 1, sizeof *snapshot->holds);
    memcpy(snapshot->holds, world->holds, world->hold_count * sizeof *world->holds);
    snapshot->hold_count = world->hold_count;
    load_known(world, snapshot);
    snapshot->definitions = calloc(world->definition_count + 1, sizeof *snapshot->definitions);
    for (size_t i = 0; i < world->definition_count; i++) {
        snapshot->definitions[i] = world->definitions[i];
        json_incref(snapshot->definitions[i].body);
    }
    snapshot->definition_count = world->definition_count;
}

static void load_sequences(const struct world *world, struct store_snapshot *snapshot)
{
    snapshot->sequences = calloc(kind_count(), sizeof *snapshot->sequences);
    for (size_t i = 0; i < kind_count(); i++) {
        struct store_sequence *sequence = &snapshot->sequences[snapshot->sequence_count++];
        (void)sw_copy(sequence->kind, sizeof sequence->kind, kind_at(i)->name);
        for (size_t k = 0; k < world->workflow_count; k++)
            if (world->workflows[k].wf->kind == kind_at(i) && world->workflows[k].wf->sequence > sequence->last)
                sequence->last = world->workflows[k].wf->sequence;
    }
}

static struct sw_status load(void *self, struct store_snapshot *ret_snapshot)
{
    struct world *world = self;
    if (world_enter(world, "store.load"))
        return sw_fail(SW_CODE_DB, "the database is away");
    struct store_snapshot snapshot = { .cursor = world->cursor,
                                       .tries = world->tries++,
                                       .last_at_ms = world->last_at_ms,
                                       .last_outbox_id = world->outbox_count,
                                       .published_id = world->published_id };
    for (size_t i = 0; i < world->workflow_count; i++)
        if (world->workflows[i].wf->number > snapshot.last_number)
            snapshot.last_number = world->workflows[i].wf->number;
    load_sequences(world, &snapshot);
    load_rows(world, &snapshot);
    *ret_snapshot = snapshot;
    world_left(world);
    return sw_ok();
}

/* ---- commit ---- */

static void put_workflow(struct world *world, const struct wf *wf)
{
    struct world_row *row = world_row(world, wf->id);
    assert(!row || (wf->n >= row->wf->n && !row->wf->final == !row->wf->finished_at_ms));
    if (row)
        wf_free(row->wf);
    else
        row = world_row_add(world, wf);
    row->wf = wf_copy_new(wf);
}

/* UNIQUE workflow(lane) WHERE active */
static void check_lanes(const struct world *world)
{
    for (size_t i = 0; i < world->workflow_count; i++)
        for (size_t k = i + 1; world->workflows[i].wf->active && k < world->workflow_count; k++)
            assert(!(world->workflows[k].wf->active &&
                     sw_equal(world->workflows[i].wf->lane, world->workflows[k].wf->lane)));
}

static void put_hold(struct world *world, const struct store_hold *row)
{
    for (size_t i = 0; i < world->hold_count; i++)
        if (sw_equal(world->holds[i].id, row->hold.id)) {
            world->holds[i] = row->gone ? world->holds[--world->hold_count] : row->hold;
            return;
        }
    if (!row->gone)
        world->holds[world->hold_count++] = row->hold;
}

/* What is held and has not started before must not start. */
static void check_holds(const struct world *world, const struct wf *wf)
{
    const struct wf *before = world_workflow(world, wf->id);
    bool starts = wf->started_at_ms && !(before && before->started_at_ms);
    for (size_t i = 0; starts && wf->kind->held && i < world->hold_count; i++)
        assert(!wf->kind->held(wf, &world->holds[i]));
}

static struct outbox_row *copy_row(const struct outbox_row *row)
{
    struct outbox_row *copy = malloc(sizeof *copy);
    *copy = *row;
    copy->body = strdup(row->body);
    return copy;
}

static void put_outbox(struct world *world, const struct outbox_row *row)
{
    assert(row->id == world->outbox_count + 1 && world->outbox_count < (int64_t)world->room);
    assert(row->envelope.time_ms >= world->last_at_ms); /* time does not run back */
    world->outbox[world->outbox_count++] = copy_row(row);
    world->last_at_ms = row->envelope.time_ms;
}

/* Nobody reads again what was published. */
static void put_published(struct world *world, int64_t published_id)
{
    for (int64_t i = world->published_id; i < published_id; i++) {
        outbox_row_free(world->outbox[i]);
        world->outbox[i] = NULL;
    }
    world->published_id = published_id;
}

static void put_definition(struct world *world, const struct store_definition *definition)
{
    struct store_definition_row *row = &world->definitions[world->definition_count++];
    (void)sw_copy(row->hash, sizeof row->hash, definition->hash);
    row->body = json_loads(definition->body, 0, NULL);
    assert(row->body);
}

static void put_cursor(struct world *world, const struct store_batch *batch)
{
    assert(batch->cursor_before.next_offset == world->cursor.next_offset);
    world->cursor = batch->cursor;
    world->tries = 0;
}

static void apply(struct world *world, const struct store_batch *batch)
{
    if (batch->has_cursor)
        put_cursor(world, batch);
    for (size_t i = 0; i < batch->inbox_count; i++)
        world_known_add(world, &batch->inbox[i]);
    for (size_t i = 0; i < batch->dead_count; i++, world->dead_letters++)
        (void)sw_copy(world->dead_reason, sizeof world->dead_reason, batch->dead[i].reason);
    for (size_t i = 0; i < batch->definition_count; i++)
        put_definition(world, &batch->definitions[i]);
    for (size_t i = 0; i < batch->hold_count; i++)
        put_hold(world, &batch->holds[i]);
    for (size_t i = 0; i < batch->workflow_count; i++) {
        check_holds(world, batch->workflows[i]);
        put_workflow(world, batch->workflows[i]);
    }
    check_lanes(world);
    for (size_t i = 0; i < batch->timer_count; i++)
        world_timer_put(world, &batch->timers[i]);
    for (size_t i = 0; i < batch->key_count; i++)
        world_key_put(world, &batch->keys[i]);
    for (size_t i = 0; i < batch->outbox_count; i++)
        put_outbox(world, batch->outbox[i]);
    if (batch->published_id)
        put_published(world, batch->published_id);
    world->commits++;
}

static struct sw_status submit(void *self, const struct store_batch *batch)
{
    struct world *world = self;
    if (world_enter(world, "store.submit"))
        return sw_fail(SW_CODE_DB, "the connection is lost");
    assert(!world->me->submitted);
    world->me->submitted = batch;
    world->me->answered_ms = world->now_ms + world->commit_ms;
    world_left(world);
    return sw_ok();
}

static bool refused(const struct world *world, const struct store_batch *batch)
{
    for (size_t i = 0; i < batch->inbox_count; i++)
        if ((world->refuse_data && sw_equal(batch->inbox[i].command, world->refuse_data)) ||
            world_known(world, batch->inbox[i].command))
            return true;
    return false;
}

static bool poll_commit(void *self, struct sw_status *ret_status)
{
    struct world *world = self;
    const struct store_batch *batch = world->me->submitted;
    if (!batch || world->now_ms < world->me->answered_ms)
        return false;
    world->me->submitted = NULL;
    if (world_enter(world, "store.poll")) {
        *ret_status = sw_fail(SW_CODE_DB, "the connection is lost");
        return true;
    }
    if (world->me->epoch != world->epoch) {
        *ret_status = sw_fail(SW_CODE_DB, "fenced: another has the lease");
        return true;
    }
    if (refused(world, batch)) {
        *ret_status = sw_fail(SW_CODE_DB_DATA, "invalid byte sequence");
        return true;
    }
    apply(world, batch);
    *ret_status = sw_ok();
    world_left(world);
    return true;
}

/* ---- reads ---- */

static struct sw_status find_workflow(void *self, const char *id, struct wf **ret_wf)
{
    struct world *world = self;
    const struct wf *wf = world_workflow(world, id);
    if (world_enter(world, "store.find_workflow"))
        return sw_fail(SW_CODE_DB, "the database is away");
    if (!wf)
        return sw_fail(SW_CODE_NOT_FOUND, "none");
    *ret_wf = wf_copy_new(wf);
    world_left(world);
    return sw_ok();
}

static struct sw_status find_key(void *self, const char *key, char ret_workflow[PROTO_WORKFLOW_ID_SIZE])
{
    struct world *world = self;
    world->key_reads++;
    if (world_enter(world, "store.find_key"))
        return sw_fail(SW_CODE_DB, "the database is away");
    const char *holder = world_holder(world, key);
    world_left(world);
    if (!holder)
        return sw_fail(SW_CODE_NOT_FOUND, "none");
    (void)sw_copy(ret_workflow, PROTO_WORKFLOW_ID_SIZE, holder);
    return sw_ok();
}

static struct sw_status find_command(void *self, const char *command, struct store_known *ret_known)
{
    const struct store_known *known = world_known(self, command);
    if (!known)
        return sw_fail(SW_CODE_NOT_FOUND, "none");
    *ret_known = *known;
    return sw_ok();
}

static struct sw_status near_ids(void *self, const char *text, char ret_ids[][PROTO_WORKFLOW_ID_SIZE],
                                 size_t *ret_count)
{
    const struct world *world = self;
    (void)text;
    *ret_count = 0;
    if (world->workflow_count > 0)
        (void)sw_copy(ret_ids[(*ret_count)++], PROTO_WORKFLOW_ID_SIZE, world->workflows[0].id);
    return sw_ok();
}

static struct sw_status history(void *self, const char *kind, const char *service, size_t limit, struct wf **ret_wfs,
                                size_t *ret_count)
{
    const struct world *world = self;
    (void)service;
    *ret_count = 0;
    for (size_t i = world->workflow_count; i-- > 0 && *ret_count < limit;)
        if (world->workflows[i].wf->final && sw_equal(world->workflows[i].wf->kind->name, kind))
            ret_wfs[(*ret_count)++] = wf_copy_new(world->workflows[i].wf);
    return sw_ok();
}

static struct sw_status find_definition(void *self, const char *hash, json_t **ret_body)
{
    const struct world *world = self;
    for (size_t i = 0; i < world->definition_count; i++)
        if (sw_equal(world->definitions[i].hash, hash)) {
            *ret_body = json_incref(world->definitions[i].body);
            return sw_ok();
        }
    return sw_fail(SW_CODE_NOT_FOUND, "none");
}

static struct sw_status figures(void *self, const struct kind_join *join, const char *service, const char *month,
                                json_t **ret_rows)
{
    struct world *world = self;
    if (world_enter(world, "store.figures"))
        return sw_fail(SW_CODE_DB, "the database is away");
    if (month && !sw_equal(month, "2026-11"))
        return sw_fail(SW_CODE_NOT_FOUND, "no such month");
    *ret_rows =
        json_pack("[{ss sI}]", "service", service ? service : "any", join->changes, (json_int_t)world->workflow_count);
    world_left(world);
    return sw_ok();
}

struct store_port world_store(struct world *world)
{
    return (struct store_port){ .acquire = acquire,
                                .load = load,
                                .submit = submit,
                                .poll = poll_commit,
                                .release = release,
                                .find_workflow = find_workflow,
                                .find_key = find_key,
                                .find_command = find_command,
                                .near_ids = near_ids,
                                .history = history,
                                .find_definition = find_definition,
                                .figures = figures,
                                .self = world };
}
