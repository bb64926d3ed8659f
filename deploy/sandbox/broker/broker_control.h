/* SPDX-License-Identifier: Apache-2.0
 * broker_control: fault commands, one a line, read from a FIFO and applied to the mock cluster. Thread: main. */
#ifndef DEPLOY_SANDBOX_BROKER_CONTROL_H
#define DEPLOY_SANDBOX_BROKER_CONTROL_H

#include "common/base/status.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

struct broker_control {
    int fd; /* -1: none */
    char line[512];
    size_t length;
};

/* Makes the FIFO when it is absent; refuses a path that is something else. */
struct sw_status broker_control_open(const char *path, struct broker_control *ret_control) SW_MUST_CHECK;
/* Reads what is there, applies whole lines, logs each with its outcome. */
void broker_control_read(struct broker_control *control, rd_kafka_mock_cluster_t *cluster);
void broker_control_close(struct broker_control *control);

/* One command, see BROKER_USAGE. */
struct sw_status broker_control_apply(rd_kafka_mock_cluster_t *cluster, const char *line) SW_MUST_CHECK;

#endif
