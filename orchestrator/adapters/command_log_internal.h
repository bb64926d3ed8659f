/* SPDX-License-Identifier: Apache-2.0
 * command_log_internal: what command_log*.c share. */
#ifndef ORCHESTRATOR_ADAPTERS_COMMAND_LOG_INTERNAL_H
#define ORCHESTRATOR_ADAPTERS_COMMAND_LOG_INTERNAL_H

#include "orchestrator/adapters/command_log.h"

/* Compares the log with the cursor and assigns the partition at cursor->next_offset. SW_CODE_LOG_IDENTITY says what
 * differs; *ret_start is then where an accepted new log begins. A cursor without cluster id fits every log. */
struct sw_status command_log_identify(struct kafka_consumer *consumer, const char *topic,
                                      const struct log_cursor *cursor, struct log_cursor *ret_start) SW_MUST_CHECK;

/* A copy of the message; NULL when out of memory. */
struct log_record *command_log_record_new(const struct kafka_message *message);

#endif
