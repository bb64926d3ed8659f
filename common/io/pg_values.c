/* SPDX-License-Identifier: Apache-2.0
 * Parameters, arrays and the values of results. A struct pg_result is libpq's PGresult under our name. */
#include "common/io/pg_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t next_param(struct pg_params *params)
{
    assert(params->count < PG_MAX_PARAMS);
    params->lengths[params->count] = 0;
    params->binary[params->count] = 0;
    return params->count++;
}

void pg_param_text(struct pg_params *params, const char *text) { params->values[next_param(params)] = text; }
void pg_param_null(struct pg_params *params) { params->values[next_param(params)] = NULL; }

void pg_param_i64(struct pg_params *params, int64_t value)
{
    size_t at = next_param(params);
    (void)snprintf(params->scratch[at], sizeof params->scratch[at], "%lld", (long long)value);
    params->values[at] = params->scratch[at];
}

void pg_param_bytes(struct pg_params *params, const void *data, size_t length)
{
    size_t at = next_param(params);
    params->values[at] = data;
    params->lengths[at] = (int32_t)length;
    params->binary[at] = 1;
}

void pg_array_begin(struct sw_buf *buf) { sw_buf_puts(buf, "{"); }
void pg_array_end(struct sw_buf *buf) { sw_buf_puts(buf, "}"); }

static void separate(struct sw_buf *buf)
{
    if (buf->length > 0 && buf->data[buf->length - 1] != '{')
        sw_buf_puts(buf, ",");
}

void pg_array_text(struct sw_buf *buf, const char *text)
{
    separate(buf);
    if (!text) {
        sw_buf_puts(buf, "NULL");
        return;
    }
    sw_buf_puts(buf, "\"");
    while (*text) {
        size_t plain = strcspn(text, "\"\\");
        sw_buf_append(buf, text, plain);
        text += plain;
        if (!*text)
            break;
        sw_buf_append(buf, (const char[]){ '\\', *text++ }, 2);
    }
    sw_buf_puts(buf, "\"");
}

void pg_array_i64(struct sw_buf *buf, int64_t value)
{
    separate(buf);
    sw_buf_printf(buf, "%lld", (long long)value);
}

static const PGresult *native(const struct pg_result *result) { return (const PGresult *)result; }

size_t pg_rows(const struct pg_result *result) { return (size_t)PQntuples(native(result)); }

bool pg_is_null(const struct pg_result *result, size_t row, size_t column)
{
    return PQgetisnull(native(result), (int)row, (int)column);
}

const char *pg_text(const struct pg_result *result, size_t row, size_t column)
{
    return PQgetvalue(native(result), (int)row, (int)column);
}

int64_t pg_i64(const struct pg_result *result, size_t row, size_t column)
{
    return strtoll(pg_text(result, row, column), NULL, 10);
}

bool pg_bool(const struct pg_result *result, size_t row, size_t column) { return *pg_text(result, row, column) == 't'; }

void pg_result_free(struct pg_result *result) { PQclear((PGresult *)result); }
