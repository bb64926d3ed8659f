/* SPDX-License-Identifier: Apache-2.0
 * A batch as columns: one Postgres array for each parameter, in the order of the statements in store_commit.c. */
#include "orchestrator/adapters/outbox_json.h"
#include "orchestrator/adapters/store_internal.h"
#include "orchestrator/core/kind.h"

#include <assert.h>
#include <stdlib.h>

enum { WORKFLOW_COLUMNS = 15, INBOX_COLUMNS = 8, DEFINITION_COLUMNS = 2, STEP_COLUMNS = 17, TIMER_COLUMNS = 3 };
enum { OUTBOX_COLUMNS = 6, KEY_COLUMNS = 3, HOLD_COLUMNS = 11 };

static struct sw_buf *begin(struct sw_buf *columns, size_t *at, size_t count)
{
    struct sw_buf *first = &columns[*at];
    assert(*at + count <= STORE_COLUMNS);
    for (size_t i = 0; i < count; i++) {
        sw_buf_clear(&first[i]);
        pg_array_begin(&first[i]);
    }
    *at += count;
    return first;
}

static void end(struct sw_buf *first, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pg_array_end(&first[i]);
}

static void put_bool(struct sw_buf *buf, bool value) { pg_array_text(buf, value ? "t" : "f"); }

/* Takes the text. A text that could not be made fails the whole batch. */
static void put_take(struct sw_buf *buf, char *text)
{
    if (text)
        pg_array_text(buf, text);
    else
        buf->failed = true;
    free(text);
}

static void put_workflow(struct sw_buf *column, const struct wf *wf)
{
    pg_array_text(column++, wf->id);
    pg_array_text(column++, wf->kind->name);
    pg_array_text(column++, wf->kind->state_name(wf->state));
    put_bool(column++, wf->active);
    put_bool(column++, wf->final);
    pg_array_text(column++, *wf->lane ? wf->lane : NULL);
    pg_array_i64(column++, wf->number);
    pg_array_i64(column++, wf->n);
    pg_array_text(column++, wf->definition);
    put_take(column++, jx_dump_new(wf->facts));
    pg_array_i64(column++, (int64_t)wf->step_count);
    pg_array_i64(column++, wf->created_at_ms);
    pg_array_i64(column++, wf->started_at_ms);
    pg_array_i64(column++, wf->finished_at_ms);
    pg_array_i64(column, wf->sequence);
}

static void put_workflows(struct sw_buf *columns, size_t *at, const struct store_batch *batch, enum store_which which)
{
    struct sw_buf *first = begin(columns, at, WORKFLOW_COLUMNS);
    for (size_t i = 0; i < batch->workflow_count; i++)
        if (which == STORE_ALL || batch->workflows[i]->active == (which == STORE_HOLDING))
            put_workflow(first, batch->workflows[i]);
    end(first, WORKFLOW_COLUMNS);
}

size_t store_columns_leaving(struct sw_buf *columns, const struct store_batch *batch)
{
    size_t at = 0;
    put_workflows(columns, &at, batch, STORE_LEAVING);
    return at;
}

static const char *disposition_name(enum store_disposition disposition)
{
    switch (disposition) {
    case STORE_DONE:
        return "done";
    case STORE_REFUSED:
        return "refused";
    case STORE_DUPLICATE:
        return "duplicate";
    }
    return "done";
}

static void put_inbox(struct sw_buf *column, const struct store_inbox *inbox)
{
    pg_array_text(column++, inbox->command);
    pg_array_text(column++, inbox->hash);
    pg_array_i64(column++, inbox->offset);
    pg_array_text(column++, inbox->workflow);
    pg_array_text(column++, inbox->name);
    pg_array_text(column++, inbox->actor);
    pg_array_text(column++, disposition_name(inbox->disposition));
    pg_array_text(column, inbox->reason);
}

static void put_step(struct sw_buf *column, const struct wf *wf, size_t index)
{
    const struct wf_step *step = &wf->steps[index];
    pg_array_text(column++, wf->id);
    pg_array_i64(column++, (int64_t)index);
    pg_array_text(column++, step->name);
    pg_array_text(column++, proto_step_state_name(step->state));
    pg_array_i64(column++, step->attempt);
    pg_array_i64(column++, step->tries);
    put_bool(column++, step->probing);
    pg_array_i64(column++, step->started_at_ms);
    pg_array_i64(column++, step->finished_at_ms);
    pg_array_i64(column++, step->retry_at_ms);
    if (step->has_exit_code)
        pg_array_i64(column++, step->exit_code);
    else
        pg_array_text(column++, NULL);
    pg_array_text(column++, step->status);
    pg_array_text(column++, step->error);
    pg_array_text(column++, step->tail);
    pg_array_i64(column++, step->epoch);
    pg_array_text(column++, step->state_dir);
    pg_array_text(column, step->boot);
}

static void put_timer(struct sw_buf *column, const struct store_timer *timer)
{
    pg_array_text(column++, timer->workflow);
    pg_array_text(column++, timer->name);
    pg_array_i64(column, timer->due_ms);
}

static void put_outbox(struct sw_buf *column, const struct outbox_row *row)
{
    pg_array_i64(column++, row->id);
    pg_array_text(column++, outbox_topic_name(row->topic));
    pg_array_text(column++, row->key);
    put_take(column++, outbox_json_new(&row->envelope));
    pg_array_text(column++, row->body);
    pg_array_i64(column, row->envelope.time_ms);
}

size_t store_columns_changes(struct sw_buf *columns, const struct store_batch *batch, enum store_which workflows)
{
    size_t at = 0;
    struct sw_buf *first = begin(columns, &at, INBOX_COLUMNS);
    for (size_t i = 0; i < batch->inbox_count; i++)
        put_inbox(first, &batch->inbox[i]);
    end(first, INBOX_COLUMNS);
    first = begin(columns, &at, DEFINITION_COLUMNS);
    for (size_t i = 0; i < batch->definition_count; i++) {
        pg_array_text(&first[0], batch->definitions[i].hash);
        pg_array_text(&first[1], batch->definitions[i].body);
    }
    end(first, DEFINITION_COLUMNS);
    first = begin(columns, &at, STEP_COLUMNS);
    for (size_t i = 0; i < batch->step_count; i++)
        put_step(first, batch->steps[i].wf, batch->steps[i].index);
    end(first, STEP_COLUMNS);
    first = begin(columns, &at, TIMER_COLUMNS);
    for (size_t i = 0; i < batch->timer_count; i++)
        put_timer(first, &batch->timers[i]);
    end(first, TIMER_COLUMNS);
    first = begin(columns, &at, OUTBOX_COLUMNS);
    for (size_t i = 0; i < batch->outbox_count; i++)
        put_outbox(first, batch->outbox[i]);
    end(first, OUTBOX_COLUMNS);
    put_workflows(columns, &at, batch, workflows);
    return at;
}

size_t store_columns_keys(struct sw_buf *columns, const struct store_batch *batch)
{
    size_t at = 0;
    struct sw_buf *first = begin(columns, &at, KEY_COLUMNS);
    for (size_t i = 0; i < batch->key_count; i++) {
        pg_array_text(&first[0], batch->keys[i].key);
        pg_array_text(&first[1], batch->keys[i].workflow);
        put_bool(&first[2], batch->keys[i].gone);
    }
    end(first, KEY_COLUMNS);
    return at;
}

static void put_hold(struct sw_buf *column, const struct wf_hold *hold, bool gone)
{
    pg_array_text(column++, hold->id);
    pg_array_text(column++, hold->origin);
    pg_array_text(column++, hold->by);
    pg_array_text(column++, hold->reason);
    pg_array_text(column++, hold->channel);
    pg_array_text(column++, hold->service);
    pg_array_text(column++, hold->environment);
    pg_array_text(column++, hold->lane);
    pg_array_i64(column++, hold->since_ms);
    pg_array_i64(column++, hold->until_ms);
    put_bool(column, gone);
}

size_t store_columns_holds(struct sw_buf *columns, const struct store_batch *batch)
{
    size_t at = 0;
    struct sw_buf *first = begin(columns, &at, HOLD_COLUMNS);
    for (size_t i = 0; i < batch->hold_count; i++)
        put_hold(first, &batch->holds[i].hold, batch->holds[i].gone);
    end(first, HOLD_COLUMNS);
    return at;
}
