/* SPDX-License-Identifier: Apache-2.0
 * Machines are told what happened, and what they answer is acted on. */
#include "common/base/log.h"
#include "orchestrator/engine/engine.h"
#include "orchestrator/engine/figures.h"

static void no_memory(struct engine *engine)
{
    engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "workflows: out of memory"));
}

/* ---- effects ---- */

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
        announce_event(engine, entry, effect->event, effect->order);
        effect->order = NULL;
        return;
    case WF_REPLY:
        if (ret_reply) {
            *ret_reply = effect->reply;
            effect->reply = NULL;
        }
        return;
    case WF_HOLD:
        holds_begin(engine, entry, effect->hold);
        effect->hold = NULL;
        return;
    case WF_RELEASE:
        holds_end(engine, effect->hold_id);
        return;
    }
}

void tell_act(struct engine *engine, struct entry *entry, struct wf_update *update, struct proto_reply **ret_reply)
{
    world_touch(engine, entry);
    for (size_t i = 0; i < update->effect_count && !sw_failed(engine->failure); i++)
        apply_effect(engine, entry, &update->effects[i], ret_reply);
    if (entry->wf->final && engine->holds.count)
        holds_end_with(engine, entry);
    keys_renew(engine, entry);
    news_spread(engine, entry, update);
    wf_update_release(update);
}

/* ---- telling ---- */

static void log_change(const struct wf *from, const struct wf *to, const char *why)
{
    if (from->state != to->state)
        sw_info("state changed", sw_s("workflow", to->id), sw_s("from", from->kind->state_name(from->state)),
                sw_s("to", to->kind->state_name(to->state)), sw_s("why", why));
}

static void count_events(const struct wf *wf, const struct wf_input *input, const struct wf_update *update)
{
    for (size_t i = 0; i < update->effect_count; i++)
        if (update->effects[i].kind == WF_EVENT && figures_event(wf->kind, update->effects[i].event))
            sw_info("announced", sw_s("workflow", wf->id), sw_s("event", update->effects[i].event),
                    sw_s("by", input->command ? input->command->actor.user : ""), sw_s("why", update->why));
}

static void leave_line(struct lane *lane, struct entry *entry)
{
    lane_leave(lane, entry);
    entry->held = NULL;
    entry->held_count = 0;
}

/* Keeps the lane's books after a change of state. */
static void move_in_lane(struct engine *engine, struct entry *entry, bool was_active, bool was_waiting)
{
    struct lane *lane = *entry->wf->lane ? lanes_get(&engine->lanes, entry->wf->lane) : NULL;
    if (!lane)
        return;
    if (was_waiting && !entry->wf->kind->waits(entry->wf))
        leave_line(lane, entry);
    if (entry->wf->active)
        lane->active = entry;
    else if (was_active && lane->active == entry) {
        lane->active = NULL;
        lane->moved = true; /* for those that are held: nobody is admitted in its stead */
    }
}

struct sw_status tell_workflow(struct engine *engine, struct entry *entry, struct wf_input *input,
                               struct proto_reply **ret_reply)
{
    struct wf_update update = { 0 };
    bool was_active = entry->wf->active, was_waiting = entry->wf->kind->waits(entry->wf);
    input->now_ms = engine->now_ms;
    input->random = engine->options->random(engine->options->random_self);
    input->config = engine->config;
    input->reads = &engine->reads;
    input->definition = entry->wf->final ? NULL : world_definition(engine, entry);
    struct wf *copy = wf_copy_new(entry->wf);
    if (!copy) {
        no_memory(engine);
        return engine->failure;
    }
    entry->told++;
    struct sw_status status = copy->kind->step(copy, input, &update);
    entry->told--;
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
    if (entry->held && entry->wf->kind->waits(entry->wf))
        holds_look(engine, entry);
    count_events(entry->wf, input, &update);
    tell_act(engine, entry, &update, ret_reply);
    if (was_active && !entry->wf->active && *entry->wf->lane)
        admit_lane(engine, lanes_get(&engine->lanes, entry->wf->lane));
    return sw_ok();
}
