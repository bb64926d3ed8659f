/* SPDX-License-Identifier: Apache-2.0
 * Orders of the plan become calls of Slack and records on slipway.commands; what came of them goes back to the plan. */
#include "gateway/io/relay_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "proto/command.h"
#include "proto/envelope.h"

#include <stdio.h>
#include <string.h>

enum { LOOK_BACK_MS = 60000 };

/* An order under way. */
struct ticket {
    struct mailbox *mailbox;
    uint64_t order;
    enum relay_verb verb;
    char key[PROTO_ORDER_KEY_SIZE]; /* "": the live message */
    enum proto_order_verb asked;
    char event[RELAY_EVENT_ID_SIZE], workflow[PROTO_WORKFLOW_ID_SIZE];
    bool failed; /* RECEIPT of an order: it ends with an error */
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
    if (order->key) {
        (void)sw_copy(ticket->key, sizeof ticket->key, order->key); /* of the same size */
        ticket->asked = order->order->verb;
        ticket->failed = *order->result->code && !order->result->beside;
    }
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

/* ---- receipts ---- */

static void receipt_delivered(void *context, struct sw_status status, int32_t partition, int64_t offset)
{
    (void)partition, (void)offset;
    struct ticket *ticket = context;
    ticket->outcome.class = sw_failed(status) ? SLACK_RETRY : SLACK_OK;              /* a second one has the same id */
    (void)sw_copy(ticket->outcome.error, sizeof ticket->outcome.error, status.text); /* cut: for people */
    hand_back(ticket);
}

/* {"order":key,"created":{...}|null,"error":{...}|null,"trouble":{...}|null}, beside what every receipt has */
static bool add_result(json_t *args, const struct relay_order *order)
{
    const struct relay_result *result = order->result;
    const bool failed = *result->code && !result->beside, trouble = *result->code && result->beside;
    json_t *created = !*result->created.id
                          ? json_null()
                          : json_pack("{s:s, s:s}", "id", result->created.id, "name", result->created.name);
    json_t *error =
        failed ? json_pack("{s:s, s:s, s:b}", "code", result->code, "text", result->text, "final", 1) : json_null();
    json_t *beside = trouble ? json_pack("{s:s, s:s}", "code", result->code, "text", result->text) : json_null();
    bool good = jx_set_take(args, "created", created);
    good = jx_set_take(args, "error", error) && good;
    return jx_set_take(args, "trouble", beside) && good && jx_set_string(args, "order", order->key);
}

static json_t *args_new(const struct relay_order *order)
{
    json_t *args =
        json_pack("{s:s, s:s, s:s}", "event", order->event, "channel", order->ref.channel, "ts", order->ref.ts);
    if (!args || !order->key || add_result(args, order))
        return args;
    json_decref(args);
    return NULL;
}

static json_t *receipt_new(const struct relay *relay, const struct relay_order *order, int64_t now_ms,
                           struct proto_envelope *ret_envelope)
{
    struct proto_command command = { .name = "receipt", .origin = "relay", .at_ms = now_ms };
    /* An event has one order at most, so a key that is cut still makes an id of its own. */
    (void)snprintf(command.id, sizeof command.id, "rcpt:%s:%s", order->event, order->key ? order->key : order->ref.ts);
    memcpy(command.workflow, order->workflow, sizeof command.workflow);
    memcpy(command.channel, order->ref.channel, sizeof command.channel);
    memcpy(command.gateway, relay->gateway, sizeof command.gateway);
    command.args = args_new(order);
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

static void look(struct relay *relay, const struct relay_order *order, struct ticket *ticket)
{
    struct slack_sought sought = { .oldest_ms =
                                       (order->key ? order->look_from_ms : order->view->created_at_ms) - LOOK_BACK_MS };
    struct proto_message_ref where = order->ref;
    const char *thread = order->key ? order->order->thread_ts : "";
    (void)sw_copy(where.ts, sizeof where.ts, thread);                           /* checked when it was read */
    (void)sw_copy(sought.key, sizeof sought.key, order->key ? order->key : ""); /* of the same size */
    (void)sw_copy(sought.workflow, sizeof sought.workflow, order->workflow);    /* likewise */
    slack_api_look(relay->api, &where, &sought, answered, ticket);
}

static void find_channel(struct relay *relay, const struct relay_order *order, struct ticket *ticket)
{
    struct slack_channel_sought wanted = { .oldest_ms = order->look_from_ms - LOOK_BACK_MS };
    (void)sw_copy(wanted.name, sizeof wanted.name, order->order->name);      /* checked when it was read */
    (void)sw_copy(wanted.workflow, sizeof wanted.workflow, order->workflow); /* of the same size */
    slack_api_find_channel(relay->api, &wanted, answered, ticket);
}

void relay_execute(struct relay *relay, const struct relay_order *order, int64_t now_ms)
{
    struct ticket *ticket = ticket_new(relay, order);
    if (!ticket) {
        (void)relay_plan_done(relay->plan, order->id, &(struct relay_outcome){ .class = SLACK_RETRY }, now_ms);
        return;
    }
    if (order->verb == RELAY_RECEIPT)
        send_receipt(relay, order, ticket, now_ms);
    else if (order->verb == RELAY_LOOK || order->verb == RELAY_SEEK)
        look(relay, order, ticket);
    else if (order->verb == RELAY_FIND)
        find_channel(relay, order, ticket);
    else
        slack_api_call(relay->api, relay_method(order->verb), relay_arguments_new(order, now_ms), answered, ticket);
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

static void log_refused(const struct ticket *ticket)
{
    sw_warn("slack refuses what an incident needs; the orchestrator is told, and goes on without it. HINT: see "
            "https://docs.slack.dev/reference/methods about the reason, and docs/slack.md about scopes",
            sw_s("order", ticket->key), sw_s("workflow", ticket->workflow), sw_s("event", ticket->event),
            sw_s("what", relay_verb_name(ticket->verb)), sw_s("channel", ticket->ref.channel),
            sw_s("reason", ticket->outcome.error));
}

/* Each order once, when its receipt is on Kafka. */
static void count_order(const struct relay_metrics *metrics, const struct ticket *ticket)
{
    if (*ticket->key && ticket->verb == RELAY_RECEIPT && ticket->outcome.class == SLACK_OK)
        sw_metric_add(ticket->failed ? metrics->refused[ticket->asked] : metrics->done[ticket->asked], 1);
}

static void report(const struct relay *relay, const struct ticket *ticket, enum relay_news news)
{
    const struct relay_metrics *metrics = &relay->metrics;
    const enum slack_class class = ticket->outcome.class;
    count_order(metrics, ticket);
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
    case RELAY_NEWS_REFUSED:
        log_refused(ticket);
        return;
    case RELAY_NEWS_FOUND:
        sw_info("an order was carried out already", sw_s("order", ticket->key), sw_s("event", ticket->event),
                sw_s("workflow", ticket->workflow));
        return;
    case RELAY_NEWS_JOINED:
        sw_info("joined a channel to post there", sw_s("channel", ticket->ref.channel),
                sw_s("workflow", ticket->workflow), sw_s("event", ticket->event));
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

static void register_orders(struct relay_metrics *metrics)
{
    static const char HELP[] = "orders of the orchestrator that are over";
    for (size_t i = 0; i < PROTO_ORDER_VERB_COUNT; i++) {
        char labels[80];
        const char *verb = proto_order_verb_name((enum proto_order_verb)i);
        (void)snprintf(labels, sizeof labels, "verb=\"%s\",outcome=\"done\"", verb); /* fits */
        metrics->done[i] = sw_counter("slipway_relay_orders_total", labels, HELP);
        (void)snprintf(labels, sizeof labels, "verb=\"%s\",outcome=\"refused\"", verb); /* likewise */
        metrics->refused[i] = sw_counter("slipway_relay_orders_total", labels, HELP);
    }
}

void relay_register_metrics(struct relay *relay)
{
    struct relay_metrics *metrics = &relay->metrics;
    for (size_t i = 0; i < RELAY_VERB_COUNT; i++) {
        char labels[40];
        (void)snprintf(labels, sizeof labels, "what=\"%s\"", relay_verb_name((enum relay_verb)i)); /* fits */
        metrics->written[i] = sw_counter("slipway_relay_messages_total", labels, "done for the channels, by what");
    }
    register_orders(metrics);
    metrics->errors = sw_counter("slipway_relay_errors_total", NULL, "calls that failed, 429 not among them");
    metrics->retries = sw_counter("slipway_relay_retries_total", NULL, "writes that are made again");
    metrics->parked = sw_counter("slipway_relay_parked_total", NULL, "records given up, with a log line each");
    metrics->skipped = sw_counter("slipway_relay_skipped_total", NULL, "records that are no event for the relay");
    metrics->unsent = sw_gauge("slipway_relay_unsent", NULL, "workflows with something to write, and orders");
    metrics->orders = sw_gauge("slipway_relay_orders", NULL, "the orchestrator's orders that are not over");
    metrics->order_age =
        sw_gauge("slipway_relay_oldest_order_seconds", NULL, "how long the oldest of the orders waits");
    metrics->age = sw_gauge("slipway_relay_oldest_unsent_seconds", NULL, "how long the oldest of them waits");
    metrics->partitions = sw_gauge("slipway_relay_partitions", NULL, "partitions of slipway.events read here");
}
