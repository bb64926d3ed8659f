/* SPDX-License-Identifier: Apache-2.0
 * From a `deploy` command to a deployment: queued, or rejected with the reason; both keep their id. */
#include "common/base/text.h"
#include "orchestrator/core/deployment_act.h"
#include "orchestrator/core/deployment_view.h"

#include <stdio.h>
#include <stdlib.h>

static bool set_facts(json_t *facts, const struct proto_command *command, const struct config_choice *choice)
{
    bool home = *choice->channel != '\0';
    return jx_set_string(facts, "service", choice->service) &&
           jx_set_string(facts, "environment", choice->environment) && jx_set_string(facts, "ref", choice->ref) &&
           jx_set_string(facts, "team", command->actor.team) && jx_set_string(facts, "user", command->actor.user) &&
           jx_set_string(facts, "channel", command->channel) &&
           jx_set_string(facts, "home_team", home ? command->actor.team : NULL) &&
           jx_set_string(facts, "home_channel", home ? choice->channel : NULL) &&
           jx_set_take(facts, "params", json_incref(choice->params));
}

static struct sw_status name_steps(struct wf *wf, const json_t *definition)
{
    json_t *attempts = json_array();
    for (size_t i = 0; i < wf->step_count; i++) {
        struct plan_step plan;
        struct sw_status status = plan_parse_step(definition, i, &plan);
        if (!sw_failed(status) && json_array_append_new(attempts, json_integer(plan.attempts)) != 0)
            status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
        if (sw_failed(status)) {
            json_decref(attempts);
            return status;
        }
        (void)sw_copy(wf->steps[i].name, sizeof wf->steps[i].name, plan.name); /* the same size */
    }
    return deployment_set_fact(wf, "attempts", attempts);
}

static void add_event(struct wf_update *update, const char *event)
{
    update->effects[update->effect_count++] = (struct wf_effect){ .kind = WF_EVENT, .event = event };
}

static struct sw_status add_reply(struct wf_update *update, const char *name, const struct config_refusal *refusal)
{
    struct proto_reply *reply = calloc(1, sizeof *reply);
    if (!reply)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    (void)sw_copy(reply->name, sizeof reply->name, name); /* a literal of ours */
    if (refusal) {
        (void)sw_copy(reply->code, sizeof reply->code, refusal->code); /* the same size */
        reply->text = sw_strdup(refusal->text);
        reply->why = *refusal->why ? sw_strdup(refusal->why) : NULL;
        reply->hint = *refusal->hint ? sw_strdup(refusal->hint) : NULL;
    }
    update->effects[update->effect_count++] = (struct wf_effect){ .kind = WF_REPLY, .reply = reply };
    return sw_ok();
}

static struct sw_status fill_queued(struct wf *wf, const struct proto_command *command,
                                    const struct config_choice *choice, const json_t *definition)
{
    if (!set_facts(wf->facts, command, choice))
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    wf->state = PROTO_DEPLOYMENT_QUEUED;
    (void)sw_copy(wf->lane, sizeof wf->lane, choice->lane); /* the same size */
    return name_steps(wf, definition);
}

static struct sw_status queue(const struct kind_world *world, const struct proto_command *command,
                              const struct config_choice *choice, struct kind_created *created)
{
    created->definition = plan_definition_new(world->config, choice);
    created->wf =
        created->definition ? wf_new(&DEPLOYMENT_KIND, command->workflow, plan_step_count(created->definition)) : NULL;
    if (!created->wf)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    SW_TRY(fill_queued(created->wf, command, choice, created->definition));
    created->wf->created_at_ms = world->now_ms;
    created->update.why = "asked for";
    add_event(&created->update, "queued");
    return add_reply(&created->update, "accepted", NULL);
}

/* What was asked for, as far as it was said and has a sensible length. */
static bool set_rejected_facts(json_t *facts, const struct proto_command *command, const struct config_refusal *refusal)
{
    static const char *const KEYS[] = { "service", "environment", "ref" };
    static const size_t SIZES[] = { PROTO_NAME_SIZE, PROTO_NAME_SIZE, PROTO_REF_SIZE };
    bool done = jx_set_string(facts, "team", command->actor.team) && jx_set_string(facts, "user", command->actor.user);
    for (size_t i = 0; i < SW_COUNT(KEYS); i++) {
        char text[PROTO_REF_SIZE];
        (void)sw_copy(text, SIZES[i], jx_string_or(command->args, KEYS[i], "")); /* cut: it was refused anyway */
        done = done && jx_set_string(facts, KEYS[i], text);
    }
    return done &&
           jx_set_take(facts, "error",
                       json_pack("{ss ss ss}", "code", refusal->code, "text", refusal->text, "hint", refusal->hint));
}

static struct sw_status reject(const struct kind_world *world, const struct proto_command *command,
                               const struct config_refusal *refusal, struct kind_created *created)
{
    created->wf = wf_new(&DEPLOYMENT_KIND, command->workflow, 0);
    if (!created->wf || !set_rejected_facts(created->wf->facts, command, refusal))
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    created->wf->state = PROTO_DEPLOYMENT_REJECTED;
    created->wf->final = true;
    created->wf->created_at_ms = created->wf->finished_at_ms = world->now_ms;
    created->update.why = jx_string(json_object_get(created->wf->facts, "error"), "code"); /* outlives the refusal */
    add_event(&created->update, "rejected");
    return add_reply(&created->update, "refused", refusal);
}

struct sw_status deployment_create(const struct kind_world *world, const struct proto_command *command,
                                   struct kind_created *ret_created)
{
    const struct config_request request = { .service = jx_string(command->args, "service"),
                                            .environment = jx_string(command->args, "environment"),
                                            .ref = jx_string(command->args, "ref"),
                                            .params = json_object_get(command->args, "params"),
                                            .actor = &command->actor,
                                            .channel = command->channel };
    struct config_choice choice = { 0 };
    struct config_refusal refusal = { 0 };
    struct kind_created created = { 0 };
    struct sw_status status = config_resolve(world->config, &request, &choice, &refusal)
                                  ? queue(world, command, &choice, &created)
                                  : reject(world, command, &refusal, &created);
    config_choice_release(&choice);
    if (sw_failed(status)) {
        kind_created_release(&created);
        return status;
    }
    *ret_created = created;
    return sw_ok();
}
