/* SPDX-License-Identifier: Apache-2.0
 * Freeing what crosses the ports. Plain memory only: the ports have no other code. */
#include "orchestrator/ports/log.h"
#include "orchestrator/ports/publisher.h"
#include "orchestrator/ports/store.h"

#include <stdlib.h>

void log_record_free(struct log_record *record)
{
    if (!record)
        return;
    free(record->value);
    free(record->headers);
    free(record);
}

void outbox_row_free(struct outbox_row *row)
{
    if (!row)
        return;
    free(row->body);
    free(row);
}

static void free_workflows(struct wf **workflows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        wf_free(workflows[i]);
    free(workflows);
}

void store_snapshot_release(struct store_snapshot *snapshot)
{
    free_workflows(snapshot->workflows, snapshot->workflow_count);
    free_workflows(snapshot->unposted, snapshot->unposted_count);
    for (size_t i = 0; i < snapshot->definition_count; i++)
        json_decref(snapshot->definitions[i].body);
    free(snapshot->definitions);
    free(snapshot->sequences);
    free(snapshot->timers);
    free(snapshot->keys);
    free(snapshot->holds);
    free(snapshot->known);
    *snapshot = (struct store_snapshot){ 0 };
}
