/* SPDX-License-Identifier: Apache-2.0
 * The relay's thread: reads events, hands out what the plan orders, commits. */
#include "gateway/io/relay_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "proto/envelope.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    MAILBOX_ITEMS = 65536, /* more than can be under way */
    BATCH = 500,
    BUSY_WAIT_MS = 5, /* an outcome may come any moment, and waits that long */
    IDLE_WAIT_MS = 1000,
    COMMIT_EVERY_MS = 500,
    REPEAT_COMMIT_MS = 10000, /* commits are asynchronous, and fail during a rebalance */
    COMPLAIN_EVERY_MS = 10000,
    GAP_MS = 4000,  /* not polled that long: perhaps thrown out of the group (session: 6 s) */
    HOLD_MS = 3000, /* two heartbeats: then it is known */
    DRAIN_MS = 5000,
};

int64_t relay_now_ms(const struct relay *relay) { return sw_boottime_ms() + relay->clock_offset_ms; }

/* ---- records ---- */

static const char *lookup(const void *self, const char *name) { return kafka_message_header(self, name); }

/* ok with an empty name: a type that is not the relay's. */
static struct sw_status read_event(const struct kafka_message *message, char ret_name[PROTO_NAME_SIZE],
                                   struct proto_view *ret_view)
{
    struct proto_envelope envelope;
    char domain[PROTO_NAME_SIZE];
    int32_t version;
    JX_AUTO json_t *json = NULL;
    ret_name[0] = '\0';
    SW_TRY(proto_envelope_parse(lookup, message, &envelope));
    if (!proto_type_split(envelope.type, domain, ret_name, &version) || version != 1 ||
        !(sw_equal(domain, "deployment") || sw_equal(domain, "incident"))) {
        ret_name[0] = '\0';
        return sw_ok();
    }
    SW_TRY(jx_parse(message->value, message->value_bytes, &json));
    return proto_view_decode(json, ret_view);
}

static void take_message(struct relay *relay, const struct kafka_message *message)
{
    char name[PROTO_NAME_SIZE];
    struct relay_event event = { .partition = message->partition,
                                 .offset = message->offset,
                                 .name = name,
                                 .text = message->value,
                                 .length = message->value_bytes };
    struct sw_status status = read_event(message, name, &event.view);
    if (sw_failed(status) || !*name) {
        proto_view_release(&event.view);
        sw_metric_add(relay->metrics.skipped, 1);
        if (sw_failed(status))
            sw_error("a record is no event and is parked", sw_i("partition", message->partition),
                     sw_i("offset", message->offset), sw_e(&status));
        relay_plan_skip(relay->plan, message->partition, message->offset);
        return;
    }
    if (relay_plan_event(relay->plan, &event, relay_now_ms(relay)))
        return;
    sw_error("the relay is out of memory");
    abort(); /* a restart reads from the committed offset; going on would skip the event */
}

static void complain(struct relay *relay, const struct sw_status *status)
{
    int64_t now_ms = relay_now_ms(relay);
    if (now_ms < relay->complain_at_ms)
        return;
    relay->complain_at_ms = now_ms + COMPLAIN_EVERY_MS;
    sw_warn("the relay cannot read events", sw_e(status));
}

static void read_events(struct relay *relay, int64_t wait_ms)
{
    struct kafka_message message;
    struct sw_status status = sw_ok();
    for (int i = 0; i < BATCH && kafka_poll(relay->consumer, i ? 0 : wait_ms, &message, &status); i++) {
        take_message(relay, &message);
        kafka_message_release(&message);
    }
    if (sw_failed(status))
        complain(relay, &status);
}

/* A process that was stopped or starved may have lost its partitions and not know it yet. */
static void check_gap(struct relay *relay)
{
    int64_t now_ms = relay_now_ms(relay);
    if (relay->last_poll_ms && now_ms - relay->last_poll_ms > GAP_MS) {
        sw_warn("the relay stood still; it waits until it knows what is still its own",
                sw_i("gap_ms", now_ms - relay->last_poll_ms));
        relay_plan_hold(relay->plan, now_ms + HOLD_MS);
    }
    relay->last_poll_ms = now_ms;
}

/* ---- one turn ---- */

/* Returns how long nothing is due. */
static int64_t give_orders(struct relay *relay)
{
    struct relay_order order;
    int64_t wake_ms;
    while (relay_take_outcome(relay, 0))
        ;
    check_gap(relay);
    while (relay_plan_next(relay->plan, relay_now_ms(relay), &order, &wake_ms))
        relay_execute(relay, &order, relay_now_ms(relay));
    int64_t wait_ms = wake_ms - relay_now_ms(relay);
    return wait_ms > 0 ? wait_ms : 0;
}

static void commit_at_times(struct relay *relay)
{
    int64_t now_ms = relay_now_ms(relay);
    if (now_ms < relay->commit_at_ms)
        return;
    const bool again = now_ms >= relay->repeat_commit_at_ms;
    if (again)
        relay->repeat_commit_at_ms = now_ms + REPEAT_COMMIT_MS;
    relay->commit_at_ms = now_ms + COMMIT_EVERY_MS;
    relay_commit(relay, again);
}

static struct relay_counts observe(struct relay *relay)
{
    struct relay_counts counts = relay_plan_counts(relay->plan);
    int64_t age_ms = counts.oldest_ms ? relay_now_ms(relay) - counts.oldest_ms : 0;
    sw_metric_set(relay->metrics.unsent, (double)counts.unsent);
    sw_metric_set(relay->metrics.age, (double)age_ms / 1000.0);
    age_ms = counts.oldest_order_ms ? relay_now_ms(relay) - counts.oldest_order_ms : 0;
    sw_metric_set(relay->metrics.orders, (double)counts.orders);
    sw_metric_set(relay->metrics.order_age, (double)age_ms / 1000.0);
    sw_metric_set(relay->metrics.partitions, (double)counts.partitions);
    return counts;
}

static void turn(struct relay *relay)
{
    int64_t wait_ms = give_orders(relay);
    struct relay_counts counts = observe(relay);
    const int64_t most_ms = counts.in_flight > 0 ? BUSY_WAIT_MS : IDLE_WAIT_MS;
    relay_throttle(relay, counts.unsent);
    commit_at_times(relay);
    read_events(relay, wait_ms < most_ms ? wait_ms : most_ms);
    check_gap(relay);
    relay_ask_bounds(relay, relay_now_ms(relay));
    relay->last_poll_ms = relay_now_ms(relay); /* asking may take long, and the group is served meanwhile */
}

/* ---- the end ---- */

static void finish_in_flight(struct relay *relay)
{
    const int64_t until_ms = relay_now_ms(relay) + DRAIN_MS;
    relay_plan_drain(relay->plan);
    while (relay_now_ms(relay) < until_ms) {
        (void)give_orders(relay);
        if (relay_plan_counts(relay->plan).in_flight == 0)
            return;
        (void)relay_take_outcome(relay, BUSY_WAIT_MS);
    }
    sw_warn("the relay ends with calls of slack under way; whoever comes next looks for what they did");
}

static void run(void *self)
{
    struct relay *relay = self;
    while (!atomic_load(&relay->stop))
        turn(relay);
    finish_in_flight(relay);
    relay_commit(relay, true);
}

/* ---- life ---- */

static struct sw_status join_group(struct relay *relay, const struct relay_options *options)
{
    char group[PROTO_TOPIC_NAME_SIZE];
    const char *const topics[] = { relay->events_topic };
    (void)snprintf(group, sizeof group, "%srelay", options->topic_prefix); /* as long as a topic's name */
    const struct kafka_consumer_options consumer = {
        .kafka = options->kafka, .group = group, .auto_offset_reset = "earliest", .rebalance = relay_rebalance_of(relay)
    };
    SW_TRY(kafka_consumer_new(&consumer, &relay->consumer));
    return kafka_subscribe(relay->consumer, topics, SW_COUNT(topics));
}

static struct sw_status start(struct relay *relay, const struct relay_options *options)
{
    const struct slack_api_options api = { .url = options->slack_api_url,
                                           .token = options->bot_token,
                                           .http = options->http };
    proto_topic_name(options->topic_prefix, PROTO_TOPIC_EVENTS, relay->events_topic);
    proto_topic_name(options->topic_prefix, PROTO_TOPIC_COMMANDS, relay->commands_topic);
    (void)sw_copy(relay->gateway, sizeof relay->gateway, options->gateway); /* of the same size */
    relay->producer = options->producer;
    relay->clock_offset_ms = sw_wall_ms() - sw_boottime_ms();
    relay->plan = relay_plan_new(sw_random32());
    relay->mailbox = mailbox_new(MAILBOX_ITEMS, free);
    if (!relay->plan || !relay->mailbox)
        return sw_fail(SW_CODE_NO_MEMORY, "relay: out of memory");
    relay_register_metrics(relay);
    SW_TRY(slack_api_new(&api, &relay->api));
    SW_TRY(sw_wrap(join_group(relay, options), "relay"));
    return sw_thread_start(&relay->thread, "relay", run, relay);
}

struct sw_status relay_new(const struct relay_options *options, struct relay **ret_relay)
{
    struct relay *relay = calloc(1, sizeof *relay);
    if (!relay)
        return sw_fail(SW_CODE_NO_MEMORY, "relay: out of memory");
    struct sw_status status = start(relay, options);
    if (sw_failed(status))
        relay_free(relay);
    else
        *ret_relay = relay;
    return status;
}

void relay_free(struct relay *relay)
{
    if (!relay)
        return;
    atomic_store(&relay->stop, true);
    if (relay->consumer)
        kafka_wake(relay->consumer);
    sw_thread_join(&relay->thread);
    kafka_consumer_free(relay->consumer); /* after it: the plan is told what is revoked */
    if (relay->mailbox)
        mailbox_close(relay->mailbox); /* what is still under way is released where it ends */
    mailbox_unref(relay->mailbox);
    slack_api_unref(relay->api);
    relay_plan_free(relay->plan);
    free(relay);
}
