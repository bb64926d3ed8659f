/* SPDX-License-Identifier: Apache-2.0
 * store_internal: what store_*.c share. */
#ifndef ORCHESTRATOR_ADAPTERS_STORE_INTERNAL_H
#define ORCHESTRATOR_ADAPTERS_STORE_INTERNAL_H

#include "common/io/pg.h"
#include "common/rt/thread.h"
#include "orchestrator/adapters/store_pg.h"

enum {
    STORE_STATEMENT_MS = 5000, /* of the writer */
    STORE_READ_MS = 1000,
    STORE_COMMIT_MS = 10000, /* without an answer for that long a commit counts as lost */
    STORE_COLUMNS = 56,
};

struct store_pg {
    struct store_pg_options options;
    char *strings[5]; /* owned copies behind the options' pointers */

    /* the owner's thread */
    struct pg *writer, *reader;
    bool migrated, committing;
    int64_t commit_deadline_ms, own_epoch; /* the last epoch that this process held; 0: none */
    int64_t predecessor_lived_ms;          /* from its takeover to its last beat */
    struct sw_buf columns[STORE_COLUMNS];  /* parameters of the commit under construction, reused */

    /* the beat thread */
    struct sw_thread thread;
    struct pg *beat;
    int64_t retention_at_ms;
    bool starved;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under lock */
    int64_t held_epoch; /* beats are sent for it; 0: standby */
    bool lost, stopping;
};

/* store_pg.c */
struct sw_status store_open(const struct store_pg *store, const char *name, int64_t connect_ms, int64_t statement_ms,
                            struct pg **ret_pg) SW_MUST_CHECK;
struct sw_status store_open_writer(struct store_pg *store) SW_MUST_CHECK;
void store_drop(struct pg **pg);

/* store_lease.c */
struct store_lease_row {
    int64_t epoch, left_ms; /* left_ms <= 0: expired or given up */
    int64_t lived_ms;       /* from the takeover to the last beat */
    int64_t ttl_ms;         /* of whoever has it */
    char holder[128], state_dir[WF_HOST_ID_SIZE], boot[WF_HOST_ID_SIZE], lock_name[64];
};
struct sw_status store_look(struct pg *pg, struct store_lease_row *ret_row) SW_MUST_CHECK;
struct sw_status store_acquire(struct store_pg *store, struct store_lease *ret_lease) SW_MUST_CHECK;
void store_release(struct store_pg *store);

/* store_beat.c */
struct sw_status store_beat_start(struct store_pg *store) SW_MUST_CHECK;
void store_beat_stop(struct store_pg *store);

/* store_retention.c: one small batch; false when nothing is left to delete. */
bool store_retain_some(struct store_pg *store);

/* store_commit.c */
struct sw_status store_submit(struct store_pg *store, const struct store_batch *batch) SW_MUST_CHECK;
bool store_poll(struct store_pg *store, struct sw_status *ret_status);

/* store_columns.c: the arrays of one statement into store->columns, from 0; returns how many columns. */
enum store_which {
    STORE_LEAVING,
    STORE_HOLDING,
    STORE_ALL
}; /* workflows without a lane in their hands, with one, all */
size_t store_columns_leaving(struct sw_buf *columns, const struct store_batch *batch); /* workflows alone */
size_t store_columns_changes(struct sw_buf *columns, const struct store_batch *batch, enum store_which workflows);
size_t store_columns_keys(struct sw_buf *columns, const struct store_batch *batch);
size_t store_columns_holds(struct sw_buf *columns, const struct store_batch *batch);

/* store_rows.c: whole workflows. clause: what follows FROM slipway.workflow, with $1... of params. */
struct sw_status store_read_workflows(struct pg *pg, const char *clause, const struct pg_params *params,
                                      int64_t timeout_ms, struct wf ***ret_wfs, size_t *ret_count) SW_MUST_CHECK;
void store_free_workflows(struct wf **workflows, size_t count);

/* store_load.c */
struct sw_status store_load(struct store_pg *store, struct store_snapshot *ret_snapshot) SW_MUST_CHECK;

/* store_read.c: a read over the reader's connection, within STORE_READ_MS. */
typedef struct sw_status store_read_fn(struct pg *pg, int64_t timeout_ms, void *context);
struct sw_status store_read_within(struct store_pg *store, store_read_fn *read, void *context) SW_MUST_CHECK;
void store_fill_reads(struct store_port *port);

/* store_figures.c */
struct sw_status store_figures(void *self, const struct kind_join *join, const char *service, const char *month,
                               json_t **ret_rows) SW_MUST_CHECK;

#endif
