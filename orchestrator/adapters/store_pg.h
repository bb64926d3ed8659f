/* SPDX-License-Identifier: Apache-2.0
 * store_pg: the store port on PostgreSQL. Three connections: the writer (lease and commits; its application name says
 * the epoch), a reader, and one for beats, LISTEN and retention, which a thread of its own uses.
 *
 * Threads: the port's functions belong to one owner. The callbacks in options come from the beat thread and must not
 * block; holder_is_dead is called by the owner. Strings in options are copied. */
#ifndef ORCHESTRATOR_ADAPTERS_STORE_PG_H
#define ORCHESTRATOR_ADAPTERS_STORE_PG_H

#include "orchestrator/ports/store.h"

struct store_pg;

struct store_pg_options {
    const char *url;
    const char *holder; /* name of this process for people */
    int64_t ttl_ms;     /* 0: 5000 */
    enum { STORE_MIGRATE_AUTO, STORE_MIGRATE_OFF } migrate;
    const char *state_dir, *boot, *lock_name; /* by which a successor on this machine can prove this process dead */
    int64_t retention_days;                   /* of finished history; 0: kept for ever */
    bool load_unposted;                       /* SLIPWAY_ON_NEW_LOG=accept: load() also fills `unposted` */

    bool (*holder_is_dead)(void *self, const char *lock_name); /* NULL: never provable */
    int64_t (*progress_ms)(void *self);                        /* the engine's last sign of life, sw_monotonic_ms() */
    /* The lease as last seen, ours or another's: for supervisors. NULL allowed. */
    void (*beat_sent)(void *self, int64_t epoch, int64_t valid_ms);
    void (*wake)(void *self); /* the lease is free, or ours is lost: call acquire(). NULL allowed. */
    void *self;
};

/* Connects to nothing yet; the beat thread begins to look at the lease. */
struct sw_status store_pg_new(const struct store_pg_options *options, struct store_pg **ret_store) SW_MUST_CHECK;
struct store_port store_pg_port(struct store_pg *store);
void store_pg_free(struct store_pg *store); /* does not release the lease */

/* For the owner's poll(2): the writer's socket while a commit is under way, otherwise -1 (a connection that is lost
 * while idle stays readable, and nobody reads it), and whether to wait for writability too. */
int store_pg_fd(const struct store_pg *store);
bool store_pg_wants_write(struct store_pg *store);
/* A beat found another epoch in the database. Commits would be fenced. */
bool store_pg_lease_lost(struct store_pg *store);

#endif
