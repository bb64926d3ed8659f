/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/engine/batch.h"

#include <stdint.h>
#include <stdlib.h>

enum { MAX_READS = 32, MAX_RECORD_BYTES = 1024 * 1024, MAX_OUTBOX_ROWS = 1024 };

struct batch *batch_new(void) { return calloc(1, sizeof(struct batch)); }

bool batch_empty(const struct batch *batch)
{
    return !batch->has_cursor && !batch->entries.count && !batch->outbox.count && !batch->timers.count &&
           !batch->holds.count && !batch->published_id;
}

bool batch_full(const struct batch *batch)
{
    return batch->record_count >= BATCH_MAX_RECORDS || batch->read_count >= MAX_READS ||
           batch->record_bytes >= MAX_RECORD_BYTES || batch->outbox.count >= MAX_OUTBOX_ROWS;
}

static struct sw_status no_memory(void) { return sw_fail(SW_CODE_NO_MEMORY, "batch: out of memory"); }

static struct sw_status add_steps(struct batch *batch, const struct wf *copy, uint64_t changed)
{
    for (size_t i = 0; i < copy->step_count; i++) {
        if (!(changed & (UINT64_C(1) << i)))
            continue;
        struct store_step_row *row = vec_push(&batch->steps, sizeof *row);
        if (!row)
            return no_memory();
        *row = (struct store_step_row){ .wf = copy, .index = i };
    }
    return sw_ok();
}

static struct sw_status add_copy(struct batch *batch, struct entry *entry)
{
    struct wf *copy = wf_copy_new(entry->wf);
    struct wf **slot = copy ? vec_push(&batch->workflows, sizeof copy) : NULL;
    if (!slot) {
        wf_free(copy);
        return no_memory();
    }
    *slot = copy;
    SW_TRY(add_steps(batch, copy, entry->changed_steps));
    entry->changed_steps = 0;
    entry->touched = false;
    entry->committing = true;
    return sw_ok();
}

/* Those that hold a lane last: two rows with one lane would break the index that says "one at a time". */
static struct sw_status copy_entries(struct batch *batch)
{
    struct entry **entries = batch->entries.data;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < batch->entries.count; i++)
            if (entries[i]->wf->active == (pass == 1) && entries[i]->touched)
                SW_TRY(add_copy(batch, entries[i]));
    return sw_ok();
}

struct sw_status batch_seal(struct batch *batch, struct store_batch *ret_batch)
{
    SW_TRY(copy_entries(batch));
    *ret_batch = (struct store_batch){
        .has_cursor = batch->has_cursor,
        .cursor_before = batch->cursor_before,
        .cursor = batch->cursor,
        .inbox = batch->inbox.data,
        .inbox_count = batch->inbox.count,
        .dead = batch->dead.data,
        .dead_count = batch->dead.count,
        .definitions = batch->definitions.data,
        .definition_count = batch->definitions.count,
        .workflows = batch->workflows.data,
        .workflow_count = batch->workflows.count,
        .steps = batch->steps.data,
        .step_count = batch->steps.count,
        .timers = batch->timers.data,
        .timer_count = batch->timers.count,
        .keys = batch->keys.data,
        .key_count = batch->keys.count,
        .holds = batch->holds.data,
        .hold_count = batch->holds.count,
        .outbox = batch->outbox.data,
        .outbox_count = batch->outbox.count,
        .published_id = batch->published_id,
    };
    return sw_ok();
}

static void free_owned(struct batch *batch)
{
    for (size_t i = 0; i < batch->records.count; i++)
        log_record_free(((struct log_record **)batch->records.data)[i]);
    for (size_t i = 0; i < batch->definitions.count; i++)
        free((void *)(uintptr_t)((struct store_definition *)batch->definitions.data)[i].body);
    for (size_t i = 0; i < batch->outbox.count; i++)
        outbox_row_free(((struct outbox_row **)batch->outbox.data)[i]);
    for (size_t i = 0; i < batch->actions.count; i++)
        json_decref(((struct action *)batch->actions.data)[i].spec);
    for (size_t i = 0; i < batch->workflows.count; i++)
        wf_free(((struct wf **)batch->workflows.data)[i]);
}

void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    free_owned(batch);
    struct vec *const vecs[] = { &batch->inbox,   &batch->dead,    &batch->records,   &batch->definitions,
                                 &batch->entries, &batch->timers,  &batch->keys,      &batch->holds,
                                 &batch->outbox,  &batch->actions, &batch->workflows, &batch->steps };
    for (size_t i = 0; i < sizeof vecs / sizeof *vecs; i++)
        vec_release(vecs[i]);
    free(batch);
}
