/* SPDX-License-Identifier: Apache-2.0
 * Orders of the plan become calls of Slack and records on slipway.commands; what came of them goes back to the plan. */
#include "gateway/io/relay_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "gateway/core/render_message.h"
#include "proto/command.h"
#include "proto/envelope.h"

#include <stdio.h>
#include <string.h>

enum { LOOK_BACK_MS = 60000, PLAIN_TEXT_BYTES = 3000 };

/* An order under way. */
struct ticket {
    struct mailbox *mailbox;
    uint64_t order;
    enum relay_verb verb;
    char event[RELAY_EVENT_ID_SIZE], workflow[PROTO_WORKFLOW_ID_SIZE];
    struct proto_message_ref ref;
    struct relay_outcome outcome;
};

static struct ticket *ticket_new(struct relay *relay, const struct relay_order *order)
{
    struct ticket *ticket = calloc(1, sizeof *ticket);
    if (!ticket)
        return NULL;
    ticket->mailbox = mailbox_ref(relay->mailbox);
    ticket->order = order->id;
    ticket->verb = order->verb;
    ticket->ref = order->ref;
    memcpy(ticket->event, order->event, sizeof ticket->event);
    memcpy(ticket->workflow, order->workflow, sizeof ticket->workflow);
    return ticket;
}

static void hand_back(struct ticket *ticket)
{
    struct mailbox *mailbox = ticket->mailbox;
    ticket->mailbox = NULL;
    mailbox_put(mailbox, ticket);
    mailbox_unref(mailbox);
}

static void answered(void *context, const struct relay_outcome *outcome)
{
    struct ticket *ticket = context;
    ticket->outcome = *outcome;
    hand_back(ticket);
}

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

static json_t *message_new(const struct relay_order *order, int64_t now_ms)
{
    JX_AUTO json_t *message = render_message_new(order->view, now_ms);
    if (!message)
        return NULL;
    if (order->plain)
        make_plain(message);
    bool good = jx_set_string(message, "channel", order->ref.channel) &&
                jx_set_take(message, "unfurl_links", json_false()) &&
                jx_set_take(message, "unfurl_media", json_false());
    if (order->verb == RELAY_UPDATE)
        good = good && jx_set_string(message, "ts", order->ref.ts);
    else
        good = good &&
               jx_set_take(message, "metadata", render_metadata_new(order->event, order->workflow, order->view->n));
    return good ? SW_TAKE(message) : NULL;
}

static json_t *deletion_new(const struct relay_order *order)
{
    return json_pack("{s:s, s:s}", "channel", order->ref.channel, "ts", order->ref.ts);
}

/* ---- receipts ---- */

static void receipt_delivered(void *context, struct sw_status status, int32_t partition, int64_t offset)
{
    (void)partition, (void)offset;
    struct ticket *ticket = context;
    ticket->outcome.class = sw_failed(status) ? SLACK_RETRY : SLACK_OK;              /* a second one has the same id */
    (void)sw_copy(ticket->outcome.error, sizeof ticket->outcome.error, status.text); /* cut: for people */
    hand_back(ticket);
}

static json_t *receipt_new(const struct relay *relay, const struct relay_order *order, int64_t now_ms,
                           struct proto_envelope *ret_envelope)
{
    struct proto_command command = { .name = "receipt", .origin = "relay", .at_ms = now_ms };
    (void)snprintf(command.id, sizeof command.id, "rcpt:%s:%s", order->event, order->ref.ts); /* fits */
    memcpy(command.workflow, order->workflow, sizeof command.workflow);
    memcpy(command.channel, order->ref.channel, sizeof command.channel);
    memcpy(command.gateway, relay->gateway, sizeof command.gateway);
    command.args =
        json_pack("{s:s, s:s, s:s}", "event", order->event, "channel", order->ref.channel, "ts", order->ref.ts);
    *ret_envelope = (struct proto_envelope){ .source = "/slipway/gateway", .time_ms = now_ms };
    memcpy(ret_envelope->id, command.id, sizeof command.id);
    memcpy(ret_envelope->subject, order->workflow, sizeof ret_envelope->subject);
    proto_type_join("command", command.name, 1, ret_envelope->type);
    json_t *json = command.args ? proto_command_encode(&command) : NULL;
    proto_command_release(&command);
    return json;
}

static void send_receipt(struct relay *relay, const struct relay_order *order, struct ticket *ticket, int64_t now_ms)
{
    struct proto_envelope envelope;
    struct proto_headers headers;
    struct kafka_header kafka_headers[PROTO_MAX_HEADERS];
    JX_AUTO json_t *json = receipt_new(relay, order, now_ms, &envelope);
    SW_AUTO_FREE char *value = json ? jx_dump_new(json) : NULL;
    proto_envelope_headers(&envelope, &headers);
    for (size_t i = 0; i < headers.count; i++)
        kafka_headers[i] = (struct kafka_header){ headers.headers[i].name, headers.headers[i].value };
    const struct kafka_record record = { .topic = relay->commands_topic,
                                         .partition = 0, /* the topic has exactly one */
                                         .key = order->workflow,
                                         .value = value,
                                         .value_bytes = value ? strlen(value) : 0,
                                         .headers = kafka_headers,
                                         .header_count = headers.count };
    struct sw_status status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (value)
        status = kafka_produce(relay->producer, &record, receipt_delivered, ticket);
    if (sw_failed(status))
        receipt_delivered(ticket, status, 0, 0);
}

/* ---- orders ---- */

void relay_execute(struct relay *relay, const struct relay_order *order, int64_t now_ms)
{
    struct ticket *ticket = ticket_new(relay, order);
    if (!ticket) {
        (void)relay_plan_done(relay->plan, order->id, &(struct relay_outcome){ .class = SLACK_RETRY }, now_ms);
        return;
    }
    switch (order->verb) {
    case RELAY_LOOK:
        slack_api_look(relay->api, &order->ref, order->workflow, order->view->created_at_ms - LOOK_BACK_MS, answered,
                       ticket);
        return;
    case RELAY_POST:
        slack_api_call(relay->api, "chat.postMessage", message_new(order, now_ms), answered, ticket);
        return;
    case RELAY_UPDATE:
        slack_api_call(relay->api, "chat.update", message_new(order, now_ms), answered, ticket);
        return;
    case RELAY_DELETE:
        slack_api_call(relay->api, "chat.delete", deletion_new(order), answered, ticket);
        return;
    case RELAY_RECEIPT:
        send_receipt(relay, order, ticket, now_ms);
        return;
    case RELAY_VERB_COUNT:
        break;
    }
}

/* ---- what came of them ---- */

static void log_parked(const struct ticket *ticket)
{
    sw_error("slack refuses this for good; the record is parked, the next event of the workflow tries again. "
             "HINT: see https://docs.slack.dev/reference/methods about the reason; for not_in_channel and "
             "channel_not_found invite the bot to the channel",
             sw_s("event", ticket->event), sw_s("workflow", ticket->workflow),
             sw_s("what", relay_verb_name(ticket->verb)), sw_s("channel", ticket->ref.channel),
             sw_s("ts", ticket->ref.ts), sw_s("reason", ticket->outcome.error));
}

static void report(const struct relay *relay, const struct ticket *ticket, enum relay_news news)
{
    const struct relay_metrics *metrics = &relay->metrics;
    const enum slack_class class = ticket->outcome.class;
    if (class == SLACK_OK)
        sw_metric_add(metrics->written[ticket->verb], 1);
    else if (class != SLACK_LIMITED)
        sw_metric_add(metrics->errors, 1);
    switch (news) {
    case RELAY_NEWS_NONE:
        return;
    case RELAY_NEWS_RETRY:
        sw_metric_add(metrics->retries, 1);
        sw_info("written to slack again later", sw_s("event", ticket->event), sw_s("workflow", ticket->workflow),
                sw_s("what", relay_verb_name(ticket->verb)), sw_s("class", slack_class_name(class)),
                sw_s("reason", ticket->outcome.error), sw_i("retry_after_ms", ticket->outcome.retry_after_ms));
        return;
    case RELAY_NEWS_PARKED:
        sw_metric_add(metrics->parked, 1);
        log_parked(ticket);
        return;
    case RELAY_NEWS_STALLED:
        sw_error("slack does not accept the bot's token; nothing is posted, and nothing is lost, until it does. "
                 "HINT: put a good token into SLACK_BOT_TOKEN and restart the gateway",
                 sw_s("reason", ticket->outcome.error));
        return;
    }
}

bool relay_take_outcome(struct relay *relay, int64_t timeout_ms)
{
    struct ticket *ticket = mailbox_take(relay->mailbox, timeout_ms);
    if (!ticket)
        return false;
    report(relay, ticket, relay_plan_done(relay->plan, ticket->order, &ticket->outcome, relay_now_ms(relay)));
    free(ticket);
    return true;
}

void relay_register_metrics(struct relay *relay)
{
    struct relay_metrics *metrics = &relay->metrics;
    for (size_t i = 0; i < RELAY_VERB_COUNT; i++) {
        char labels[40];
        (void)snprintf(labels, sizeof labels, "what=\"%s\"", relay_verb_name((enum relay_verb)i)); /* fits */
        metrics->written[i] = sw_counter("slipway_relay_messages_total", labels, "done for the channels, by what");
    }
    metrics->errors = sw_counter("slipway_relay_errors_total", NULL, "calls that failed, 429 not among them");
    metrics->retries = sw_counter("slipway_relay_retries_total", NULL, "writes that are made again");
    metrics->parked = sw_counter("slipway_relay_parked_total", NULL, "records given up, with a log line each");
    metrics->skipped = sw_counter("slipway_relay_skipped_total", NULL, "records that are no event for the relay");
    metrics->unsent = sw_gauge("slipway_relay_unsent", NULL, "workflows with something to write");
    metrics->age = sw_gauge("slipway_relay_oldest_unsent_seconds", NULL, "how long the oldest of them waits");
    metrics->partitions = sw_gauge("slipway_relay_partitions", NULL, "partitions of slipway.events read here");
}
