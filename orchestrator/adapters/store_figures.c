/* SPDX-License-Identifier: Apache-2.0
 * Changes and the troubles that they caused, joined by id and counted by service and month, in one statement; kind_join
 * says which kinds these are.
 *
 * A change counts in the month (UTC) in which it ended, if it had started; a trouble counts where the change counts
 * that caused it, whenever it happened itself, unless it was none after all. The time to restore is from a trouble's
 * beginning until it was over. */
#include "orchestrator/adapters/store_internal.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/kind.h"

#include <stdio.h>
#include <string.h>

/* $1 service or NULL, $2 and $3 in which time it ended, $4 how many rows; $5... of kind_join, in its order. Counted by
 * day first: what month a time is in is dear, and there may be hundreds of thousands of changes. */
static const char FIGURES[] =
    "WITH trouble AS MATERIALIZED (SELECT cause, created_ms, nullif(times ->> $9::text, '')::bigint AS over_ms "
    "FROM slipway.workflow, LATERAL (SELECT facts -> 'times' AS times OFFSET 0) AS opened "
    "WHERE cause IS NOT NULL AND kind = $7::text AND times ->> $8::text IS NULL), "

    "daily AS (SELECT coalesce(service, '') AS service, finished_ms / 86400000 AS day, count(*) AS changes, "
    "count(*) FILTER (WHERE state = $6::text) AS failed, "
    "count(*) FILTER (WHERE id IN (SELECT cause FROM trouble)) AS caused FROM slipway.workflow "
    "WHERE kind = $5::text AND final AND started_ms > 0 AND ($1::text IS NULL OR service = $1::text) "
    "AND finished_ms >= $2::bigint AND finished_ms < $3::bigint GROUP BY service, finished_ms / 86400000), "

    "counted AS (SELECT service, to_char(to_timestamp(day * 86400) AT TIME ZONE 'UTC', 'YYYY-MM') AS month, "
    "sum(changes)::bigint AS changes, sum(failed)::bigint AS failed, sum(caused)::bigint AS caused FROM daily "
    "GROUP BY 1, 2), "

    "restored AS (SELECT coalesce(service, '') AS service, "
    "to_char(to_timestamp(finished_ms / 1000) AT TIME ZONE 'UTC', 'YYYY-MM') AS month, "
    "count(*) AS troubles, count(t.over_ms) AS restored, "
    "percentile_cont(0.5) WITHIN GROUP (ORDER BY t.over_ms - t.created_ms) AS median, "
    "avg(t.over_ms - t.created_ms) AS mean FROM trouble t JOIN slipway.workflow c ON c.id = t.cause "
    "WHERE kind = $5::text AND final AND started_ms > 0 GROUP BY 1, 2) "

    "SELECT c.service, c.month, c.changes, c.failed, c.caused, coalesce(r.troubles, 0), coalesce(r.restored, 0), "
    "round(r.median)::bigint, round(r.mean)::bigint "
    "FROM counted c LEFT JOIN restored r ON r.service = c.service AND r.month = c.month "
    "ORDER BY c.month DESC, c.service LIMIT $4::bigint";

enum { MAX_ROWS = 500 };

struct figures_read {
    struct pg_params params;
    struct pg_result *result;
};

static struct sw_status read_figures(struct pg *pg, int64_t timeout_ms, void *context)
{
    struct figures_read *read = context;
    return pg_exec(pg, FIGURES, &read->params, timeout_ms, &read->result);
}

/* "2026-11"; false: no month. */
static bool month_range(const char *month, int64_t *ret_from_ms, int64_t *ret_until_ms)
{
    int year, number, end = 0;
    char text[SW_RFC3339_SIZE + 8];
    if (strlen(month) != 7 || sscanf(month, "%4d-%2d%n", &year, &number, &end) != 2 || end != 7)
        return false;
    (void)snprintf(text, sizeof text, "%s-01T00:00:00Z", month);
    if (!sw_rfc3339_parse(text, ret_from_ms))
        return false;
    (void)snprintf(text, sizeof text, "%04d-%02d-01T00:00:00Z", number == 12 ? year + 1 : year, number % 12 + 1);
    return sw_rfc3339_parse(text, ret_until_ms);
}

static json_t *or_null(const struct pg_result *result, size_t row, size_t column)
{
    return pg_is_null(result, row, column) ? json_null() : json_integer(pg_i64(result, row, column));
}

static json_t *row_json(const struct kind_join *join, const struct pg_result *result, size_t row)
{
    int64_t changes = pg_i64(result, row, 2), caused = pg_i64(result, row, 4);
    return json_pack("{ss ss sI sI sI sf sI sI so so}", "service", pg_text(result, row, 0), "month",
                     pg_text(result, row, 1), join->changes, (json_int_t)changes, "failed",
                     (json_int_t)pg_i64(result, row, 3), "caused", (json_int_t)caused, "change_failure_rate",
                     (double)caused / (double)changes, join->troubles, (json_int_t)pg_i64(result, row, 5), "restored",
                     (json_int_t)pg_i64(result, row, 6), "restore_median_ms", or_null(result, row, 7),
                     "restore_mean_ms", or_null(result, row, 8));
}

static struct sw_status rows_json(const struct kind_join *join, const struct pg_result *result, json_t **ret_rows)
{
    json_t *rows = json_array();
    for (size_t row = 0; rows && row < pg_rows(result); row++)
        if (json_array_append_new(rows, row_json(join, result, row)) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    *ret_rows = rows;
    return rows ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}

static void add_join(struct pg_params *params, const struct kind_join *join)
{
    const char *const names[] = { join->change, join->failed, join->trouble, join->none_at, join->over_at };
    for (size_t i = 0; i < SW_COUNT(names); i++)
        pg_param_text(params, names[i]);
}

struct sw_status store_figures(void *self, const struct kind_join *join, const char *service, const char *month,
                               json_t **ret_rows)
{
    struct figures_read read = { 0 };
    int64_t from_ms = 0, until_ms = INT64_MAX;
    if (month && !month_range(month, &from_ms, &until_ms))
        return sw_fail(SW_CODE_NOT_FOUND, "month: \"%.20s\" is none, such as 2026-11 is", month);
    if (service)
        pg_param_text(&read.params, service);
    else
        pg_param_null(&read.params);
    pg_param_i64(&read.params, from_ms);
    pg_param_i64(&read.params, until_ms);
    pg_param_i64(&read.params, MAX_ROWS);
    add_join(&read.params, join);
    SW_TRY(store_read_within(self, read_figures, &read));
    PG_AUTO_RESULT struct pg_result *result = read.result;
    return rows_json(join, result, ret_rows);
}
