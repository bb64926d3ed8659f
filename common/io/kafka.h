/* SPDX-License-Identifier: Apache-2.0
 * kafka: the project's only door to librdkafka: producer, consumer, topics.
 *
 * Settings that are the same everywhere (names as in librdkafka's CONFIGURATION.md) live in kafka_conf.c; the file of
 * SLIPWAY_KAFKA_CONFIG is applied on top (key=value lines). Errors of the cluster are SW_CODE_KAFKA (retry); a fatal
 * idempotence error makes the producer replace its instance by itself. Log lines and broker errors go to
 * common/base/log, statistics to common/rt/metrics. */
#ifndef COMMON_IO_KAFKA_H
#define COMMON_IO_KAFKA_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct kafka_config {
    const char *brokers;     /* host:port, ... */
    const char *config_path; /* librdkafka properties (TLS, SASL), or NULL */
    const char *client_id;
};

struct kafka_header {
    const char *name;
    const char *value;
};

/* ---- topics ---- */

struct kafka_topic {
    const char *name;
    int32_t partitions;
    int64_t retention_ms; /* 0: the cluster's default */
};

/* Creates what is missing (replication as the cluster's default) and waits until it is seen. A topic that exists with
 * another partition count is left alone and is no error here. On a broker without CreateTopics (the embedded one) the
 * topics must exist already. */
struct sw_status kafka_create_topics(const struct kafka_config *config, const struct kafka_topic *topics, size_t count,
                                     int64_t timeout_ms) SW_MUST_CHECK;
/* SW_CODE_NOT_FOUND: no such topic. SW_CODE_KAFKA: nobody answered. */
struct sw_status kafka_partition_count(const struct kafka_config *config, const char *topic, int64_t timeout_ms,
                                       int32_t *ret_partitions) SW_MUST_CHECK;
/* The topic's retention.ms; INT64_MAX when it keeps records for ever. SW_CODE_NOT_FOUND: the broker does not tell (the
 * embedded one), which is known at once. SW_CODE_KAFKA: nobody answered. */
struct sw_status kafka_topic_retention(const struct kafka_config *config, const char *topic, int64_t timeout_ms,
                                       int64_t *ret_retention_ms) SW_MUST_CHECK;

/* ---- producer: acks=all, idempotent ---- */

struct kafka_producer;

struct kafka_producer_options {
    struct kafka_config kafka;
    int64_t delivery_timeout_ms;
    int32_t max_messages; /* queue.buffering.max.messages */
};

struct kafka_record {
    const char *topic;
    int32_t partition; /* -1: by key (murmur2, as Java) */
    const char *key;
    const void *value;
    size_t value_bytes;
    const struct kafka_header *headers;
    size_t header_count;
};

/* Called once for each accepted record, on the producer's own thread; must not block. SW_CODE_TIMEOUT and
 * SW_CODE_CLOSED: it was never transmitted. Any other failure: it may be on the log or not. */
typedef void kafka_delivered_fn(void *context, struct sw_status status, int32_t partition, int64_t offset);

/* Starts the poll thread; knows the given topics before it returns (an unknown one costs 300 ms at its first record),
 * or learns them in the background when no broker answers within 1 s. */
struct sw_status kafka_producer_new(const struct kafka_producer_options *options, const char *const *topics,
                                    size_t count, struct kafka_producer **ret_producer) SW_MUST_CHECK;
/* Copies the record. SW_CODE_FULL: too many in flight; delivered is then not called. Any thread. */
struct sw_status kafka_produce(struct kafka_producer *producer, const struct kafka_record *record,
                               kafka_delivered_fn *delivered, void *context) SW_MUST_CHECK;
/* Whether a broker has been reached and not all are down since. */
bool kafka_producer_connected(struct kafka_producer *producer);
size_t kafka_producer_in_flight(struct kafka_producer *producer);
struct sw_status kafka_producer_flush(struct kafka_producer *producer, int64_t timeout_ms) SW_MUST_CHECK;
/* Purges what is left (delivered is called with SW_CODE_CLOSED when it was never transmitted) and joins the thread. */
void kafka_producer_free(struct kafka_producer *producer);

/* ---- consumer ---- */

struct kafka_consumer;

struct kafka_message {
    const char *topic; /* all pointers are valid until kafka_message_release() */
    int32_t partition;
    int64_t offset;
    const char *key; /* NUL-terminated copy, or NULL */
    const void *value;
    size_t value_bytes;
    int64_t timestamp_ms;
    void *handle; /* librdkafka's */
};
const char *kafka_message_header(const struct kafka_message *message,
                                 const char *name); /* last one; NULL when absent */
/* The index-th header; false when there are fewer. */
bool kafka_message_header_at(const struct kafka_message *message, size_t index, struct kafka_header *ret_header);
void kafka_message_release(struct kafka_message *message);

/* Told on the polling thread, inside kafka_consumer_poll(), before the change takes effect (revoked) or after it. */
struct kafka_rebalance {
    void (*assigned)(void *self, const char *topic, int32_t partition);
    void (*revoked)(void *self, const char *topic, int32_t partition);
    void *self;
};

struct kafka_consumer_options {
    struct kafka_config kafka;
    const char *group;                /* NULL: assign only */
    const char *auto_offset_reset;    /* "error", "earliest" or "latest" */
    int64_t fetch_wait_ms;            /* fetch.wait.max.ms; 0: 500 */
    int64_t prefetch_bytes;           /* queued.max.messages.kbytes; 0: 1 MiB */
    struct kafka_rebalance rebalance; /* group only */
};

struct kafka_watermarks {
    int64_t low, high; /* first kept offset, next offset to be written */
};

struct sw_status kafka_consumer_new(const struct kafka_consumer_options *options,
                                    struct kafka_consumer **ret_consumer) SW_MUST_CHECK;
struct sw_status kafka_subscribe(struct kafka_consumer *consumer, const char *const *topics,
                                 size_t count) SW_MUST_CHECK;
/* offset: absolute, or KAFKA_BEGINNING, KAFKA_END. Replaces an earlier assignment of the same partition. */
enum { KAFKA_BEGINNING = -2, KAFKA_END = -1 };
struct sw_status kafka_assign(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                              int64_t offset) SW_MUST_CHECK;
/* True: *ret_message is filled. False: none within timeout_ms, or an error in *ret_error (ok otherwise). */
bool kafka_poll(struct kafka_consumer *consumer, int64_t timeout_ms, struct kafka_message *ret_message,
                struct sw_status *ret_error);
/* Ends a kafka_poll() that waits, or the next one, without a record. Any thread. */
void kafka_wake(struct kafka_consumer *consumer);
struct sw_status kafka_pause(struct kafka_consumer *consumer, const char *topic, int32_t partition) SW_MUST_CHECK;
struct sw_status kafka_resume(struct kafka_consumer *consumer, const char *topic, int32_t partition) SW_MUST_CHECK;
/* next_offset: the first one that is not done. Asynchronous; failures are logged and repeated by the next commit. */
struct sw_status kafka_commit(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                              int64_t next_offset) SW_MUST_CHECK;
struct sw_status kafka_watermarks(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                                  int64_t timeout_ms, struct kafka_watermarks *ret_watermarks) SW_MUST_CHECK;
/* Of several partitions, all or none. The broker answers behind a fetch that is under way on the same connection, which
 * takes up to fetch.wait.max.ms: a consumer that reads already pays for that twice in all, not once for each. A leader
 * that moves is asked again within timeout_ms. */
struct sw_status kafka_watermarks_of(struct kafka_consumer *consumer, const char *topic, const int32_t *partitions,
                                     size_t count, int64_t timeout_ms,
                                     struct kafka_watermarks *ret_watermarks) SW_MUST_CHECK;
/* The group's committed offset; -1: none. */
struct sw_status kafka_committed(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                                 int64_t timeout_ms, int64_t *ret_offset) SW_MUST_CHECK;
/* The cluster's id; free() it. */
struct sw_status kafka_cluster_id(struct kafka_consumer *consumer, int64_t timeout_ms, char **ret_id) SW_MUST_CHECK;
/* Whether a broker error was seen since the last call: what comes next may be another log. */
bool kafka_consumer_troubled(struct kafka_consumer *consumer);
void kafka_consumer_free(struct kafka_consumer *consumer); /* leaves the group; bounded by 5 s */

#endif
