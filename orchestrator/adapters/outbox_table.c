/* SPDX-License-Identifier: Apache-2.0
 * Rows of the outbox table that are not in memory: after a takeover, and after memory was full. */
#include "orchestrator/adapters/outbox_internal.h"
#include "orchestrator/adapters/outbox_json.h"

#include "common/base/text.h"

#include <stdlib.h>

enum { READ_MS = 5000 };

static struct sw_status connect(struct outbox_publisher *publisher)
{
    if (pg_alive(publisher->pg))
        return sw_ok();
    pg_free(publisher->pg);
    publisher->pg = NULL;
    return pg_connect(&(struct pg_options){ .url = publisher->options.database_url,
                                            .application_name = "slipway-orchestrator outbox",
                                            .statement_timeout_ms = READ_MS },
                      &publisher->pg);
}

static struct sw_status read_row(const struct pg_result *result, size_t at, struct outbox_row **ret_row)
{
    struct outbox_row *row = calloc(1, sizeof *row);
    if (!row)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    row->id = pg_i64(result, at, 0);
    row->body = sw_strdup(pg_text(result, at, 4));
    struct sw_status status = row->body ? outbox_json_parse(pg_text(result, at, 3), &row->envelope)
                                        : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (!sw_failed(status) && (!outbox_topic_parse(pg_text(result, at, 1), &row->topic) ||
                               !sw_copy(row->key, sizeof row->key, pg_text(result, at, 2))))
        status = sw_fail(SW_CODE_INVALID, "its topic or its key is unknown to this program");
    if (sw_failed(status)) {
        status = sw_wrap(status, "row %lld of the outbox", (long long)row->id);
        outbox_row_free(row);
        return status;
    }
    *ret_row = row;
    return sw_ok();
}

struct sw_status outbox_table_read(struct outbox_publisher *publisher, int64_t after_id, int64_t last_id,
                                   struct outbox_row *ret_rows[OUTBOX_CHUNK], size_t *ret_count)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    struct pg_params params = { 0 };
    pg_param_i64(&params, after_id);
    pg_param_i64(&params, last_id);
    pg_param_i64(&params, OUTBOX_CHUNK);
    SW_TRY(connect(publisher));
    SW_TRY(pg_exec(publisher->pg,
                   "SELECT id, topic, key, envelope, body FROM slipway.outbox WHERE id > $1::bigint AND "
                   "id <= $2::bigint ORDER BY id LIMIT $3::bigint",
                   &params, READ_MS, &result));
    for (size_t i = 0; i < pg_rows(result); i++) {
        struct sw_status status = read_row(result, i, &ret_rows[i]);
        if (sw_failed(status)) {
            while (i > 0)
                outbox_row_free(ret_rows[--i]);
            return status;
        }
    }
    *ret_count = pg_rows(result);
    return sw_ok();
}
