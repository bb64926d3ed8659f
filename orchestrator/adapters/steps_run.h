/* SPDX-License-Identifier: Apache-2.0
 * steps_run: reading and reaching run directories (their files stand in orchestrator/step/step_run_dir.h). For
 * steps_local.c. */
#ifndef ORCHESTRATOR_ADAPTERS_STEPS_RUN_H
#define ORCHESTRATOR_ADAPTERS_STEPS_RUN_H

#include "orchestrator/core/step_report.h"

/* ABSENT, RUNNING (lock held), LOST (lock free, no exit file), or how it ended. */
struct sw_status steps_run_read(int runs_fd, const char *attempt, struct step_report *ret_report) SW_MUST_CHECK;
bool steps_run_is_alive(int runs_fd, const char *name); /* its supervisor; also of one that waits for an attempt */
/* A control connection to a running supervisor, or -1. */
int steps_run_connect(int runs_fd, const char *attempt);
/* The newest line of SLIPWAY_STATUS; "" when there is none. */
void steps_run_status(int runs_fd, const char *attempt, char *ret_line, size_t size);

#endif
