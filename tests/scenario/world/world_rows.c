/* SPDX-License-Identifier: Apache-2.0
 * The tables of the made-up Postgres, found by their keys. */
#include "common/base/text.h"
#include "tests/scenario/world/world.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

void world_rows_new(struct world *world, size_t room)
{
    world->room = room;
    world->workflows = calloc(room, sizeof *world->workflows);
    world->timers = calloc(room, sizeof *world->timers);
    world->keys = calloc(room, sizeof *world->keys);
    world->known = calloc(room, sizeof *world->known);
    world->outbox = calloc(room, sizeof *world->outbox);
    world->log = calloc(room, sizeof *world->log);
    world->events = calloc(room, sizeof *world->events);
    assert(world->workflows && world->timers && world->keys && world->known);
    assert(world->outbox && world->log && world->events);
}

static void free_contents(struct world *world)
{
    for (size_t i = 0; i < world->workflow_count; i++)
        wf_free(world->workflows[i].wf);
    for (size_t i = 0; i < world->definition_count; i++)
        json_decref(world->definitions[i].body);
    for (int64_t i = 0; i < world->outbox_count; i++)
        outbox_row_free(world->outbox[i]);
    for (int64_t i = 0; i < world->log_count; i++)
        log_record_free(world->log[i]);
    for (size_t i = 0; i < world->event_count; i++)
        json_decref(world->events[i].body);
}

void world_rows_free(struct world *world)
{
    free_contents(world);
    struct idmap *const maps[] = { &world->workflow_at, &world->timer_at, &world->key_at, &world->known_at };
    for (size_t i = 0; i < SW_COUNT(maps); i++)
        idmap_release(maps[i]);
    timers_release(&world->alarms);
    free(world->workflows);
    free(world->timers);
    free(world->keys);
    free(world->known);
    free(world->outbox);
    free(world->log);
    free(world->events);
}

static size_t place_of(const struct idmap *map, const char *key) { return (size_t)(uintptr_t)idmap_get(map, key); }

/* The key lies in the row itself, which stays where it is. */
static void put_place(struct world *world, struct idmap *map, const char *key, size_t place)
{
    assert(place <= world->room);
    bool put = idmap_put(map, key, (void *)(uintptr_t)place);
    assert(put);
}

struct world_row *world_row(const struct world *world, const char *id)
{
    size_t place = place_of(&world->workflow_at, id);
    return place ? &world->workflows[place - 1] : NULL;
}

struct world_row *world_row_add(struct world *world, const struct wf *wf)
{
    for (size_t i = 0; i < world->workflow_count; i++) /* UNIQUE (kind, sequence) */
        assert(world->workflows[i].wf->kind != wf->kind || world->workflows[i].wf->sequence != wf->sequence);
    assert(world->workflow_count < world->room);
    struct world_row *row = &world->workflows[world->workflow_count++];
    (void)sw_copy(row->id, sizeof row->id, wf->id); /* the same size */
    put_place(world, &world->workflow_at, row->id, world->workflow_count);
    return row;
}

static struct world_timer *timer_slot(struct world *world, const struct store_timer *timer)
{
    char key[sizeof world->timers->key];
    (void)snprintf(key, sizeof key, "%s %s", timer->workflow, timer->name);
    size_t place = place_of(&world->timer_at, key);
    if (place)
        return &world->timers[place - 1];
    assert(world->timer_slots < world->room);
    struct world_timer *slot = &world->timers[world->timer_slots++];
    (void)sw_copy(slot->key, sizeof slot->key, key);
    put_place(world, &world->timer_at, slot->key, world->timer_slots);
    return slot;
}

void world_timer_put(struct world *world, const struct store_timer *timer)
{
    struct world_timer *slot = timer_slot(world, timer);
    world->timer_count -= slot->timer.due_ms != 0;
    world->timer_count += timer->due_ms != 0;
    slot->timer = *timer;
    struct timer_item item = { .due_ms = timer->due_ms };
    (void)sw_copy(item.workflow, sizeof item.workflow, timer->workflow);
    (void)sw_copy(item.name, sizeof item.name, timer->name);
    bool added = !timer->due_ms || timers_add(&world->alarms, &item);
    assert(added);
}

static bool is_stale(struct world *world, const struct timer_item *item)
{
    struct store_timer timer = { 0 };
    (void)sw_copy(timer.workflow, sizeof timer.workflow, item->workflow);
    (void)sw_copy(timer.name, sizeof timer.name, item->name);
    return timer_slot(world, &timer)->timer.due_ms != item->due_ms;
}

int64_t world_timer_next(struct world *world)
{
    const struct timer_item *first = timers_first(&world->alarms);
    for (; first && is_stale(world, first); first = timers_first(&world->alarms))
        timers_drop_first(&world->alarms);
    return first ? first->due_ms : INT64_MAX;
}

const char *world_holder(const struct world *world, const char *key)
{
    size_t place = place_of(&world->key_at, key);
    return place && !world->keys[place - 1].gone ? world->keys[place - 1].workflow : NULL;
}

void world_key_put(struct world *world, const struct store_key *key)
{
    size_t place = place_of(&world->key_at, key->key);
    struct store_key *known = place ? &world->keys[place - 1] : NULL;
    if (key->gone && !sw_equal(world_holder(world, key->key), key->workflow))
        return; /* another has it by now, or nobody */
    if (!known) {
        assert(world->key_slots < world->room);
        known = &world->keys[world->key_slots++];
        *known = (struct store_key){ .gone = true };
        (void)sw_copy(known->key, sizeof known->key, key->key);
        put_place(world, &world->key_at, known->key, world->key_slots);
    }
    world->key_count -= !known->gone;
    world->key_count += !key->gone;
    (void)sw_copy(known->workflow, sizeof known->workflow, key->workflow);
    known->gone = key->gone;
}

const struct store_known *world_known(const struct world *world, const char *command)
{
    size_t place = place_of(&world->known_at, command);
    return place ? &world->known[place - 1] : NULL;
}

void world_known_add(struct world *world, const struct store_inbox *inbox)
{
    assert(world->known_count < world->room);
    struct store_known *known = &world->known[world->known_count++];
    (void)sw_copy(known->command, sizeof known->command, inbox->command);
    (void)sw_copy(known->hash, sizeof known->hash, inbox->hash);
    (void)sw_copy(known->workflow, sizeof known->workflow, inbox->workflow);
    put_place(world, &world->known_at, known->command, world->known_count);
}
