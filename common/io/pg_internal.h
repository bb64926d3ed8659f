/* SPDX-License-Identifier: Apache-2.0
 * pg_internal: what pg*.c share. */
#ifndef COMMON_IO_PG_INTERNAL_H
#define COMMON_IO_PG_INTERNAL_H

#include "common/io/pg.h"

#include <libpq-fe.h>

enum { PG_MAX_PREPARED = 64, PG_NAME_SIZE = 48 };

struct pg {
    PGconn *connection;
    char prepared[PG_MAX_PREPARED][PG_NAME_SIZE]; /* statements that the server knows by name */
    size_t prepared_count;
    bool broken; /* a deadline passed: what the server did is unknown */
    /* pipeline */
    bool in_pipeline, sent;
    struct sw_status outcome; /* the first failure of the transaction under way */
};

struct sw_status pg_result_error(const PGresult *result) SW_MUST_CHECK;
struct sw_status pg_connection_error(struct pg *pg, const char *what) SW_MUST_CHECK;
/* Waits for the socket; false when the deadline passed. */
bool pg_wait(struct pg *pg, bool for_write, int64_t deadline_ms);

#endif
