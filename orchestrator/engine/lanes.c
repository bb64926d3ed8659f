/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/engine/lanes.h"

#include "common/base/text.h"

#include <stdlib.h>
#include <string.h>

static bool add_lane(struct lanes *lanes, struct lane *lane)
{
    if (lanes->count == lanes->capacity) {
        size_t capacity = lanes->capacity ? lanes->capacity * 2 : 8;
        struct lane **all = realloc(lanes->all, capacity * sizeof(struct lane *));
        if (!all)
            return false;
        lanes->all = all;
        lanes->capacity = capacity;
    }
    if (!idmap_put(&lanes->by_name, lane->name, lane))
        return false;
    lanes->all[lanes->count++] = lane;
    return true;
}

struct lane *lanes_get(struct lanes *lanes, const char *name)
{
    struct lane *lane = idmap_get(&lanes->by_name, name);
    if (lane)
        return lane;
    lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    (void)sw_copy(lane->name, sizeof lane->name, name); /* the same size */
    if (add_lane(lanes, lane))
        return lane;
    free(lane);
    return NULL;
}

static bool make_room(struct lane *lane)
{
    if (lane->end < lane->capacity)
        return true;
    if (lane->first > lane->capacity / 2) { /* the front is free: move down */
        memmove(lane->line, lane->line + lane->first, (lane->end - lane->first) * sizeof *lane->line);
        lane->end -= lane->first;
        lane->first = 0;
        return true;
    }
    size_t capacity = lane->capacity ? lane->capacity * 2 : 8;
    struct entry **line = realloc(lane->line, capacity * sizeof *line);
    if (!line)
        return false;
    lane->line = line;
    lane->capacity = capacity;
    return true;
}

bool lane_join(struct lane *lane, struct entry *entry)
{
    if (!make_room(lane))
        return false;
    lane->line[lane->end++] = entry;
    return true;
}

static size_t find(const struct lane *lane, const struct entry *entry)
{
    size_t low = lane->first, high = lane->end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lane->line[middle]->wf->number < entry->wf->number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < lane->end && lane->line[low] == entry ? low : lane->end;
}

void lane_leave(struct lane *lane, const struct entry *entry)
{
    size_t at = find(lane, entry);
    if (at == lane->end)
        return;
    lane->moved = true;
    if (at == lane->first) {
        lane->first++;
        return;
    }
    memmove(lane->line + at, lane->line + at + 1, (lane->end - at - 1) * sizeof *lane->line);
    lane->end--;
}

struct entry *lane_first(const struct lane *lane) { return lane->first < lane->end ? lane->line[lane->first] : NULL; }

size_t lane_length(const struct lane *lane) { return lane->end - lane->first; }

size_t lane_position(const struct lane *lane, const struct entry *entry)
{
    size_t at = find(lane, entry);
    return at == lane->end ? 0 : at - lane->first + 1;
}

struct entry *lane_at(const struct lane *lane, size_t position)
{
    return position >= 1 && position <= lane_length(lane) ? lane->line[lane->first + position - 1] : NULL;
}

void lanes_release(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++) {
        free(lanes->all[i]->line);
        free(lanes->all[i]);
    }
    free(lanes->all);
    idmap_release(&lanes->by_name);
    *lanes = (struct lanes){ 0 };
}
