/* SPDX-License-Identifier: Apache-2.0
 * The beat thread. While the lease is ours it sends beats, as long as the engine makes progress; otherwise it watches
 * whose lease is valid, and wakes the owner when nobody's is. Retention runs here too, one small batch at a time. */
#include "orchestrator/adapters/store_internal.h"

#include "common/base/log.h"
#include "common/rt/clock.h"

#include <time.h>

enum { RECONNECT_MS = 250, BEAT_STATEMENT_MS = 2000, RETENTION_EVERY_MS = 3600 * 1000, MIN_WAIT_MS = 20 };

static int64_t interval_ms(const struct store_pg *store) { return store->options.ttl_ms / 4; }

static bool stopping(struct store_pg *store)
{
    pthread_mutex_lock(&store->lock);
    bool stop = store->stopping;
    pthread_mutex_unlock(&store->lock);
    return stop;
}

static int64_t held_epoch(struct store_pg *store)
{
    pthread_mutex_lock(&store->lock);
    int64_t epoch = store->held_epoch;
    pthread_mutex_unlock(&store->lock);
    return epoch;
}

/* Until the time is over, or the lease changes hands, or the store ends. */
static void pause_for(struct store_pg *store, int64_t timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + timeout_ms % 1000 * 1000000;
    until.tv_sec += (time_t)(timeout_ms / 1000 + ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    pthread_mutex_lock(&store->lock);
    if (!store->stopping)
        (void)pthread_cond_timedwait(&store->changed, &store->lock, &until); /* either way the caller looks again */
    pthread_mutex_unlock(&store->lock);
}

static bool connected(struct store_pg *store)
{
    if (pg_alive(store->beat))
        return true;
    store_drop(&store->beat);
    struct sw_status status =
        store_open(store, "slipway-orchestrator beat", BEAT_STATEMENT_MS, BEAT_STATEMENT_MS, &store->beat);
    if (!sw_failed(status))
        status =
            pg_exec(store->beat, "SET synchronous_commit = off; LISTEN slipway_lease", NULL, BEAT_STATEMENT_MS, NULL);
    if (!sw_failed(status))
        return true;
    store_drop(&store->beat);
    sw_debug("the beat's connection is not there", sw_e(&status)); /* the owner reports the outage */
    return false;
}

static void show(const struct store_pg *store, int64_t epoch, int64_t valid_ms)
{
    if (store->options.beat_sent && epoch > 0 && valid_ms > 0)
        store->options.beat_sent(store->options.self, epoch, valid_ms);
}

static void wake(const struct store_pg *store)
{
    if (store->options.wake)
        store->options.wake(store->options.self);
}

static void note_lost(struct store_pg *store, int64_t epoch)
{
    pthread_mutex_lock(&store->lock);
    bool mine = store->held_epoch == epoch; /* otherwise it was given up, or taken anew, in the meantime */
    if (mine) {
        store->held_epoch = 0;
        store->lost = true;
    }
    pthread_mutex_unlock(&store->lock);
    if (!mine)
        return;
    sw_error("the lease is lost: another epoch is in the database", sw_i("epoch", epoch));
    wake(store);
}

static struct sw_status send_beat(struct store_pg *store, int64_t epoch, bool *ret_ours)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    struct pg_params params = { 0 };
    pg_param_i64(&params, store->options.ttl_ms);
    pg_param_i64(&params, epoch);
    SW_TRY(pg_exec(store->beat,
                   "UPDATE slipway.beat SET expires_at = clock_timestamp() + $1::bigint * interval '1 ms' "
                   "WHERE id = 1 AND epoch = $2 RETURNING 1",
                   &params, BEAT_STATEMENT_MS, &result));
    *ret_ours = pg_rows(result) == 1;
    return sw_ok();
}

/* A leader that hangs must lose its lease, so it gets no beat. */
static bool engine_lives(struct store_pg *store)
{
    const struct store_pg_options *options = &store->options;
    int64_t age_ms = options->progress_ms ? sw_monotonic_ms() - options->progress_ms(options->self) : 0;
    bool starved = age_ms > options->ttl_ms;
    if (starved && !store->starved)
        sw_error("no beat is sent: the engine has made no progress", sw_i("for_ms", age_ms));
    store->starved = starved;
    return !starved;
}

static void lead(struct store_pg *store, int64_t epoch)
{
    bool ours = true;
    int64_t began_ms = sw_monotonic_ms();
    if (engine_lives(store)) {
        struct sw_status status = send_beat(store, epoch, &ours);
        if (sw_failed(status))
            sw_warn("a beat was not sent", sw_e(&status));
        else if (ours)
            show(store, epoch, store->options.ttl_ms - (sw_monotonic_ms() - began_ms));
        else
            note_lost(store, epoch);
    }
    if (ours && store->options.retention_days > 0 && began_ms >= store->retention_at_ms && !store_retain_some(store))
        store->retention_at_ms = began_ms + RETENTION_EVERY_MS;
    pause_for(store, interval_ms(store));
}

/* How long until it is worth looking again. */
static int64_t look(struct store_pg *store)
{
    struct store_lease_row row;
    struct sw_status status = store_look(store->beat, &row);
    if (sw_failed(status)) { /* the schema is not there yet, or the connection is lost: the owner finds out */
        wake(store);
        return interval_ms(store);
    }
    show(store, row.epoch, row.left_ms);
    if (row.left_ms <= 0)
        wake(store);
    bool soon = row.left_ms > 0 && row.left_ms < interval_ms(store);
    return soon ? row.left_ms + MIN_WAIT_MS : interval_ms(store);
}

/* Waits in slices, because a NOTIFY and this process's own change of mind come from different sides. */
static void watch(struct store_pg *store)
{
    int64_t until_ms = sw_monotonic_ms() + look(store);
    while (pg_alive(store->beat) && sw_monotonic_ms() < until_ms && !stopping(store) && held_epoch(store) == 0)
        if (pg_wait_notice(store->beat, 100)) {
            wake(store);
            return;
        }
}

static void run(void *self)
{
    struct store_pg *store = self;
    while (!stopping(store)) {
        int64_t epoch = held_epoch(store);
        if (!connected(store))
            pause_for(store, RECONNECT_MS);
        else if (epoch > 0)
            lead(store, epoch);
        else
            watch(store);
    }
    store_drop(&store->beat);
}

struct sw_status store_beat_start(struct store_pg *store)
{
    return sw_thread_start(&store->thread, "store-beat", run, store);
}

void store_beat_stop(struct store_pg *store)
{
    pthread_mutex_lock(&store->lock);
    store->stopping = true;
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
    sw_thread_join(&store->thread);
}
