/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/command.h"

#include "common/base/text.h"
#include "proto/fields.h"

#include <string.h>

enum { SEALED_MAX = 4096, MAX_GROUPS = 200 };

void proto_command_release(struct proto_command *command)
{
    json_decref(command->actor.groups);
    json_decref(command->args);
    free(command->text);
    free(command->reply_to);
    *command = (struct proto_command){ 0 };
}

static json_t *encode_guest(enum proto_membership membership)
{
    return membership == PROTO_MEMBER_UNKNOWN ? json_null() : json_boolean(membership == PROTO_MEMBER_GUEST);
}

static json_t *encode_actor(const struct proto_actor *actor)
{
    json_t *json = json_object();
    bool done = proto_set_text(json, "team", actor->team) && proto_set_text(json, "user", actor->user) &&
                proto_set_text(json, "enterprise", actor->enterprise) &&
                jx_set_take(json, "guest", encode_guest(actor->membership)) &&
                jx_set_take(json, "foreign", json_boolean(actor->foreign)) &&
                jx_set_take(json, "groups", actor->groups ? json_incref(actor->groups) : json_null()) &&
                proto_set_text(json, "name", actor->name) && proto_set_text(json, "zone", actor->zone);
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *encode_said(const struct proto_message_place *said)
{
    json_t *json = *said->ts ? json_object() : json_null();
    bool done =
        !*said->ts || (jx_set_string(json, "ts", said->ts) && proto_set_text(json, "thread_ts", said->thread_ts));
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

json_t *proto_command_encode(const struct proto_command *command)
{
    json_t *json = json_object();
    bool done = jx_set_string(json, "command", command->id) && proto_set_text(json, "workflow", command->workflow) &&
                jx_set_take(json, "actor", encode_actor(&command->actor)) &&
                proto_set_text(json, "channel", command->channel) &&
                jx_set_take(json, "said", encode_said(&command->said)) &&
                proto_set_text(json, "origin", command->origin) && proto_set_text(json, "gateway", command->gateway) &&
                jx_set_string(json, "text", command->text) && jx_set_string(json, "reply_to", command->reply_to) &&
                jx_set_time(json, "at", command->at_ms) &&
                jx_set_take(json, "args", command->args ? json_incref(command->args) : json_object());
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

static struct sw_status decode_groups(const json_t *json, json_t **ret_groups)
{
    json_t *groups = json_object_get(json, "groups");
    size_t index;
    json_t *group;
    if (!groups || json_is_null(groups))
        return sw_ok();
    if (!json_is_array(groups) || json_array_size(groups) > MAX_GROUPS)
        return sw_fail(SW_CODE_INVALID, "groups: must be an array of at most %d ids", MAX_GROUPS);
    json_array_foreach(groups, index, group)
    {
        if (!json_is_string(group) || json_string_length(group) >= PROTO_SLACK_ID_SIZE)
            return sw_fail(SW_CODE_INVALID, "groups: item %zu is no id", index);
    }
    *ret_groups = json_incref(groups);
    return sw_ok();
}

static struct sw_status decode_actor(const json_t *json, struct proto_actor *ret_actor)
{
    const json_t *guest = json_object_get(json, "guest");
    SW_TRY(proto_read_text(json, "team", ret_actor->team, sizeof ret_actor->team));
    SW_TRY(proto_read_text(json, "user", ret_actor->user, sizeof ret_actor->user));
    SW_TRY(proto_read_text(json, "enterprise", ret_actor->enterprise, sizeof ret_actor->enterprise));
    ret_actor->membership = !json_is_boolean(guest) ? PROTO_MEMBER_UNKNOWN
                            : json_is_true(guest)   ? PROTO_MEMBER_GUEST
                                                    : PROTO_MEMBER_FULL;
    ret_actor->foreign = jx_bool_or(json, "foreign", false);
    SW_TRY(proto_read_text(json, "name", ret_actor->name, sizeof ret_actor->name));
    SW_TRY(proto_read_text(json, "zone", ret_actor->zone, sizeof ret_actor->zone));
    return decode_groups(json, &ret_actor->groups);
}

static struct sw_status decode_said(const json_t *json, struct proto_message_place *ret_said)
{
    const json_t *said = json_object_get(json, "said");
    if (!said || json_is_null(said))
        return sw_ok();
    if (!json_is_object(said))
        return sw_fail(SW_CODE_INVALID, "no object");
    SW_TRY(proto_need_text(said, "ts", ret_said->ts, sizeof ret_said->ts));
    return proto_read_text(said, "thread_ts", ret_said->thread_ts, sizeof ret_said->thread_ts);
}

static struct sw_status decode_parts(const json_t *json, struct proto_command *ret_command)
{
    const json_t *actor, *args;
    SW_TRY(proto_need_text(json, "command", ret_command->id, sizeof ret_command->id));
    SW_TRY(proto_read_text(json, "workflow", ret_command->workflow, sizeof ret_command->workflow));
    SW_TRY(jx_need_object(json, "actor", &actor));
    SW_TRY(sw_wrap(decode_actor(actor, &ret_command->actor), "actor"));
    SW_TRY(proto_read_text(json, "channel", ret_command->channel, sizeof ret_command->channel));
    SW_TRY(sw_wrap(decode_said(json, &ret_command->said), "said"));
    SW_TRY(proto_read_text(json, "origin", ret_command->origin, sizeof ret_command->origin));
    SW_TRY(proto_read_text(json, "gateway", ret_command->gateway, sizeof ret_command->gateway));
    SW_TRY(proto_read_new(json, "text", PROTO_COMMAND_TEXT_MAX, &ret_command->text));
    SW_TRY(proto_read_new(json, "reply_to", SEALED_MAX, &ret_command->reply_to));
    SW_TRY(proto_read_time(json, "at", &ret_command->at_ms));
    SW_TRY(jx_need_object(json, "args", &args));
    ret_command->args = json_incref((json_t *)(uintptr_t)args);
    return sw_ok();
}

struct sw_status proto_command_decode(const char *name, const json_t *json, struct proto_command *ret_command)
{
    struct proto_command command = { 0 };
    if (!json_is_object(json))
        return sw_fail(SW_CODE_INVALID, "command \"%s\": no JSON object", name);
    if (!sw_copy(command.name, sizeof command.name, name))
        return sw_fail(SW_CODE_INVALID, "command: name too long");
    struct sw_status status = decode_parts(json, &command);
    if (sw_failed(status)) {
        proto_command_release(&command);
        return sw_wrap(status, "command \"%s\"", name);
    }
    *ret_command = command;
    return sw_ok();
}
