/* SPDX-License-Identifier: Apache-2.0
 * steps_run: reading and reaching run directories (their files stand in orchestrator/step/step_run_dir.h). For
 * steps_local.c. */
#ifndef ORCHESTRATOR_ADAPTERS_STEPS_RUN_H
#define ORCHESTRATOR_ADAPTERS_STEPS_RUN_H

#include "orchestrator/core/step_report.h"

/* What a run directory is called before it is an attempt's. */
#define STEPS_RUN_SPARE ".spare-"

/* ABSENT, RUNNING (lock held), LOST (lock free, no exit file, or one that says nothing), or how it ended. Fails when
 * that cannot be told now. */
struct sw_status steps_run_read(int runs_fd, const char *attempt, struct step_report *ret_report) SW_MUST_CHECK;
/* Makes an absent attempt one that was stopped: a supervisor that has its spec, and is slow, can claim it no more.
 * SW_CODE_REFUSED: it has begun. */
struct sw_status steps_run_bar(int runs_fd, const char *attempt) SW_MUST_CHECK;
/* Whether its supervisor lives, or nobody can tell; also of one that waits for an attempt. */
bool steps_run_may_live(int runs_fd, const char *name);
/* A control connection to a running supervisor, or -1. */
int steps_run_connect(int runs_fd, const char *attempt);
/* The newest line of SLIPWAY_STATUS; "" when there is none. */
void steps_run_status(int runs_fd, const char *attempt, char *ret_line, size_t size);
/* What an attempt that runs has printed so far: as the tail of its report will be, "" when nothing. NULL: it is not
 * here, or cannot be read. Any thread. free() it. */
char *steps_run_output_new(int runs_fd, const char *attempt) SW_MUST_CHECK;

#endif
