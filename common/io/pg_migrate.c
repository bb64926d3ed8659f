/* SPDX-License-Identifier: Apache-2.0
 * Migrations run in order, each in a transaction that also records it; a lock lets one migrator at a time. */
#include "common/io/pg_internal.h"

#include "common/base/log.h"
#include "common/rt/clock.h"

#include <poll.h>
#include <stdio.h>

enum { LOCK_KEY = 0x51157A1, STATEMENT_MS = 60000, RETRY_MS = 100 };

static struct sw_status lock(struct pg *pg, int64_t timeout_ms)
{
    char sql[96];
    int64_t deadline_ms = sw_monotonic_ms() + timeout_ms;
    (void)snprintf(sql, sizeof sql, "SELECT pg_try_advisory_lock(%d)", LOCK_KEY);
    for (;;) {
        PG_AUTO_RESULT struct pg_result *result = NULL;
        SW_TRY(pg_exec(pg, sql, NULL, STATEMENT_MS, &result));
        if (pg_bool(result, 0, 0))
            return sw_ok();
        if (sw_monotonic_ms() >= deadline_ms)
            return sw_fail(SW_CODE_TIMEOUT, "another process is migrating the database");
        (void)poll(NULL, 0, RETRY_MS);
    }
}

static struct sw_status unlock(struct pg *pg)
{
    char sql[96];
    (void)snprintf(sql, sizeof sql, "SELECT pg_advisory_unlock(%d)", LOCK_KEY);
    return pg_exec(pg, sql, NULL, STATEMENT_MS, NULL);
}

static struct sw_status read_version(struct pg *pg, int32_t *ret_version)
{
    PG_AUTO_RESULT struct pg_result *table = NULL, *result = NULL;
    SW_TRY(pg_exec(pg, "SELECT to_regclass('slipway.schema_migration') IS NOT NULL", NULL, STATEMENT_MS, &table));
    *ret_version = 0;
    if (!pg_bool(table, 0, 0))
        return sw_ok();
    SW_TRY(pg_exec(pg, "SELECT coalesce(max(number), 0) FROM slipway.schema_migration", NULL, STATEMENT_MS, &result));
    *ret_version = (int32_t)pg_i64(result, 0, 0);
    return sw_ok();
}

static struct sw_status begin_book(struct pg *pg)
{
    return pg_exec(
        pg,
        "CREATE SCHEMA IF NOT EXISTS slipway; CREATE TABLE IF NOT EXISTS slipway.schema_migration (number integer "
        "PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
        NULL, STATEMENT_MS, NULL);
}

static struct sw_status apply(struct pg *pg, const struct pg_migration *migration)
{
    struct sw_buf sql = { .max_bytes = 4 * 1024 * 1024 };
    sw_buf_printf(&sql, "BEGIN; %s; INSERT INTO slipway.schema_migration (number, name) VALUES (%d, '%s'); COMMIT",
                  migration->sql, (int)migration->number, migration->name);
    struct sw_status status = sql.failed ? sw_fail(SW_CODE_NO_MEMORY, "out of memory")
                                         : pg_exec(pg, sw_buf_string(&sql), NULL, STATEMENT_MS, NULL);
    sw_buf_release(&sql);
    if (sw_failed(status)) {
        struct sw_status undone = pg_exec(pg, "ROLLBACK", NULL, STATEMENT_MS, NULL);
        if (sw_failed(undone))
            sw_warn("cannot roll a migration back", sw_e(&undone));
        return sw_wrap(status, "migration %d \"%s\"", (int)migration->number, migration->name);
    }
    sw_info("migration applied", sw_i("number", migration->number), sw_s("name", migration->name));
    return sw_ok();
}

static struct sw_status newer(int32_t version, int32_t known)
{
    return sw_fail(
        SW_CODE_CONFIG,
        "the database is at migration %d, this program knows %d HINT: run the newer program, or restore a backup",
        (int)version, (int)known);
}

static struct sw_status migrate_locked(struct pg *pg, const struct pg_migration *migrations, size_t count)
{
    int32_t version = 0;
    SW_TRY(read_version(pg, &version));
    if (version > migrations[count - 1].number)
        return newer(version, migrations[count - 1].number);
    if (version < migrations[count - 1].number)
        SW_TRY(begin_book(pg));
    for (size_t i = 0; i < count; i++)
        if (migrations[i].number > version)
            SW_TRY(apply(pg, &migrations[i]));
    return sw_ok();
}

struct sw_status pg_migrate(struct pg *pg, const struct pg_migration *migrations, size_t count, int64_t timeout_ms)
{
    SW_TRY(lock(pg, timeout_ms));
    struct sw_status status = migrate_locked(pg, migrations, count);
    struct sw_status unlocked = unlock(pg);
    return sw_failed(status) ? status : unlocked;
}

struct sw_status pg_migration_check(struct pg *pg, const struct pg_migration *migrations, size_t count)
{
    int32_t version = 0;
    SW_TRY(read_version(pg, &version));
    if (version > migrations[count - 1].number)
        return newer(version, migrations[count - 1].number);
    if (version < migrations[count - 1].number)
        return sw_fail(SW_CODE_CONFIG,
                       "the database is at migration %d, this program needs %d HINT: run `slipway migrate`",
                       (int)version, (int)migrations[count - 1].number);
    return sw_ok();
}
