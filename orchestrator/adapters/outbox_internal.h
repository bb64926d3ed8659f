/* SPDX-License-Identifier: Apache-2.0
 * outbox_internal: what outbox_*.c share. */
#ifndef ORCHESTRATOR_ADAPTERS_OUTBOX_INTERNAL_H
#define ORCHESTRATOR_ADAPTERS_OUTBOX_INTERNAL_H

#include "common/io/pg.h"
#include "common/rt/metrics.h"
#include "common/rt/thread.h"
#include "orchestrator/adapters/outbox_publisher.h"

enum { OUTBOX_CHUNK = 64 }; /* rows of the table at a time */

enum outbox_entry_state { OUTBOX_WAITING, OUTBOX_SENT, OUTBOX_ACKED, OUTBOX_FAILED };

/* A row in memory, in the list until everything before it is acknowledged too. */
struct outbox_entry {
    struct outbox_publisher *publisher;
    struct outbox_row *row;
    int64_t bytes;
    enum outbox_entry_state state; /* under lock */
    struct outbox_entry *next;
};

struct outbox_publisher {
    struct outbox_publisher_options options;
    char *strings[5]; /* owned copies behind the options' pointers */
    char topics[PROTO_TOPIC_COUNT][PROTO_TOPIC_NAME_SIZE];
    struct sw_metric *published_total, *retried_total, *unpublished_rows;

    /* the thread */
    struct sw_thread thread;
    struct pg *pg;
    bool troubled; /* said so in the log */

    struct kafka_producer *producer; /* made by the thread, freed by stop(); under lock while it is set */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under lock */
    struct outbox_entry *head, *tail;
    struct outbox_entry *unsent; /* the first WAITING one, when nothing has failed */
    int64_t send_at_ms;          /* monotonic: it waits for company until then */
    int64_t bytes;               /* of the entries */
    int64_t published_id;        /* everything up to here is acknowledged */
    int64_t loaded_id;           /* everything up to here is published or in the list */
    int64_t last_id;             /* the last row that is committed; above loaded_id: the rest is in the table */
    int64_t taken_rows, taken_bytes;
    size_t in_flight;
    bool failed, stopping;
};

/* Appends under lock; takes the row. False when out of memory. */
bool outbox_append_take(struct outbox_publisher *publisher, struct outbox_row *row);
void outbox_clear(struct outbox_publisher *publisher);

/* outbox_send.c */
void outbox_run(void *self);

/* outbox_table.c: the next rows behind loaded_id; at most OUTBOX_CHUNK. The caller owns them. */
struct sw_status outbox_table_read(struct outbox_publisher *publisher, int64_t after_id, int64_t last_id,
                                   struct outbox_row *ret_rows[OUTBOX_CHUNK], size_t *ret_count) SW_MUST_CHECK;

#endif
