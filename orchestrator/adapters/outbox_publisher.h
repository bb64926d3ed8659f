/* SPDX-License-Identifier: Apache-2.0
 * outbox_publisher: the publisher port: rows of the outbox to Kafka, in the order of their ids, acks=all, idempotent.
 *
 * Rows come from memory, right after their commit; above max_bytes, and after a takeover, from the outbox table. An
 * outage of the brokers is waited out. A row that was refused is sent again, and everything behind it: a consumer can
 * see a row twice (same ce_id), but what it sees last of each is in order. Threads: the port's functions belong to one
 * owner; a thread of its own sends and reads the table. Strings in options are copied. */
#ifndef ORCHESTRATOR_ADAPTERS_OUTBOX_PUBLISHER_H
#define ORCHESTRATOR_ADAPTERS_OUTBOX_PUBLISHER_H

#include "common/io/kafka.h"
#include "orchestrator/ports/publisher.h"

struct outbox_publisher;

struct outbox_publisher_options {
    struct kafka_config kafka;
    const char *topic_prefix; /* "slipway." */
    const char *database_url;
    int64_t max_bytes;           /* unpublished rows in memory; 0: 4 MiB */
    int64_t delivery_timeout_ms; /* 0: a day */
    void (*wake)(void *self);    /* published() has advanced; from another thread. NULL allowed. */
    void *self;
};

struct sw_status outbox_publisher_new(const struct outbox_publisher_options *options,
                                      struct outbox_publisher **ret_publisher) SW_MUST_CHECK;
struct publisher_port outbox_publisher_port(struct outbox_publisher *publisher);
bool outbox_publisher_connected(struct outbox_publisher *publisher); /* a broker is there; for readiness */
void outbox_publisher_free(struct outbox_publisher *publisher);

#endif
