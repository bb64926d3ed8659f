/* SPDX-License-Identifier: Apache-2.0
 * Holds: what stops matching workflows from starting. Each one that waits knows the first hold that concerns it; that
 * is worked out anew when a hold begins, changes or ends, so admission only looks. A held one keeps its place and is
 * stepped over. A hold ends when it is released, when its time is over, or with the workflow that ordered it. What a
 * kind lets pass is passed: each one that waits is looked at again after its own turns. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"

#include <stdlib.h>

enum { LINE_SHOWN = 20 };

static struct wf_hold **all(struct engine *engine) { return engine->holds.data; }

static struct wf_hold *find(struct engine *engine, const char *id)
{
    for (size_t i = 0; i < engine->holds.count; i++)
        if (sw_equal(all(engine)[i]->id, id))
            return all(engine)[i];
    return NULL;
}

static void no_memory(struct engine *engine)
{
    engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "holds: out of memory"));
}

/* Takes the hold. */
static void keep(struct engine *engine, struct wf_hold *hold)
{
    struct wf_hold **slot = vec_push(&engine->holds, sizeof hold);
    if (slot) {
        *slot = hold;
        return;
    }
    free(hold);
    no_memory(engine);
}

static void store_row(struct engine *engine, const struct wf_hold *hold, bool gone)
{
    struct store_hold *row = vec_push(&engine->filling->holds, sizeof *row);
    if (row)
        *row = (struct store_hold){ .hold = *hold, .gone = gone };
    else
        no_memory(engine);
}

/* ---- who is concerned ---- */

const struct wf_hold *holds_next(struct engine *engine, const struct wf *wf, size_t *place)
{
    while (wf->kind->held && *place < engine->holds.count) {
        const struct wf_hold *hold = all(engine)[(*place)++];
        if (wf->kind->held(wf, hold))
            return hold;
    }
    return NULL;
}

/* True: there are others than before, or `changed` is one of them. */
static bool look(struct engine *engine, struct entry *entry, const struct wf_hold *changed)
{
    size_t place = 0, count = 0;
    bool moved = false;
    const struct wf_hold *first = NULL, *hold;
    while ((hold = holds_next(engine, entry->wf, &place))) {
        first = first ? first : hold;
        moved = moved || hold == changed;
        count++;
    }
    moved = moved || first != entry->held || count != entry->held_count;
    entry->held = first;
    entry->held_count = count;
    return moved;
}

void holds_join(struct engine *engine, struct entry *entry) { (void)look(engine, entry, NULL); }

void holds_look(struct engine *engine, struct entry *entry)
{
    const struct wf_hold *before = entry->held;
    if (!look(engine, entry, NULL) || entry->held)
        return;
    sw_info("holds are passed", sw_s("workflow", entry->id), sw_s("hold", before ? before->id : ""));
    engine->holds_moved = true; /* it may begin, in this pass and the same commit */
}

size_t holds_waiting(const struct engine *engine, const struct wf_hold *hold)
{
    size_t count = 0;
    for (size_t i = 0; i < engine->lanes.count; i++)
        for (size_t place = 1; place <= lane_length(engine->lanes.all[i]); place++)
            count += lane_at(engine->lanes.all[i], place)->held == hold;
    return count;
}

/* changed: the hold that became another one in place; NULL: none. */
static void renew(struct engine *engine, const struct wf_hold *changed)
{
    for (size_t i = 0; i < engine->lanes.count; i++)
        for (size_t place = 1; place <= lane_length(engine->lanes.all[i]); place++) {
            struct entry *entry = lane_at(engine->lanes.all[i], place);
            entry->held_moved = look(engine, entry, changed) || entry->held_moved;
        }
    engine->holds_moved = true;
}

/* ---- begin and end ---- */

void holds_begin(struct engine *engine, const struct entry *entry, struct wf_hold *hold)
{
    struct wf_hold *known = find(engine, hold->id);
    (void)sw_copy(hold->origin, sizeof hold->origin, entry->id); /* the same size */
    sw_info("hold", sw_s("workflow", entry->id), sw_s("hold", hold->id), sw_s("service", hold->service),
            sw_s("environment", hold->environment), sw_s("why", hold->reason));
    store_row(engine, hold, false);
    if (known) {
        *known = *hold;
        free(hold);
    } else
        keep(engine, hold);
    renew(engine, known);
}

static void end_at(struct engine *engine, size_t at, const char *why)
{
    struct wf_hold *hold = all(engine)[at];
    sw_info("hold is over", sw_s("workflow", hold->origin), sw_s("hold", hold->id), sw_s("why", why));
    store_row(engine, hold, true);
    all(engine)[at] = all(engine)[engine->holds.count - 1];
    engine->holds.count--;
    renew(engine, NULL);
    free(hold);
}

void holds_end(struct engine *engine, const char *id)
{
    for (size_t i = 0; i < engine->holds.count; i++)
        if (sw_equal(all(engine)[i]->id, id)) {
            end_at(engine, i, "released");
            return;
        }
}

void holds_end_with(struct engine *engine, const struct entry *origin)
{
    for (size_t i = engine->holds.count; i-- > 0;)
        if (sw_equal(all(engine)[i]->origin, origin->id))
            end_at(engine, i, "what ordered it has ended");
}

/* ---- in each pass ---- */

static void end_expired(struct engine *engine)
{
    for (size_t i = engine->holds.count; i-- > 0;)
        if (all(engine)[i]->until_ms && all(engine)[i]->until_ms <= engine->now_ms)
            end_at(engine, i, "its time is over");
}

/* Far behind in the line nobody looks, unless a clock of its own is running: then somebody is asked about it. */
static bool is_looked_at(const struct entry *entry, size_t place) { return place <= LINE_SHOWN || entry->timers; }

static void show(struct engine *engine, struct lane *lane)
{
    for (size_t place = 1; place <= lane_length(lane); place++) {
        struct entry *entry = lane_at(lane, place);
        struct wf_input input = { .kind = WF_TIMER, .timer = "line" };
        bool moved = entry->held_moved && is_looked_at(entry, place);
        entry->held_moved = false;
        struct sw_status status = moved ? tell_workflow(engine, entry, &input, NULL) : sw_ok();
        if (sw_failed(status))
            sw_warn("what holds it cannot be shown", sw_s("workflow", entry->id), sw_e(&status));
    }
}

/* First those begin that may; then those that still wait show what for. */
static void settle(struct engine *engine)
{
    engine->holds_moved = false;
    admit_all(engine);
    for (size_t i = 0; i < engine->lanes.count && !sw_failed(engine->failure); i++)
        show(engine, engine->lanes.all[i]);
}

int64_t holds_run(struct engine *engine)
{
    int64_t due_ms = INT64_MAX;
    end_expired(engine);
    if (engine->holds_moved)
        settle(engine);
    for (size_t i = 0; i < engine->holds.count; i++)
        if (all(engine)[i]->until_ms && all(engine)[i]->until_ms < due_ms)
            due_ms = all(engine)[i]->until_ms;
    return due_ms == INT64_MAX ? due_ms : engine_when(engine, due_ms);
}

/* ---- loading ---- */

void holds_load(struct engine *engine, const struct store_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->hold_count && !sw_failed(engine->failure); i++) {
        struct wf_hold *hold = malloc(sizeof *hold);
        if (!hold) {
            no_memory(engine);
            return;
        }
        *hold = snapshot->holds[i];
        keep(engine, hold);
    }
}

void holds_release(struct engine *engine)
{
    for (size_t i = 0; i < engine->holds.count; i++)
        free(all(engine)[i]);
    vec_release(&engine->holds);
}
