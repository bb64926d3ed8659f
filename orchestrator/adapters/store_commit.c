/* SPDX-License-Identifier: Apache-2.0
 * One batch as one transaction: a pipeline with a single Sync. Two statements for the usual batch: the fence with both
 * cursors, which must be the first; and all changes. A workflow that leaves its lane and one that enters it need two
 * statements, the leaving first: a single UPDATE violates the unique index. */
#include "orchestrator/adapters/store_internal.h"

#include "common/rt/clock.h"

#include <string.h>

static const char ADVANCE[] =
    "SELECT slipway.advance($1::bigint, $2::text, $3::bigint, $4::text, $5::bigint, $6::text, $7::bigint)";

/* The last of a batch wins should a row come twice: ON CONFLICT refuses to touch a row two times. */
#define UPSERT_WORKFLOWS(parameters)                                                                                   \
    "INSERT INTO slipway.workflow AS w (id, kind, state, active, final, lane, number, n, definition, facts, "          \
    "step_count, created_ms, started_ms, finished_ms, sequence) "                                                      \
    "SELECT DISTINCT ON (id) id, kind, state, active, final, lane, number, n, definition, facts::jsonb, step_count, "  \
    "created_ms, started_ms, finished_ms, sequence FROM unnest(" parameters ") "                                       \
    "WITH ORDINALITY AS u (id, kind, state, active, final, lane, number, n, definition, facts, step_count, "           \
    "created_ms, started_ms, finished_ms, sequence, ord) ORDER BY id, ord DESC "                                       \
    "ON CONFLICT (id) DO UPDATE SET state = excluded.state, active = excluded.active, final = excluded.final, "        \
    "lane = excluded.lane, number = excluded.number, n = excluded.n, definition = excluded.definition, "               \
    "facts = excluded.facts, step_count = excluded.step_count, created_ms = excluded.created_ms, "                     \
    "started_ms = excluded.started_ms, finished_ms = excluded.finished_ms"

static const char LEAVING[] = UPSERT_WORKFLOWS(
    "$1::text[], $2::text[], $3::text[], $4::boolean[], $5::boolean[], $6::text[], $7::bigint[], $8::bigint[], "
    "$9::text[], $10::text[], $11::int[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[]");

/* One statement, not one for each table: a statement costs Postgres more than a few rows do. */
static const char CHANGES[] = "WITH workflow AS (" UPSERT_WORKFLOWS(
    "$37::text[], $38::text[], $39::text[], $40::boolean[], $41::boolean[], $42::text[], $43::bigint[], "
    "$44::bigint[], $45::text[], $46::text[], $47::int[], $48::bigint[], $49::bigint[], $50::bigint[], "
    "$51::bigint[]") "), "

                     "inbox AS (INSERT INTO slipway.inbox (command, hash, log_offset, workflow, name, actor, "
                     "disposition, reason) "
                     "SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], "
                     "$7::text[], "
                     "$8::text[])), "

                     "definition AS (INSERT INTO slipway.definition (hash, body) "
                     "SELECT h, b::jsonb FROM unnest($9::text[], $10::text[]) AS u (h, b) ON CONFLICT DO NOTHING), "

                     "step_row AS (SELECT DISTINCT ON (workflow, idx) * FROM unnest($11::text[], $12::int[], "
                     "$13::text[], $14::text[], "
                     "$15::int[], $16::int[], $17::boolean[], $18::bigint[], $19::bigint[], $20::bigint[], $21::int[], "
                     "$22::text[], "
                     "$23::text[], $24::text[], $25::bigint[], $26::text[], $27::text[]) WITH ORDINALITY AS u "
                     "(workflow, idx, name, "
                     "state, attempt, tries, probing, started_ms, finished_ms, retry_at_ms, exit_code, status, error, "
                     "tail, epoch, "
                     "state_dir, boot, ord) ORDER BY workflow, idx, ord DESC), "

                     "attempt AS (INSERT INTO slipway.attempt (workflow, idx, attempt, state, probing, started_ms, "
                     "finished_ms, "
                     "exit_code, error, epoch) SELECT workflow, idx, attempt, state, probing, started_ms, finished_ms, "
                     "exit_code, "
                     "error, epoch FROM step_row WHERE attempt > 0 AND finished_ms > 0 ON CONFLICT (workflow, idx, "
                     "attempt) DO UPDATE "
                     "SET state = excluded.state, finished_ms = excluded.finished_ms, exit_code = excluded.exit_code, "
                     "error = excluded.error, epoch = excluded.epoch), "

                     "step AS (INSERT INTO slipway.step (workflow, idx, name, state, attempt, tries, probing, "
                     "started_ms, finished_ms, "
                     "retry_at_ms, exit_code, status, error, tail, epoch, state_dir, boot) SELECT workflow, idx, name, "
                     "state, attempt, "
                     "tries, probing, started_ms, finished_ms, retry_at_ms, exit_code, status, error, tail, epoch, "
                     "state_dir, boot "
                     "FROM step_row ON CONFLICT (workflow, idx) DO UPDATE SET name = excluded.name, state = "
                     "excluded.state, "
                     "attempt = excluded.attempt, tries = excluded.tries, probing = excluded.probing, "
                     "started_ms = excluded.started_ms, finished_ms = excluded.finished_ms, retry_at_ms = "
                     "excluded.retry_at_ms, "
                     "exit_code = excluded.exit_code, status = excluded.status, error = excluded.error, tail = "
                     "excluded.tail, "
                     "epoch = excluded.epoch, state_dir = excluded.state_dir, boot = excluded.boot), "

                     "timer_row AS (SELECT DISTINCT ON (workflow, name) * FROM unnest($28::text[], $29::text[], "
                     "$30::bigint[]) "
                     "WITH ORDINALITY AS u (workflow, name, due_ms, ord) ORDER BY workflow, name, ord DESC), "
                     "timer_set AS (INSERT INTO slipway.timer (workflow, name, due_ms) SELECT workflow, name, due_ms "
                     "FROM timer_row "
                     "WHERE due_ms <> 0 ON CONFLICT (workflow, name) DO UPDATE SET due_ms = excluded.due_ms), "
                     "timer_cleared AS (DELETE FROM slipway.timer t USING timer_row r "
                     "WHERE r.due_ms = 0 AND t.workflow = r.workflow AND t.name = r.name) "

                     "INSERT INTO slipway.outbox (id, topic, key, envelope, body, at_ms) SELECT i, t, k, e::jsonb, b, "
                     "a "
                     "FROM unnest($31::bigint[], $32::text[], $33::text[], $34::text[], $35::text[], $36::bigint[]) "
                     "AS u (i, t, k, e, b, a)";

/* Of a key that stands in a batch twice the last row counts. */
static const char KEYS[] =
    "WITH row AS (SELECT DISTINCT ON (key) key, workflow, gone FROM unnest($1::text[], $2::text[], $3::boolean[]) "
    "WITH ORDINALITY AS u (key, workflow, gone, ord) ORDER BY key, ord DESC), "
    "claimed AS (INSERT INTO slipway.workflow_key (key, workflow) SELECT key, workflow FROM row WHERE NOT gone "
    "ON CONFLICT (key) DO UPDATE SET workflow = excluded.workflow) "
    "DELETE FROM slipway.workflow_key k USING row r WHERE r.gone AND k.key = r.key AND k.workflow = r.workflow";

static const char HOLDS[] =
    "WITH row AS (SELECT DISTINCT ON (id) * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], "
    "$6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::boolean[]) WITH ORDINALITY AS u (id, "
    "origin, "
    "by_whom, reason, channel, service, environment, lane, since_ms, until_ms, gone, ord) ORDER BY id, ord DESC), "
    "begun AS (INSERT INTO slipway.hold (id, origin, by_whom, reason, channel, service, environment, lane, since_ms, "
    "until_ms) SELECT id, origin, by_whom, reason, channel, service, environment, lane, since_ms, until_ms FROM row "
    "WHERE NOT gone ON CONFLICT (id) DO UPDATE SET origin = excluded.origin, by_whom = excluded.by_whom, "
    "reason = excluded.reason, channel = excluded.channel, service = excluded.service, "
    "environment = excluded.environment, lane = excluded.lane, since_ms = excluded.since_ms, "
    "until_ms = excluded.until_ms) "
    "DELETE FROM slipway.hold h USING row r WHERE r.gone AND h.id = r.id";

static const char PARK[] = "INSERT INTO slipway.dead_letter (log_offset, value, headers, reason) "
                           "VALUES ($1::bigint, $2::bytea, $3::bytea, $4::text)";

static struct sw_status add_advance(struct store_pg *store, const struct store_batch *batch)
{
    struct pg_params params = { 0 };
    pg_param_i64(&params, store->own_epoch);
    pg_param_text(&params, batch->cursor_before.cluster_id);
    if (batch->has_cursor)
        pg_param_i64(&params, batch->cursor_before.next_offset);
    else
        pg_param_null(&params);
    pg_param_text(&params, batch->cursor.cluster_id);
    pg_param_i64(&params, batch->cursor.next_offset);
    pg_param_text(&params, batch->cursor.last_hash);
    pg_param_i64(&params, batch->published_id);
    return pg_pipeline_add(store->writer, "advance", ADVANCE, &params);
}

static struct sw_status add_columns(struct store_pg *store, const char *name, const char *sql, size_t count)
{
    struct pg_params params = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (store->columns[i].failed)
            return sw_fail(SW_CODE_DB_DATA, "a batch holds text that is too large or not UTF-8 (%s, parameter %zu)",
                           name, i + 1);
        pg_param_text(&params, sw_buf_string(&store->columns[i]));
    }
    return pg_pipeline_add(store->writer, name, sql, &params);
}

static bool has_changes(const struct store_batch *batch)
{
    return batch->workflow_count || batch->inbox_count || batch->definition_count || batch->step_count ||
           batch->timer_count || batch->outbox_count;
}

static struct sw_status add_changes(struct store_pg *store, const struct store_batch *batch)
{
    size_t active = 0;
    for (size_t i = 0; i < batch->workflow_count; i++)
        active += batch->workflows[i]->active;
    bool mixed = active > 0 && active < batch->workflow_count;
    if (mixed)
        SW_TRY(add_columns(store, "leaving", LEAVING, store_columns_leaving(store->columns, batch)));
    if (!has_changes(batch))
        return sw_ok();
    return add_columns(store, "changes", CHANGES,
                       store_columns_changes(store->columns, batch, mixed ? STORE_HOLDING : STORE_ALL));
}

static struct sw_status add_dead(struct store_pg *store, const struct store_dead *dead)
{
    struct pg_params params = { 0 };
    pg_param_i64(&params, dead->offset);
    pg_param_bytes(&params, dead->value ? dead->value : "", dead->value ? dead->value_bytes : 0);
    if (dead->headers) /* bytes: a header need not be text */
        pg_param_bytes(&params, dead->headers, strlen(dead->headers));
    else
        pg_param_null(&params);
    pg_param_text(&params, dead->reason);
    return pg_pipeline_add(store->writer, "park", PARK, &params);
}

static struct sw_status add_all(struct store_pg *store, const struct store_batch *batch)
{
    SW_TRY(pg_pipeline_begin(store->writer));
    SW_TRY(add_advance(store, batch));
    SW_TRY(add_changes(store, batch));
    if (batch->key_count)
        SW_TRY(add_columns(store, "keys", KEYS, store_columns_keys(store->columns, batch)));
    if (batch->hold_count)
        SW_TRY(add_columns(store, "holds", HOLDS, store_columns_holds(store->columns, batch)));
    for (size_t i = 0; i < batch->dead_count; i++)
        SW_TRY(add_dead(store, &batch->dead[i]));
    return pg_pipeline_send(store->writer);
}

/* A large batch's memory is given back; the usual one's is kept. */
static void trim(struct store_pg *store)
{
    for (size_t i = 0; i < STORE_COLUMNS; i++) {
        size_t max_bytes = store->columns[i].max_bytes;
        if (store->columns[i].capacity > 1024 * 1024 || store->columns[i].failed) {
            sw_buf_release(&store->columns[i]);
            store->columns[i] = (struct sw_buf){ .max_bytes = max_bytes };
        }
    }
}

struct sw_status store_submit(struct store_pg *store, const struct store_batch *batch)
{
    if (store->own_epoch == 0 || !pg_alive(store->writer))
        return sw_fail(SW_CODE_DB, "the connection that holds the lease is lost");
    if (store->committing)
        return sw_fail(SW_CODE_INTERNAL, "a commit is under way");
    struct sw_status status = add_all(store, batch);
    trim(store);
    if (sw_failed(status)) { /* statements without their Sync: dropping the connection undoes them */
        store_drop(&store->writer);
        return sw_wrap(status, "commit");
    }
    store->committing = true;
    store->commit_deadline_ms = sw_monotonic_ms() + STORE_COMMIT_MS;
    return sw_ok();
}

bool store_poll(struct store_pg *store, struct sw_status *ret_status)
{
    struct sw_status status;
    if (!store->committing)
        return false;
    if (!pg_pipeline_poll(store->writer, &status)) {
        if (sw_monotonic_ms() < store->commit_deadline_ms)
            return false;
        store_drop(&store->writer);
        status = sw_fail(SW_CODE_DB, "no answer within %d ms", STORE_COMMIT_MS);
    }
    store->committing = false;
    *ret_status = sw_wrap(status, "commit");
    return true;
}
