/* SPDX-License-Identifier: Apache-2.0
 * The store's life, its connections, and the port's table. */
#include "orchestrator/adapters/store_internal.h"

#include "common/base/text.h"
#include "orchestrator/adapters/schema.h"

#include <stdlib.h>

enum { PRESET_TTL_MS = 5000, MIGRATE_WAIT_MS = 10000, CONNECT_MS = 2000, MAX_COLUMN_BYTES = 64 * 1024 * 1024 };

struct sw_status store_open(const struct store_pg *store, const char *name, int64_t connect_ms, int64_t statement_ms,
                            struct pg **ret_pg)
{
    return pg_connect(&(struct pg_options){ .url = store->options.url,
                                            .application_name = name,
                                            .connect_timeout_ms = connect_ms,
                                            .statement_timeout_ms = statement_ms },
                      ret_pg);
}

void store_drop(struct pg **pg)
{
    pg_free(*pg);
    *pg = NULL;
}

/* A transaction-pooling proxy in between would give each statement another session: SET, LISTEN and the epoch in the
 * application name would be lost. */
static struct sw_status check_session(struct pg *pg)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_TRY(pg_exec(pg, "SELECT current_setting('plan_cache_mode')", NULL, STORE_STATEMENT_MS, &result));
    if (!sw_equal(pg_text(result, 0, 0), "force_generic_plan"))
        return sw_fail(SW_CODE_CONFIG, "settings of the session do not last: a transaction pooler is in between "
                                       "HINT: give SLIPWAY_DATABASE_URL a direct or session-pooled connection");
    return sw_ok();
}

static struct sw_status prepare_schema(struct store_pg *store, struct pg *pg)
{
    if (store->migrated)
        return sw_ok();
    SW_TRY(check_session(pg));
    SW_TRY(store->options.migrate == STORE_MIGRATE_AUTO
               ? pg_migrate(pg, SCHEMA_MIGRATIONS, SCHEMA_MIGRATION_COUNT, MIGRATE_WAIT_MS)
               : pg_migration_check(pg, SCHEMA_MIGRATIONS, SCHEMA_MIGRATION_COUNT));
    store->migrated = true;
    return sw_ok();
}

struct sw_status store_open_writer(struct store_pg *store)
{
    if (pg_alive(store->writer) && !store->committing)
        return sw_ok();
    store_drop(&store->writer);
    store->committing = false;
    SW_TRY(store_open(store, "slipway-orchestrator", CONNECT_MS, STORE_STATEMENT_MS, &store->writer));
    struct sw_status status = prepare_schema(store, store->writer);
    if (sw_failed(status))
        store_drop(&store->writer);
    return status;
}

static bool copy_string(struct store_pg *store, size_t at, const char **field)
{
    store->strings[at] = sw_strdup(*field ? *field : "");
    *field = store->strings[at];
    return *field != NULL;
}

static bool copy_strings(struct store_pg *store)
{
    struct store_pg_options *options = &store->options;
    return copy_string(store, 0, &options->url) && copy_string(store, 1, &options->holder) &&
           copy_string(store, 2, &options->state_dir) && copy_string(store, 3, &options->boot) &&
           copy_string(store, 4, &options->lock_name);
}

static void init_sync(struct store_pg *store)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&store->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&store->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct sw_status store_pg_new(const struct store_pg_options *options, struct store_pg **ret_store)
{
    struct store_pg *store = calloc(1, sizeof *store);
    if (!store)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    store->options = *options;
    if (store->options.ttl_ms == 0)
        store->options.ttl_ms = PRESET_TTL_MS;
    for (size_t i = 0; i < STORE_COLUMNS; i++)
        store->columns[i].max_bytes = MAX_COLUMN_BYTES;
    init_sync(store);
    struct sw_status status =
        copy_strings(store) ? store_beat_start(store) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        store_pg_free(store);
        return status;
    }
    *ret_store = store;
    return sw_ok();
}

void store_pg_free(struct store_pg *store)
{
    if (!store)
        return;
    store_beat_stop(store);
    store_drop(&store->writer);
    store_drop(&store->reader);
    for (size_t i = 0; i < STORE_COLUMNS; i++)
        sw_buf_release(&store->columns[i]);
    for (size_t i = 0; i < SW_COUNT(store->strings); i++)
        free(store->strings[i]);
    pthread_cond_destroy(&store->changed);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

int store_pg_fd(const struct store_pg *store)
{
    return store->committing && pg_alive(store->writer) ? pg_fd(store->writer) : -1;
}

bool store_pg_wants_write(struct store_pg *store)
{
    return store->committing && pg_alive(store->writer) && pg_wants_write(store->writer);
}

bool store_pg_lease_lost(struct store_pg *store)
{
    pthread_mutex_lock(&store->lock);
    bool lost = store->lost;
    pthread_mutex_unlock(&store->lock);
    return lost;
}

static struct sw_status port_acquire(void *self, struct store_lease *ret_lease)
{
    return store_acquire(self, ret_lease);
}
static struct sw_status port_load(void *self, struct store_snapshot *ret_snapshot)
{
    return store_load(self, ret_snapshot);
}
static struct sw_status port_submit(void *self, const struct store_batch *batch) { return store_submit(self, batch); }
static bool port_poll(void *self, struct sw_status *ret_status) { return store_poll(self, ret_status); }
static void port_release(void *self) { store_release(self); }

struct store_port store_pg_port(struct store_pg *store)
{
    struct store_port port = { .acquire = port_acquire,
                               .load = port_load,
                               .submit = port_submit,
                               .poll = port_poll,
                               .release = port_release,
                               .self = store };
    store_fill_reads(&port);
    return port;
}
