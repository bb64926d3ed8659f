/* SPDX-License-Identifier: Apache-2.0
 * Durable timers, and the refresh of what people in line see. A timer that fires is cleared in the same commit as what
 * it causes, so it fires once; after an outage it fires once too, late. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"

enum { LINE_EVERY_MS = 10 * 1000, LINE_SHOWN = 20, MAX_FIRED = 256 };

static bool store_row(struct engine *engine, const struct entry *entry, const char *name, int64_t due_ms)
{
    struct store_timer *row = vec_push(&engine->filling->timers, sizeof *row);
    if (!row)
        return false;
    (void)sw_copy(row->workflow, sizeof row->workflow, entry->wf->id); /* the same sizes */
    (void)sw_copy(row->name, sizeof row->name, name);
    row->due_ms = due_ms;
    return true;
}

bool clocks_set(struct engine *engine, struct entry *entry, const char *name, int64_t due_ms)
{
    struct timer_item item = { .due_ms = due_ms };
    if (due_ms == 0 && entry_timer_due(entry, name) == 0)
        return true;
    (void)sw_copy(item.workflow, sizeof item.workflow, entry->wf->id);
    (void)sw_copy(item.name, sizeof item.name, name);
    return entry_timer_set(entry, name, due_ms) && store_row(engine, entry, name, due_ms) &&
           (due_ms == 0 || timers_add(&engine->timers, &item));
}

static void fire(struct engine *engine, const struct timer_item *item)
{
    struct entry *entry = idmap_get(&engine->entries, item->workflow);
    struct wf_input input = { .kind = WF_TIMER, .timer = item->name };
    if (!entry || entry_timer_due(entry, item->name) != item->due_ms)
        return; /* set anew or cleared since */
    if (!clocks_set(engine, entry, item->name, 0)) {
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "timers: out of memory"));
        return;
    }
    struct sw_status status = tell_workflow(engine, entry, &input, NULL);
    if (sw_failed(status))
        sw_warn("a timer was refused", sw_s("workflow", item->workflow), sw_s("timer", item->name), sw_e(&status));
}

int64_t clocks_run(struct engine *engine)
{
    const struct timer_item *first = timers_first(&engine->timers);
    for (int fired = 0; first && first->due_ms <= engine->now_ms; first = timers_first(&engine->timers)) {
        struct timer_item item = *first;
        if (sw_failed(engine->failure) || fired++ == MAX_FIRED)
            return engine->monotonic_ms;
        timers_drop_first(&engine->timers);
        fire(engine, &item);
    }
    return first ? engine_when(engine, first->due_ms) : INT64_MAX;
}

static void refresh_lane(struct engine *engine, struct lane *lane)
{
    struct wf_input input = { .kind = WF_TIMER, .timer = "line" };
    lane->moved = false;
    for (size_t place = 1; place <= LINE_SHOWN && place <= lane_length(lane); place++) {
        struct sw_status status = tell_workflow(engine, lane_at(lane, place), &input, NULL);
        if (sw_failed(status))
            sw_warn("the place in line cannot be shown", sw_s("lane", lane->name), sw_e(&status));
    }
}

int64_t clocks_refresh_line(struct engine *engine)
{
    bool owed = false;
    for (size_t i = 0; i < engine->lanes.count && !owed; i++)
        owed = engine->lanes.all[i]->moved && lane_length(engine->lanes.all[i]) > 0;
    if (!owed)
        return INT64_MAX;
    if (engine->monotonic_ms < engine->line_due_ms)
        return engine->line_due_ms;
    engine->line_due_ms = engine->monotonic_ms + LINE_EVERY_MS;
    for (size_t i = 0; i < engine->lanes.count && !sw_failed(engine->failure); i++)
        if (engine->lanes.all[i]->moved)
            refresh_lane(engine, engine->lanes.all[i]);
    return engine->line_due_ms;
}
