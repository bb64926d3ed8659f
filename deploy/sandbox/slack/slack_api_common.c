/* SPDX-License-Identifier: Apache-2.0
 * slack_api_common: what several methods share: the table of methods, answers, the channel and the draft of a message.
 */
#include "deploy/sandbox/slack/slack_api.h"

#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_blocks.h"
#include "deploy/sandbox/slack/slack_form.h"

#include <string.h>

enum { MAX_TEXT = 40000, MAX_METADATA_BYTES = 8192 };

static const struct slack_method METHODS[] = {
    { "api.test", slack_api_test, true },
    { "auth.test", slack_auth_test, false },
    { "chat.delete", slack_chat_delete, false },
    { "chat.getPermalink", slack_chat_permalink, false },
    { "chat.postEphemeral", slack_chat_ephemeral, false },
    { "chat.postMessage", slack_chat_post, false },
    { "chat.update", slack_chat_update, false },
    { "conversations.history", slack_conv_history, false },
    { "conversations.info", slack_conv_info, false },
    { "conversations.join", slack_conv_join, false },
    { "conversations.list", slack_conv_list, false },
    { "conversations.members", slack_conv_members, false },
    { "conversations.open", slack_conv_open, false },
    { "conversations.replies", slack_conv_replies, false },
    { "reactions.add", slack_reactions_add, false },
    { "usergroups.list", slack_usergroups_list, false },
    { "usergroups.users.list", slack_usergroups_users_list, false },
    { "users.conversations", slack_users_conversations, false },
    { "users.info", slack_users_info, false },
    { "users.list", slack_users_list, false },
};

const struct slack_method *slack_method_find(const char *name)
{
    for (size_t i = 0; i < SW_COUNT(METHODS); i++)
        if (sw_equal(METHODS[i].name, name))
            return &METHODS[i];
    return NULL;
}

json_t *slack_api_ok_new(void) { return json_pack("{s:b}", "ok", 1); }
json_t *slack_api_error_new(const char *error) { return json_pack("{s:b,s:s}", "ok", 0, "error", error); }

json_t *slack_api_missing_new(const char *argument)
{
    json_t *answer = slack_api_error_new("invalid_arguments");
    json_t *text = json_sprintf("[ERROR] missing required field: %s", argument);
    (void)jx_set_take(answer, "response_metadata", json_pack("{s:[o]}", "messages", text));
    return answer;
}

void slack_api_last_page(json_t *answer)
{
    (void)jx_set_take(answer, "response_metadata", json_pack("{s:s}", "next_cursor", ""));
}

struct slack_channel *slack_api_channel(struct slack_call *call, enum slack_access access, json_t **ret_answer)
{
    struct slack_world *world = call->slack->world;
    const char *name = slack_arg_string(call->args, "channel");
    struct slack_channel *channel = slack_channel_find(world, name);
    const struct slack_user *user = slack_user_find(name);
    if (!channel && user && access == SLACK_WRITE && name[0] == 'U')
        channel = slack_channel_open_im(world, user); /* a user's id stands for the direct message */
    if (!name)
        *ret_answer = slack_api_missing_new("channel");
    else if (!channel)
        *ret_answer = slack_api_error_new("channel_not_found");
    else if (!channel->has_bot)
        *ret_answer = slack_api_error_new("not_in_channel");
    else if (access == SLACK_WRITE && channel->is_archived)
        *ret_answer = slack_api_error_new("is_archived");
    else
        return channel;
    return NULL;
}

static json_t *invalid_blocks_new(json_t *problems)
{
    json_t *answer = slack_api_error_new("invalid_blocks");
    json_t *messages = json_array();
    size_t i;
    json_t *problem;
    json_array_foreach(problems, i, problem)
    {
        (void)json_array_append_new(messages, json_sprintf("[ERROR] %s", json_string_value(problem)));
    }
    (void)json_object_set(answer, "errors", problems);
    (void)jx_set_take(answer, "response_metadata", json_pack("{s:o}", "messages", messages));
    return answer;
}

static json_t *read_blocks(const json_t *args, struct slack_draft *draft)
{
    bool bad = false;
    JX_AUTO json_t *problems = json_array();
    draft->blocks = slack_arg_json_new(args, "blocks", &bad);
    if (bad || (draft->blocks && !json_is_array(draft->blocks)))
        return slack_api_error_new("invalid_blocks_format");
    if (draft->blocks && !slack_blocks_validate(draft->blocks, problems))
        return invalid_blocks_new(problems);
    return NULL;
}

static json_t *read_metadata(const json_t *args, struct slack_draft *draft)
{
    bool bad = false;
    draft->metadata = slack_arg_json_new(args, "metadata", &bad);
    if (bad || (draft->metadata && !json_is_object(draft->metadata)))
        return slack_api_error_new("invalid_metadata_format");
    if (!draft->metadata || json_object_size(draft->metadata) == 0)
        return NULL;
    if (!jx_string(draft->metadata, "event_type") || !json_is_object(json_object_get(draft->metadata, "event_payload")))
        return slack_api_error_new("invalid_metadata_schema");
    SW_AUTO_FREE char *text = jx_dump_new(draft->metadata);
    return text && strlen(text) <= MAX_METADATA_BYTES ? NULL : slack_api_error_new("metadata_too_large");
}

static json_t *read_text(const json_t *args, struct slack_draft *draft)
{
    const char *text = slack_arg_string(args, "text");
    const char *markdown = slack_arg_string(args, "markdown_text");
    if (markdown && (text || draft->blocks))
        return slack_api_error_new("markdown_text_conflict");
    text = text ? text : markdown;
    if (!text)
        return json_array_size(draft->blocks) > 0 ? NULL : slack_api_error_new("no_text");
    draft->text = strndup(text, sw_utf8_prefix_bytes(text, MAX_TEXT));
    return NULL;
}

json_t *slack_draft_read(const json_t *args, struct slack_draft *ret_draft)
{
    *ret_draft = (struct slack_draft){ 0 };
    json_t *refusal = read_blocks(args, ret_draft);
    if (!refusal)
        refusal = read_metadata(args, ret_draft);
    if (!refusal)
        refusal = read_text(args, ret_draft);
    ret_draft->content = (struct slack_content){
        .text = ret_draft->text,
        .blocks = ret_draft->blocks,
        .metadata = ret_draft->metadata,
        .thread_ts = slack_arg_string(args, "thread_ts"),
    };
    return refusal;
}

void slack_draft_release(struct slack_draft *draft)
{
    json_decref(draft->blocks);
    json_decref(draft->metadata);
    free(draft->text);
}
