/* SPDX-License-Identifier: Apache-2.0
 * Rows back into workflows: one query for the workflows, one for the steps of all of them. A row that this program
 * cannot read (an unknown kind or state: written by a newer one) fails the whole read. */
#include "orchestrator/adapters/store_internal.h"
#include "orchestrator/core/kind.h"

#include "common/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SQL_BYTES = 2048, MAX_IDS_BYTES = 64 * 1024 * 1024 };

static const char SELECT_WORKFLOWS[] =
    "SELECT id, kind, state, active, final, lane, number, n, definition, facts, step_count, created_ms, started_ms, "
    "finished_ms, sequence FROM slipway.workflow ";

static const char SELECT_STEPS[] =
    "SELECT q.ord - 1, s.idx, s.name, s.state, s.attempt, s.tries, s.probing, s.started_ms, s.finished_ms, "
    "s.retry_at_ms, s.exit_code, s.status, s.error, s.tail, s.epoch, s.state_dir, s.boot "
    "FROM unnest($1::text[]) WITH ORDINALITY AS q (id, ord) JOIN slipway.step s ON s.workflow = q.id";

void store_free_workflows(struct wf **workflows, size_t count)
{
    for (size_t i = 0; workflows && i < count; i++)
        wf_free(workflows[i]);
    free(workflows);
}

static void fill_workflow(const struct pg_result *result, size_t row, struct wf *wf)
{
    wf->active = pg_bool(result, row, 3);
    wf->final = pg_bool(result, row, 4);
    (void)sw_copy(wf->lane, sizeof wf->lane, pg_text(result, row, 5)); /* what was stored fitted */
    wf->number = pg_i64(result, row, 6);
    wf->n = pg_i64(result, row, 7);
    (void)sw_copy(wf->definition, sizeof wf->definition, pg_text(result, row, 8));
    wf->created_at_ms = pg_i64(result, row, 11);
    wf->started_at_ms = pg_i64(result, row, 12);
    wf->finished_at_ms = pg_i64(result, row, 13);
    wf->sequence = pg_i64(result, row, 14);
}

static struct sw_status read_facts(const char *text, struct wf *wf)
{
    json_t *facts = NULL;
    SW_TRY(jx_parse(text, strlen(text), &facts));
    json_decref(wf->facts);
    wf->facts = facts;
    return sw_ok();
}

static struct sw_status read_workflow(const struct pg_result *result, size_t row, struct wf **ret_wf)
{
    const char *id = pg_text(result, row, 0);
    const struct wf_kind *kind = kind_by_name(pg_text(result, row, 1));
    int32_t state;
    if (!kind || !kind->state_parse(pg_text(result, row, 2), &state))
        return sw_fail(SW_CODE_CONFIG,
                       "workflow \"%s\" is a \"%s\" in state \"%s\", which this program does not know "
                       "HINT: run the version that wrote it, or a newer one",
                       id, pg_text(result, row, 1), pg_text(result, row, 2));
    struct wf *wf = wf_new(kind, id, (size_t)pg_i64(result, row, 10));
    if (!wf)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    wf->state = state;
    fill_workflow(result, row, wf);
    struct sw_status status = read_facts(pg_text(result, row, 9), wf);
    if (sw_failed(status)) {
        wf_free(wf);
        return sw_wrap(status, "facts of workflow \"%s\"", id);
    }
    *ret_wf = wf;
    return sw_ok();
}

static void fill_step(const struct pg_result *result, size_t row, struct wf_step *step)
{
    (void)sw_copy(step->name, sizeof step->name, pg_text(result, row, 2)); /* what was stored fitted */
    step->attempt = (int32_t)pg_i64(result, row, 4);
    step->tries = (int32_t)pg_i64(result, row, 5);
    step->probing = pg_bool(result, row, 6);
    step->started_at_ms = pg_i64(result, row, 7);
    step->finished_at_ms = pg_i64(result, row, 8);
    step->retry_at_ms = pg_i64(result, row, 9);
    step->has_exit_code = !pg_is_null(result, row, 10);
    step->exit_code = (int32_t)pg_i64(result, row, 10);
    (void)sw_copy(step->status, sizeof step->status, pg_text(result, row, 11));
    (void)sw_copy(step->error, sizeof step->error, pg_text(result, row, 12));
    step->epoch = pg_i64(result, row, 14);
    (void)sw_copy(step->state_dir, sizeof step->state_dir, pg_text(result, row, 15));
    (void)sw_copy(step->boot, sizeof step->boot, pg_text(result, row, 16));
}

static struct sw_status read_step(const struct pg_result *result, size_t row, struct wf *wf)
{
    size_t index = (size_t)pg_i64(result, row, 1);
    if (index >= wf->step_count)
        return sw_fail(SW_CODE_DB_DATA, "workflow \"%s\" has %zu steps, but there is one at %zu", wf->id,
                       wf->step_count, index);
    struct wf_step *step = &wf->steps[index];
    if (!proto_step_state_parse(pg_text(result, row, 3), &step->state))
        return sw_fail(SW_CODE_CONFIG,
                       "step \"%s\" of workflow \"%s\" is in the unknown state \"%s\" "
                       "HINT: run the version that wrote it, or a newer one",
                       pg_text(result, row, 2), wf->id, pg_text(result, row, 3));
    fill_step(result, row, step);
    if (pg_is_null(result, row, 13))
        return sw_ok();
    free(step->tail);
    step->tail = sw_strdup(pg_text(result, row, 13));
    return step->tail ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}

static struct sw_status read_steps(struct pg *pg, struct wf **workflows, size_t count, int64_t timeout_ms)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_AUTO_BUF struct sw_buf ids = { .max_bytes = MAX_IDS_BYTES };
    struct pg_params params = { 0 };
    pg_array_begin(&ids);
    for (size_t i = 0; i < count; i++)
        pg_array_text(&ids, workflows[i]->id);
    pg_array_end(&ids);
    if (ids.failed)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    pg_param_text(&params, sw_buf_string(&ids));
    SW_TRY(pg_exec(pg, SELECT_STEPS, &params, timeout_ms, &result));
    for (size_t row = 0; row < pg_rows(result); row++)
        SW_TRY(read_step(result, row, workflows[pg_i64(result, row, 0)]));
    return sw_ok();
}

static struct sw_status read_all(struct pg *pg, const struct pg_result *result, int64_t timeout_ms,
                                 struct wf **workflows)
{
    size_t count = pg_rows(result);
    for (size_t row = 0; row < count; row++)
        SW_TRY(read_workflow(result, row, &workflows[row]));
    return count > 0 ? read_steps(pg, workflows, count, timeout_ms) : sw_ok();
}

struct sw_status store_read_workflows(struct pg *pg, const char *clause, const struct pg_params *params,
                                      int64_t timeout_ms, struct wf ***ret_wfs, size_t *ret_count)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    SW_AUTO_BUF struct sw_buf sql = { .max_bytes = MAX_SQL_BYTES };
    sw_buf_puts(&sql, SELECT_WORKFLOWS);
    sw_buf_puts(&sql, clause);
    SW_TRY(pg_exec(pg, sw_buf_string(&sql), params, timeout_ms, &result));
    size_t count = pg_rows(result);
    struct wf **workflows = calloc(count + 1, sizeof(struct wf *));
    if (!workflows)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    struct sw_status status = read_all(pg, result, timeout_ms, workflows);
    if (sw_failed(status)) {
        store_free_workflows(workflows, count);
        return status;
    }
    *ret_wfs = workflows;
    *ret_count = count;
    return sw_ok();
}
