/* SPDX-License-Identifier: Apache-2.0
 * What a new leader starts from. Read over the writer's connection, behind the fence; nobody else writes meanwhile. */
#include "orchestrator/adapters/store_internal.h"
#include "orchestrator/core/kind.h"

#include "common/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_KNOWN = 20000, SHORT_LIFE_MS = 5000 };

static const int64_t UNPOSTED_MS = 24LL * 3600 * 1000;

static struct sw_status run(struct store_pg *store, const char *sql, const struct pg_params *params,
                            struct pg_result **ret_result)
{
    return pg_exec(store->writer, sql, params, STORE_STATEMENT_MS, ret_result);
}

/* A takeover that finds the cursor where the one before found it counts against the record at the cursor, if the
 * predecessor died young: a record that crashes whoever takes it does so at once. Without that, an idle process that is
 * killed now and then would one day get an innocent record parked. */
static struct sw_status load_cursor(struct store_pg *store, struct store_snapshot *snapshot)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    struct pg_params params = { 0 };
    pg_param_i64(&params, store->own_epoch);
    pg_param_i64(&params, store->predecessor_lived_ms);
    pg_param_i64(&params, SHORT_LIFE_MS);
    SW_TRY(run(store,
               "WITH f AS MATERIALIZED (SELECT slipway.fence($1::bigint)) UPDATE slipway.cursor SET "
               "tries = CASE WHEN takeover_offset = next_offset AND $2::bigint < $3::bigint THEN tries + 1 ELSE 0 END, "
               "takeover_offset = next_offset FROM f WHERE id = 1 RETURNING cluster_id, next_offset, last_hash, tries",
               &params, &result));
    if (pg_rows(result) != 1)
        return sw_fail(SW_CODE_CONFIG, "the cursor's row is missing HINT: restore schema slipway from a backup");
    struct log_cursor *cursor = &snapshot->cursor;
    if (!sw_copy(cursor->cluster_id, sizeof cursor->cluster_id, pg_text(result, 0, 0)))
        return sw_fail(SW_CODE_CONFIG, "the stored cluster id is too long");
    cursor->next_offset = pg_i64(result, 0, 1);
    (void)sw_copy(cursor->last_hash, sizeof cursor->last_hash, pg_text(result, 0, 2)); /* 64 characters, or "" */
    snapshot->tries = (int32_t)pg_i64(result, 0, 3);
    return sw_ok();
}

static struct sw_status load_numbers(struct store_pg *store, struct store_snapshot *snapshot)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_TRY(run(store,
               "SELECT p.outbox_id, greatest(p.outbox_id, (SELECT max(id) FROM slipway.outbox)), "
               "coalesce((SELECT max(number) FROM slipway.workflow), 0), "
               "greatest((SELECT at_ms FROM slipway.outbox ORDER BY id DESC LIMIT 1), "
               "(SELECT max(finished_ms) FROM slipway.workflow WHERE final), "
               "(SELECT max(greatest(created_ms, started_ms)) FROM slipway.workflow WHERE NOT final), "
               "(SELECT max(greatest(s.started_ms, s.finished_ms)) FROM slipway.step s JOIN slipway.workflow w "
               "ON w.id = s.workflow WHERE NOT w.final), 0) FROM slipway.published p WHERE p.id = 1",
               NULL, &result));
    if (pg_rows(result) != 1)
        return sw_fail(SW_CODE_CONFIG, "the outbox's cursor is missing HINT: restore schema slipway from a backup");
    snapshot->published_id = pg_i64(result, 0, 0);
    snapshot->last_outbox_id = pg_i64(result, 0, 1);
    snapshot->last_number = pg_i64(result, 0, 2);
    snapshot->last_at_ms = pg_i64(result, 0, 3);
    return sw_ok();
}

static struct sw_status load_sequences(struct store_pg *store, struct store_snapshot *snapshot)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_AUTO_BUF struct sw_buf kinds = { 0 };
    struct pg_params params = { 0 };
    pg_array_begin(&kinds);
    for (size_t i = 0; i < kind_count(); i++)
        pg_array_text(&kinds, kind_at(i)->name);
    pg_array_end(&kinds);
    pg_param_text(&params, sw_buf_string(&kinds));
    SW_TRY(run(store,
               "SELECT k, coalesce((SELECT max(sequence) FROM slipway.workflow WHERE kind = k AND sequence > 0), 0) "
               "FROM unnest($1::text[]) AS u (k)",
               &params, &result));
    snapshot->sequences = calloc(pg_rows(result) + 1, sizeof *snapshot->sequences);
    if (!snapshot->sequences)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t row = 0; row < pg_rows(result); row++) {
        struct store_sequence *sequence = &snapshot->sequences[row];
        (void)sw_copy(sequence->kind, sizeof sequence->kind, pg_text(result, row, 0)); /* what was stored fitted */
        sequence->last = pg_i64(result, row, 1);
    }
    snapshot->sequence_count = pg_rows(result);
    return sw_ok();
}

static struct sw_status load_definitions(struct store_pg *store, struct store_snapshot *snapshot)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_TRY(run(store,
               "SELECT hash, body FROM slipway.definition d WHERE EXISTS "
               "(SELECT FROM slipway.workflow w WHERE NOT w.final AND w.definition = d.hash)",
               NULL, &result));
    snapshot->definitions = calloc(pg_rows(result) + 1, sizeof *snapshot->definitions);
    if (!snapshot->definitions)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t row = 0; row < pg_rows(result); row++) {
        struct store_definition_row *definition = &snapshot->definitions[row];
        const char *body = pg_text(result, row, 1);
        (void)sw_copy(definition->hash, sizeof definition->hash, pg_text(result, row, 0)); /* what was stored fitted */
        SW_TRY(sw_wrap(jx_parse(body, strlen(body), &definition->body), "definition \"%s\"", definition->hash));
        snapshot->definition_count = row + 1;
    }
    return sw_ok();
}

static struct sw_status load_timers(struct store_pg *store, struct store_snapshot *snapshot)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_TRY(run(store, "SELECT workflow, name, due_ms FROM slipway.timer ORDER BY due_ms", NULL, &result));
    snapshot->timers = calloc(pg_rows(result) + 1, sizeof *snapshot->timers);
    if (!snapshot->timers)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t row = 0; row < pg_rows(result); row++) {
        struct store_timer *timer = &snapshot->timers[row];
        (void)sw_copy(timer->workflow, sizeof timer->workflow, pg_text(result, row, 0)); /* what was stored fitted */
        (void)sw_copy(timer->name, sizeof timer->name, pg_text(result, row, 1));
        timer->due_ms = pg_i64(result, row, 2);
    }
    snapshot->timer_count = pg_rows(result);
    return sw_ok();
}

static struct sw_status load_keys(struct store_pg *store, struct store_snapshot *snapshot)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_TRY(run(store,
               "SELECT k.key, k.workflow FROM slipway.workflow w JOIN slipway.workflow_key k ON k.workflow = w.id "
               "WHERE NOT w.final",
               NULL, &result));
    snapshot->keys = calloc(pg_rows(result) + 1, sizeof *snapshot->keys);
    if (!snapshot->keys)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t row = 0; row < pg_rows(result); row++) {
        struct store_key *key = &snapshot->keys[row];
        (void)sw_copy(key->key, sizeof key->key, pg_text(result, row, 0)); /* what was stored fitted */
        (void)sw_copy(key->workflow, sizeof key->workflow, pg_text(result, row, 1));
    }
    snapshot->key_count = pg_rows(result);
    return sw_ok();
}

/* What was stored fitted. */
static void fill_hold(const struct pg_result *result, size_t row, struct wf_hold *hold)
{
    (void)sw_copy(hold->id, sizeof hold->id, pg_text(result, row, 0));
    (void)sw_copy(hold->origin, sizeof hold->origin, pg_text(result, row, 1));
    (void)sw_copy(hold->by, sizeof hold->by, pg_text(result, row, 2));
    (void)sw_copy(hold->reason, sizeof hold->reason, pg_text(result, row, 3));
    (void)sw_copy(hold->channel, sizeof hold->channel, pg_text(result, row, 4));
    (void)sw_copy(hold->service, sizeof hold->service, pg_text(result, row, 5));
    (void)sw_copy(hold->environment, sizeof hold->environment, pg_text(result, row, 6));
    (void)sw_copy(hold->lane, sizeof hold->lane, pg_text(result, row, 7));
    hold->since_ms = pg_i64(result, row, 8);
    hold->until_ms = pg_i64(result, row, 9);
}

static struct sw_status load_holds(struct store_pg *store, struct store_snapshot *snapshot)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_TRY(run(store,
               "SELECT id, origin, by_whom, reason, channel, service, environment, lane, since_ms, until_ms "
               "FROM slipway.hold ORDER BY since_ms, id",
               NULL, &result));
    snapshot->holds = calloc(pg_rows(result) + 1, sizeof *snapshot->holds);
    if (!snapshot->holds)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t row = 0; row < pg_rows(result); row++)
        fill_hold(result, row, &snapshot->holds[row]);
    snapshot->hold_count = pg_rows(result);
    return sw_ok();
}

static struct sw_status load_known(struct store_pg *store, struct store_snapshot *snapshot)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    struct pg_params params = { 0 };
    pg_param_i64(&params, MAX_KNOWN);
    SW_TRY(run(store,
               "SELECT command, hash, workflow FROM slipway.inbox ORDER BY received_at DESC, log_offset DESC "
               "LIMIT $1::bigint",
               &params, &result));
    snapshot->known = calloc(pg_rows(result) + 1, sizeof *snapshot->known);
    if (!snapshot->known)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t row = 0; row < pg_rows(result); row++) {
        struct store_known *known = &snapshot->known[row];
        (void)sw_copy(known->command, sizeof known->command, pg_text(result, row, 0)); /* what was stored fitted */
        (void)sw_copy(known->hash, sizeof known->hash, pg_text(result, row, 1));
        (void)sw_copy(known->workflow, sizeof known->workflow, pg_text(result, row, 2));
    }
    snapshot->known_count = pg_rows(result);
    return sw_ok();
}

/* Only the kind knows whether a workflow has a home and no message there. */
static bool is_unposted(const struct wf *wf)
{
    struct proto_view view = { 0 };
    if (sw_failed(wf->kind->view(wf, &view)))
        return false;
    bool unposted = *view.home_channel && !*view.message.ts;
    proto_view_release(&view);
    return unposted;
}

static struct sw_status load_unposted(struct store_pg *store, struct store_snapshot *snapshot)
{
    struct pg_params params = { 0 };
    size_t count = 0;
    if (!store->options.load_unposted)
        return sw_ok();
    pg_param_i64(&params, UNPOSTED_MS);
    SW_TRY(store_read_workflows(store->writer,
                                "WHERE final AND finished_ms > (extract(epoch FROM now()) * 1000)::bigint - "
                                "$1::bigint ORDER BY number",
                                &params, STORE_STATEMENT_MS, &snapshot->unposted, &count));
    for (size_t i = 0; i < count; i++)
        if (is_unposted(snapshot->unposted[i]))
            snapshot->unposted[snapshot->unposted_count++] = snapshot->unposted[i];
        else
            wf_free(snapshot->unposted[i]);
    return sw_ok();
}

static struct sw_status load_all(struct store_pg *store, struct store_snapshot *snapshot)
{
    SW_TRY(load_cursor(store, snapshot));
    SW_TRY(load_numbers(store, snapshot));
    SW_TRY(load_sequences(store, snapshot));
    SW_TRY(store_read_workflows(store->writer, "WHERE NOT final ORDER BY number", NULL, STORE_STATEMENT_MS,
                                &snapshot->workflows, &snapshot->workflow_count));
    SW_TRY(load_definitions(store, snapshot));
    SW_TRY(load_timers(store, snapshot));
    SW_TRY(load_keys(store, snapshot));
    SW_TRY(load_holds(store, snapshot));
    SW_TRY(load_known(store, snapshot));
    return load_unposted(store, snapshot);
}

struct sw_status store_load(struct store_pg *store, struct store_snapshot *ret_snapshot)
{
    struct store_snapshot snapshot = { 0 };
    if (store->own_epoch == 0 || store->committing)
        return sw_fail(SW_CODE_DB, "the connection that holds the lease is lost");
    struct sw_status status = load_all(store, &snapshot);
    if (sw_failed(status)) {
        store_snapshot_release(&snapshot);
        return sw_wrap(status, "load");
    }
    *ret_snapshot = snapshot;
    return sw_ok();
}
