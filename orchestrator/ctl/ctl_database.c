/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/ctl/ctl_database.h"
#include "common/base/text.h"
#include "orchestrator/adapters/schema.h"
#include "orchestrator/ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 3000, MIGRATE_MS = 60 * 1000, READ_MS = 5000 };

struct sw_status ctl_open_database(struct pg **ret_pg)
{
    SW_AUTO_FREE char *url = ctl_setting_new("SLIPWAY_DATABASE_URL");
    if (!url)
        return sw_fail(SW_CODE_CONFIG, "SLIPWAY_DATABASE_URL is not set. HINT: it is the libpq URI that the "
                                       "orchestrator uses");
    const struct pg_options options = { .url = url, .application_name = "slipway", .connect_timeout_ms = CONNECT_MS };
    return pg_connect(&options, ret_pg);
}

int ctl_migrate(int count, char **arguments)
{
    (void)count, (void)arguments;
    struct pg *pg = NULL;
    struct sw_status status = ctl_open_database(&pg);
    if (!sw_failed(status))
        status = pg_migrate(pg, SCHEMA_MIGRATIONS, SCHEMA_MIGRATION_COUNT, MIGRATE_MS);
    pg_free(pg);
    if (sw_failed(status))
        return ctl_fail(&status);
    (void)printf("the schema is at version %d\n", SCHEMA_MIGRATIONS[SCHEMA_MIGRATION_COUNT - 1].number);
    return CTL_OK;
}

/* One statement; each row is printed by `print`. */
static int for_rows(const char *sql, const struct pg_params *params, void (*print)(const struct pg_result *, size_t),
                    const char *none)
{
    struct pg *pg = NULL;
    PG_AUTO_RESULT struct pg_result *result = NULL;
    struct sw_status status = ctl_open_database(&pg);
    if (!sw_failed(status))
        status = pg_exec(pg, sql, params, READ_MS, &result);
    pg_free(pg);
    if (sw_failed(status))
        return ctl_fail(&status);
    for (size_t row = 0; row < pg_rows(result); row++)
        print(result, row);
    if (pg_rows(result) == 0)
        (void)printf("%s\n", none);
    return CTL_OK;
}

static void print_dead(const struct pg_result *result, size_t row)
{
    (void)printf("%-10s %s  %s\n", pg_text(result, row, 0), pg_text(result, row, 1), pg_text(result, row, 2));
}

int ctl_dead_list(int count, char **arguments)
{
    (void)count, (void)arguments;
    return for_rows("SELECT log_offset, to_char(parked_at AT TIME ZONE 'UTC', "
                    "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), reason FROM slipway.dead_letter ORDER BY log_offset DESC "
                    "LIMIT 100",
                    NULL, print_dead, "no record was parked");
}

static void print_raw(const struct pg_result *result, size_t row)
{
    (void)printf("reason:  %s\nheaders: %s\nvalue:   %s\n", pg_text(result, row, 0), pg_text(result, row, 1),
                 pg_text(result, row, 2));
}

int ctl_dead_show(int count, char **arguments)
{
    int64_t offset;
    struct pg_params params = { 0 };
    if (count != 1 || !sw_parse_i64(arguments[0], 0, INT64_MAX, &offset)) {
        (void)fprintf(stderr, "slipway: dead show needs an offset; `slipway dead list` has them\n");
        return CTL_USAGE;
    }
    pg_param_i64(&params, offset);
    return for_rows(
        "SELECT reason, coalesce(encode(headers, 'escape'), ''), encode(value, 'escape') FROM slipway.dead_letter "
        "WHERE log_offset = $1::bigint ORDER BY id DESC LIMIT 1",
        &params, print_raw, "no record was parked at that offset");
}

/* ---- for ctl_dead.c ---- */

/* Both as hexadecimal: values need not be text. */
static char *from_hex(const char *hex, size_t *ret_length)
{
    size_t length = strlen(hex) / 2;
    char *data = malloc(length + 1);
    for (size_t i = 0; data && i < length; i++) {
        unsigned byte = 0;
        (void)sscanf(hex + 2 * i, "%2x", &byte); /* Postgres wrote it */
        data[i] = (char)byte;
    }
    if (data)
        data[length] = '\0';
    *ret_length = length;
    return data;
}

struct sw_status ctl_dead_read(int64_t offset, struct ctl_dead *ret_dead)
{
    struct pg *pg = NULL;
    struct pg_params params = { 0 };
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_TRY(ctl_open_database(&pg));
    pg_param_i64(&params, offset);
    struct sw_status status = pg_exec(pg,
                                      "SELECT encode(value, 'hex'), encode(headers, 'hex') FROM slipway.dead_letter "
                                      "WHERE log_offset = $1::bigint ORDER BY id DESC LIMIT 1",
                                      &params, READ_MS, &result);
    pg_free(pg);
    SW_TRY(status);
    if (pg_rows(result) == 0)
        return sw_fail(SW_CODE_NOT_FOUND, "no record was parked at offset %lld", (long long)offset);
    size_t ignored;
    ret_dead->value = from_hex(pg_text(result, 0, 0), &ret_dead->value_bytes);
    ret_dead->headers = pg_is_null(result, 0, 1) ? NULL : from_hex(pg_text(result, 0, 1), &ignored);
    return ret_dead->value ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}

struct sw_status ctl_dead_delete(int64_t offset)
{
    struct pg *pg = NULL;
    struct pg_params params = { 0 };
    SW_TRY(ctl_open_database(&pg));
    pg_param_i64(&params, offset);
    struct sw_status status =
        pg_exec(pg, "DELETE FROM slipway.dead_letter WHERE log_offset = $1::bigint", &params, READ_MS, NULL);
    pg_free(pg);
    return status;
}

void ctl_dead_release(struct ctl_dead *dead)
{
    free(dead->value);
    free(dead->headers);
    *dead = (struct ctl_dead){ 0 };
}
