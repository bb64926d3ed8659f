/* SPDX-License-Identifier: Apache-2.0
 * lanes: who holds each lane and who waits for it, in strict order of entry. */
#ifndef ORCHESTRATOR_ENGINE_LANES_H
#define ORCHESTRATOR_ENGINE_LANES_H

#include "orchestrator/engine/entry.h"
#include "orchestrator/engine/idmap.h"

struct lane {
    char name[WF_LANE_SIZE];
    struct entry *active; /* NULL: free */
    struct entry **line;  /* those that wait, by number */
    size_t first, end, capacity;
    bool moved; /* since the last refresh of the messages of those in line */
};

struct lanes {
    struct idmap by_name;
    struct lane **all;
    size_t count, capacity;
};

struct lane *lanes_get(struct lanes *lanes, const char *name) SW_MUST_CHECK; /* made when new; NULL: no memory */
bool lane_join(struct lane *lane, struct entry *entry); /* its number is the greatest; false: no memory */
void lane_leave(struct lane *lane, const struct entry *entry);
struct entry *lane_first(const struct lane *lane); /* NULL: nobody waits */
size_t lane_length(const struct lane *lane);
size_t lane_position(const struct lane *lane, const struct entry *entry); /* from 1; 0: not in line */
struct entry *lane_at(const struct lane *lane, size_t position);          /* from 1 */
void lanes_release(struct lanes *lanes);

#endif
