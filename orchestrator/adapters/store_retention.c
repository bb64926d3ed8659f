/* SPDX-License-Identifier: Apache-2.0
 * What may be forgotten: finished history older than SLIPWAY_RETENTION_DAYS, published rows of the outbox after a day,
 * and commands after the retention of the command topic and a day more, so that no record that the log can still
 * deliver is taken for a new one. Batches are small because beats wait behind them. */
#include "orchestrator/adapters/store_internal.h"

#include "common/base/log.h"
#include "proto/topics.h"

enum { BATCH = 200, RETAIN_MS = 1500 };

static const int64_t DAY_MS = 24LL * 3600 * 1000;

/* $1: age in ms, $2: batch. Each statement deletes at most a batch and says how many rows it was. What is young is not
 * read: a limit is a bigint or a timestamp as the column is, and stable, and what goes is an array; otherwise an index
 * is not, or may not be, used. */
/* The newest one of a kind stays: it remembers how far the kind has counted. */
static const char FORGET_WORKFLOWS[] =
    "WITH old AS MATERIALIZED (SELECT id FROM slipway.workflow f WHERE final AND finished_ms > 0 AND finished_ms < "
    "(extract(epoch FROM now()) * 1000)::bigint - $1::bigint AND EXISTS (SELECT FROM slipway.workflow n WHERE "
    "n.kind = f.kind AND n.sequence > f.sequence AND n.sequence > 0) ORDER BY finished_ms LIMIT $2::bigint), "
    "s AS (DELETE FROM slipway.step WHERE workflow = ANY (ARRAY(SELECT id FROM old))), "
    "a AS (DELETE FROM slipway.attempt WHERE workflow = ANY (ARRAY(SELECT id FROM old))), "
    "t AS (DELETE FROM slipway.timer WHERE workflow = ANY (ARRAY(SELECT id FROM old))), "
    "k AS (DELETE FROM slipway.workflow_key WHERE workflow = ANY (ARRAY(SELECT id FROM old))), "
    "w AS (DELETE FROM slipway.workflow WHERE id = ANY (ARRAY(SELECT id FROM old)) RETURNING 1) "
    "SELECT count(*) FROM w";

static const char FORGET_COMMANDS[] =
    "WITH old AS MATERIALIZED (SELECT command FROM slipway.inbox WHERE received_at < now() - "
    "$1::bigint * interval '1 ms' ORDER BY received_at LIMIT $2::bigint), "
    "d AS (DELETE FROM slipway.inbox WHERE command = ANY (ARRAY(SELECT command FROM old)) RETURNING 1) SELECT count(*) "
    "FROM d";

/* Ids are in the order of time: only the first ones are looked at. The newest published row stays: it remembers the
 * greatest time. */
static const char FORGET_OUTBOX[] =
    "WITH first AS MATERIALIZED (SELECT id, at_ms FROM slipway.outbox ORDER BY id LIMIT $2::bigint), "
    "old AS (SELECT id FROM first WHERE id < (SELECT outbox_id FROM slipway.published) AND "
    "at_ms < (extract(epoch FROM now()) * 1000)::bigint - $1::bigint), "
    "d AS (DELETE FROM slipway.outbox WHERE id = ANY (ARRAY(SELECT id FROM old)) RETURNING 1) SELECT count(*) FROM d";

static int64_t delete_batch(struct store_pg *store, const char *sql, int64_t age_ms)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    struct pg_params params = { 0 };
    pg_param_i64(&params, age_ms);
    pg_param_i64(&params, BATCH);
    struct sw_status status = pg_exec(store->beat, sql, &params, RETAIN_MS, &result);
    if (sw_failed(status)) {
        sw_warn("old rows are not deleted, tried again in an hour", sw_e(&status));
        return 0;
    }
    return pg_i64(result, 0, 0);
}

bool store_retain_some(struct store_pg *store)
{
    int64_t history_ms = store->options.retention_days * DAY_MS;
    int64_t inbox_ms = proto_topic_retention_ms(PROTO_TOPIC_COMMANDS) + DAY_MS;
    if (delete_batch(store, FORGET_WORKFLOWS, history_ms) == BATCH)
        return true;
    if (delete_batch(store, FORGET_COMMANDS, history_ms > inbox_ms ? history_ms : inbox_ms) == BATCH)
        return true;
    return delete_batch(store, FORGET_OUTBOX, DAY_MS) == BATCH;
}
