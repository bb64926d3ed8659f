/* SPDX-License-Identifier: Apache-2.0
 * entry: a workflow in the engine's memory: its newest state, which may not be durable yet, and what the engine keeps
 * beside it. Threads: the engine's. */
#ifndef ORCHESTRATOR_ENGINE_ENTRY_H
#define ORCHESTRATOR_ENGINE_ENTRY_H

#include "orchestrator/core/hold.h"
#include "orchestrator/core/wf.h"
#include "orchestrator/engine/vec.h"

struct entry_timer {
    char name[PROTO_NAME_SIZE];
    int64_t due_ms;
    struct entry_timer *next;
};

struct entry {
    char id[PROTO_WORKFLOW_ID_SIZE]; /* the wf's, which may be replaced */
    struct wf *wf;
    json_t *definition;     /* NULL when it has none, or it is not loaded */
    bool touched;           /* stands in the filling batch */
    uint64_t changed_steps; /* bit i: step i has to be written */
    bool committing;        /* stands in the batch that is on its way */
    bool durable;           /* false: created in a batch that is not committed yet */
    bool starting;          /* the intent of an attempt is not committed, or not acted on yet */
    bool has_status;        /* a status line waits to be shown */
    size_t status_step;
    char status[PROTO_STATUS_SIZE];
    int64_t status_shown_ms;    /* monotonic */
    const struct wf_hold *held; /* while it waits: what keeps it from starting. Borrowed from holds.c */
    size_t held_count;          /* how many do */
    bool held_moved;            /* since it was shown */
    char (*keys)[WF_KEY_SIZE];  /* what its kind named the last time */
    size_t key_count;
    struct vec flights; /* errands: struct flight of errands.c */
    int told;           /* its machine is at work: it must not leave memory */
    bool settled;       /* final, committed, in the ring of recent ones */
    struct entry_timer *timers;
};

struct entry *entry_new(struct wf *wf, json_t *definition) SW_MUST_CHECK; /* takes both; NULL: no memory, both freed */
void entry_free(struct entry *entry);
/* The newest state takes the old one's place; marks the steps that differ. Takes wf. */
void entry_adopt(struct entry *entry, struct wf *wf);
/* 0 when the timer is not set. */
int64_t entry_timer_due(const struct entry *entry, const char *name);
bool entry_timer_set(struct entry *entry, const char *name, int64_t due_ms); /* 0 clears; false: no memory */

#endif
