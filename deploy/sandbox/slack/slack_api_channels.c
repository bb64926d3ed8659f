/* SPDX-License-Identifier: Apache-2.0
 * slack_api_channels: conversations.create, .archive, .unarchive, .rename, .setTopic and .setPurpose. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

json_t *slack_conv_create(struct slack_call *call)
{
    struct slack_channel *channel = NULL;
    bool is_private = slack_arg_bool(call->args, "is_private", false);
    const char *error = slack_act_create(call->slack, slack_api_app(), slack_arg_string(call->args, "name"),
                                         is_private ? SLACK_PRIVATE : SLACK_PUBLIC, &channel);
    return error ? slack_api_error_new(error) : slack_api_channel_new(channel);
}

/* A channel proper, which the app is in; direct messages have no name, topic or end. */
static struct slack_channel *managed(struct slack_call *call, enum slack_access access, json_t **ret_answer)
{
    struct slack_channel *channel = slack_api_channel(call, access, ret_answer);
    if (!channel || !slack_channel_is_direct(channel))
        return channel;
    *ret_answer = slack_api_error_new("method_not_supported_for_channel_type");
    return NULL;
}

json_t *slack_conv_archive(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_channel *channel = managed(call, SLACK_READ, &answer);
    return channel ? slack_api_result_new(slack_act_archive(call->slack, channel, slack_api_app())) : answer;
}

json_t *slack_conv_unarchive(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_channel *channel = managed(call, SLACK_READ, &answer);
    return channel ? slack_api_result_new(slack_act_unarchive(call->slack, channel, slack_api_app())) : answer;
}

json_t *slack_conv_rename(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_channel *channel = managed(call, SLACK_WRITE, &answer);
    if (!channel)
        return answer;
    if (!sw_equal(channel->creator, SLACK_BOT_USER)) /* a bot renames what it made */
        return slack_api_error_new("not_authorized");
    const char *error = slack_act_rename(call->slack, channel, slack_api_app(), slack_arg_string(call->args, "name"));
    return error ? slack_api_error_new(error) : slack_api_channel_new(channel);
}

static json_t *set_note(struct slack_call *call, enum slack_note_kind kind, const char *argument)
{
    json_t *answer = NULL;
    struct slack_channel *channel = managed(call, SLACK_WRITE, &answer);
    const json_t *value = json_object_get(call->args, argument);
    if (!channel)
        return answer;
    if (!json_is_string(value)) /* "" clears it */
        return slack_api_missing_new(argument);
    const char *error = slack_act_note(call->slack, channel, slack_api_app(), kind, json_string_value(value));
    return error ? slack_api_error_new(error) : slack_api_channel_new(channel);
}

json_t *slack_conv_topic(struct slack_call *call) { return set_note(call, SLACK_TOPIC, "topic"); }
json_t *slack_conv_purpose(struct slack_call *call) { return set_note(call, SLACK_PURPOSE, "purpose"); }
