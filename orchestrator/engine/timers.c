/* SPDX-License-Identifier: Apache-2.0
 * A binary heap, the earliest at the top. */
#include "orchestrator/engine/timers.h"

#include <stdlib.h>

static void swap(struct timer_item *a, struct timer_item *b)
{
    struct timer_item kept = *a;
    *a = *b;
    *b = kept;
}

static bool make_room(struct timers *timers)
{
    if (timers->count < timers->capacity)
        return true;
    size_t capacity = timers->capacity ? timers->capacity * 2 : 16;
    struct timer_item *heap = realloc(timers->heap, capacity * sizeof *heap);
    if (!heap)
        return false;
    timers->heap = heap;
    timers->capacity = capacity;
    return true;
}

bool timers_add(struct timers *timers, const struct timer_item *item)
{
    if (!make_room(timers))
        return false;
    size_t at = timers->count++;
    timers->heap[at] = *item;
    for (; at > 0 && timers->heap[(at - 1) / 2].due_ms > timers->heap[at].due_ms; at = (at - 1) / 2)
        swap(&timers->heap[at], &timers->heap[(at - 1) / 2]);
    return true;
}

const struct timer_item *timers_first(const struct timers *timers) { return timers->count ? timers->heap : NULL; }

static size_t smaller_child(const struct timers *timers, size_t at)
{
    size_t left = 2 * at + 1, right = left + 1;
    return right < timers->count && timers->heap[right].due_ms < timers->heap[left].due_ms ? right : left;
}

void timers_drop_first(struct timers *timers)
{
    if (timers->count == 0)
        return;
    timers->heap[0] = timers->heap[--timers->count];
    for (size_t at = 0; 2 * at + 1 < timers->count;) {
        size_t child = smaller_child(timers, at);
        if (timers->heap[child].due_ms >= timers->heap[at].due_ms)
            return;
        swap(&timers->heap[child], &timers->heap[at]);
        at = child;
    }
}

void timers_release(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){ 0 };
}
