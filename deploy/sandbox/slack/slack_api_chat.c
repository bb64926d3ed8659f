/* SPDX-License-Identifier: Apache-2.0
 * slack_api_chat: chat.* and reactions.add. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

enum { MAX_UPDATE_TEXT = 4000 };

/* The first reply makes its parent a thread. */
static void count_reply(struct slack_world *world, const char *channel, const char *thread_ts)
{
    struct slack_message *parent = thread_ts ? slack_message_find(world, channel, thread_ts) : NULL;
    if (!parent)
        return;
    (void)json_object_set_new(parent->body, "thread_ts", json_string(thread_ts));
    (void)jx_set_i64(parent->body, "reply_count", jx_i64_or(parent->body, "reply_count", 0) + 1);
    slack_message_touch(world, parent);
}

static json_t *posted_new(const struct slack_message *message)
{
    return json_pack("{s:b,s:s,s:s,s:O}", "ok", 1, "channel", message->channel, "ts", message->ts, "message",
                     message->body);
}

json_t *slack_chat_post(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_channel *channel = slack_api_channel(call, SLACK_WRITE, &answer);
    if (!channel)
        return answer;
    SW_CLEANUP(slack_draft_release) struct slack_draft draft;
    answer = slack_draft_read(call->args, &draft);
    if (answer)
        return answer;
    draft.content.via = call->method;
    struct slack_message *message = slack_message_post(call->slack->world, channel->id, &draft.content);
    if (slack_arg_bool(call->args, "reply_broadcast", false))
        (void)json_object_set_new(message->body, "subtype", json_string("thread_broadcast"));
    count_reply(call->slack->world, channel->id, draft.content.thread_ts);
    return posted_new(message);
}

/* The message of args.channel and args[name], if the app may change it. */
static struct slack_message *own_message(struct slack_call *call, const char *name, const char *refusal,
                                         json_t **ret_answer)
{
    const struct slack_channel *channel = slack_api_channel(call, SLACK_WRITE, ret_answer);
    if (!channel)
        return NULL;
    const char *ts = slack_arg_string(call->args, name);
    struct slack_message *message = ts ? slack_message_find(call->slack->world, channel->id, ts) : NULL;
    if (!ts)
        *ret_answer = slack_api_missing_new(name);
    else if (!message || message->audience[0])
        *ret_answer = slack_api_error_new("message_not_found");
    else if (refusal && !jx_string(message->body, "bot_id"))
        *ret_answer = slack_api_error_new(refusal);
    else
        return message;
    return NULL;
}

json_t *slack_chat_update(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_message *message = own_message(call, "ts", "cant_update_message", &answer);
    if (!message)
        return answer;
    SW_CLEANUP(slack_draft_release) struct slack_draft draft;
    answer = slack_draft_read(call->args, &draft);
    if (answer)
        return answer;
    if (draft.text && sw_utf8_characters(draft.text) > MAX_UPDATE_TEXT)
        return slack_api_error_new("msg_too_long");
    draft.content.via = call->method;
    slack_message_edit(call->slack->world, message, &draft.content);
    answer = posted_new(message);
    (void)jx_set_string(answer, "text", jx_string_or(message->body, "text", ""));
    return answer;
}

json_t *slack_chat_delete(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_message *message = own_message(call, "ts", "cant_delete_message", &answer);
    if (!message)
        return answer;
    slack_message_delete(call->slack->world, message, call->method);
    return json_pack("{s:b,s:s,s:s}", "ok", 1, "channel", message->channel, "ts", message->ts);
}

json_t *slack_chat_ephemeral(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_channel *channel = slack_api_channel(call, SLACK_WRITE, &answer);
    if (!channel)
        return answer;
    const char *user_id = slack_arg_string(call->args, "user");
    const struct slack_user *user = slack_user_find(user_id);
    if (!user_id)
        return slack_api_missing_new("user");
    if (!user || user->is_bot || user->is_slackbot)
        return slack_api_error_new("user_not_in_channel");
    SW_CLEANUP(slack_draft_release) struct slack_draft draft;
    answer = slack_draft_read(call->args, &draft);
    if (answer)
        return answer;
    draft.content.audience = user->id;
    draft.content.via = call->method;
    const struct slack_message *message = slack_message_post(call->slack->world, channel->id, &draft.content);
    return json_pack("{s:b,s:s}", "ok", 1, "message_ts", message->ts);
}

json_t *slack_chat_permalink(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_message *message = own_message(call, "message_ts", NULL, &answer);
    if (!message)
        return answer;
    /* Slack leaves the dot of the ts out. */
    json_t *link = json_sprintf("%s/archives/%s/p%.*s%s", call->slack->public_url, message->channel, 10, message->ts,
                                message->ts + 11);
    return json_pack("{s:b,s:s,s:o}", "ok", 1, "channel", message->channel, "permalink", link);
}

static json_t *reaction_of(json_t *reactions, const char *name)
{
    size_t i;
    json_t *reaction;
    json_array_foreach(reactions, i, reaction)
    {
        if (sw_equal(jx_string(reaction, "name"), name))
            return reaction;
    }
    return NULL;
}

json_t *slack_reactions_add(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_message *message = own_message(call, "timestamp", NULL, &answer);
    if (!message)
        return answer;
    const char *name = slack_arg_string(call->args, "name");
    if (!name || name[0] == ':')
        return slack_api_error_new("invalid_name");
    json_t *reactions = json_object_get(message->body, "reactions");
    if (reaction_of(reactions, name))
        return slack_api_error_new("already_reacted");
    if (!reactions) {
        reactions = json_array();
        (void)json_object_set_new(message->body, "reactions", reactions);
    }
    (void)json_array_append_new(reactions,
                                json_pack("{s:s,s:i,s:[s]}", "name", name, "count", 1, "users", SLACK_BOT_USER));
    slack_message_touch(call->slack->world, message);
    return slack_api_ok_new();
}
