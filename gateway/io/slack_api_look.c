/* SPDX-License-Identifier: Apache-2.0
 * Looking for what a call may have done whose answer was lost: a message in a history or a thread, a channel in the
 * list of channels. Page by page. */
#include "gateway/io/slack_api_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

enum { PAGES_MAX = 20, CURSOR_SIZE = 256 };

/* ---- messages ---- */

/* The event's id when the metadata is what is sought: "<workflow>:<n>". */
static const char *event_of(const json_t *message, const struct slack_sought *sought)
{
    const json_t *payload = json_object_get(json_object_get(message, "metadata"), "event_payload");
    const char *event = jx_string(payload, "event_id");
    if (*sought->command)
        return sw_equal(jx_string(payload, "command"), sought->command) ? sought->command : NULL;
    const size_t length = strlen(sought->workflow);
    const bool ours = event && strncmp(event, sought->workflow, length) == 0 && event[length] == ':';
    return ours && sw_equal(jx_string_or(payload, "order", ""), sought->key) ? event : NULL;
}

/* By ts, since histories go back in time and threads forth. The newest one falls off the end. */
static void add_found(struct relay_outcome *outcome, const char *ts, const char *event)
{
    size_t place = 0;
    while (place < outcome->found_count && strcmp(outcome->found[place].ts, ts) < 0)
        place++;
    if (place == RELAY_FOUND_MAX)
        return;
    if (outcome->found_count < RELAY_FOUND_MAX)
        outcome->found_count++;
    memmove(&outcome->found[place + 1], &outcome->found[place],
            (outcome->found_count - 1 - place) * sizeof outcome->found[0]);
    struct relay_found *found = &outcome->found[place];
    (void)sw_copy(found->ts, sizeof found->ts, ts);          /* Slack's are 17 characters */
    (void)sw_copy(found->event, sizeof found->event, event); /* ours; a command's is cut, and not read */
}

void slack_api_find(const json_t *page, const struct slack_sought *sought, struct relay_outcome *outcome)
{
    size_t index;
    json_t *message;
    json_array_foreach((json_t *)(uintptr_t)json_object_get(page, "messages"), index, message)
    {
        const char *event = event_of(message, sought), *ts = jx_string(message, "ts");
        if (event && ts)
            add_found(outcome, ts, event);
    }
}

/* ---- pages ---- */

/* Whether there is one more, with its cursor. */
static bool next_page(struct slack_call *call, const json_t *json, char ret_cursor[CURSOR_SIZE])
{
    const char *next = jx_string_or(json_object_get(json, "response_metadata"), "next_cursor", "");
    if (call->outcome.class != SLACK_OK || !*next || !sw_copy(ret_cursor, CURSOR_SIZE, next))
        return false;
    if (call->pages < PAGES_MAX)
        return true;
    sw_warn("a list of slack is too long to look through", sw_s("method", call->method),
            sw_s("channel", call->channel));
    return false;
}

static bool add_cursor(json_t *arguments, const char *cursor)
{
    return !cursor || jx_set_string(arguments, "cursor", cursor);
}

static void messages_came(void *context, const struct http_answer *answer);

static void ask_messages(struct slack_call *call, const char *cursor)
{
    char oldest[PROTO_TS_SIZE];
    const bool thread = *call->thread_ts;
    (void)snprintf(oldest, sizeof oldest, "%lld.%06d", (long long)(call->sought.oldest_ms / 1000), 0); /* fits */
    JX_AUTO json_t *arguments = json_pack("{s:s, s:s, s:s, s:s, s:s}", "channel", call->channel, "oldest", oldest,
                                          "inclusive", "true", "include_all_metadata", "true", "limit", "200");
    bool good = arguments && add_cursor(arguments, cursor);
    good = good && (!thread || jx_set_string(arguments, "ts", call->thread_ts));
    call->pages++;
    slack_call_send(call, good ? arguments : NULL, true, messages_came);
}

static void messages_came(void *context, const struct http_answer *answer)
{
    struct slack_call *call = context;
    JX_AUTO json_t *json = NULL;
    char cursor[CURSOR_SIZE];
    slack_api_classify(answer, &call->outcome, &json);
    slack_api_find(json, &call->sought, &call->outcome);
    if (next_page(call, json, cursor))
        ask_messages(call, cursor);
    else
        slack_call_finish(call);
}

void slack_api_look(struct slack_api *api, const struct proto_message_ref *where, const struct slack_sought *sought,
                    slack_api_done_fn *done, void *context)
{
    struct slack_call *call =
        slack_call_new(api, *where->ts ? "conversations.replies" : "conversations.history", done, context);
    if (!call)
        return;
    call->sought = *sought;
    call->sought.oldest_ms = sought->oldest_ms > 0 ? sought->oldest_ms : 0;
    (void)sw_copy(call->channel, sizeof call->channel, where->channel); /* of the same size */
    (void)sw_copy(call->thread_ts, sizeof call->thread_ts, where->ts);  /* likewise */
    ask_messages(call, NULL);
}

/* ---- channels ---- */

static bool ours(const json_t *channel, const struct slack_channel_sought *wanted, const char *self)
{
    const char *purpose = jx_string_or(json_object_get(channel, "purpose"), "value", "");
    if (strstr(purpose, wanted->workflow))
        return true;
    return !*purpose && sw_equal(jx_string(channel, "creator"), self) &&
           jx_i64_or(channel, "created", 0) * 1000 >= wanted->oldest_ms;
}

void slack_api_pick_channel(const json_t *page, const struct slack_channel_sought *wanted, const char *self,
                            struct relay_outcome *outcome)
{
    size_t index;
    json_t *channel;
    json_array_foreach((json_t *)(uintptr_t)json_object_get(page, "channels"), index, channel)
    {
        if (!sw_equal(jx_string(channel, "name"), wanted->name) || !ours(channel, wanted, self))
            continue;
        (void)sw_copy(outcome->channel.id, sizeof outcome->channel.id, jx_string_or(channel, "id", "")); /* short */
        (void)sw_copy(outcome->channel.name, sizeof outcome->channel.name, wanted->name); /* of the same size */
    }
}

static void channels_came(void *context, const struct http_answer *answer);

static void ask_channels(struct slack_call *call, const char *cursor)
{
    JX_AUTO json_t *arguments = json_pack("{s:s, s:s, s:s}", "types", "public_channel,private_channel", "limit", "900",
                                          "exclude_archived", "false");
    const bool good = arguments && add_cursor(arguments, cursor);
    call->pages++;
    slack_call_send(call, good ? arguments : NULL, true, channels_came);
}

static void channels_came(void *context, const struct http_answer *answer)
{
    struct slack_call *call = context;
    JX_AUTO json_t *json = NULL;
    char cursor[CURSOR_SIZE];
    slack_api_classify(answer, &call->outcome, &json);
    slack_api_pick_channel(json, &call->wanted, call->self, &call->outcome);
    if (!*call->outcome.channel.id && next_page(call, json, cursor))
        ask_channels(call, cursor);
    else
        slack_call_finish(call);
}

static void self_came(void *context, const struct http_answer *answer)
{
    struct slack_call *call = context;
    JX_AUTO json_t *json = NULL;
    slack_api_classify(answer, &call->outcome, &json);
    if (call->outcome.class != SLACK_OK) {
        slack_call_finish(call);
        return;
    }
    (void)sw_copy(call->self, sizeof call->self, jx_string_or(json, "user_id", "")); /* Slack's are short */
    call->method = "conversations.list";
    ask_channels(call, NULL);
}

void slack_api_find_channel(struct slack_api *api, const struct slack_channel_sought *wanted, slack_api_done_fn *done,
                            void *context)
{
    struct slack_call *call = slack_call_new(api, "auth.test", done, context);
    JX_AUTO json_t *nothing = json_object();
    if (!call)
        return;
    call->wanted = *wanted;
    slack_call_send(call, nothing, true, self_came);
}
