/* SPDX-License-Identifier: Apache-2.0
 * topics_start: looks after the topics at the start: makes missing topics before anything reads them. Kafka that does
 * not answer yet is no error: the clients wait for it. */
#ifndef ORCHESTRATOR_APP_TOPICS_START_H
#define ORCHESTRATOR_APP_TOPICS_START_H

#include "common/io/kafka.h"

struct sw_status topics_start(const struct kafka_config *kafka, const char *prefix) SW_MUST_CHECK;

/* The inbox must remember commands for longer than the log can deliver them; SW_CODE_CONFIG when it would not. What the
 * broker does not tell is not judged. */
struct sw_status topics_check_retention(const struct kafka_config *kafka, const char *prefix,
                                        int64_t retention_days) SW_MUST_CHECK;

#endif
