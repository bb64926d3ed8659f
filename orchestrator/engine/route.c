/* SPDX-License-Identifier: Apache-2.0
 * A command finds its workflow: a new one, or the one that it is about. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"

#include <string.h>

bool route_from_person(const struct proto_command *command) { return !sw_equal(command->name, "receipt"); }

static void pin_and_enter(struct engine *engine, struct entry *entry)
{
    if (entry->definition)
        world_pin(engine, entry);
    struct lane *lane = *entry->wf->lane && !entry->wf->final ? lanes_get(&engine->lanes, entry->wf->lane) : NULL;
    if (lane)
        lane->moved = lane->moved || lane_length(lane) > 1;
}

static void create(struct engine *engine, const struct wf_kind *kind, const struct proto_command *command)
{
    const struct kind_world world = { .config = engine->config, .now_ms = engine->now_ms };
    struct kind_created created = { 0 };
    struct proto_reply *reply = NULL;
    struct sw_status status = kind->create(&world, command, &created);
    if (sw_failed(status)) {
        engine_fail(engine, status);
        return;
    }
    created.wf->number = ++engine->last_number;
    struct entry *entry = world_add(engine, created.wf, created.definition);
    if (!entry) {
        wf_update_release(&created.update);
        return;
    }
    sw_info("taken", sw_s("workflow", entry->wf->id), sw_s("state", kind->state_name(entry->wf->state)),
            sw_s("command", command->id), sw_s("why", created.update.why));
    pin_and_enter(engine, entry);
    for (size_t i = 0; i < entry->wf->step_count; i++)
        entry->changed_steps |= UINT64_C(1) << i;
    tell_act(engine, entry, &created.update, &reply);
    if (*entry->wf->lane && !entry->wf->final)
        admit_lane(engine, lanes_get(&engine->lanes, entry->wf->lane));
    announce_reply(engine, command, reply, entry);
}

static void answer_refusal(struct engine *engine, const struct proto_command *command, const struct sw_status *status,
                           struct entry *entry)
{
    char text[SW_STATUS_TEXT_SIZE];
    (void)sw_copy(text, sizeof text, status->text);
    char *hint = strstr(text, "HINT: ");
    if (hint) {
        hint[-1] = '\0';
        hint += strlen("HINT: ");
    }
    const char *code = status->code == SW_CODE_AUTH ? "E-NOT-ALLOWED" : "E-NOT-POSSIBLE";
    announce_reply(engine, command, announce_reply_new("refused", code, text, hint), entry);
}

static const char *target_of(const struct proto_command *command)
{
    const char *target = jx_string(command->args, "target");
    return target && *target ? target : command->workflow;
}

static enum store_disposition tell(struct engine *engine, const struct proto_command *command)
{
    const char *target = target_of(command);
    struct entry *entry = kind_by_id(target) ? world_find(engine, target) : NULL;
    struct wf_input input = { .kind = WF_COMMAND, .command = command };
    struct proto_reply *reply = NULL;
    if (!entry) {
        if (route_from_person(command) && !sw_failed(engine->failure))
            queries_not_found(engine, command, target);
        return STORE_REFUSED;
    }
    struct sw_status status = tell_workflow(engine, entry, &input, &reply);
    if (!sw_failed(status) && route_from_person(command))
        announce_reply(engine, command, reply, entry);
    else if (sw_failed(status) && route_from_person(command))
        answer_refusal(engine, command, &status, entry);
    else if (sw_failed(status))
        sw_warn("refused", sw_s("command", command->id), sw_s("workflow", target), sw_e(&status));
    return sw_failed(status) ? STORE_REFUSED : STORE_DONE;
}

enum store_disposition route_command(struct engine *engine, const struct proto_command *command)
{
    const struct wf_kind *kind = kind_by_command(command->name);
    if (!kind)
        return queries_answer(engine, command) ? STORE_DONE : tell(engine, command);
    create(engine, kind, command);
    return STORE_DONE;
}
