/* SPDX-License-Identifier: Apache-2.0
 * command_log: the log port on Kafka: partition 0 of the command topic, assigned (no group) from the cursor.
 *
 * A thread polls into a bounded queue (256 records, 1 MiB); while that is full nothing more is fetched. The log's
 * identity (cluster id, the cursor within the log's ends, the hash of the record before the cursor) is checked in
 * begin() and after every broker error, because librdkafka notices neither a recreated topic nor a lost tail.
 * begin() blocks for at most a few seconds; SW_CODE_KAFKA: try again. Threads: the port's functions belong to one
 * owner. Strings in options are copied. */
#ifndef ORCHESTRATOR_ADAPTERS_COMMAND_LOG_H
#define ORCHESTRATOR_ADAPTERS_COMMAND_LOG_H

#include "common/io/kafka.h"
#include "orchestrator/ports/log.h"

struct command_log;

struct command_log_options {
    struct kafka_config kafka;
    const char *topic;
    const char *group;   /* its position is written to Kafka for lag monitors alone; NULL: nowhere */
    bool accept_new_log; /* SLIPWAY_ON_NEW_LOG=accept */
    void (*wake)(
        void *self); /* a record can be pulled, or health() changed; from the adapter's thread. NULL allowed. */
    void *self;
};

struct sw_status command_log_new(const struct command_log_options *options, struct command_log **ret_log) SW_MUST_CHECK;
struct log_port command_log_port(struct command_log *log);
void command_log_free(struct command_log *log);

#endif
