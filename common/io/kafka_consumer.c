/* SPDX-License-Identifier: Apache-2.0
 * One rd_kafka_t of consumer type, used by one thread. Messages are taken one by one: the batch calls of 2.0.2 skip
 * records around pause and resume. */
#include "common/io/kafka_internal.h"

#include "common/base/log.h"
#include "common/rt/thread.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { PRESET_FETCH_WAIT_MS = 500, PRESET_PREFETCH_KIB = 1024, SESSION_TIMEOUT_MS = 6000, END_MS = 3000 };

struct kafka_consumer {
    rd_kafka_t *client;
    rd_kafka_queue_t *queue; /* the one that kafka_poll() waits at */
    struct kafka_rebalance rebalance;
    rd_kafka_topic_partition_list_t *assigned; /* of kafka_assign() */
    _Atomic bool troubled;
};

struct handle { /* what a message's pointers live in */
    rd_kafka_message_t *message;
    rd_kafka_headers_t *headers; /* the message's; NULL when none */
    char *key;
};

static void tell(const struct kafka_rebalance *rebalance, void (*told)(void *, const char *, int32_t),
                 const rd_kafka_topic_partition_list_t *partitions)
{
    for (int i = 0; told && i < partitions->cnt; i++)
        told(rebalance->self, partitions->elems[i].topic, partitions->elems[i].partition);
}

static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *partitions,
                         void *opaque)
{
    const struct kafka_consumer *consumer = opaque;
    rd_kafka_yield(client); /* whoever polls has something to do now */
    if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        (void)rd_kafka_assign(client, partitions); /* fails only for invalid lists */
        tell(&consumer->rebalance, consumer->rebalance.assigned, partitions);
        return;
    }
    tell(&consumer->rebalance, consumer->rebalance.revoked, partitions);
    (void)rd_kafka_assign(client, NULL);
}

static void on_commit(rd_kafka_t *client, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *offsets,
                      void *opaque)
{
    (void)client, (void)offsets, (void)opaque;
    if (error && error != RD_KAFKA_RESP_ERR__NO_OFFSET)
        sw_debug("kafka commit failed, the next one repeats it", sw_s("reason", rd_kafka_err2str(error)));
}

/* Told inside kafka_poll(), before the records that were fetched after it. */
static void on_error(rd_kafka_t *client, int error, const char *reason, void *opaque)
{
    struct kafka_consumer *consumer = opaque;
    (void)client;
    consumer->troubled = true;
    sw_debug("kafka error", sw_s("name", rd_kafka_err2name((rd_kafka_resp_err_t)error)), sw_s("reason", reason));
}

bool kafka_consumer_troubled(struct kafka_consumer *consumer) { return atomic_exchange(&consumer->troubled, false); }

static struct sw_status set_options(rd_kafka_conf_t *conf, const struct kafka_consumer_options *options,
                                    struct kafka_consumer *consumer)
{
    int64_t prefetch_kib = options->prefetch_bytes ? options->prefetch_bytes / 1024 : PRESET_PREFETCH_KIB;
    rd_kafka_conf_set_opaque(conf, consumer);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_offset_commit_cb(conf, on_commit);
    SW_TRY(kafka_conf_set(conf, "group.id", options->group ? options->group : "slipway-unused"));
    SW_TRY(kafka_conf_set(conf, "enable.auto.commit", "false"));
    SW_TRY(kafka_conf_set(conf, "enable.auto.offset.store", "false"));
    SW_TRY(kafka_conf_set(conf, "auto.offset.reset", options->auto_offset_reset));
    SW_TRY(kafka_conf_set(conf, "allow.auto.create.topics", "false"));
    SW_TRY(kafka_conf_set(conf, "partition.assignment.strategy", "range"));
    SW_TRY(kafka_conf_set_i64(conf, "session.timeout.ms", SESSION_TIMEOUT_MS));
    SW_TRY(kafka_conf_set_i64(conf, "heartbeat.interval.ms", SESSION_TIMEOUT_MS / 4));
    SW_TRY(kafka_conf_set(conf, "max.poll.interval.ms", "60000"));
    SW_TRY(kafka_conf_set(conf, "fetch.error.backoff.ms", "50"));
    SW_TRY(kafka_conf_set_i64(conf, "fetch.wait.max.ms",
                              options->fetch_wait_ms ? options->fetch_wait_ms : PRESET_FETCH_WAIT_MS));
    SW_TRY(kafka_conf_set_i64(conf, "queued.max.messages.kbytes", prefetch_kib));
    return kafka_conf_file(conf, &options->kafka);
}

static struct sw_status open_client(const struct kafka_consumer_options *options, struct kafka_consumer *consumer)
{
    rd_kafka_conf_t *conf;
    SW_TRY(kafka_conf_new(&options->kafka, &conf));
    struct sw_status status = set_options(conf, options, consumer);
    if (sw_failed(status)) {
        rd_kafka_conf_destroy(conf);
        return status;
    }
    SW_TRY(kafka_client_new(RD_KAFKA_CONSUMER, conf, &consumer->client));
    (void)rd_kafka_poll_set_consumer(consumer->client); /* fails only for producers */
    consumer->queue = rd_kafka_queue_get_consumer(consumer->client);
    return sw_ok();
}

struct sw_status kafka_consumer_new(const struct kafka_consumer_options *options, struct kafka_consumer **ret_consumer)
{
    struct kafka_consumer *consumer = calloc(1, sizeof *consumer);
    if (!consumer)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    consumer->rebalance = options->rebalance;
    consumer->assigned = rd_kafka_topic_partition_list_new(16);
    struct sw_status status = open_client(options, consumer);
    if (sw_failed(status)) {
        kafka_consumer_free(consumer);
        return status;
    }
    *ret_consumer = consumer;
    return sw_ok();
}

struct sw_status kafka_subscribe(struct kafka_consumer *consumer, const char *const *topics, size_t count)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, topics[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(consumer->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    return error ? kafka_error(error, "cannot subscribe") : sw_ok();
}

static int64_t native_offset(int64_t offset)
{
    if (offset == KAFKA_BEGINNING)
        return RD_KAFKA_OFFSET_BEGINNING;
    return offset == KAFKA_END ? RD_KAFKA_OFFSET_END : offset;
}

static void unassign(struct kafka_consumer *consumer, const rd_kafka_topic_partition_list_t *one)
{
    rd_kafka_error_t *ignored = rd_kafka_incremental_unassign(consumer->client, one); /* assigned anew just after */
    rd_kafka_error_destroy(ignored);
}

struct sw_status kafka_assign(struct kafka_consumer *consumer, const char *topic, int32_t partition, int64_t offset)
{
    rd_kafka_topic_partition_t *entry = rd_kafka_topic_partition_list_find(consumer->assigned, topic, partition);
    rd_kafka_topic_partition_list_t *one = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(one, topic, partition)->offset = native_offset(offset);
    if (entry)
        unassign(consumer, one);
    else
        (void)rd_kafka_topic_partition_list_add(consumer->assigned, topic, partition);
    rd_kafka_error_t *error = rd_kafka_incremental_assign(consumer->client, one);
    rd_kafka_topic_partition_list_destroy(one);
    struct sw_status status = error ? kafka_error(rd_kafka_error_code(error), "cannot assign") : sw_ok();
    rd_kafka_error_destroy(error);
    return status;
}

static char *copy_key(const rd_kafka_message_t *message)
{
    char *key = message->key ? malloc(message->key_len + 1) : NULL;
    if (!key)
        return NULL;
    memcpy(key, message->key, message->key_len);
    key[message->key_len] = '\0';
    return key;
}

static struct sw_status fill_message(rd_kafka_message_t *native, struct kafka_message *ret_message)
{
    struct handle *handle = calloc(1, sizeof *handle);
    if (!handle) {
        rd_kafka_message_destroy(native);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    handle->message = native;
    handle->key = copy_key(native);
    (void)rd_kafka_message_headers(native, &handle->headers); /* none leaves NULL */
    *ret_message = (struct kafka_message){ .topic = rd_kafka_topic_name(native->rkt),
                                           .partition = native->partition,
                                           .offset = native->offset,
                                           .key = handle->key,
                                           .value = native->payload,
                                           .value_bytes = native->len,
                                           .timestamp_ms = rd_kafka_message_timestamp(native, NULL),
                                           .handle = handle };
    return sw_ok();
}

bool kafka_poll(struct kafka_consumer *consumer, int64_t timeout_ms, struct kafka_message *ret_message,
                struct sw_status *ret_error)
{
    *ret_error = sw_ok();
    rd_kafka_message_t *native = rd_kafka_consumer_poll(consumer->client, (int)timeout_ms);
    if (!native)
        return false;
    if (native->err) {
        if (native->err != RD_KAFKA_RESP_ERR__PARTITION_EOF)
            *ret_error = kafka_error(native->err, native->payload ? (const char *)native->payload : "cannot consume");
        if (native->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
            *ret_error =
                sw_fail(SW_CODE_LOG_IDENTITY, "the position is not in the log: %s", rd_kafka_message_errstr(native));
        rd_kafka_message_destroy(native);
        return false;
    }
    *ret_error = fill_message(native, ret_message);
    return !sw_failed(*ret_error);
}

void kafka_wake(struct kafka_consumer *consumer) { rd_kafka_queue_yield(consumer->queue); }

const char *kafka_message_header(const struct kafka_message *message, const char *name)
{
    const struct handle *handle = message->handle;
    const void *value;
    size_t size;
    if (!handle->headers || rd_kafka_header_get_last(handle->headers, name, &value, &size))
        return NULL;
    return value; /* librdkafka keeps a NUL behind each value */
}

bool kafka_message_header_at(const struct kafka_message *message, size_t index, struct kafka_header *ret_header)
{
    const struct handle *handle = message->handle;
    const void *value;
    size_t size;
    if (!handle->headers || rd_kafka_header_get_all(handle->headers, index, &ret_header->name, &value, &size))
        return false;
    ret_header->value = value ? value : "";
    return true;
}

void kafka_message_release(struct kafka_message *message)
{
    struct handle *handle = message->handle;
    if (!handle)
        return;
    rd_kafka_message_destroy(handle->message);
    free(handle->key);
    free(handle);
    *message = (struct kafka_message){ 0 };
}

rd_kafka_topic_partition_list_t *kafka_single(const char *topic, int32_t partition)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition);
    return list;
}

struct sw_status kafka_pause(struct kafka_consumer *consumer, const char *topic, int32_t partition)
{
    rd_kafka_topic_partition_list_t *list = kafka_single(topic, partition);
    rd_kafka_resp_err_t error = rd_kafka_pause_partitions(consumer->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    return error ? kafka_error(error, "cannot pause") : sw_ok();
}

struct sw_status kafka_resume(struct kafka_consumer *consumer, const char *topic, int32_t partition)
{
    rd_kafka_topic_partition_list_t *list = kafka_single(topic, partition);
    rd_kafka_resp_err_t error = rd_kafka_resume_partitions(consumer->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    return error ? kafka_error(error, "cannot resume") : sw_ok();
}

struct sw_status kafka_commit(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                              int64_t next_offset)
{
    rd_kafka_topic_partition_list_t *list = kafka_single(topic, partition);
    list->elems[0].offset = next_offset;
    rd_kafka_resp_err_t error = rd_kafka_commit(consumer->client, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
    return error ? kafka_error(error, "cannot commit") : sw_ok();
}

rd_kafka_t *kafka_consumer_client(const struct kafka_consumer *consumer) { return consumer->client; }

static void destroy(void *client) { rd_kafka_destroy(client); }

/* librdkafka 2.0.2 waits for ever for a client whose topic was deleted under it. */
static bool end_client(rd_kafka_t *client)
{
    struct sw_thread thread = { 0 };
    struct sw_status status = sw_thread_start(&thread, "kafka-end", destroy, client);
    if (sw_failed(status))
        rd_kafka_destroy(client);
    return sw_thread_join_within(&thread, END_MS);
}

void kafka_consumer_free(struct kafka_consumer *consumer)
{
    if (!consumer)
        return;
    if (consumer->client) {
        rd_kafka_queue_destroy(consumer->queue);
        rd_kafka_consumer_close(consumer->client);
        if (!end_client(consumer->client)) {
            sw_warn("a kafka client does not end; it is left behind");
            return; /* with the consumer, which its callbacks know */
        }
    }
    rd_kafka_topic_partition_list_destroy(consumer->assigned);
    free(consumer);
}
