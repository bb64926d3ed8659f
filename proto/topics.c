/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/topics.h"

#include <stdio.h>

#define TEXT_(name, text, partitions, retention_ms) text,
#define PARTITIONS_(name, text, partitions, retention_ms) partitions,
#define RETENTION_(name, text, partitions, retention_ms) retention_ms,
static const char *const NAMES[] = { PROTO_TOPICS(TEXT_) };
static const int32_t PARTITIONS[] = { PROTO_TOPICS(PARTITIONS_) };
static const int64_t RETENTIONS_MS[] = { PROTO_TOPICS(RETENTION_) };
#undef TEXT_
#undef PARTITIONS_
#undef RETENTION_

void proto_topic_name(const char *prefix, enum proto_topic topic, char ret_name[PROTO_TOPIC_NAME_SIZE])
{
    (void)snprintf(ret_name, PROTO_TOPIC_NAME_SIZE, "%.100s%s", prefix, NAMES[topic]); /* the settings cap the prefix */
}

int32_t proto_topic_partitions(enum proto_topic topic) { return PARTITIONS[topic]; }
int64_t proto_topic_retention_ms(enum proto_topic topic) { return RETENTIONS_MS[topic]; }

void proto_event_key(const char *team, const char *channel, const char *workflow, char ret_key[PROTO_EVENT_KEY_SIZE])
{
    if (*channel)
        (void)snprintf(ret_key, PROTO_EVENT_KEY_SIZE, "%.32s/%.32s", team, channel); /* ids are shorter */
    else
        (void)snprintf(ret_key, PROTO_EVENT_KEY_SIZE, "%.32s", workflow);
}
