/* SPDX-License-Identifier: Apache-2.0
 * deployment_table: every transition of a deployment, one row each. What has no row is refused. Only deployment.c asks
 * for rows; the documentation is generated from here. */
#ifndef ORCHESTRATOR_CORE_DEPLOYMENT_TABLE_H
#define ORCHESTRATOR_CORE_DEPLOYMENT_TABLE_H

#include "orchestrator/core/deployment.h"
#include "orchestrator/core/plan.h"

/* clang-format off */
#define DEPLOYMENT_INPUTS(X) \
    X(ADMIT,          "admitted")              /* first in line, lane free */ \
    X(STEP_OK,        "step succeeded") \
    X(STEP_FAILED,    "step failed")           /* also: timed out, could not be started, killed by somebody else */ \
    X(STEP_LOST,      "step's end is unknown") \
    X(STEP_STOPPED,   "step was stopped") \
    X(PROBE_DONE,     "probe: it was done") \
    X(PROBE_NOT_DONE, "probe: it was not done") \
    X(PROBE_UNCLEAR,  "probe: no answer") \
    X(STEP_DUE,       "the step's time has come") /* end of a wait, or of the delay before a retry */ \
    X(PROGRESS,       "status line") \
    X(LINE_MOVED,     "the line moved") \
    X(CANCEL,         "cancel") \
    X(RETRY,          "retry") \
    X(GLASS_ASK,      "break the glass")       /* what holds it, a person wants it to pass */ \
    X(GLASS_AGREE,    "agree to it") \
    X(GLASS_DECLINE,  "decline it") \
    X(GLASS_DUE,      "the request's time is over") \
    X(RECEIPT,        "message posted")
/* clang-format on */
#define DEPLOYMENT_ENUM_(name, text) DEPLOYMENT_##name,
enum deployment_input { DEPLOYMENT_INPUTS(DEPLOYMENT_ENUM_) DEPLOYMENT_INPUT_COUNT };
#undef DEPLOYMENT_ENUM_
const char *deployment_input_name(enum deployment_input input);

/* What a row's guard and action see. */
struct deployment_turn {
    struct wf *wf;
    const struct wf_input *input;
    struct wf_update *update;
    size_t step;           /* the one that runs, waits or is unknown; step_count when none is left */
    struct plan_step plan; /* of that step */
};

struct deployment_row {
    enum proto_deployment_state state;
    enum deployment_input input;
    bool (*guard)(const struct deployment_turn *turn); /* NULL: always */
    enum proto_deployment_state next;
    struct sw_status (*act)(struct deployment_turn *turn); /* NULL: nothing to do */
    const char *event;                                     /* announced afterwards; NULL: nothing */
    const char *why;
    const char *guard_name; /* as it is called here; "NULL" */
};

extern const struct deployment_row DEPLOYMENT_TABLE[];
extern const size_t DEPLOYMENT_TABLE_COUNT;

/* The first row that fits, or NULL. */
const struct deployment_row *deployment_row_find(enum proto_deployment_state state, enum deployment_input input,
                                                 const struct deployment_turn *turn);

#endif
