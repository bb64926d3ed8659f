/* SPDX-License-Identifier: Apache-2.0
 * slack_api_common: what several methods share: answers, pages, the channel, the message and the draft of one. */
#include "deploy/sandbox/slack/slack_api.h"

#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_blocks.h"
#include "deploy/sandbox/slack/slack_form.h"

#include <string.h>

enum { MAX_TEXT = 40000, MAX_METADATA_BYTES = 8192, MAX_PAGE = 1000 };

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

json_t *slack_api_result_new(const char *error) { return error ? slack_api_error_new(error) : slack_api_ok_new(); }

json_t *slack_api_channel_new(const struct slack_channel *channel)
{
    return json_pack("{s:b,s:o}", "ok", 1, "channel", slack_channel_json_new(channel));
}

const struct slack_user *slack_api_app(void) { return slack_user_find(SLACK_BOT_USER); }

json_t *slack_api_problems_new(const char *error, json_t *problems)
{
    json_t *answer = slack_api_error_new(error);
    json_t *messages = json_array();
    size_t i;
    json_t *problem;
    json_array_foreach(problems, i, problem)
    {
        (void)json_array_append_new(messages, json_sprintf("[ERROR] %s", json_string_value(problem)));
    }
    (void)jx_set_take(answer, "response_metadata", json_pack("{s:o}", "messages", messages));
    return answer;
}

/* A cursor is "page:<entries before it>"; Slack's are opaque too. */
json_t *slack_page_begin(struct slack_call *call, struct slack_page *ret_page)
{
    const char *cursor = slack_arg_string(call->args, "cursor");
    struct slack_page page = { .limit = slack_arg_i64(call->args, "limit", 100) };
    if (page.limit < 1 || page.limit > MAX_PAGE)
        return slack_api_error_new("invalid_limit");
    if (cursor && (!sw_starts_with(cursor, "page:") || !sw_parse_i64(cursor + 5, 0, INT32_MAX, &page.skip)))
        return slack_api_error_new("invalid_cursor");
    *ret_page = page;
    return NULL;
}

bool slack_page_wants(struct slack_page *page)
{
    int64_t index = page->seen++;
    return index >= page->skip && index < page->skip + page->limit;
}

void slack_page_end(const struct slack_page *page, json_t *answer)
{
    int64_t end = page->skip + page->limit;
    if (page->seen <= end)
        slack_api_last_page(answer);
    else
        (void)jx_set_take(answer, "response_metadata",
                          json_pack("{s:o}", "next_cursor", json_sprintf("page:%lld", (long long)end)));
}

/* NULL when there is none of that name or id for this kind of access. */
static struct slack_channel *named_channel(struct slack_call *call, const char *name, enum slack_access access)
{
    struct slack_world *world = call->slack->world;
    struct slack_channel *channel = slack_channel_find(world, name);
    const struct slack_user *user = slack_user_find(name);
    if (access == SLACK_POST && !channel && user && name[0] == 'U')
        return slack_channel_open_direct(world, slack_user_bit(user)); /* a user's id stands for the direct message */
    if (access != SLACK_POST && channel && !sw_equal(channel->id, name))
        return NULL;
    return channel;
}

static const char *access_error(const struct slack_channel *channel, enum slack_access access)
{
    bool member = channel && slack_channel_has_app(channel);
    if (!channel || (!member && channel->kind != SLACK_PUBLIC && access != SLACK_POST))
        return "channel_not_found";
    if (!member && access != SLACK_FACTS)
        return "not_in_channel";
    return channel->is_archived && (access == SLACK_WRITE || access == SLACK_POST) ? "is_archived" : NULL;
}

struct slack_channel *slack_api_channel(struct slack_call *call, enum slack_access access, json_t **ret_answer)
{
    const char *name = slack_arg_string(call->args, "channel");
    struct slack_channel *channel = name ? named_channel(call, name, access) : NULL;
    const char *error = access_error(channel, access);
    if (!error)
        return channel;
    *ret_answer = name ? slack_api_error_new(error) : slack_api_missing_new("channel");
    return NULL;
}

struct slack_message *slack_api_message(struct slack_call *call, enum slack_access access, const char *name,
                                        const char *refusal, json_t **ret_answer)
{
    const struct slack_channel *channel = slack_api_channel(call, access, ret_answer);
    if (!channel)
        return NULL;
    const char *ts = slack_arg_string(call->args, name);
    struct slack_message *message = ts ? slack_message_find(call->slack->world, channel->id, ts) : NULL;
    if (!ts)
        *ret_answer = slack_api_missing_new(name);
    else if (!message || message->audience[0])
        *ret_answer = slack_api_error_new("message_not_found");
    else if (refusal && (!sw_equal(jx_string(message->body, "bot_id"), SLACK_BOT_ID)))
        *ret_answer = slack_api_error_new(refusal);
    else
        return message;
    return NULL;
}

static json_t *invalid_blocks_new(json_t *problems)
{
    json_t *answer = slack_api_problems_new("invalid_blocks", problems);
    (void)json_object_set(answer, "errors", problems);
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
        .broadcast = slack_arg_bool(args, "reply_broadcast", false),
    };
    return refusal;
}

void slack_draft_release(struct slack_draft *draft)
{
    json_decref(draft->blocks);
    json_decref(draft->metadata);
    free(draft->text);
}
