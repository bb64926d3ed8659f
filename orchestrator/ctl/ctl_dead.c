/* SPDX-License-Identifier: Apache-2.0
 * Parked records put back: the same value and headers, at the end of the command log. A record that had an effect
 * meanwhile is found by its id and has none again. */
#include "common/base/text.h"
#include "common/io/kafka.h"
#include "common/json/jx.h"
#include "orchestrator/ctl/ctl.h"
#include "orchestrator/ctl/ctl_database.h"
#include "proto/envelope.h"
#include "proto/topics.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DELIVER_MS = 30000 };

struct delivery {
    _Atomic bool done;
    struct sw_status status;
};

static void delivered(void *context, struct sw_status status, int32_t partition, int64_t offset)
{
    struct delivery *delivery = context;
    (void)partition, (void)offset;
    delivery->status = status;
    delivery->done = true;
}

static size_t read_headers(json_t *json, struct kafka_header *ret_headers)
{
    const char *name;
    json_t *value;
    size_t count = 0;
    json_object_foreach(json, name, value)
    {
        if (json_is_string(value) && count < PROTO_MAX_HEADERS)
            ret_headers[count++] = (struct kafka_header){ name, json_string_value(value) };
    }
    return count;
}

static struct sw_status produce(const struct kafka_record *record, const struct kafka_config *kafka)
{
    struct kafka_producer *producer = NULL;
    struct delivery delivery = { .status = sw_fail(SW_CODE_TIMEOUT, "Kafka did not answer") };
    const struct kafka_producer_options options = { .kafka = *kafka,
                                                    .delivery_timeout_ms = DELIVER_MS,
                                                    .max_messages = 1 };
    SW_TRY(kafka_producer_new(&options, &record->topic, 1, &producer));
    struct sw_status status = kafka_produce(producer, record, delivered, &delivery);
    if (!sw_failed(status))
        status = kafka_producer_flush(producer, DELIVER_MS);
    kafka_producer_free(producer); /* reports what was not delivered */
    return delivery.done ? delivery.status : status;
}

static struct sw_status put_back(const struct ctl_dead *dead)
{
    SW_AUTO_FREE char *brokers = ctl_setting_new("SLIPWAY_KAFKA_BROKERS");
    SW_AUTO_FREE char *config = ctl_setting_new("SLIPWAY_KAFKA_CONFIG");
    SW_AUTO_FREE char *prefix = ctl_setting_new("SLIPWAY_TOPIC_PREFIX");
    const struct kafka_config kafka = { .brokers = brokers ? brokers : "127.0.0.1:9092",
                                        .config_path = config,
                                        .client_id = "slipway" };
    struct kafka_header headers[PROTO_MAX_HEADERS];
    char topic[PROTO_TOPIC_NAME_SIZE];
    JX_AUTO json_t *json = NULL;
    proto_topic_name(prefix ? prefix : "slipway.", PROTO_TOPIC_COMMANDS, topic);
    if (dead->headers && sw_failed(jx_parse(dead->headers, strlen(dead->headers), &json)))
        return sw_fail(SW_CODE_INVALID, "its headers cannot be read; publish it by hand");
    const struct kafka_record record = { .topic = topic,
                                         .key = jx_string_or(json, "ce_subject", "retry"),
                                         .value = dead->value,
                                         .value_bytes = dead->value_bytes,
                                         .headers = headers,
                                         .header_count = read_headers(json, headers) };
    return produce(&record, &kafka);
}

int ctl_dead_retry(int count, char **arguments)
{
    int64_t offset;
    struct ctl_dead dead = { 0 };
    if (count != 1 || !sw_parse_i64(arguments[0], 0, INT64_MAX, &offset)) {
        (void)fprintf(stderr, "slipway: dead retry needs an offset; `slipway dead list` has them\n");
        return CTL_USAGE;
    }
    struct sw_status status = ctl_dead_read(offset, &dead);
    if (!sw_failed(status))
        status = put_back(&dead);
    if (!sw_failed(status))
        status = ctl_dead_delete(offset);
    ctl_dead_release(&dead);
    if (sw_failed(status))
        return ctl_fail(&status);
    (void)printf("the record of offset %lld is at the end of the command log again\n", (long long)offset);
    return CTL_OK;
}
