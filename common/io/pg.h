/* SPDX-License-Identifier: Apache-2.0
 * pg: the project's only door to libpq: connections with deadlines, statements with parameters, pipelines.
 *
 * A connection belongs to one thread. Failures: SW_CODE_DB (connection, server gone, deadlock, lock timeout: retry),
 * SW_CODE_DB_DATA (SQLSTATE classes 22, 23, 54: the data is refused), SW_CODE_FENCED (SQLSTATE SWF01, raised by our own
 * fence), SW_CODE_INTERNAL (other SQL errors: a wrong statement). SQL itself lives behind named functions of the
 * adapters. Parameters and results are text or binary arrays built by the small helpers here. */
#ifndef COMMON_IO_PG_H
#define COMMON_IO_PG_H

#include "common/base/buf.h"
#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct pg;
struct pg_result; /* rows of one statement */

struct pg_options {
    const char *url; /* libpq URI */
    const char *application_name;
    int64_t connect_timeout_ms;   /* 0: 3000 */
    int64_t statement_timeout_ms; /* 0: none; also idle_in_transaction_session_timeout and tcp_user_timeout */
};

struct sw_status pg_connect(const struct pg_options *options, struct pg **ret_pg) SW_MUST_CHECK;
void pg_free(struct pg *pg);
bool pg_alive(const struct pg *pg);
int pg_fd(const struct pg *pg);
int32_t pg_backend_pid(const struct pg *pg);

enum { PG_MAX_PARAMS = 56 };
struct pg_params { /* text format; NULL is SQL null. Values are borrowed until the call returns. */
    const char *values[PG_MAX_PARAMS];
    int32_t lengths[PG_MAX_PARAMS]; /* of binary values */
    int32_t binary[PG_MAX_PARAMS];  /* 1: binary */
    size_t count;
    char scratch[PG_MAX_PARAMS][24]; /* integers as text */
};
void pg_param_text(struct pg_params *params, const char *text);
void pg_param_i64(struct pg_params *params, int64_t value);
void pg_param_bytes(struct pg_params *params, const void *data, size_t length); /* bytea */
void pg_param_null(struct pg_params *params);

/* A Postgres array literal built element by element: {"a",NULL,"b"}; for `unnest($1::text[])` batches. */
void pg_array_begin(struct sw_buf *buf);
void pg_array_text(struct sw_buf *buf, const char *text); /* NULL allowed */
void pg_array_i64(struct sw_buf *buf, int64_t value);
void pg_array_end(struct sw_buf *buf);

/* Blocking: one statement, at most timeout_ms (then the connection is closed and SW_CODE_DB returned). ret_result may
 * be NULL. Statements with several commands have no parameters. */
struct sw_status pg_exec(struct pg *pg, const char *sql, const struct pg_params *params, int64_t timeout_ms,
                         struct pg_result **ret_result) SW_MUST_CHECK;
size_t pg_rows(const struct pg_result *result);
bool pg_is_null(const struct pg_result *result, size_t row, size_t column);
const char *pg_text(const struct pg_result *result, size_t row, size_t column); /* "" for null */
int64_t pg_i64(const struct pg_result *result, size_t row, size_t column);      /* 0 for null */
bool pg_bool(const struct pg_result *result, size_t row, size_t column);
void pg_result_free(struct pg_result *result);
static inline void pg_result_free_ptr(struct pg_result **result) { pg_result_free(*result); }
#define PG_AUTO_RESULT SW_CLEANUP(pg_result_free_ptr)

/* Waits for a NOTIFY on a channel that the connection LISTENs to. False when none came, or when the connection is lost.
 */
bool pg_wait_notice(struct pg *pg, int64_t timeout_ms);

/* Asynchronous: statements queued since pg_pipeline_begin() go out with one Sync, so they are one transaction;
 * statements are prepared once a connection under `name`. pg_pipeline_send() never blocks on the server. */
struct sw_status pg_pipeline_begin(struct pg *pg) SW_MUST_CHECK;
struct sw_status pg_pipeline_add(struct pg *pg, const char *name, const char *sql,
                                 const struct pg_params *params) SW_MUST_CHECK;
struct sw_status pg_pipeline_send(struct pg *pg) SW_MUST_CHECK;
/* Call when pg_fd() is readable or writable, or at any time. True when the transaction has ended; *ret_status is its
 * outcome (the first failing statement's). */
bool pg_pipeline_poll(struct pg *pg, struct sw_status *ret_status);
bool pg_wants_write(struct pg *pg);

/* Numbered migrations under an advisory lock, each in its own transaction, recorded in slipway.schema_migration. */
struct pg_migration {
    int32_t number;
    const char *name;
    const char *sql;
};
/* Waits for another migrator up to timeout_ms. SW_CODE_CONFIG: the database is newer than this program. */
struct sw_status pg_migrate(struct pg *pg, const struct pg_migration *migrations, size_t count,
                            int64_t timeout_ms) SW_MUST_CHECK;
/* ok when every migration is there; SW_CODE_CONFIG otherwise, with the hint to run `slipway migrate`. */
struct sw_status pg_migration_check(struct pg *pg, const struct pg_migration *migrations, size_t count) SW_MUST_CHECK;

#endif
