/* SPDX-License-Identifier: Apache-2.0
 * wf: a workflow as the engine knows it: identity, lane, steps, times, and facts that only its kind can read.
 *
 * Nothing here says "deployment": what the states mean, which commands exist and what an event shows is the kind's
 * (kind.h). Plain data with owned parts: wf_copy_new() copies deeply but shares `facts`, which is never changed in
 * place (a kind that changes a fact puts a new object there). Threads: the engine's only, or a reader's own copy. */
#ifndef ORCHESTRATOR_CORE_WF_H
#define ORCHESTRATOR_CORE_WF_H

#include "common/json/jx.h"
#include "proto/limits.h"
#include "proto/view.h"

#include <stdint.h>

struct wf_kind; /* core/kind.h */

enum {
    WF_LANE_SIZE = 2 * PROTO_NAME_SIZE,
    WF_HASH_SIZE = 65,
    WF_ATTEMPT_ID_SIZE = 40,
    WF_HOST_ID_SIZE = 40,
    WF_KEY_SIZE = 160
};

/* One step, with its latest attempt. Earlier attempts are rows of the store. */
struct wf_step {
    char name[PROTO_NAME_SIZE];
    enum proto_step_state state;
    int32_t attempt; /* number of the latest attempt, from 1; 0: none yet. Never reused. */
    int32_t tries;   /* attempts that count against the retry policy; a manual retry begins anew */
    bool probing;    /* the attempt runs the probe of on_unknown, not the step */
    int64_t started_at_ms, finished_at_ms; /* of the latest attempt */
    int64_t retry_at_ms;                   /* when the next attempt is due; 0: none */
    bool has_exit_code;
    int32_t exit_code;
    char status[PROTO_STATUS_SIZE];  /* the newest line of SLIPWAY_STATUS */
    char error[PROTO_ERROR_SIZE];    /* first line of what went wrong */
    char *tail;                      /* last lines of output, at most 2 KiB; NULL when none */
    int64_t epoch;                   /* of the attempt's intent */
    char state_dir[WF_HOST_ID_SIZE]; /* id of the state directory and of the boot that the attempt was started on */
    char boot[WF_HOST_ID_SIZE];
};

struct wf {
    char id[PROTO_WORKFLOW_ID_SIZE];
    const struct wf_kind *kind;
    int32_t state; /* the kind's */
    bool active;   /* holds its lane: at most one per lane */
    bool final;
    char lane[WF_LANE_SIZE];       /* "" for kinds without one */
    int64_t number;                /* strict order of entry */
    int64_t sequence;              /* 1, 2, 3... of its kind; people call it by that */
    int64_t n;                     /* number of its last event */
    char definition[WF_HASH_SIZE]; /* content hash of the pinned definition; "" when none */
    json_t *facts;
    struct wf_step *steps;
    size_t step_count;
    int64_t created_at_ms, started_at_ms, finished_at_ms;
};

struct wf *wf_new(const struct wf_kind *kind, const char *id, size_t step_count) SW_MUST_CHECK; /* NULL: no memory */
struct wf *wf_copy_new(const struct wf *wf) SW_MUST_CHECK;
void wf_free(struct wf *wf);

/* "<workflow>.<step from 1>.<attempt>", and back; step_index counts from 0. */
void wf_attempt_name(const char *workflow, size_t step_index, int32_t attempt, char ret_id[WF_ATTEMPT_ID_SIZE]);
void wf_attempt_id(const struct wf *wf, size_t step_index, char ret_id[WF_ATTEMPT_ID_SIZE]);
bool wf_attempt_parse(const char *attempt_id, char ret_workflow[PROTO_WORKFLOW_ID_SIZE], size_t *ret_step_index,
                      int32_t *ret_attempt);

#endif
