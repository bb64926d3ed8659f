/* SPDX-License-Identifier: Apache-2.0
 * slack_api_chat: chat.*. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

enum { MAX_UPDATE_TEXT = 4000 };

static json_t *posted_new(const struct slack_message *message)
{
    return json_pack("{s:b,s:s,s:s,s:O}", "ok", 1, "channel", message->channel, "ts", message->ts, "message",
                     message->body);
}

/* Notices and what one person alone sees take no replies. A ts that nothing has is Slack's to accept. */
static bool thread_ok(struct slack_call *call, const struct slack_channel *channel, const char *thread_ts)
{
    const struct slack_message *parent =
        thread_ts ? slack_message_find(call->slack->world, channel->id, thread_ts) : NULL;
    const char *subtype = parent ? jx_string(parent->body, "subtype") : NULL;
    bool spoken = !subtype || sw_equal(subtype, "bot_message") || sw_equal(subtype, "thread_broadcast");
    return !parent || (spoken && !parent->audience[0]);
}

json_t *slack_chat_post(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_channel *channel = slack_api_channel(call, SLACK_POST, &answer);
    if (!channel)
        return answer;
    SW_CLEANUP(slack_draft_release) struct slack_draft draft;
    answer = slack_draft_read(call->args, &draft);
    if (answer)
        return answer;
    draft.content.via = call->method;
    if (!thread_ok(call, channel, draft.content.thread_ts))
        return slack_api_error_new("cannot_reply_to_message");
    return posted_new(slack_act_post(call->slack, channel, &draft.content));
}

json_t *slack_chat_update(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_message *message = slack_api_message(call, SLACK_WRITE, "ts", "cant_update_message", &answer);
    if (!message)
        return answer;
    SW_CLEANUP(slack_draft_release) struct slack_draft draft;
    answer = slack_draft_read(call->args, &draft);
    if (answer)
        return answer;
    if (draft.text && sw_utf8_characters(draft.text) > MAX_UPDATE_TEXT)
        return slack_api_error_new("msg_too_long");
    draft.content.via = call->method;
    slack_act_edit(call->slack, message, &draft.content);
    answer = posted_new(message);
    (void)jx_set_string(answer, "text", jx_string_or(message->body, "text", ""));
    return answer;
}

json_t *slack_chat_delete(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_message *message = slack_api_message(call, SLACK_WRITE, "ts", "cant_delete_message", &answer);
    if (!message)
        return answer;
    slack_act_delete(call->slack, message, call->method);
    return json_pack("{s:b,s:s,s:s}", "ok", 1, "channel", message->channel, "ts", message->ts);
}

json_t *slack_chat_ephemeral(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_channel *channel = slack_api_channel(call, SLACK_POST, &answer);
    if (!channel)
        return answer;
    const char *user_id = slack_arg_string(call->args, "user");
    const struct slack_user *user = slack_user_find(user_id);
    if (!user_id)
        return slack_api_missing_new("user");
    if (!user || user->is_bot || !slack_channel_has(channel, user))
        return slack_api_error_new("user_not_in_channel");
    SW_CLEANUP(slack_draft_release) struct slack_draft draft;
    answer = slack_draft_read(call->args, &draft);
    if (answer)
        return answer;
    draft.content.audience = user->id;
    draft.content.via = call->method;
    const struct slack_message *message = slack_act_post(call->slack, channel, &draft.content);
    return json_pack("{s:b,s:s}", "ok", 1, "message_ts", message->ts);
}

json_t *slack_chat_permalink(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_message *message = slack_api_message(call, SLACK_FACTS, "message_ts", NULL, &answer);
    if (!message)
        return answer;
    return json_pack("{s:b,s:s,s:o}", "ok", 1, "channel", message->channel, "permalink",
                     slack_permalink_new(call->slack, message));
}
