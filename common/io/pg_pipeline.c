/* SPDX-License-Identifier: Apache-2.0
 * Statements between two Syncs are one implicit transaction (PostgreSQL 15 documentation, 34.5 "Pipeline Mode"): the
 * first error aborts the rest. Results are read until the Sync's own. */
#include "common/io/pg_internal.h"

#include "common/base/text.h"

#include <string.h>

struct sw_status pg_pipeline_begin(struct pg *pg)
{
    if (!pg_alive(pg))
        return sw_fail(SW_CODE_DB, "the connection to Postgres is lost");
    if (!pg->in_pipeline && !PQenterPipelineMode(pg->connection))
        return pg_connection_error(pg, "cannot begin a pipeline");
    pg->in_pipeline = true;
    pg->sent = false;
    pg->outcome = sw_ok();
    return sw_ok();
}

static bool is_prepared(const struct pg *pg, const char *name)
{
    for (size_t i = 0; i < pg->prepared_count; i++)
        if (sw_equal(pg->prepared[i], name))
            return true;
    return false;
}

/* The statement's preparation travels in the same pipeline; should the transaction fail, it stays prepared. */
static struct sw_status prepare(struct pg *pg, const char *name, const char *sql)
{
    if (is_prepared(pg, name))
        return sw_ok();
    if (pg->prepared_count == PG_MAX_PREPARED)
        return sw_fail(SW_CODE_INTERNAL, "more than %d prepared statements", PG_MAX_PREPARED);
    if (!PQsendPrepare(pg->connection, name, sql, 0, NULL))
        return pg_connection_error(pg, "cannot prepare");
    (void)sw_copy(pg->prepared[pg->prepared_count++], PG_NAME_SIZE, name); /* names are our own short literals */
    return sw_ok();
}

struct sw_status pg_pipeline_add(struct pg *pg, const char *name, const char *sql, const struct pg_params *params)
{
    SW_TRY(prepare(pg, name, sql));
    if (!PQsendQueryPrepared(pg->connection, name, (int)params->count, params->values, params->lengths, params->binary,
                             0))
        return pg_connection_error(pg, "cannot send to Postgres");
    return sw_ok();
}

struct sw_status pg_pipeline_send(struct pg *pg)
{
    if (!PQpipelineSync(pg->connection) || PQflush(pg->connection) < 0) {
        pg->broken = true;
        return pg_connection_error(pg, "cannot send to Postgres");
    }
    pg->sent = true;
    return sw_ok();
}

static void note_result(struct pg *pg, const PGresult *result)
{
    ExecStatusType state = PQresultStatus(result);
    if (state == PGRES_FATAL_ERROR && !sw_failed(pg->outcome)) {
        pg->outcome = pg_result_error(result);
        pg->prepared_count = 0; /* a preparation after the error did not happen; names are cleared below */
    }
}

static bool ended(struct pg *pg, struct sw_status status, struct sw_status *ret_status)
{
    pg->sent = false;
    if (sw_failed(status)) /* unknown outcome, or unknown preparations: never reuse the connection */
        pg->broken = true;
    *ret_status = status;
    return true;
}

bool pg_pipeline_poll(struct pg *pg, struct sw_status *ret_status)
{
    if (!pg->sent)
        return false;
    if (PQflush(pg->connection) < 0 || !PQconsumeInput(pg->connection))
        return ended(pg, pg_connection_error(pg, "connection to Postgres lost during a commit"), ret_status);
    while (!PQisBusy(pg->connection)) {
        PGresult *result = PQgetResult(pg->connection);
        if (!result) { /* the end of one statement's results, or nothing is left */
            if (PQstatus(pg->connection) == CONNECTION_BAD)
                return ended(pg, pg_connection_error(pg, "connection to Postgres lost during a commit"), ret_status);
            continue;
        }
        bool sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        note_result(pg, result);
        PQclear(result);
        if (sync)
            return ended(pg, pg->outcome, ret_status);
    }
    return false;
}

bool pg_wants_write(struct pg *pg) { return pg->sent && PQflush(pg->connection) == 1; }
