/* SPDX-License-Identifier: Apache-2.0
 * step_report: how an attempt of a step ended, as far as it can be known. Plain data; `tail` is owned. */
#ifndef ORCHESTRATOR_CORE_STEP_REPORT_H
#define ORCHESTRATOR_CORE_STEP_REPORT_H

#include "orchestrator/core/wf.h"

enum step_outcome {
    STEP_RUNNING,   /* observe only: its supervisor is alive */
    STEP_EXITED,    /* with exit_code; an HTTP call that got the expected answer is exit code 0 */
    STEP_SIGNALED,  /* killed by `signal`, not by us */
    STEP_TIMED_OUT, /* killed by its supervisor, death confirmed */
    STEP_STOPPED,   /* killed because we asked for it, death confirmed */
    STEP_NOT_RUN,   /* the command could not be started (no such file, missing secret): certainly no effect */
    STEP_ABSENT,    /* observe only: no run directory, so never started here */
    STEP_LOST,      /* supervisor dead without an exit file, or killed by the dead-man switch: effect unknown */
};

struct step_report {
    char attempt[WF_ATTEMPT_ID_SIZE];
    enum step_outcome outcome;
    int32_t exit_code;                     /* EXITED */
    int32_t signal;                        /* SIGNALED */
    int64_t started_at_ms, finished_at_ms; /* wall clock of the host; 0 when not known */
    char error[PROTO_ERROR_SIZE];          /* first line of what went wrong; "" when nothing did */
    char *tail;                            /* last lines of output, redacted, valid UTF-8; NULL when none */
};

void step_report_release(struct step_report *report);

#endif
