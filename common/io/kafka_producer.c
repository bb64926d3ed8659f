/* SPDX-License-Identifier: Apache-2.0
 * librdkafka 2.0.2's idempotent producer can end in a fatal state (possibly persisted records, librdkafka #4438); then
 * the instance is replaced: what was in flight is reported as failed, what comes goes to the new one. An instance is
 * used under a read lock and replaced under the write lock, so no call ever sees a dead one. */
#include "common/io/kafka_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/thread.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TOPICS = 8, POLL_MS = 1000, LOOK_MS = 100, WARM_UP_MS = 1000 };

struct kafka_producer {
    struct kafka_producer_options options;
    char *brokers, *config_path, *client_id;
    char *topics[MAX_TOPICS];
    size_t topic_count;
    pthread_rwlock_t lock;
    rd_kafka_t *client; /* under lock */
    struct sw_thread poller;
    _Atomic bool stopping, fatal, connected;
    _Atomic int64_t in_flight;
};

struct delivery {
    kafka_delivered_fn *delivered;
    void *context;
};

/* SW_CODE_TIMEOUT and SW_CODE_CLOSED promise that the record is not on the log. */
static struct sw_status delivery_failure(const rd_kafka_message_t *message)
{
    struct sw_status status = kafka_error(message->err, "not delivered");
    bool sure = rd_kafka_message_status(message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED;
    if (sure && status.code == SW_CODE_KAFKA)
        return sw_fail(SW_CODE_TIMEOUT, "%s (never transmitted)", status.text);
    if (!sure && status.code == SW_CODE_CLOSED)
        return sw_fail(SW_CODE_KAFKA, "%s (perhaps transmitted)", status.text);
    return status;
}

static void on_delivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct kafka_producer *producer = opaque;
    struct delivery *delivery = message->_private;
    struct sw_status status = message->err ? delivery_failure(message) : sw_ok();
    (void)client;
    if (!message->err)
        producer->connected = true;
    producer->in_flight--;
    if (delivery->delivered)
        delivery->delivered(delivery->context, status, message->partition, message->offset);
    free(delivery);
}

static void on_error(rd_kafka_t *client, int error, const char *reason, void *opaque)
{
    struct kafka_producer *producer = opaque;
    (void)client;
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        producer->connected = false;
    if (error == RD_KAFKA_RESP_ERR__FATAL)
        producer->fatal = true;
    sw_debug("kafka error", sw_s("name", rd_kafka_err2name((rd_kafka_resp_err_t)error)), sw_s("reason", reason));
}

static struct sw_status set_options(rd_kafka_conf_t *conf, struct kafka_producer *producer)
{
    const struct kafka_producer_options *options = &producer->options;
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivered);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_opaque(conf, producer);
    SW_TRY(kafka_conf_set(conf, "enable.idempotence", "true"));
    SW_TRY(kafka_conf_set(conf, "acks", "all"));
    SW_TRY(kafka_conf_set(conf, "partitioner", "murmur2_random"));
    SW_TRY(kafka_conf_set(conf, "retry.backoff.ms", "50"));
    SW_TRY(kafka_conf_set_i64(conf, "request.timeout.ms", options->delivery_timeout_ms < 5000 ? 1000 : 5000));
    SW_TRY(kafka_conf_set(conf, "linger.ms", "0")); /* a busy one gathers by itself; to linger is to spin, in 2.0.2 */
    SW_TRY(kafka_conf_set_i64(conf, "delivery.timeout.ms", options->delivery_timeout_ms));
    SW_TRY(kafka_conf_set_i64(conf, "queue.buffering.max.messages",
                              options->max_messages ? options->max_messages : 10000));
    return kafka_conf_file(conf, &options->kafka);
}

/* Topic handles and metadata now: the first record to an unknown topic costs 300 ms. */
static void warm_up(struct kafka_producer *producer, rd_kafka_t *client)
{
    const struct rd_kafka_metadata *metadata;
    for (size_t i = 0; i < producer->topic_count; i++) {
        rd_kafka_topic_t *topic = rd_kafka_topic_new(client, producer->topics[i], NULL);
        if (!topic)
            continue;
        if (rd_kafka_metadata(client, 0, topic, &metadata, WARM_UP_MS) == RD_KAFKA_RESP_ERR_NO_ERROR) {
            producer->connected = true;
            rd_kafka_metadata_destroy(metadata);
        }
        rd_kafka_topic_destroy(topic);
    }
}

static struct sw_status make_client(struct kafka_producer *producer, rd_kafka_t **ret_client)
{
    rd_kafka_conf_t *conf;
    SW_TRY(kafka_conf_new(&producer->options.kafka, &conf));
    struct sw_status status = set_options(conf, producer);
    if (sw_failed(status)) {
        rd_kafka_conf_destroy(conf);
        return status;
    }
    SW_TRY(kafka_client_new(RD_KAFKA_PRODUCER, conf, ret_client));
    warm_up(producer, *ret_client);
    return sw_ok();
}

static void destroy_client(rd_kafka_t *client)
{
    (void)rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT); /* cannot fail with these flags */
    (void)rd_kafka_flush(client, 1000); /* serves the reports of what was purged */
    rd_kafka_destroy(client);
}

static void replace_client(struct kafka_producer *producer)
{
    rd_kafka_t *fresh;
    struct sw_status status = make_client(producer, &fresh);
    if (sw_failed(status)) {
        sw_error("kafka producer cannot be replaced", sw_e(&status));
        return;
    }
    pthread_rwlock_wrlock(&producer->lock);
    rd_kafka_t *dead = producer->client;
    producer->client = fresh;
    producer->fatal = false;
    pthread_rwlock_unlock(&producer->lock);
    sw_warn("kafka producer was replaced after a fatal error");
    destroy_client(dead);
}

static void wake_poller(struct kafka_producer *producer)
{
    pthread_rwlock_rdlock(&producer->lock);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_main(producer->client);
    rd_kafka_queue_yield(queue);
    rd_kafka_queue_destroy(queue);
    pthread_rwlock_unlock(&producer->lock);
}

/* Nothing tells that a broker is back while there is nothing to send. */
static void look_for_broker(struct kafka_producer *producer)
{
    const struct rd_kafka_metadata *metadata;
    if (rd_kafka_metadata(producer->client, 0, NULL, &metadata, LOOK_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    producer->connected = true;
    rd_kafka_metadata_destroy(metadata);
}

static void run_poller(void *self)
{
    struct kafka_producer *producer = self;
    while (!producer->stopping) {
        /* Only this thread replaces the client; the count is no news. */
        (void)rd_kafka_poll(producer->client, producer->connected ? POLL_MS : LOOK_MS);
        if (producer->fatal)
            replace_client(producer);
        if (!producer->connected)
            look_for_broker(producer);
    }
}

static bool copy_options(struct kafka_producer *producer, const char *const *topics, size_t count)
{
    struct kafka_config *kafka = &producer->options.kafka;
    producer->brokers = sw_strdup(kafka->brokers);
    producer->config_path = sw_strdup(kafka->config_path);
    producer->client_id = sw_strdup(kafka->client_id);
    kafka->brokers = producer->brokers;
    kafka->config_path = producer->config_path;
    kafka->client_id = producer->client_id;
    for (; producer->topic_count < count && producer->topic_count < MAX_TOPICS; producer->topic_count++)
        if (!(producer->topics[producer->topic_count] = sw_strdup(topics[producer->topic_count])))
            return false;
    return producer->brokers != NULL;
}

struct sw_status kafka_producer_new(const struct kafka_producer_options *options, const char *const *topics,
                                    size_t count, struct kafka_producer **ret_producer)
{
    struct kafka_producer *producer = calloc(1, sizeof *producer);
    if (!producer)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    producer->options = *options;
    pthread_rwlock_init(&producer->lock, NULL);
    struct sw_status status = copy_options(producer, topics, count) ? make_client(producer, &producer->client)
                                                                    : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (!sw_failed(status))
        status = sw_thread_start(&producer->poller, "kafka-producer", run_poller, producer);
    if (sw_failed(status)) {
        kafka_producer_free(producer);
        return status;
    }
    *ret_producer = producer;
    return sw_ok();
}

static rd_kafka_headers_t *make_headers(const struct kafka_record *record)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(record->header_count);
    for (size_t i = 0; headers && i < record->header_count; i++)
        if (rd_kafka_header_add(headers, record->headers[i].name, -1, record->headers[i].value, -1)) {
            rd_kafka_headers_destroy(headers);
            return NULL;
        }
    return headers;
}

static rd_kafka_resp_err_t produce_now(struct kafka_producer *producer, const struct kafka_record *record,
                                       rd_kafka_headers_t *headers, struct delivery *delivery)
{
    pthread_rwlock_rdlock(&producer->lock);
    rd_kafka_resp_err_t error = rd_kafka_producev(
        producer->client, RD_KAFKA_V_TOPIC(record->topic), RD_KAFKA_V_PARTITION(record->partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(record->key, record->key ? strlen(record->key) : 0),
        RD_KAFKA_V_VALUE((void *)(uintptr_t)record->value, record->value_bytes), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_OPAQUE(delivery), RD_KAFKA_V_END);
    pthread_rwlock_unlock(&producer->lock);
    return error;
}

struct sw_status kafka_produce(struct kafka_producer *producer, const struct kafka_record *record,
                               kafka_delivered_fn *delivered, void *context)
{
    struct delivery *delivery = malloc(sizeof *delivery);
    rd_kafka_headers_t *headers = make_headers(record);
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__FAIL;
    if (delivery && headers) {
        *delivery = (struct delivery){ delivered, context };
        producer->in_flight++;
        error = produce_now(producer, record, headers, delivery);
    } else {
        free(delivery);
        if (headers)
            rd_kafka_headers_destroy(headers);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    if (!error)
        return sw_ok();
    producer->in_flight--;
    free(delivery);
    rd_kafka_headers_destroy(headers);
    producer->fatal = producer->fatal || error == RD_KAFKA_RESP_ERR__FATAL;
    struct sw_status status = kafka_error(error, "not handed over");
    return error == RD_KAFKA_RESP_ERR__FATAL ? sw_fail(SW_CODE_KAFKA, "%s", status.text) : status;
}

bool kafka_producer_connected(struct kafka_producer *producer) { return producer->connected; }
size_t kafka_producer_in_flight(struct kafka_producer *producer) { return (size_t)producer->in_flight; }

struct sw_status kafka_producer_flush(struct kafka_producer *producer, int64_t timeout_ms)
{
    pthread_rwlock_rdlock(&producer->lock);
    rd_kafka_resp_err_t error = rd_kafka_flush(producer->client, (int)timeout_ms);
    pthread_rwlock_unlock(&producer->lock);
    return error ? kafka_error(error, "not all records are delivered") : sw_ok();
}

void kafka_producer_free(struct kafka_producer *producer)
{
    if (!producer)
        return;
    producer->stopping = true;
    if (producer->client)
        wake_poller(producer);
    sw_thread_join(&producer->poller);
    if (producer->client)
        destroy_client(producer->client);
    for (size_t i = 0; i < producer->topic_count; i++)
        free(producer->topics[i]);
    free(producer->brokers);
    free(producer->config_path);
    free(producer->client_id);
    pthread_rwlock_destroy(&producer->lock);
    free(producer);
}
