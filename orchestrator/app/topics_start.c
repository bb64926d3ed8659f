/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/topics_start.h"

#include "common/base/log.h"
#include "proto/topics.h"

#include <stdint.h>
#include <stdio.h>

enum { CREATE_WITHIN_MS = 5000, ASK_MS = 2000, LEAST_DAYS = 8 };

static const int64_t DAY_MS = 24LL * 3600 * 1000;

struct sw_status topics_start(const struct kafka_config *kafka, const char *prefix)
{
    char names[PROTO_TOPIC_COUNT][PROTO_TOPIC_NAME_SIZE];
    struct kafka_topic topics[PROTO_TOPIC_COUNT];
    for (int i = 0; i < PROTO_TOPIC_COUNT; i++) {
        enum proto_topic topic = (enum proto_topic)i;
        proto_topic_name(prefix, topic, names[i]);
        topics[i] = (struct kafka_topic){ .name = names[i],
                                          .partitions = proto_topic_partitions(topic),
                                          .retention_ms = proto_topic_retention_ms(topic) };
    }
    struct sw_status status = kafka_create_topics(kafka, topics, PROTO_TOPIC_COUNT, CREATE_WITHIN_MS);
    if (sw_failed(status) && status.class == SW_RETRY)
        sw_warn("topics could not be created yet", sw_e(&status));
    return sw_failed(status) && status.class != SW_RETRY ? status : sw_ok();
}

struct sw_status topics_check_retention(const struct kafka_config *kafka, const char *prefix, int64_t retention_days)
{
    char name[PROTO_TOPIC_NAME_SIZE];
    int64_t kept_ms = 0, days = retention_days > LEAST_DAYS ? retention_days : LEAST_DAYS;
    proto_topic_name(prefix, PROTO_TOPIC_COMMANDS, name);
    struct sw_status status = kafka_topic_retention(kafka, name, ASK_MS, &kept_ms);
    if (sw_failed(status)) {
        sw_debug("the retention of the command topic is not known", sw_e(&status));
        return sw_ok();
    }
    if (kept_ms <= (days - 1) * DAY_MS)
        return sw_ok();
    char kept[40] = "for ever";
    if (kept_ms != INT64_MAX)
        (void)snprintf(kept, sizeof kept, "for %lld days", (long long)(kept_ms / DAY_MS)); /* fits */
    return sw_fail(
        SW_CODE_CONFIG,
        "topic \"%s\" keeps commands %s, but they are remembered for %lld days only: one could be carried out "
        "twice. HINT: set its retention.ms to %lld or less, or SLIPWAY_RETENTION_DAYS higher",
        name, kept, (long long)days, (long long)((days - 1) * DAY_MS));
}
