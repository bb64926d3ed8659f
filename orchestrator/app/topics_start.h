/* SPDX-License-Identifier: Apache-2.0
 * topics_start: makes missing topics before anything reads them. Kafka that does not answer yet is no error: the
 * clients wait for it. */
#ifndef ORCHESTRATOR_APP_TOPICS_START_H
#define ORCHESTRATOR_APP_TOPICS_START_H

#include "common/io/kafka.h"

struct sw_status topics_start(const struct kafka_config *kafka, const char *prefix) SW_MUST_CHECK;

#endif
