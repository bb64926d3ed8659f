/* SPDX-License-Identifier: Apache-2.0
 * hold: what stops matching workflows from starting: by whom or what, why, until when. The one primitive behind locks,
 * freeze windows and incidents. Plain data; which workflows it concerns is their kind's to say (kind.h). It ends when
 * it is released, at until_ms, or with the workflow that ordered it. */
#ifndef ORCHESTRATOR_CORE_HOLD_H
#define ORCHESTRATOR_CORE_HOLD_H

#include "proto/limits.h"

#include <stdint.h>

struct wf_hold {
    char id[PROTO_NAME_SIZE];            /* "i-...:site" */
    char origin[PROTO_WORKFLOW_ID_SIZE]; /* the workflow that ordered it; the engine fills it in */
    char by[PROTO_SLACK_ID_SIZE];        /* who; "" when nobody in person */
    char reason[PROTO_ERROR_SIZE];       /* for people */
    char channel[PROTO_SLACK_ID_SIZE];   /* what is asked for from this channel may start; "" : nothing may */
    /* its scope: "" is "any" */
    char service[PROTO_NAME_SIZE], environment[PROTO_NAME_SIZE], lane[2 * PROTO_NAME_SIZE];
    int64_t since_ms;
    int64_t until_ms; /* 0: until it is released */
};

#endif
