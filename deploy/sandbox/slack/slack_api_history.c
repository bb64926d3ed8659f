/* SPDX-License-Identifier: Apache-2.0
 * slack_api_history: conversations.history and .replies, by cursor. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

#include <string.h>

/* What part of a channel is asked for; times are the ts as microseconds. */
struct range {
    int64_t oldest, latest;
    bool inclusive;
    bool metadata;
    int64_t limit;
    const char *thread_ts; /* NULL: the channel without its threads */
};

static bool parse_ts(const char *ts, int64_t *ret_us)
{
    char seconds[16];
    int64_t s = 0, us = 0;
    size_t whole = strcspn(ts, ".");
    if (whole >= sizeof(seconds))
        return false;
    memcpy(seconds, ts, whole);
    seconds[whole] = '\0';
    if (!sw_parse_i64(seconds, 0, INT32_MAX, &s))
        return false;
    if (ts[whole] == '.' && (strlen(ts + whole + 1) > 6 || !sw_parse_i64(ts + whole + 1, 0, 999999, &us)))
        return false;
    for (size_t digits = ts[whole] == '.' ? strlen(ts + whole + 1) : 6; digits < 6; digits++)
        us *= 10;
    *ret_us = s * 1000000 + us;
    return true;
}

static json_t *read_range(struct slack_call *call, struct range *ret_range)
{
    const char *oldest = slack_arg_string(call->args, "oldest");
    const char *latest = slack_arg_string(call->args, "latest");
    const char *cursor = slack_arg_string(call->args, "cursor");
    struct range range = { .latest = INT64_MAX,
                           .inclusive = slack_arg_bool(call->args, "inclusive", false),
                           .metadata = slack_arg_bool(call->args, "include_all_metadata", false),
                           .limit = slack_arg_i64(call->args, "limit", 100) };
    if (oldest && !parse_ts(oldest, &range.oldest))
        return slack_api_error_new("invalid_ts_oldest");
    if (latest && !parse_ts(latest, &range.latest))
        return slack_api_error_new("invalid_ts_latest");
    if (range.limit < 1 || range.limit > 999)
        return slack_api_error_new("invalid_limit");
    if (cursor && (!sw_starts_with(cursor, "next:") || !parse_ts(cursor + 5, &range.latest)))
        return slack_api_error_new("invalid_cursor");
    if (cursor)
        range.inclusive = true;
    *ret_range = range;
    return NULL;
}

static bool in_range(const struct range *range, const struct slack_message *message)
{
    int64_t ts = 0;
    (void)parse_ts(message->ts, &ts); /* our own */
    if (range->inclusive ? ts < range->oldest || ts > range->latest
                         : (range->oldest > 0 && ts <= range->oldest) || ts >= range->latest)
        return false;
    const char *thread = jx_string(message->body, "thread_ts");
    if (range->thread_ts)
        return sw_equal(message->ts, range->thread_ts) || sw_equal(thread, range->thread_ts);
    return !thread || sw_equal(thread, message->ts) || jx_string(message->body, "subtype");
}

static json_t *as_listed(const struct slack_message *message, const struct range *range)
{
    json_t *body = json_deep_copy(message->body);
    if (!range->metadata)
        (void)json_object_del(body, "metadata");
    return body;
}

/* Newest first, and where the next page begins. */
static json_t *page_new(struct slack_call *call, const char *channel, const struct range *range, const char **ret_next)
{
    struct slack_world *world = call->slack->world;
    json_t *list = json_array();
    size_t end = 0;
    while (slack_message_at(world, end))
        end++;
    for (size_t i = end; i-- > 0;) {
        const struct slack_message *message = slack_message_at(world, i);
        if (message->deleted || message->audience[0] || !sw_equal(message->channel, channel) ||
            !in_range(range, message))
            continue;
        if ((int64_t)json_array_size(list) == range->limit) {
            *ret_next = message->ts;
            break;
        }
        (void)json_array_append_new(list, as_listed(message, range));
    }
    return list;
}

static void add_cursor(json_t *answer, const char *next)
{
    (void)jx_set_take(answer, "has_more", json_boolean(next != NULL));
    if (next)
        (void)jx_set_take(answer, "response_metadata",
                          json_pack("{s:o}", "next_cursor", json_sprintf("next:%s", next)));
    else
        slack_api_last_page(answer);
}

json_t *slack_conv_history(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_channel *channel = slack_api_channel(call, SLACK_READ, &answer);
    struct range range;
    const char *next = NULL;
    if (!channel || (answer = read_range(call, &range)) != NULL)
        return answer;
    json_t *messages = page_new(call, channel->id, &range, &next);
    answer =
        json_pack("{s:b,s:o,s:i}", "ok", 1, "messages", messages, "pin_count", (int)json_array_size(channel->pins));
    add_cursor(answer, next);
    return answer;
}

static json_t *reversed_new(const json_t *list)
{
    json_t *result = json_array();
    for (size_t i = json_array_size(list); i-- > 0;)
        (void)json_array_append(result, json_array_get(list, i));
    return result;
}

json_t *slack_conv_replies(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_channel *channel = slack_api_channel(call, SLACK_READ, &answer);
    struct range range;
    const char *next = NULL;
    if (!channel || (answer = read_range(call, &range)) != NULL)
        return answer;
    range.thread_ts = slack_arg_string(call->args, "ts");
    if (!range.thread_ts)
        return slack_api_missing_new("ts");
    if (!slack_message_find(call->slack->world, channel->id, range.thread_ts))
        return slack_api_error_new("thread_not_found");
    JX_AUTO json_t *messages = page_new(call, channel->id, &range, &next);
    answer = json_pack("{s:b,s:o}", "ok", 1, "messages", reversed_new(messages));
    add_cursor(answer, next);
    return answer;
}
