/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/topics_start.h"

#include "common/base/log.h"
#include "proto/topics.h"

enum { CREATE_WITHIN_MS = 5000 };

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
