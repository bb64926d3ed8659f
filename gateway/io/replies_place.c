/* SPDX-License-Identifier: Apache-2.0
 * Answers to what was said in a channel: the reaction on the message, then the words, in its thread for everybody or
 * for the person alone. What everybody sees carries the command's id and is looked for before it is posted again. */
#include "gateway/io/replies_internal.h"

#include "common/base/text.h"

#include <string.h>

enum { LOOK_BACK_MS = 60000 };

struct replies_visit {
    struct slack_api *api;            /* a reference */
    struct proto_message_ref message; /* what was said */
    char thread_ts[PROTO_TS_SIZE];    /* "": in no thread */
    char user[PROTO_SLACK_ID_SIZE];
    char reaction[PROTO_NAME_SIZE];
    json_t *words; /* arguments of the call; NULL: none */
    bool open;     /* for everybody */
    bool look;
    int64_t oldest_ms;
};

void replies_visit_free(struct replies_visit *visit)
{
    if (!visit)
        return;
    json_decref(visit->words);
    slack_api_unref(visit->api);
    free(visit);
}

/* ---- steps ---- */

static void finish(struct replies_item *item, const struct relay_outcome *outcome)
{
    item->retry_after_ms = outcome->retry_after_ms;
    replies_hand_back(item, outcome->class, outcome->error);
}

static void told(void *context, const struct relay_outcome *outcome) { finish(context, outcome); }

static void tell(struct replies_item *item)
{
    struct replies_visit *visit = item->visit;
    slack_api_call(visit->api, visit->open ? "chat.postMessage" : "chat.postEphemeral", SW_TAKE(visit->words), told,
                   item);
}

static void looked(void *context, const struct relay_outcome *outcome)
{
    struct replies_item *item = context;
    const bool refused = outcome->class == SLACK_REFUSED || outcome->class == SLACK_CONTENT;
    if (refused || (outcome->class == SLACK_OK && outcome->found_count == 0))
        tell(item); /* not there, or looking is not allowed */
    else
        finish(item, outcome); /* it is there, or nobody knows yet */
}

static void look(struct replies_item *item)
{
    const struct replies_visit *visit = item->visit;
    struct proto_message_ref where = visit->message;
    struct slack_sought sought = { .oldest_ms = visit->oldest_ms };
    (void)sw_copy(sought.command, sizeof sought.command, item->command); /* of the same size */
    if (*visit->thread_ts)
        (void)sw_copy(where.ts, sizeof where.ts, visit->thread_ts); /* likewise */
    slack_api_look(visit->api, &where, &sought, looked, item);
}

/* A reaction is less than the words: they do not wait for it, and it is not worth saying them twice. */
static void reacted(void *context, const struct relay_outcome *outcome)
{
    struct replies_item *item = context;
    const struct replies_visit *visit = item->visit;
    if (!visit->words)
        finish(item, outcome);
    else if (visit->open && visit->look)
        look(item);
    else
        tell(item);
}

static void react(struct replies_item *item)
{
    const struct replies_visit *visit = item->visit;
    json_t *arguments = json_pack("{s:s, s:s, s:s}", "channel", visit->message.channel, "timestamp", visit->message.ts,
                                  "name", visit->reaction);
    slack_api_call(visit->api, "reactions.add", arguments, reacted, item);
}

/* ---- making it ready ---- */

static bool read_place(const char *address, struct replies_visit *visit)
{
    JX_AUTO json_t *json = NULL;
    return !sw_failed(jx_parse(address, strlen(address), &json)) &&
           sw_copy(visit->message.channel, sizeof visit->message.channel, jx_string_or(json, "channel", "")) &&
           sw_copy(visit->message.ts, sizeof visit->message.ts, jx_string_or(json, "ts", "")) &&
           sw_copy(visit->thread_ts, sizeof visit->thread_ts, jx_string_or(json, "thread_ts", "")) &&
           sw_copy(visit->user, sizeof visit->user, jx_string_or(json, "user", "")) && *visit->message.channel;
}

/* For everybody it goes into the thread of what was said; for the person alone where they are reading. */
static bool address(struct replies_visit *visit, const char *command)
{
    json_t *words = visit->words;
    const char *thread = *visit->thread_ts || !visit->open ? visit->thread_ts : visit->message.ts;
    bool good = jx_set_string(words, "channel", visit->message.channel) &&
                (!*thread || jx_set_string(words, "thread_ts", thread));
    if (!visit->open)
        return good && jx_set_string(words, "user", visit->user);
    return good && jx_set_take(words, "unfurl_links", json_false()) &&
           jx_set_take(words, "unfurl_media", json_false()) &&
           jx_set_take(words, "metadata",
                       json_pack("{ss s{ss}}", "event_type", "slipway_reply", "event_payload", "command", command));
}

static struct replies_visit *visit_new(struct replies *replies, const struct reply_order *order, const json_t *message)
{
    struct replies_visit *visit = calloc(1, sizeof *visit);
    const struct proto_reply *reply = order->verb == REPLY_POST ? order->reply : NULL;
    if (!visit)
        return NULL;
    visit->api = slack_api_ref(replies->api);
    visit->words = message ? json_copy((json_t *)(uintptr_t)message) : NULL;
    visit->look = order->look;
    visit->open = reply && reply->open;
    visit->oldest_ms = (reply ? reply->at_ms : replies_now_ms(replies)) - LOOK_BACK_MS;
    (void)sw_copy(visit->reaction, sizeof visit->reaction, reply ? reply->reaction : ""); /* of the same size */
    return visit;
}

void replies_visit(struct replies *replies, const struct reply_order *order, const char *place, const json_t *message,
                   struct replies_item *item)
{
    item->visit = replies->api ? visit_new(replies, order, message) : NULL;
    if (!replies->api)
        replies_hand_back(item, SLACK_REFUSED, "there is no bot token");
    else if (!item->visit)
        replies_hand_back(item, SLACK_RETRY, "out of memory");
    else if (!read_place(place, item->visit))
        replies_hand_back(item, SLACK_REFUSED, "the reply's address is no place of a message");
    else if (message && (!item->visit->words || !address(item->visit, order->command)))
        replies_hand_back(item, SLACK_RETRY, "out of memory");
    else if (*item->visit->reaction && *item->visit->message.ts)
        react(item);
    else
        reacted(item, &(struct relay_outcome){ .class = SLACK_OK });
}
