/* SPDX-License-Identifier: Apache-2.0
 * log: the port to slipway.commands, partition 0, read from the cursor that Postgres holds. */
#ifndef ORCHESTRATOR_PORTS_LOG_H
#define ORCHESTRATOR_PORTS_LOG_H

#include "common/base/status.h"
#include "proto/envelope.h"

struct log_cursor {
    char cluster_id[64]; /* "" before the first record */
    int64_t next_offset; /* the first one that is not done */
    char last_hash[65];  /* SHA-256 in hex of the value of the record before next_offset; "" when none */
};

struct log_record {
    int64_t offset;
    struct sw_status bad;           /* ok, or why the headers are not an envelope */
    struct proto_envelope envelope; /* when not bad */
    char *value;                    /* raw bytes, NUL-terminated behind them */
    size_t value_bytes;
    char *headers; /* as JSON text, for parking; NULL when none */
    char hash[65];
    int64_t timestamp_ms;
};
void log_record_free(struct log_record *record);

struct log_port {
    /* Checks the log's identity and begins to read at the cursor. *ret_cursor: where it begins, which differs from
     * *cursor only with a new log that is accepted (*ret_new_log). SW_CODE_LOG_IDENTITY: another log; stop. */
    struct sw_status (*begin)(void *self, const struct log_cursor *cursor, struct log_cursor *ret_cursor,
                              bool *ret_new_log);
    /* The next record, or NULL when none is there now. The caller owns it. Never blocks. */
    struct log_record *(*pull)(void *self);
    /* The identity check failed, or reading is impossible for good: SW_PERMANENT; otherwise ok. */
    struct sw_status (*health)(void *self);
    void (*stop)(void *self);
    void *self;
};

#endif
