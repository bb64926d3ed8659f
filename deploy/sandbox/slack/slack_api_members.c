/* SPDX-License-Identifier: Apache-2.0
 * slack_api_members: conversations.join, .leave, .invite and .kick. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

#include <string.h>

enum { MAX_INVITED = 1000 };

json_t *slack_conv_join(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_channel *channel = slack_api_channel(call, SLACK_FACTS, &answer);
    if (!channel)
        return answer;
    if (channel->kind != SLACK_PUBLIC)
        return slack_api_error_new("method_not_supported_for_channel_type");
    if (channel->is_archived)
        return slack_api_error_new("is_archived");
    if (slack_channel_has_app(channel))
        (void)json_array_append_new(call->warnings, json_string("already_in_channel"));
    else
        slack_act_join(call->slack, channel, slack_api_app(), NULL);
    return slack_api_channel_new(channel);
}

json_t *slack_conv_leave(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_channel *channel = slack_api_channel(call, SLACK_FACTS, &answer);
    if (!channel)
        return answer;
    if (slack_channel_is_direct(channel))
        return slack_api_error_new("method_not_supported_for_channel_type");
    if (channel->is_archived)
        return slack_api_error_new("is_archived");
    if (channel->is_general)
        return slack_api_error_new("cant_leave_general");
    if (!slack_channel_has_app(channel))
        return json_pack("{s:b,s:b}", "ok", 1, "not_in_channel", 1);
    if (channel->kind == SLACK_PRIVATE && slack_channel_size(channel) == 1)
        return slack_api_error_new("last_member");
    slack_act_leave(call->slack, channel, slack_api_app(), NULL);
    return slack_api_ok_new();
}

struct invitation {
    uint64_t good; /* those who can come */
    json_t *errors;
    int32_t count;
};

static void sort_out(const struct slack_channel *channel, const char *users, struct invitation *invitation)
{
    SW_AUTO_FREE char *copy = sw_strdup(users);
    char *save = NULL;
    for (char *id = strtok_r(copy, ", ", &save); id; id = strtok_r(NULL, ", ", &save)) {
        const struct slack_user *user = id[0] == 'U' || id[0] == 'W' ? slack_user_find(id) : NULL;
        const char *error = slack_invite_error(channel, slack_api_app(), user);
        invitation->count++;
        if (error)
            (void)json_array_append_new(invitation->errors,
                                        json_pack("{s:s,s:b,s:s}", "user", id, "ok", 0, "error", error));
        else
            invitation->good |= slack_user_bit(user);
    }
}

static void invite(struct slack_call *call, struct slack_channel *channel, uint64_t people)
{
    size_t count = 0;
    const struct slack_user *users = slack_users(&count);
    for (size_t i = 0; i < count; i++)
        if (people & slack_user_bit(&users[i]))
            slack_act_join(call->slack, channel, &users[i], slack_api_app());
}

/* One who cannot be invited keeps the others out, unless `force` is given. */
json_t *slack_conv_invite(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_channel *channel = slack_api_channel(call, SLACK_WRITE, &answer);
    const char *users = slack_arg_string(call->args, "users");
    if (!channel)
        return answer;
    if (slack_channel_is_direct(channel))
        return slack_api_error_new("method_not_supported_for_channel_type");
    if (!users)
        return slack_api_error_new("no_user");
    JX_AUTO json_t *errors = json_array();
    struct invitation invitation = { .errors = errors };
    sort_out(channel, users, &invitation);
    if (invitation.count == 0 || invitation.count > MAX_INVITED)
        return slack_api_error_new(invitation.count ? "too_many_users" : "no_user");
    bool refused = json_array_size(errors) > 0;
    if (!refused || slack_arg_bool(call->args, "force", false))
        invite(call, channel, invitation.good);
    if (!refused)
        return slack_api_channel_new(channel);
    answer = slack_api_error_new(jx_string(json_array_get(errors, 0), "error"));
    (void)json_object_set(answer, "errors", errors);
    return answer;
}

json_t *slack_conv_kick(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_channel *channel = slack_api_channel(call, SLACK_READ, &answer);
    const char *id = slack_arg_string(call->args, "user");
    const struct slack_user *user = slack_user_find(id);
    if (!channel)
        return answer;
    if (!id)
        return slack_api_missing_new("user");
    if (slack_channel_is_direct(channel))
        return slack_api_error_new("method_not_supported_for_channel_type");
    if (!user)
        return slack_api_error_new("user_not_found");
    if (slack_user_is_app(user))
        return slack_api_error_new("cant_kick_self");
    if (channel->is_general)
        return slack_api_error_new("cant_kick_from_general");
    if (!slack_channel_has(channel, user))
        return slack_api_error_new("not_in_channel");
    slack_act_leave(call->slack, channel, user, slack_api_app());
    return json_pack("{s:b,s:{}}", "ok", 1, "errors");
}
