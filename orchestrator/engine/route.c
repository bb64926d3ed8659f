/* SPDX-License-Identifier: Apache-2.0
 * A command finds its workflow: a new one, or the one that it is about; or it is a question to a kind. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"
#include "proto/workflow_id.h"

#include <stdlib.h>
#include <string.h>

/* ---- answering ---- */

bool route_wants_reply(const struct proto_command *command)
{
    static const char *const MACHINES[] = { "relay", "event", "hook" };
    for (size_t i = 0; i < SW_COUNT(MACHINES); i++)
        if (sw_equal(command->origin, MACHINES[i]))
            return false;
    return !sw_equal(command->name, "receipt");
}

/* Takes the reply. NULL: nothing is said. */
static void answer(struct engine *engine, const struct proto_command *command, struct proto_reply *reply,
                   struct entry *entry)
{
    if (reply && route_wants_reply(command)) {
        announce_reply(engine, command, reply, entry);
        return;
    }
    if (reply)
        proto_reply_release(reply);
    free(reply);
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
    announce_reply(engine, command, kind_reply_new("refused", code, text, hint), entry);
}

/* ---- a new one ---- */

static void pin_and_enter(struct engine *engine, struct entry *entry)
{
    if (entry->definition)
        world_pin(engine, entry);
    struct lane *lane = *entry->wf->lane && !entry->wf->final ? lanes_get(&engine->lanes, entry->wf->lane) : NULL;
    if (lane)
        lane->moved = lane->moved || lane_length(lane) > 1;
}

static struct proto_reply *take_reply(struct wf_update *update)
{
    struct proto_reply *reply = NULL;
    for (size_t i = 0; i < update->effect_count && !reply; i++) {
        reply = update->effects[i].reply;
        update->effects[i].reply = NULL;
    }
    return reply;
}

/* NULL after a failure of the engine. */
static struct entry *enter(struct engine *engine, const struct proto_command *command, struct kind_created *created)
{
    created->wf->number = ++engine->last_number;
    created->wf->sequence = ++*reads_sequence(engine, created->wf->kind);
    struct entry *entry = world_add(engine, created->wf, created->definition);
    created->wf = NULL;
    created->definition = NULL;
    if (!entry)
        return NULL;
    sw_info("taken", sw_s("workflow", entry->wf->id), sw_s("state", entry->wf->kind->state_name(entry->wf->state)),
            sw_s("command", command->id), sw_s("why", created->update.why));
    pin_and_enter(engine, entry);
    for (size_t i = 0; i < entry->wf->step_count; i++)
        entry->changed_steps |= UINT64_C(1) << i;
    tell_act(engine, entry, &created->update, NULL);
    if (*entry->wf->lane && !entry->wf->final)
        admit_lane(engine, lanes_get(&engine->lanes, entry->wf->lane));
    return entry;
}

static enum store_disposition create(struct engine *engine, const struct wf_kind *kind,
                                     const struct proto_command *command)
{
    const struct kind_world world = reads_world(engine, kind);
    struct kind_created created = { 0 };
    struct sw_status status = kind->create(&world, command, &created);
    if (sw_failed(status)) {
        engine_fail(engine, status);
        return STORE_REFUSED;
    }
    struct proto_reply *reply = take_reply(&created.update);
    bool refused = !created.wf;
    if (refused && reply && !route_wants_reply(command)) /* a machine is not told why, so an operator is */
        sw_info("refused", sw_s("command", command->id), sw_s("code", reply->code),
                sw_s("reason", reply->text ? reply->text : ""));
    struct entry *entry = refused ? NULL : enter(engine, command, &created);
    answer(engine, command, reply, entry);
    kind_created_release(&created);
    return refused ? STORE_REFUSED : STORE_DONE;
}

/* ---- the one that it is about ---- */

static const char *target_of(const struct proto_command *command)
{
    const char *target = jx_string(command->args, "target");
    return target && *target ? target : command->workflow;
}

static enum store_disposition tell(struct engine *engine, struct entry *entry, const struct proto_command *command)
{
    struct wf_input input = { .kind = WF_COMMAND, .command = command };
    struct proto_reply *reply = NULL;
    struct sw_status status = tell_workflow(engine, entry, &input, &reply);
    if (!sw_failed(status))
        answer(engine, command, reply, entry);
    else if (route_wants_reply(command))
        answer_refusal(engine, command, &status, entry);
    else
        sw_warn("refused", sw_s("command", command->id), sw_s("workflow", entry->wf->id), sw_e(&status));
    return sw_failed(status) ? STORE_REFUSED : STORE_DONE;
}

static enum store_disposition not_found(struct engine *engine, const struct wf_kind *kind,
                                        const struct proto_command *command)
{
    struct proto_reply *reply = NULL;
    if (sw_failed(engine->failure))
        return STORE_REFUSED;
    if (!kind || !kind->astray) {
        if (route_wants_reply(command))
            queries_not_found(engine, command, target_of(command));
        return STORE_REFUSED;
    }
    const struct kind_world world = reads_world(engine, kind);
    engine_fail(engine, kind->astray(&world, command, &reply));
    answer(engine, command, reply, NULL);
    return STORE_REFUSED;
}

static struct entry *find_by_key(struct engine *engine, const struct wf_kind *kind, const struct proto_command *command)
{
    char key[WF_KEY_SIZE];
    const struct kind_world world = reads_world(engine, kind);
    return kind->command_key && kind->command_key(&world, command, key) ? keys_find(engine, key) : NULL;
}

/* kind: whose it must be; NULL: anyone's. */
static struct entry *find(struct engine *engine, const struct wf_kind *kind, const struct proto_command *command)
{
    const char *target = target_of(command);
    bool is_id = proto_workflow_id_valid(target);
    const struct wf_kind *of = is_id ? kind_by_id(target) : NULL;
    if (kind && !is_id)
        return find_by_key(engine, kind, command);
    return of && (!kind || of == kind) ? world_find(engine, target) : NULL;
}

static enum store_disposition ask(struct engine *engine, const struct wf_kind *kind,
                                  const struct proto_command *command)
{
    const struct kind_world world = reads_world(engine, kind);
    struct proto_reply *reply = NULL;
    engine_fail(engine, kind->answer(&world, command, &reply));
    answer(engine, command, reply, NULL);
    return STORE_DONE;
}

/* ---- the way ---- */

static bool is_known_to_all(const char *name)
{
    static const char *const NAMES[] = { "cancel", "retry", "receipt" };
    for (size_t i = 0; i < SW_COUNT(NAMES); i++)
        if (sw_equal(name, NAMES[i]))
            return true;
    return false;
}

bool route_knows(const char *name)
{
    enum kind_way way;
    return kind_by_command(name, &way) || is_known_to_all(name) || queries_know(name);
}

struct sw_status route_check(const struct proto_command *command)
{
    enum kind_way way;
    const struct wf_kind *kind = kind_by_command(command->name, &way);
    bool creates = kind && (way == KIND_CREATES || way == KIND_TELLS_OR_CREATES);
    if (creates && (!proto_workflow_id_valid(command->workflow) || kind_by_id(command->workflow) != kind))
        return sw_fail(SW_CODE_INVALID, "workflow: \"%s\" is no id of a %s", command->workflow, kind->name);
    return sw_ok();
}

static enum store_disposition tell_or_create(struct engine *engine, const struct wf_kind *kind,
                                             const struct proto_command *command,
                                             char ret_workflow[PROTO_WORKFLOW_ID_SIZE])
{
    struct entry *entry = find_by_key(engine, kind, command);
    if (!entry)
        return sw_failed(engine->failure) ? STORE_REFUSED : create(engine, kind, command);
    (void)sw_copy(ret_workflow, PROTO_WORKFLOW_ID_SIZE, entry->id); /* the same size */
    return tell(engine, entry, command);
}

enum store_disposition route_command(struct engine *engine, const struct proto_command *command,
                                     char ret_workflow[PROTO_WORKFLOW_ID_SIZE])
{
    enum kind_way way = KIND_TELLS;
    const struct wf_kind *kind = kind_by_command(command->name, &way);
    (void)sw_copy(ret_workflow, PROTO_WORKFLOW_ID_SIZE, command->workflow); /* the same size */
    if (!kind && queries_answer(engine, command))
        return STORE_DONE;
    switch (way) {
    case KIND_CREATES:
        return create(engine, kind, command);
    case KIND_ANSWERS:
        return ask(engine, kind, command);
    case KIND_TELLS_OR_CREATES:
        return tell_or_create(engine, kind, command, ret_workflow);
    case KIND_TELLS:
        break;
    }
    struct entry *entry = find(engine, kind, command);
    if (!entry)
        return not_found(engine, kind, command);
    (void)sw_copy(ret_workflow, PROTO_WORKFLOW_ID_SIZE, entry->id);
    return tell(engine, entry, command);
}
