/* SPDX-License-Identifier: Apache-2.0
 * Posts to response_urls, and the markers on the topic that say so. The addresses are secrets: never logged. What goes
 * to a channel is in replies_place.c. */
#include "gateway/io/replies_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "gateway/core/render_reply.h"
#include "gateway/core/response_host.h"
#include "proto/envelope.h"

#include <stdio.h>
#include <string.h>

enum { TIMEOUT_MS = 5000 };

/* ---- the way back ---- */

static struct replies_item *item_new(struct replies *replies, const struct reply_order *order)
{
    struct replies_item *item = calloc(1, sizeof *item);
    if (!item)
        return NULL;
    item->kind = REPLIES_OUTCOME;
    item->mailbox = mailbox_ref(replies->mailbox);
    item->verb = order->verb;
    (void)sw_copy(item->command, sizeof item->command, order->command); /* of the same size */
    return item;
}

void replies_hand_back(struct replies_item *item, enum slack_class class, const char *error)
{
    struct mailbox *mailbox = SW_TAKE(item->mailbox);
    item->class = class;
    (void)sw_copy(item->error, sizeof item->error, error); /* cut: for people */
    mailbox_put(mailbox, item);
    mailbox_unref(mailbox);
}

/* ---- posting ---- */

/* A 5xx is repeated as if it had had no effect: an answer seen twice is better than none. */
static enum slack_class class_of(const struct http_answer *answer)
{
    if (sw_failed(answer->status))
        return answer->maybe_sent ? SLACK_UNKNOWN : SLACK_RETRY;
    if (answer->code >= 200 && answer->code < 300)
        return SLACK_OK;
    if (answer->code == 429)
        return SLACK_LIMITED;
    if (answer->code >= 500)
        return SLACK_RETRY;
    return answer->code == 404 || answer->code == 410 ? SLACK_GONE : SLACK_REFUSED;
}

static void answered(void *context, const struct http_answer *answer)
{
    struct replies_item *item = context;
    char text[160];
    item->retry_after_ms = answer->retry_after_ms;
    if (sw_failed(answer->status))
        (void)sw_copy(text, sizeof text, answer->status.text); /* cut: for people */
    else
        (void)snprintf(text, sizeof text, "http %d: %.80s", answer->code, answer->body); /* likewise */
    replies_hand_back(item, class_of(answer), text);
}

static void send_body(struct replies *replies, const char *url, const json_t *message, struct replies_item *item)
{
    static const char *const HEADERS[] = { "Content-Type: application/json", NULL };
    SW_AUTO_FREE char *body = json_dumps(message, JSON_COMPACT);
    struct sw_status status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (body) {
        const struct http_request request = { .url = url,
                                              .headers = HEADERS,
                                              .body = body,
                                              .body_bytes = strlen(body),
                                              .once = true,
                                              .timeout_ms = TIMEOUT_MS };
        status = http_client_send(replies->http, &request, answered, item);
    }
    if (sw_failed(status))
        replies_hand_back(item, SLACK_RETRY, status.text);
}

/* The secrets' keys, newest first. */
static char *unseal_new(struct replies *replies, const struct reply_order *order)
{
    char *url = NULL;
    struct sw_status status = sw_ok();
    const char *sealed = order->reply ? order->reply->reply_to : NULL;
    pthread_mutex_lock(&replies->keys_lock);
    for (size_t i = 0; sealed && !url && i < replies->key_count; i++)
        status = crypto_open(replies->keys[i], order->command, sealed, &url);
    pthread_mutex_unlock(&replies->keys_lock);
    if (!url && sw_failed(status))
        sw_debug("a reply's address does not open", sw_s("command", order->command), sw_e(&status));
    return url;
}

static json_t *waiting_new(const char *command)
{
    return json_pack("{s:o}", "text",
                     json_sprintf("No word from the orchestrator yet about `%s`. The command is safe on the bus and "
                                  "will be carried out once the orchestrator is "
                                  "back; its answer will follow here.\nWhat you can do: wait. Do not repeat the "
                                  "command. If nothing comes within some minutes, tell whoever runs Slipway.\n"
                                  "E-NO-WORD",
                                  command));
}

static json_t *message_new(const struct reply_order *order, int64_t now_ms)
{
    JX_AUTO json_t *message = order->verb == REPLY_SAY       ? json_deep_copy(order->message)
                              : order->verb == REPLY_WAITING ? waiting_new(order->command)
                                                             : render_reply_new(order->reply, now_ms);
    if (!message)
        return NULL;
    /* A message with buttons must stay as it is, and what is private must stay private. */
    if (!json_object_get(message, "response_type") && !jx_set_string(message, "response_type", "ephemeral"))
        return NULL;
    if (!json_object_get(message, "replace_original") && !jx_set_take(message, "replace_original", json_false()))
        return NULL;
    return SW_TAKE(message);
}

/* Of answers to slash commands alone. */
static void post_at_place(struct replies *replies, const struct reply_order *order, const char *place,
                          struct replies_item *item)
{
    const struct proto_reply *reply = order->verb == REPLY_POST ? order->reply : NULL;
    const bool wordless = reply && sw_blank(reply->text) && !*reply->card && reply->view_count == 0;
    JX_AUTO json_t *message = wordless ? NULL : message_new(order, replies_now_ms(replies));
    if (!wordless && !message) {
        replies_hand_back(item, SLACK_RETRY, "out of memory");
        return;
    }
    (void)json_object_del(message, "response_type");
    (void)json_object_del(message, "replace_original");
    replies_visit(replies, order, place, message, item);
}

static void post(struct replies *replies, const struct reply_order *order, struct replies_item *item)
{
    SW_AUTO_FREE char *unsealed = order->url ? NULL : unseal_new(replies, order);
    const char *url = order->url ? order->url : unsealed;
    if (url && *url == '{') {
        post_at_place(replies, order, url, item);
        return;
    }
    if (!url || !response_host_allowed(replies->response_hosts, url)) {
        sw_metric_add(replies->metrics.refused_urls, 1);
        replies_hand_back(item, SLACK_REFUSED,
                          url ? "the response_url's host is not in SLACK_RESPONSE_HOSTS"
                              : "the reply's address was sealed with another signing secret");
        return;
    }
    JX_AUTO json_t *message = message_new(order, replies_now_ms(replies));
    if (message)
        send_body(replies, url, message, item);
    else
        replies_hand_back(item, SLACK_RETRY, "out of memory");
}

/* ---- the marker ---- */

static void mark_delivered(void *context, struct sw_status status, int32_t partition, int64_t offset)
{
    (void)partition, (void)offset;
    replies_hand_back(context, sw_failed(status) ? SLACK_RETRY : SLACK_OK, status.text);
}

static char *marker_new(const struct replies *replies, const struct reply_order *order, int64_t now_ms)
{
    struct proto_reply marker = { .at_ms = now_ms, .name = "delivered" };
    SW_AUTO_FREE char *text = sw_strdup("posted");
    (void)sw_copy(marker.command, sizeof marker.command, order->command);   /* of the same size */
    (void)sw_copy(marker.gateway, sizeof marker.gateway, replies->gateway); /* likewise */
    marker.text = text;
    JX_AUTO json_t *json = proto_reply_encode(&marker);
    return json ? jx_dump_new(json) : NULL;
}

static void mark(struct replies *replies, const struct reply_order *order, struct replies_item *item)
{
    struct proto_headers headers;
    struct kafka_header kafka_headers[PROTO_MAX_HEADERS];
    const int64_t now_ms = replies_now_ms(replies);
    struct proto_envelope envelope = { .source = "/slipway/gateway", .time_ms = now_ms };
    SW_AUTO_FREE char *value = marker_new(replies, order, now_ms);
    (void)snprintf(envelope.id, sizeof envelope.id, "%s:delivered", order->command); /* cut: only ever told to people */
    proto_type_join("reply", "delivered", 1, envelope.type);
    proto_envelope_headers(&envelope, &headers);
    for (size_t i = 0; i < headers.count; i++)
        kafka_headers[i] = (struct kafka_header){ headers.headers[i].name, headers.headers[i].value };
    const struct kafka_record record = { .topic = replies->topic,
                                         .partition = -1, /* by key: where the reply is */
                                         .key = order->command,
                                         .value = value,
                                         .value_bytes = value ? strlen(value) : 0,
                                         .headers = kafka_headers,
                                         .header_count = headers.count };
    struct sw_status status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (value)
        status = kafka_produce(replies->producer, &record, mark_delivered, item);
    if (sw_failed(status))
        mark_delivered(item, status, 0, 0);
}

/* ---- orders and outcomes ---- */

void replies_execute(struct replies *replies, const struct reply_order *order)
{
    struct replies_item *item = item_new(replies, order);
    if (!item)
        (void)reply_plan_done(replies->plan, order->command, SLACK_RETRY, -1, replies_now_ms(replies));
    else if (order->verb == REPLY_MARK)
        mark(replies, order, item);
    else
        post(replies, order, item);
}

void replies_outcome(struct replies *replies, const struct replies_item *item)
{
    const struct replies_metrics *metrics = &replies->metrics;
    enum reply_news news =
        reply_plan_done(replies->plan, item->command, item->class, item->retry_after_ms, replies_now_ms(replies));
    if (item->class == SLACK_OK && item->verb != REPLY_MARK)
        sw_metric_add(item->verb == REPLY_WAITING ? metrics->waiting : metrics->posted, 1);
    switch (news) {
    case REPLY_NEWS_NONE:
        return;
    case REPLY_NEWS_RETRY:
        sw_metric_add(metrics->retries, 1);
        sw_info("an answer is posted again later", sw_s("command", item->command), sw_s("reason", item->error));
        return;
    case REPLY_NEWS_GIVEN_UP:
        sw_metric_add(metrics->given_up, 1);
        sw_warn("an answer could not be posted and is given up; the person can ask by /check_status",
                sw_s("command", item->command), sw_s("class", slack_class_name(item->class)),
                sw_s("reason", item->error));
        return;
    }
}

void replies_register_metrics(struct replies *replies)
{
    struct replies_metrics *metrics = &replies->metrics;
    metrics->posted = sw_counter("slipway_replies_posted_total", NULL,
                                 "answers posted: to response_urls, and in channels to what was said there");
    metrics->waiting =
        sw_counter("slipway_replies_no_word_total", NULL, "\"no word yet\", posted after 3 s, in a channel after 10 s");
    metrics->retries = sw_counter("slipway_replies_retries_total", NULL, "answers posted again later");
    metrics->given_up = sw_counter("slipway_replies_given_up_total", NULL, "answers that never arrived");
    metrics->refused_urls =
        sw_counter("slipway_replies_refused_urls_total", NULL, "addresses that may not be called or do not open");
    metrics->open = sw_gauge("slipway_replies_open", NULL, "commands whose answer is not closed yet");
}
