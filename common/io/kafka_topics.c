/* SPDX-License-Identifier: Apache-2.0
 * Making sure that topics exist, with a client of its own that lives for one call. */
#include "common/io/kafka_internal.h"

#include "common/base/log.h"
#include "common/rt/clock.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

struct sw_status kafka_admin_new(const struct kafka_config *config, rd_kafka_t **ret_client)
{
    rd_kafka_conf_t *conf;
    SW_TRY(kafka_conf_new(config, &conf));
    struct sw_status status = kafka_conf_file(conf, config);
    if (sw_failed(status)) {
        rd_kafka_conf_destroy(conf);
        return status;
    }
    return kafka_client_new(RD_KAFKA_PRODUCER, conf, ret_client);
}

/* Asks for all topics: asking for one by name makes some brokers create it. */
static struct sw_status read_metadata(rd_kafka_t *client, int64_t timeout_ms,
                                      const struct rd_kafka_metadata **ret_metadata)
{
    rd_kafka_resp_err_t error = rd_kafka_metadata(client, 1, NULL, ret_metadata, (int)timeout_ms);
    return error ? kafka_error(error, "cannot read the cluster's topics") : sw_ok();
}

static int32_t partitions_of(const struct rd_kafka_metadata *metadata, const char *topic)
{
    for (int i = 0; i < metadata->topic_cnt; i++)
        if (strcmp(metadata->topics[i].topic, topic) == 0 && metadata->topics[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
            return metadata->topics[i].partition_cnt;
    return 0;
}

static struct sw_status count_partitions(rd_kafka_t *client, const char *topic, int64_t timeout_ms,
                                         int32_t *ret_partitions)
{
    const struct rd_kafka_metadata *metadata;
    SW_TRY(read_metadata(client, timeout_ms, &metadata));
    *ret_partitions = partitions_of(metadata, topic);
    rd_kafka_metadata_destroy(metadata);
    return *ret_partitions ? sw_ok() : sw_fail(SW_CODE_NOT_FOUND, "topic \"%s\" does not exist", topic);
}

struct sw_status kafka_partition_count(const struct kafka_config *config, const char *topic, int64_t timeout_ms,
                                       int32_t *ret_partitions)
{
    rd_kafka_t *client;
    int32_t partitions = 0;
    SW_TRY(kafka_admin_new(config, &client));
    struct sw_status status = count_partitions(client, topic, timeout_ms, &partitions);
    rd_kafka_destroy(client);
    if (!sw_failed(status))
        *ret_partitions = partitions;
    return status;
}

static struct sw_status describe_topic(const struct kafka_topic *topic, rd_kafka_NewTopic_t **ret_topic)
{
    char error[256], retention[24];
    rd_kafka_NewTopic_t *described = rd_kafka_NewTopic_new(topic->name, topic->partitions, -1, error, sizeof error);
    if (!described)
        return sw_fail(SW_CODE_CONFIG, "topic \"%s\": %s", topic->name, error);
    (void)snprintf(retention, sizeof retention, "%lld", (long long)topic->retention_ms);
    if (topic->retention_ms > 0)
        (void)rd_kafka_NewTopic_set_config(described, "retention.ms", retention); /* fails only for empty names */
    *ret_topic = described;
    return sw_ok();
}

static struct sw_status judge_creation(rd_kafka_event_t *event, const char *name)
{
    size_t count = 0;
    if (rd_kafka_event_error(event))
        return kafka_error(rd_kafka_event_error(event), "cannot create topics");
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
        if (error && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            return kafka_error(error, name);
    }
    return sw_ok();
}

static struct sw_status create_topic(rd_kafka_t *client, const struct kafka_topic *topic, int64_t timeout_ms)
{
    rd_kafka_NewTopic_t *described;
    SW_TRY(describe_topic(topic, &described));
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    char error[128];
    (void)rd_kafka_AdminOptions_set_request_timeout(options, (int)timeout_ms, error, sizeof error); /* in range */
    rd_kafka_CreateTopics(client, &described, 1, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, (int)timeout_ms + 1000);
    struct sw_status status = event ? judge_creation(event, topic->name)
                                    : sw_fail(SW_CODE_KAFKA, "topic \"%s\": no answer to its creation", topic->name);
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewTopic_destroy(described);
    return status;
}

/* A created topic is not everywhere at once. */
static struct sw_status wait_until_seen(rd_kafka_t *client, const char *topic, int64_t deadline_ms)
{
    int32_t partitions = 0;
    for (;;) {
        struct sw_status status = count_partitions(client, topic, 2000, &partitions);
        if (!sw_failed(status) || sw_monotonic_ms() >= deadline_ms)
            return status;
        (void)poll(NULL, 0, 50); /* the broker offers nothing to wait for */
    }
}

static struct sw_status ensure(rd_kafka_t *client, const struct kafka_topic *topic, int64_t deadline_ms)
{
    int32_t partitions = 0;
    struct sw_status status = count_partitions(client, topic->name, 5000, &partitions);
    if (status.code != SW_CODE_NOT_FOUND)
        return status;
    SW_TRY(create_topic(client, topic, 10000));
    SW_TRY(wait_until_seen(client, topic->name, deadline_ms));
    sw_info("topic created", sw_s("topic", topic->name), sw_i("partitions", topic->partitions));
    return sw_ok();
}

struct sw_status kafka_create_topics(const struct kafka_config *config, const struct kafka_topic *topics, size_t count,
                                     int64_t timeout_ms)
{
    rd_kafka_t *client;
    int64_t deadline_ms = sw_monotonic_ms() + timeout_ms;
    struct sw_status status = sw_ok();
    SW_TRY(kafka_admin_new(config, &client));
    for (size_t i = 0; i < count && !sw_failed(status); i++)
        status = ensure(client, &topics[i], deadline_ms);
    rd_kafka_destroy(client);
    return status;
}
