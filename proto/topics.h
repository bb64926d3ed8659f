/* SPDX-License-Identifier: Apache-2.0
 * topics: names, partition counts and keys of the three topics. */
#ifndef PROTO_TOPICS_H
#define PROTO_TOPICS_H

#include <stddef.h>
#include <stdint.h>

/* clang-format off */
#define PROTO_TOPICS(X) \
    X(COMMANDS, "commands",  1, 7 * 24 * 3600 * 1000LL) \
    X(EVENTS,   "events",   12, 7 * 24 * 3600 * 1000LL) \
    X(REPLIES,  "replies",  12, 3600 * 1000LL)
/* clang-format on */
#define PROTO_TOPIC_ENUM_(name, text, partitions, retention_ms) PROTO_TOPIC_##name,
enum proto_topic { PROTO_TOPICS(PROTO_TOPIC_ENUM_) PROTO_TOPIC_COUNT };
#undef PROTO_TOPIC_ENUM_

enum { PROTO_TOPIC_NAME_SIZE = 128 };
/* prefix: SLIPWAY_TOPIC_PREFIX. */
void proto_topic_name(const char *prefix, enum proto_topic topic, char ret_name[PROTO_TOPIC_NAME_SIZE]);
int32_t proto_topic_partitions(enum proto_topic topic);
int64_t proto_topic_retention_ms(enum proto_topic topic);

/* The key of slipway.events: "<team>/<channel>", or the workflow's id when it has no home channel. */
enum { PROTO_EVENT_KEY_SIZE = 80 };
void proto_event_key(const char *team, const char *channel, const char *workflow, char ret_key[PROTO_EVENT_KEY_SIZE]);

#endif
