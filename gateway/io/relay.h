/* SPDX-License-Identifier: Apache-2.0
 * relay: events from slipway.events become one Slack message per workflow, edited in place, and the orders that they
 * carry are carried out, each once.
 *
 * A member of the consumer group <prefix>relay. One writer per channel (the topic's key), one request in flight per
 * message, paced per channel and method; on assignment the partition is read to its end before the first write; every
 * first post is looked for by its event id before it is repeated; the offset is committed after Slack accepted and the
 * receipt is on Kafka, or the record is superseded or parked. Threads: its own. */
#ifndef GATEWAY_IO_RELAY_H
#define GATEWAY_IO_RELAY_H

#include "common/base/status.h"
#include "common/io/http_client.h"
#include "common/io/kafka.h"

struct relay;

struct relay_options {
    struct kafka_config kafka;
    const char *topic_prefix;
    const char *gateway; /* this instance's id */
    const char *slack_api_url;
    const char *bot_token;
    struct http_client *http;        /* borrowed */
    struct kafka_producer *producer; /* borrowed; for receipts */
};

struct sw_status relay_new(const struct relay_options *options, struct relay **ret_relay) SW_MUST_CHECK;
void relay_free(struct relay *relay); /* finishes requests in flight, at most 5 s; commits; leaves the group */

#endif
