/* SPDX-License-Identifier: Apache-2.0
 * What Slack is sent for an order: the method and its arguments. */
#include "gateway/core/render_card.h"
#include "gateway/core/render_message.h"
#include "gateway/core/render_topic.h"
#include "gateway/io/relay_internal.h"

#include "common/base/text.h"

#include <stdio.h>

enum { PLAIN_TEXT_BYTES = 3000, PURPOSE_SIZE = 250 };

static const char *const METHODS[RELAY_VERB_COUNT] = {
    [RELAY_POST] = "chat.postMessage",
    [RELAY_UPDATE] = "chat.update",
    [RELAY_DELETE] = "chat.delete",
    [RELAY_SAY] = "chat.postMessage",
    [RELAY_WHISPER] = "chat.postEphemeral",
    [RELAY_REVISE] = "chat.update",
    [RELAY_PIN] = "pins.add",
    [RELAY_CREATE] = "conversations.create",
    [RELAY_PURPOSE] = "conversations.setPurpose",
    [RELAY_INVITE] = "conversations.invite",
    [RELAY_TOPIC] = "conversations.setTopic",
    [RELAY_ARCHIVE] = "conversations.archive",
    [RELAY_UNARCHIVE] = "conversations.unarchive",
    [RELAY_REACT] = "reactions.add",
    [RELAY_JOIN] = "conversations.join",
};

const char *relay_method(enum relay_verb verb) { return METHODS[verb]; }

/* ---- messages ---- */

/* The top-level text alone, for a Slack that refuses the blocks. */
static void make_plain(json_t *message)
{
    char text[PLAIN_TEXT_BYTES];
    const char *full = jx_string_or(message, "text", "");
    if (!sw_copy(text, sizeof text, full))
        (void)jx_set_string(message, "text", text); /* else Slack says msg_too_long once more */
    (void)json_object_set_new(message, "blocks", json_array());
    (void)json_object_del(message, "attachments");
}

static json_t *content_new(const struct relay_order *order, int64_t now_ms)
{
    const struct proto_order *asked = order->order;
    if (asked)
        return render_card_new(&(struct card){
            .name = asked->card, .text = asked->text, .data = asked->data, .view = order->view, .now_ms = now_ms });
    return sw_equal(order->view->kind, "incident") ? render_headline_new(order->view, now_ms)
                                                   : render_message_new(order->view, now_ms);
}

/* What finds it again when its answer is lost. */
static json_t *metadata_new(const struct relay_order *order)
{
    return order->key ? render_order_metadata_new(order->event, order->workflow, order->key)
                      : render_metadata_new(order->event, order->workflow, order->view->n);
}

static json_t *message_new(const struct relay_order *order, int64_t now_ms)
{
    JX_AUTO json_t *message = content_new(order, now_ms);
    if (!message)
        return NULL;
    if (order->plain)
        make_plain(message);
    const bool edit = order->verb == RELAY_UPDATE || order->verb == RELAY_REVISE,
               whisper = order->verb == RELAY_WHISPER;
    const char *thread = order->order ? order->order->thread_ts : "";
    bool good = jx_set_string(message, "channel", order->ref.channel);
    if (!whisper)
        good = good && jx_set_take(message, "unfurl_links", json_false()) &&
               jx_set_take(message, "unfurl_media", json_false());
    if (edit)
        good = good && jx_set_string(message, "ts", order->ref.ts);
    else if (!whisper)
        good = good && jx_set_take(message, "metadata", metadata_new(order));
    if (whisper)
        good = good && jx_set_string(message, "user", order->user);
    if (!edit && *thread)
        good = good && jx_set_string(message, "thread_ts", thread);
    return good ? SW_TAKE(message) : NULL;
}

/* ---- channels ---- */

/* Names the workflow, which is how the channel is known to be ours. */
static json_t *purpose_new(const struct relay_order *order)
{
    char purpose[PURPOSE_SIZE];
    (void)snprintf(purpose, sizeof purpose, "Incident %s of Slipway: what is said here is kept in its timeline.",
                   order->workflow); /* fits */
    return json_pack("{s:s, s:s}", "channel", order->ref.channel, "purpose", purpose);
}

/* The newest state of things: an order that had to wait says what is true now. */
static json_t *topic_new(const struct relay_order *order)
{
    SW_AUTO_FREE char *topic =
        *order->order->topic ? render_topic_said_new(order->order->topic) : render_topic_new(order->view);
    return topic ? json_pack("{s:s, s:s}", "channel", order->ref.channel, "topic", topic) : NULL;
}

json_t *relay_arguments_new(const struct relay_order *order, int64_t now_ms)
{
    const char *channel = order->ref.channel, *ts = order->ref.ts;
    switch (order->verb) {
    case RELAY_POST:
    case RELAY_UPDATE:
    case RELAY_SAY:
    case RELAY_WHISPER:
    case RELAY_REVISE:
        return message_new(order, now_ms);
    case RELAY_DELETE:
        return json_pack("{s:s, s:s}", "channel", channel, "ts", ts);
    case RELAY_PIN:
        return json_pack("{s:s, s:s}", "channel", channel, "timestamp", ts);
    case RELAY_CREATE:
        return json_pack("{s:s, s:b}", "name", order->order->name, "is_private", order->order->is_private);
    case RELAY_PURPOSE:
        return purpose_new(order);
    case RELAY_INVITE:
        return json_pack("{s:s, s:s}", "channel", channel, "users", order->user);
    case RELAY_TOPIC:
        return topic_new(order);
    case RELAY_ARCHIVE:
    case RELAY_UNARCHIVE:
    case RELAY_JOIN:
        return json_pack("{s:s}", "channel", channel);
    case RELAY_REACT:
        return json_pack("{s:s, s:s, s:s}", "channel", channel, "timestamp", ts, "name", order->order->name);
    case RELAY_LOOK:
    case RELAY_RECEIPT:
    case RELAY_SEEK:
    case RELAY_FIND:
    case RELAY_VERB_COUNT:
        break;
    }
    return NULL;
}
