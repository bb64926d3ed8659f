/* SPDX-License-Identifier: Apache-2.0
 * Taking the lease and giving it up. The row is locked first and the beat is read in a second statement: one statement
 * for both would judge the beat by a snapshot that is older than the wait for the lock, and take over a live leader. */
#include "orchestrator/adapters/store_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"

#include <stdio.h>
#include <string.h>

enum { LOCK_TRIES = 4, RELEASE_MS = 1000 };

struct sw_status store_look(struct pg *pg, struct store_lease_row *ret_row)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_TRY(pg_exec(pg,
                   "SELECT l.epoch, l.holder, l.state_dir, l.boot, l.lock_name, CASE WHEN b.epoch = l.epoch THEN "
                   "ceil(extract(epoch FROM b.expires_at - clock_timestamp()) * 1000)::bigint ELSE 0 END, "
                   "floor(extract(epoch FROM b.expires_at - l.taken_at) * 1000)::bigint - l.ttl_ms, l.ttl_ms "
                   "FROM slipway.lease l, slipway.beat b WHERE l.id = 1 AND b.id = 1",
                   NULL, STORE_STATEMENT_MS, &result));
    if (pg_rows(result) != 1)
        return sw_fail(SW_CODE_CONFIG, "the lease's row is missing HINT: restore schema slipway from a backup");
    ret_row->epoch = pg_i64(result, 0, 0);
    ret_row->left_ms = pg_i64(result, 0, 5);
    ret_row->lived_ms = pg_i64(result, 0, 6);
    ret_row->ttl_ms = pg_i64(result, 0, 7);
    (void)sw_copy(ret_row->holder, sizeof ret_row->holder, pg_text(result, 0, 1));       /* for people */
    (void)sw_copy(ret_row->state_dir, sizeof ret_row->state_dir, pg_text(result, 0, 2)); /* cut ids equal nothing */
    (void)sw_copy(ret_row->boot, sizeof ret_row->boot, pg_text(result, 0, 3));
    (void)sw_copy(ret_row->lock_name, sizeof ret_row->lock_name, pg_text(result, 0, 4));
    return sw_ok();
}

static bool provably_dead(const struct store_pg *store, const struct store_lease_row *row)
{
    const struct store_pg_options *options = &store->options;
    return options->holder_is_dead && *row->lock_name && sw_equal(row->state_dir, options->state_dir) &&
           sw_equal(row->boot, options->boot) && options->holder_is_dead(options->self, row->lock_name);
}

static struct sw_status judge(const struct store_pg *store, const struct store_lease_row *row)
{
    if (row->left_ms <= 0 || (row->epoch != 0 && row->epoch == store->own_epoch) || provably_dead(store, row))
        return sw_ok();
    return sw_fail(SW_CODE_REFUSED, "\"%s\" holds the lease for %lld ms more", row->holder, (long long)row->left_ms);
}

/* Whoever held the old epoch still has a transaction open although the lease is not valid any more. */
static void end_old_sessions(struct pg *pg, int64_t epoch)
{
    char name[64];
    struct pg_params params = { 0 };
    (void)snprintf(name, sizeof name, "slipway-orchestrator epoch=%lld", (long long)epoch);
    pg_param_text(&params, name);
    struct sw_status status = pg_exec(pg,
                                      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                      "WHERE application_name = $1 AND pid <> pg_backend_pid()",
                                      &params, STORE_STATEMENT_MS, NULL);
    if (sw_failed(status))
        sw_warn("cannot end the sessions of the old epoch", sw_i("epoch", epoch), sw_e(&status));
}

static struct sw_status lock_row(struct pg *pg)
{
    return pg_exec(pg, "BEGIN; SET LOCAL lock_timeout = 500; SELECT epoch FROM slipway.lease WHERE id = 1 FOR UPDATE",
                   NULL, STORE_STATEMENT_MS, NULL);
}

static void roll_back(struct pg *pg)
{
    struct sw_status status = pg_exec(pg, "ROLLBACK", NULL, STORE_STATEMENT_MS, NULL);
    if (sw_failed(status)) /* the connection is lost, which rolls back too */
        sw_debug("cannot roll back", sw_e(&status));
}

static struct sw_status write_lease(struct store_pg *store, struct store_lease *ret_lease)
{
    const struct store_pg_options *options = &store->options;
    PG_AUTO_RESULT struct pg_result *result = NULL;
    struct pg_params params = { 0 };
    pg_param_text(&params, options->holder);
    pg_param_text(&params, options->state_dir);
    pg_param_text(&params, options->boot);
    pg_param_text(&params, options->lock_name);
    pg_param_i64(&params, options->ttl_ms);
    SW_TRY(
        pg_exec(store->writer,
                "WITH c AS MATERIALIZED (SELECT clock_timestamp() AS now), l AS (UPDATE slipway.lease SET "
                "epoch = greatest(epoch + 1, floor(extract(epoch FROM c.now) * 1000)::bigint), holder = $1, "
                "state_dir = $2, boot = $3, lock_name = $4, ttl_ms = $5::bigint, taken_at = c.now FROM c WHERE id = 1 "
                "RETURNING epoch, c.now) UPDATE slipway.beat b SET epoch = l.epoch, "
                "expires_at = l.now + $5::bigint * interval '1 ms' FROM l WHERE b.id = 1 "
                "RETURNING l.epoch, floor(extract(epoch FROM l.now) * 1000)::bigint",
                &params, STORE_STATEMENT_MS, &result));
    if (pg_rows(result) != 1)
        return sw_fail(SW_CODE_CONFIG, "the lease's row is missing HINT: restore schema slipway from a backup");
    *ret_lease = (struct store_lease){ .epoch = pg_i64(result, 0, 0), .now_ms = pg_i64(result, 0, 1) };
    return sw_ok();
}

static struct sw_status take_locked(struct store_pg *store, struct store_lease *ret_lease)
{
    char commit[128];
    struct store_lease_row row;
    struct store_lease lease;
    SW_TRY(store_look(store->writer, &row));
    SW_TRY(judge(store, &row));
    SW_TRY(write_lease(store, &lease));
    (void)snprintf(commit, sizeof commit, "SET application_name = 'slipway-orchestrator epoch=%lld'; COMMIT",
                   (long long)lease.epoch);
    SW_TRY(pg_exec(store->writer, commit, NULL, STORE_STATEMENT_MS, NULL));
    sw_info("lease taken", sw_i("epoch", lease.epoch), sw_s("from", row.holder), sw_i("was_valid_ms", row.left_ms));
    store->predecessor_lived_ms = row.lived_ms;
    *ret_lease = lease;
    return sw_ok();
}

static struct sw_status lock_and_take(struct store_pg *store, int64_t old_epoch, struct store_lease *ret_lease)
{
    struct sw_status status = sw_ok();
    for (int tries = 0; tries < LOCK_TRIES; tries++) {
        status = lock_row(store->writer);
        if (!sw_failed(status))
            break;
        roll_back(store->writer);
        if (!strstr(status.text, "(55P03)")) /* lock_not_available */
            return status;
        end_old_sessions(store->writer, old_epoch);
    }
    SW_TRY(status);
    status = take_locked(store, ret_lease);
    if (sw_failed(status))
        roll_back(store->writer);
    return status;
}

static void set_held(struct store_pg *store, int64_t epoch)
{
    pthread_mutex_lock(&store->lock);
    store->held_epoch = epoch;
    store->lost = false;
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
}

/* A lease that reaches further than a beat can make it was given before Postgres's clock was put back. Who has it beats
 * again at once; if it is dead, nobody would lead until the clock is where it was. */
static void shorten(struct pg *pg)
{
    PG_AUTO_RESULT struct pg_result *shortened = NULL;
    struct sw_status status =
        pg_exec(pg,
                "UPDATE slipway.beat b SET expires_at = clock_timestamp() + l.ttl_ms * interval '1 ms' "
                "FROM slipway.lease l WHERE l.id = 1 AND b.id = 1 AND b.epoch = l.epoch "
                "AND b.expires_at > clock_timestamp() + l.ttl_ms * interval '1 ms' RETURNING b.epoch",
                NULL, STORE_STATEMENT_MS, &shortened);
    if (sw_failed(status))
        sw_warn("the lease reaches into a future and cannot be shortened", sw_e(&status));
    else if (pg_rows(shortened) > 0) /* else its holder beat meanwhile, or another standby was here */
        sw_warn("the lease reached into a future: Postgres's clock was put back; it is shortened to its time to live");
}

struct sw_status store_acquire(struct store_pg *store, struct store_lease *ret_lease)
{
    struct store_lease_row row;
    int64_t began_ms = sw_monotonic_ms();
    set_held(store, 0);
    SW_TRY(store_open_writer(store));
    SW_TRY(store_look(store->writer, &row));
    struct sw_status status = judge(store, &row); /* a standby asks without locking anything */
    if (sw_failed(status) && row.left_ms > row.ttl_ms)
        shorten(store->writer);
    SW_TRY(status);
    SW_TRY(lock_and_take(store, row.epoch, ret_lease));
    store->own_epoch = ret_lease->epoch;
    ret_lease->now_ms -= sw_monotonic_ms() - began_ms; /* the caller counts from when it asked */
    set_held(store, ret_lease->epoch);
    return sw_ok();
}

/* takeover_offset -1: an orderly end does not count against the record at the cursor. */
static struct sw_status give_up(struct pg *pg, int64_t epoch)
{
    struct pg_params params = { 0 };
    pg_param_i64(&params, epoch);
    SW_TRY(pg_exec(pg,
                   "WITH b AS (UPDATE slipway.beat SET epoch = 0, expires_at = clock_timestamp() - interval '1 s' "
                   "WHERE epoch = $1 RETURNING 1) UPDATE slipway.cursor SET takeover_offset = -1, tries = 0 "
                   "WHERE EXISTS (SELECT FROM b)",
                   &params, RELEASE_MS, NULL));
    return pg_exec(pg, "NOTIFY slipway_lease", NULL, RELEASE_MS, NULL);
}

/* Over a new connection when the writer is in the middle of a commit, which may wait for a lock, or turns out to be
 * lost. */
static struct sw_status give_up_somehow(struct store_pg *store, int64_t epoch)
{
    if (pg_alive(store->writer) && !store->committing && !sw_failed(give_up(store->writer, epoch)))
        return sw_ok();
    store_drop(&store->writer);
    store->committing = false;
    SW_TRY(store_open(store, "slipway-orchestrator", RELEASE_MS, RELEASE_MS, &store->writer));
    return give_up(store->writer, epoch);
}

void store_release(struct store_pg *store)
{
    int64_t epoch = store->own_epoch;
    set_held(store, 0);
    if (epoch == 0)
        return;
    struct sw_status status = give_up_somehow(store, epoch);
    store_drop(&store->writer);
    store->own_epoch = 0;
    if (sw_failed(status))
        sw_warn("the lease is left to expire", sw_i("epoch", epoch), sw_e(&status));
    else
        sw_info("lease given up", sw_i("epoch", epoch));
}
