/* SPDX-License-Identifier: Apache-2.0
 * relay_internal: what relay*.c share. All of it belongs to the relay's thread, but where said otherwise. */
#ifndef GATEWAY_IO_RELAY_INTERNAL_H
#define GATEWAY_IO_RELAY_INTERNAL_H

#include "common/rt/metrics.h"
#include "common/rt/thread.h"
#include "gateway/core/relay_plan.h"
#include "gateway/io/mailbox.h"
#include "gateway/io/relay.h"
#include "gateway/io/slack_api.h"
#include "proto/topics.h"

#include <stdatomic.h>

enum { RELAY_MAX_PARTITIONS = 256, RELAY_MAX_UNSENT = 10000 };

struct relay_part {
    int32_t number;
    bool known; /* its bounds are */
    bool paused;
    int64_t ask_at_ms; /* for its bounds, again */
    int64_t committed; /* what was committed last; -1: nothing */
};

struct relay_metrics {
    struct sw_metric *written[RELAY_VERB_COUNT], *errors, *retries, *parked, *skipped, *unsent, *age, *partitions;
    struct sw_metric *orders, *order_age;
    struct sw_metric *done[PROTO_ORDER_VERB_COUNT], *refused[PROTO_ORDER_VERB_COUNT];
};

struct relay {
    char events_topic[PROTO_TOPIC_NAME_SIZE], commands_topic[PROTO_TOPIC_NAME_SIZE];
    char gateway[PROTO_NAME_SIZE];
    struct kafka_producer *producer;
    struct slack_api *api;
    struct mailbox *mailbox; /* tickets that came back; any thread puts */
    struct kafka_consumer *consumer;
    struct sw_thread thread;
    atomic_bool stop;
    struct relay_metrics metrics;

    struct relay_plan *plan;
    struct relay_part parts[RELAY_MAX_PARTITIONS];
    size_t part_count;
    bool paused;
    int64_t clock_offset_ms; /* from boot time to wall time, as at the start */
    int64_t last_poll_ms, commit_at_ms, repeat_commit_at_ms;
    int64_t complain_at_ms; /* about Kafka, again */
};

int64_t relay_now_ms(const struct relay *relay); /* wall time that does not jump */

/* ---- relay_partitions.c ---- */
struct kafka_rebalance relay_rebalance_of(struct relay *relay);
void relay_ask_bounds(struct relay *relay, int64_t now_ms);
void relay_commit(struct relay *relay, bool again); /* again: also what was committed before */
void relay_throttle(struct relay *relay, size_t unsent);

/* ---- relay_calls.c ---- */
const char *relay_method(enum relay_verb verb); /* of Slack's Web API; NULL: none that writes */
/* NULL: out of memory. */
json_t *relay_arguments_new(const struct relay_order *order, int64_t now_ms);

/* ---- relay_orders.c ---- */
void relay_execute(struct relay *relay, const struct relay_order *order, int64_t now_ms);
/* Brings one outcome home, waiting for it at most that long. False: none came. */
bool relay_take_outcome(struct relay *relay, int64_t timeout_ms);
void relay_register_metrics(struct relay *relay);

#endif
