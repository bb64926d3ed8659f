/* SPDX-License-Identifier: Apache-2.0
 * batch: what the next commit makes durable, and what is done once it is.
 *
 * It is filled while the batch before it is on its way. batch_seal() freezes it: the workflows are copied as they are
 * then, since the engine goes on. After the commit the owner acts on `actions` and hands the outbox rows over; after a
 * failure everything is thrown away and loaded anew. */
#ifndef ORCHESTRATOR_ENGINE_BATCH_H
#define ORCHESTRATOR_ENGINE_BATCH_H

#include "orchestrator/engine/entry.h"
#include "orchestrator/engine/vec.h"
#include "orchestrator/ports/store.h"

enum action_kind { ACTION_START, ACTION_STOP, ACTION_STORED };
struct action { /* on the steps port, after the commit */
    enum action_kind kind;
    char attempt[WF_ATTEMPT_ID_SIZE];
    json_t *spec; /* START; owned */
};

enum { BATCH_MAX_RECORDS = 256 };

struct batch {
    struct vec inbox;       /* struct store_inbox */
    struct vec dead;        /* struct store_dead */
    struct vec records;     /* struct log_record *, owned: what `dead` borrows from */
    struct vec definitions; /* struct store_definition; bodies owned */
    struct vec entries;     /* struct entry *: the changed ones */
    struct vec timers;      /* struct store_timer */
    struct vec keys;        /* struct store_key */
    struct vec holds;       /* struct store_hold */
    struct vec outbox;      /* struct outbox_row *, owned until handed over */
    struct vec actions;     /* struct action */
    bool has_cursor;
    struct log_cursor cursor_before, cursor;
    int64_t published_id;
    size_t record_count, record_bytes;
    size_t read_count; /* of the store while it was filled: each one is waited for */
    /* after batch_seal() */
    struct vec workflows; /* struct wf *, owned copies; those that hold no lane come first */
    struct vec steps;     /* struct store_step_row */
};

struct batch *batch_new(void) SW_MUST_CHECK;
bool batch_empty(const struct batch *batch); /* nothing worth a commit */
bool batch_full(const struct batch *batch);  /* takes no further record and admits nothing */
struct sw_status batch_seal(struct batch *batch, struct store_batch *ret_batch) SW_MUST_CHECK;
void batch_free(struct batch *batch);

#endif
