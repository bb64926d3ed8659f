/* SPDX-License-Identifier: Apache-2.0
 * The bounded reads, over a connection of their own: a long read never delays a commit. A connection that turns out to
 * be lost is opened again once, within the same second. */
#include "orchestrator/adapters/store_internal.h"

#include "common/base/text.h"
#include "common/rt/clock.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NEAR = 5, MIN_PREFIX = 3, NEAR_ROWS = 205, MAX_MISTAKES = 3 };

struct sw_status store_read_within(struct store_pg *store, store_read_fn *read, void *context)
{
    struct sw_status status = sw_ok();
    int64_t deadline_ms = sw_monotonic_ms() + STORE_READ_MS;
    for (int tries = 0; tries < 2; tries++) {
        int64_t left_ms = deadline_ms - sw_monotonic_ms();
        if (left_ms <= 0)
            break;
        if (!pg_alive(store->reader)) {
            store_drop(&store->reader);
            SW_TRY(store_open(store, "slipway-orchestrator reader", left_ms, STORE_READ_MS, &store->reader));
            left_ms = deadline_ms - sw_monotonic_ms();
        }
        status = read(store->reader, left_ms, context);
        if (status.code != SW_CODE_DB || pg_alive(store->reader))
            break;
    }
    return status;
}

struct workflows_read {
    const char *clause;
    struct pg_params params;
    struct wf **workflows;
    size_t count;
};

static struct sw_status read_workflows(struct pg *pg, int64_t timeout_ms, void *context)
{
    struct workflows_read *read = context;
    return store_read_workflows(pg, read->clause, &read->params, timeout_ms, &read->workflows, &read->count);
}

static struct sw_status find_workflow(void *self, const char *id, struct wf **ret_wf)
{
    struct workflows_read read = { .clause = "WHERE id = $1::text" };
    pg_param_text(&read.params, id);
    SW_TRY(store_read_within(self, read_workflows, &read));
    struct sw_status status = sw_fail(SW_CODE_NOT_FOUND, "there is no workflow \"%s\"", id);
    if (read.count == 1) {
        *ret_wf = SW_TAKE(read.workflows[0]);
        status = sw_ok();
    }
    store_free_workflows(read.workflows, read.count);
    return status;
}

static struct sw_status history(void *self, const char *kind, const char *service, size_t limit, struct wf **ret_wfs,
                                size_t *ret_count)
{
    struct workflows_read read = {
        .clause = service ? "WHERE final AND kind = $1::text AND service = $3::text ORDER BY number DESC "
                            "LIMIT $2::bigint"
                          : "WHERE final AND kind = $1::text AND sequence > 0 ORDER BY sequence DESC "
                            "LIMIT $2::bigint" /* an index of its own: others of newer kinds are not walked over */
    };
    pg_param_text(&read.params, kind);
    pg_param_i64(&read.params, (int64_t)limit);
    if (service)
        pg_param_text(&read.params, service);
    SW_TRY(store_read_within(self, read_workflows, &read));
    memcpy(ret_wfs, read.workflows, read.count * sizeof *ret_wfs);
    *ret_count = read.count;
    free(read.workflows);
    return sw_ok();
}

struct row_read { /* of one statement with one text parameter */
    const char *sql, *text;
    struct pg_result *result;
};

static struct sw_status read_rows(struct pg *pg, int64_t timeout_ms, void *context)
{
    struct row_read *read = context;
    struct pg_params params = { 0 };
    pg_param_text(&params, read->text);
    return pg_exec(pg, read->sql, &params, timeout_ms, &read->result);
}

static struct sw_status find_command(void *self, const char *command, struct store_known *ret_known)
{
    struct row_read read = { .sql = "SELECT hash, workflow FROM slipway.inbox WHERE command = $1::text",
                             .text = command };
    SW_TRY(store_read_within(self, read_rows, &read));
    PG_AUTO_RESULT struct pg_result *result = read.result;
    if (pg_rows(result) == 0)
        return sw_fail(SW_CODE_NOT_FOUND, "there is no command \"%s\"", command);
    (void)sw_copy(ret_known->command, sizeof ret_known->command, command); /* it is in the table, so it fits */
    (void)sw_copy(ret_known->hash, sizeof ret_known->hash, pg_text(result, 0, 0));
    (void)sw_copy(ret_known->workflow, sizeof ret_known->workflow, pg_text(result, 0, 1));
    return sw_ok();
}

static struct sw_status find_key(void *self, const char *key, char ret_workflow[PROTO_WORKFLOW_ID_SIZE])
{
    struct row_read read = { .sql = "SELECT workflow FROM slipway.workflow_key WHERE key = $1::text", .text = key };
    SW_TRY(store_read_within(self, read_rows, &read));
    PG_AUTO_RESULT struct pg_result *result = read.result;
    if (pg_rows(result) == 0)
        return sw_fail(SW_CODE_NOT_FOUND, "nobody has the key \"%s\"", key);
    (void)sw_copy(ret_workflow, PROTO_WORKFLOW_ID_SIZE, pg_text(result, 0, 0)); /* ids fit */
    return sw_ok();
}

static struct sw_status find_definition(void *self, const char *hash, json_t **ret_body)
{
    struct row_read read = { .sql = "SELECT body FROM slipway.definition WHERE hash = $1::text", .text = hash };
    SW_TRY(store_read_within(self, read_rows, &read));
    PG_AUTO_RESULT struct pg_result *result = read.result;
    if (pg_rows(result) == 0)
        return sw_fail(SW_CODE_NOT_FOUND, "there is no definition \"%s\"", hash);
    return jx_parse(pg_text(result, 0, 0), strlen(pg_text(result, 0, 0)), ret_body);
}

/* A beginning of the id counts as nearest of all. */
static size_t distance(const char *text, const char *id, size_t limit)
{
    if (strlen(text) >= MIN_PREFIX && sw_starts_with(id, text))
        return 0;
    return sw_edit_distance(text, id, limit);
}

static size_t pick_nearest(const struct pg_result *result, const char *text, char ret_ids[][PROTO_WORKFLOW_ID_SIZE])
{
    size_t distances[NEAR_ROWS], rows = pg_rows(result) < NEAR_ROWS ? pg_rows(result) : NEAR_ROWS, count = 0;
    size_t limit = strlen(text) / 3 > MAX_MISTAKES ? MAX_MISTAKES : strlen(text) / 3 > 1 ? strlen(text) / 3 : 1;
    for (size_t row = 0; row < rows; row++)
        distances[row] = distance(text, pg_text(result, row, 0), limit);
    for (size_t wanted = 0; wanted <= limit && count < MAX_NEAR; wanted++)
        for (size_t row = 0; row < rows && count < MAX_NEAR; row++)
            if (distances[row] == wanted)
                (void)sw_copy(ret_ids[count++], PROTO_WORKFLOW_ID_SIZE, pg_text(result, row, 0)); /* ids fit */
    return count;
}

/* Old ids are found by their beginning, the newest ones also with mistakes in them. `~` sorts behind every id. */
static struct sw_status near_ids(void *self, const char *text, char ret_ids[][PROTO_WORKFLOW_ID_SIZE],
                                 size_t *ret_count)
{
    struct row_read read = {
        .sql = "SELECT id FROM ((SELECT id, number FROM slipway.workflow WHERE length($1::text) >= 3 AND "
               "id >= $1::text AND id < $1::text || '~' ORDER BY id LIMIT 5) UNION "
               "(SELECT id, number FROM slipway.workflow ORDER BY number DESC LIMIT 200)) AS near "
               "ORDER BY number DESC",
        .text = text,
    };
    if (strlen(text) >= PROTO_WORKFLOW_ID_SIZE * 2) { /* nothing is near, and the distance costs its length */
        *ret_count = 0;
        return sw_ok();
    }
    SW_TRY(store_read_within(self, read_rows, &read));
    PG_AUTO_RESULT struct pg_result *result = read.result;
    *ret_count = pick_nearest(result, text, ret_ids);
    return sw_ok();
}

void store_fill_reads(struct store_port *port)
{
    port->find_workflow = find_workflow;
    port->find_key = find_key;
    port->find_command = find_command;
    port->near_ids = near_ids;
    port->history = history;
    port->find_definition = find_definition;
    port->figures = store_figures;
}
