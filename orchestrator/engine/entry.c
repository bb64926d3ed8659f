/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/engine/entry.h"

#include "common/base/text.h"

#include <stdlib.h>

struct entry *entry_new(struct wf *wf, json_t *definition)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (!entry) {
        wf_free(wf);
        json_decref(definition);
        return NULL;
    }
    (void)sw_copy(entry->id, sizeof entry->id, wf->id); /* the same size */
    entry->wf = wf;
    entry->definition = definition;
    return entry;
}

void entry_free(struct entry *entry)
{
    if (!entry)
        return;
    for (struct entry_timer *timer = entry->timers, *next; timer; timer = next) {
        next = timer->next;
        free(timer);
    }
    free(entry->keys);
    vec_release(&entry->flights);
    wf_free(entry->wf);
    json_decref(entry->definition);
    free(entry);
}

static bool step_differs(const struct wf_step *a, const struct wf_step *b)
{
    return a->state != b->state || a->attempt != b->attempt || a->tries != b->tries || a->probing != b->probing ||
           a->started_at_ms != b->started_at_ms || a->finished_at_ms != b->finished_at_ms ||
           a->retry_at_ms != b->retry_at_ms || a->epoch != b->epoch || !sw_equal(a->status, b->status) ||
           !sw_equal(a->error, b->error) || !sw_equal(a->tail, b->tail);
}

void entry_adopt(struct entry *entry, struct wf *wf)
{
    for (size_t i = 0; i < wf->step_count; i++)
        if (step_differs(&wf->steps[i], &entry->wf->steps[i]))
            entry->changed_steps |= UINT64_C(1) << i;
    wf_free(entry->wf);
    entry->wf = wf;
}

static struct entry_timer **timer_slot(const struct entry *entry, const char *name)
{
    struct entry_timer **slot = (struct entry_timer **)(uintptr_t)&entry->timers;
    while (*slot && !sw_equal((*slot)->name, name))
        slot = &(*slot)->next;
    return slot;
}

int64_t entry_timer_due(const struct entry *entry, const char *name)
{
    const struct entry_timer *timer = *timer_slot(entry, name);
    return timer ? timer->due_ms : 0;
}

bool entry_timer_set(struct entry *entry, const char *name, int64_t due_ms)
{
    struct entry_timer **slot = timer_slot(entry, name), *timer = *slot;
    if (due_ms == 0 && timer) {
        *slot = timer->next;
        free(timer);
        return true;
    }
    if (!timer && due_ms) {
        timer = calloc(1, sizeof *timer);
        if (!timer)
            return false;
        (void)sw_copy(timer->name, sizeof timer->name, name); /* names of timers are literals of kinds */
        *slot = timer;
    }
    if (timer)
        timer->due_ms = due_ms;
    return true;
}
