/* SPDX-License-Identifier: Apache-2.0
 * Connections and single statements. libpq is used in non-blocking mode throughout, so that every wait has our
 * deadline. */
#include "common/io/pg_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRESET_CONNECT_MS = 3000 };

/* First line of a server message, without its newline. */
static void first_line(const char *text, char *ret_line, size_t size)
{
    (void)sw_copy(ret_line, size, text ? text : "no reason given");
    ret_line[strcspn(ret_line, "\n")] = '\0';
}

struct sw_status pg_connection_error(struct pg *pg, const char *what)
{
    char line[200];
    first_line(PQerrorMessage(pg->connection), line, sizeof line);
    return sw_fail(SW_CODE_DB, "%s: %s", what, line);
}

static enum sw_code code_of(const char *state)
{
    static const struct {
        const char *prefix;
        enum sw_code code;
    } CLASSES[] = {
        { "SWF01", SW_CODE_FENCED }, { "22", SW_CODE_DB_DATA }, { "23", SW_CODE_DB_DATA }, { "54", SW_CODE_DB_DATA },
        { "08", SW_CODE_DB },        { "40", SW_CODE_DB },      { "53", SW_CODE_DB },      { "55", SW_CODE_DB },
        { "57", SW_CODE_DB },        { "58", SW_CODE_DB },      { "25", SW_CODE_DB },      { "XX", SW_CODE_DB },
    };
    for (size_t i = 0; state && i < SW_COUNT(CLASSES); i++)
        if (sw_starts_with(state, CLASSES[i].prefix))
            return CLASSES[i].code;
    return state ? SW_CODE_INTERNAL : SW_CODE_DB;
}

struct sw_status pg_result_error(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    char line[200];
    first_line(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), line, sizeof line);
    return sw_fail(code_of(state), "postgres: %s (%s)", line, state ? state : "connection");
}

bool pg_wait(struct pg *pg, bool for_write, int64_t deadline_ms)
{
    struct pollfd waiting = { .fd = PQsocket(pg->connection), .events = (short)(POLLIN | (for_write ? POLLOUT : 0)) };
    int64_t left_ms = deadline_ms - sw_monotonic_ms();
    return left_ms > 0 && poll(&waiting, 1, (int)left_ms) > 0;
}

static struct sw_status finish_connecting(struct pg *pg, int64_t deadline_ms)
{
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED)
            return pg_connection_error(pg, "cannot connect to Postgres");
        struct pollfd waiting = { .fd = PQsocket(pg->connection),
                                  .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT };
        int64_t left_ms = deadline_ms - sw_monotonic_ms();
        if (left_ms <= 0 || poll(&waiting, 1, (int)left_ms) <= 0)
            return sw_fail(SW_CODE_DB, "cannot connect to Postgres: no answer in time");
        state = PQconnectPoll(pg->connection);
    }
    return PQsetnonblocking(pg->connection, 1) == 0 ? sw_ok() : pg_connection_error(pg, "cannot use the connection");
}

/* idle_in_transaction_session_timeout: a frozen client must not hold the lease's row lock for ever. */
static struct sw_status set_session(struct pg *pg, const struct pg_options *options)
{
    char sql[256];
    long long timeout_ms = (long long)options->statement_timeout_ms;
    (void)snprintf(sql, sizeof sql,
                   "SET statement_timeout = %lld; SET idle_in_transaction_session_timeout = %lld; "
                   "SET plan_cache_mode = force_generic_plan; SET client_min_messages = warning",
                   timeout_ms, timeout_ms);
    return pg_exec(pg, sql, NULL, 5000, NULL);
}

static void ignore_notice(void *context, const char *message)
{
    (void)context;
    sw_debug("postgres notice", sw_s("detail", message));
}

static struct sw_status open_connection(struct pg *pg, const struct pg_options *options)
{
    char user_timeout[24];
    int64_t connect_ms = options->connect_timeout_ms ? options->connect_timeout_ms : PRESET_CONNECT_MS;
    (void)snprintf(user_timeout, sizeof user_timeout, "%lld",
                   (long long)(options->statement_timeout_ms ? options->statement_timeout_ms * 2 : 30000));
    const char *const names[] = { "dbname", "application_name", "tcp_user_timeout", "keepalives_idle", NULL };
    const char *const values[] = { options->url, options->application_name, user_timeout, "10", NULL };
    pg->connection = PQconnectStartParams(names, values, 1);
    if (!pg->connection)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (PQstatus(pg->connection) == CONNECTION_BAD)
        return pg_connection_error(pg, "cannot connect to Postgres");
    PQsetNoticeProcessor(pg->connection, ignore_notice, NULL);
    SW_TRY(finish_connecting(pg, sw_monotonic_ms() + connect_ms));
    return set_session(pg, options);
}

struct sw_status pg_connect(const struct pg_options *options, struct pg **ret_pg)
{
    struct pg *pg = calloc(1, sizeof *pg);
    if (!pg)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    struct sw_status status = open_connection(pg, options);
    if (sw_failed(status)) {
        pg_free(pg);
        return status;
    }
    *ret_pg = pg;
    return sw_ok();
}

void pg_free(struct pg *pg)
{
    if (!pg)
        return;
    PQfinish(pg->connection);
    free(pg);
}

bool pg_alive(const struct pg *pg) { return pg && !pg->broken && PQstatus(pg->connection) == CONNECTION_OK; }
int pg_fd(const struct pg *pg) { return PQsocket(pg->connection); }
int32_t pg_backend_pid(const struct pg *pg) { return PQbackendPID(pg->connection); }

static bool flush_by(struct pg *pg, int64_t deadline_ms)
{
    int left;
    while ((left = PQflush(pg->connection)) == 1)
        if (!pg_wait(pg, true, deadline_ms) || !PQconsumeInput(pg->connection))
            return false;
    return left == 0;
}

/* The last result of the statement, which is the one that tells its outcome; NULL on a lost connection or deadline. */
static PGresult *collect_by(struct pg *pg, int64_t deadline_ms)
{
    PGresult *last = NULL, *result;
    for (;;) {
        while (PQisBusy(pg->connection))
            if (!pg_wait(pg, false, deadline_ms) || !PQconsumeInput(pg->connection)) {
                PQclear(last);
                return NULL;
            }
        result = PQgetResult(pg->connection);
        if (!result)
            return last;
        bool failed_before = last && PQresultStatus(last) == PGRES_FATAL_ERROR;
        PQclear(failed_before ? result : last);
        last = failed_before ? last : result;
    }
}

static struct sw_status lost(struct pg *pg, const char *what)
{
    pg->broken = true;
    if (PQstatus(pg->connection) == CONNECTION_BAD)
        return pg_connection_error(pg, what);
    return sw_fail(SW_CODE_DB, "%s: no answer in time", what);
}

struct sw_status pg_exec(struct pg *pg, const char *sql, const struct pg_params *params, int64_t timeout_ms,
                         struct pg_result **ret_result)
{
    int64_t deadline_ms = sw_monotonic_ms() + timeout_ms;
    if (!pg_alive(pg))
        return sw_fail(SW_CODE_DB, "the connection to Postgres is lost");
    if (pg->in_pipeline && !PQexitPipelineMode(pg->connection))
        return lost(pg, "a pipeline is under way");
    pg->in_pipeline = false;
    int sent = params ? PQsendQueryParams(pg->connection, sql, (int)params->count, NULL, params->values,
                                          params->lengths, params->binary, 0)
                      : PQsendQuery(pg->connection, sql);
    if (!sent || !flush_by(pg, deadline_ms))
        return lost(pg, "cannot send to Postgres");
    PGresult *result = collect_by(pg, deadline_ms);
    if (!result)
        return lost(pg, "no result from Postgres");
    ExecStatusType state = PQresultStatus(result);
    bool done = state == PGRES_TUPLES_OK || state == PGRES_COMMAND_OK || state == PGRES_EMPTY_QUERY;
    struct sw_status status = done ? sw_ok() : pg_result_error(result);
    if (done && ret_result)
        *ret_result = (struct pg_result *)result;
    else
        PQclear(result);
    return status;
}

bool pg_wait_notice(struct pg *pg, int64_t timeout_ms)
{
    int64_t deadline_ms = sw_monotonic_ms() + timeout_ms;
    for (;;) {
        PGnotify *notice = PQnotifies(pg->connection);
        if (notice) {
            PQfreemem(notice);
            return true;
        }
        if (!pg_wait(pg, false, deadline_ms))
            return false;
        if (!PQconsumeInput(pg->connection)) {
            pg->broken = true;
            return false;
        }
    }
}
