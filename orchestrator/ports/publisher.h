/* SPDX-License-Identifier: Apache-2.0
 * publisher: the port to slipway.events and slipway.replies. Rows are committed to the outbox before they come here. */
#ifndef ORCHESTRATOR_PORTS_PUBLISHER_H
#define ORCHESTRATOR_PORTS_PUBLISHER_H

#include "common/base/status.h"
#include "proto/envelope.h"
#include "proto/topics.h"

struct outbox_row {
    int64_t id; /* 1, 2, 3... without gaps, assigned by the engine, the only writer */
    enum proto_topic topic;
    char key[PROTO_COMMAND_ID_MAX + 1];
    struct proto_envelope envelope;
    char *body; /* JSON */
};
void outbox_row_free(struct outbox_row *row);

struct publisher_port {
    /* After takeover: everything behind published_id is read from the outbox table and published first. */
    struct sw_status (*begin)(void *self, int64_t epoch, int64_t published_id, int64_t last_id);
    /* Takes the rows (not the array). In the order of their ids. Over its memory limit the adapter drops them and reads
     * the table. */
    void (*publish_take)(void *self, struct outbox_row **rows, size_t count);
    /* The greatest id up to which all rows are acknowledged by Kafka. */
    int64_t (*published)(void *self);
    int64_t (*unpublished_bytes)(void *self); /* for admission control */
    void (*stop)(void *self);
    void *self;
};

#endif
