/* SPDX-License-Identifier: Apache-2.0
 * How long a topic keeps its records, asked of the brokers (KIP-133, DescribeConfigs). */
#include "common/io/kafka_internal.h"

#include "common/rt/clock.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct sw_status read_entry(const rd_kafka_ConfigResource_t *resource, int64_t *ret_retention_ms)
{
    size_t count = 0;
    if (rd_kafka_ConfigResource_error(resource))
        return kafka_error(rd_kafka_ConfigResource_error(resource), "cannot read the topic's configuration");
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), "retention.ms") != 0)
            continue;
        long long value = strtoll(rd_kafka_ConfigEntry_value(entries[i]), NULL, 10);
        *ret_retention_ms = value < 0 ? INT64_MAX : value;
        return sw_ok();
    }
    return sw_fail(SW_CODE_NOT_FOUND, "the broker does not tell the topic's retention");
}

static struct sw_status judge(rd_kafka_event_t *event, int64_t *ret_retention_ms)
{
    size_t count = 0;
    if (!event || rd_kafka_event_error(event)) /* an old broker, the embedded one, or no right to ask */
        return sw_fail(SW_CODE_NOT_FOUND, "the broker does not tell the topic's retention%s%s", event ? ": " : "",
                       event ? rd_kafka_event_error_string(event) : "");
    const rd_kafka_ConfigResource_t **resources =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count);
    return count == 1 ? read_entry(resources[0], ret_retention_ms)
                      : sw_fail(SW_CODE_NOT_FOUND, "the broker does not tell the topic's retention");
}

/* Any broker knows. One that has answered is asked: librdkafka would wait for the controller, and the embedded broker
 * names one that does not exist. */
static struct sw_status find_broker(rd_kafka_t *client, int64_t timeout_ms, int32_t *ret_broker)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t error = rd_kafka_metadata(client, 0, NULL, &metadata, (int)timeout_ms);
    if (error)
        return kafka_error(error, "cannot read the cluster's brokers");
    *ret_broker = metadata->orig_broker_id;
    if (*ret_broker < 0 && metadata->broker_cnt > 0) /* it has not yet got its number from its own answer */
        *ret_broker = metadata->brokers[0].id;
    rd_kafka_metadata_destroy(metadata);
    return *ret_broker >= 0 ? sw_ok() : sw_fail(SW_CODE_KAFKA, "the cluster names no broker");
}

static struct sw_status ask(rd_kafka_t *client, const char *topic, int64_t timeout_ms, int64_t *ret_retention_ms)
{
    char error[128];
    int32_t broker = -1;
    const int64_t until_ms = sw_monotonic_ms() + timeout_ms;
    SW_TRY(find_broker(client, timeout_ms, &broker));
    timeout_ms = until_ms > sw_monotonic_ms() ? until_ms - sw_monotonic_ms() : 1;
    rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    (void)rd_kafka_AdminOptions_set_request_timeout(options, (int)timeout_ms, error, sizeof error); /* in range */
    (void)rd_kafka_AdminOptions_set_broker(options, broker, error, sizeof error);
    rd_kafka_DescribeConfigs(client, &resource, 1, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, (int)timeout_ms);
    struct sw_status status = judge(event, ret_retention_ms);
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    rd_kafka_ConfigResource_destroy(resource);
    return status;
}

struct sw_status kafka_topic_retention(const struct kafka_config *config, const char *topic, int64_t timeout_ms,
                                       int64_t *ret_retention_ms)
{
    rd_kafka_t *client;
    SW_TRY(kafka_admin_new(config, &client));
    struct sw_status status = ask(client, topic, timeout_ms, ret_retention_ms);
    rd_kafka_destroy(client);
    return status;
}
