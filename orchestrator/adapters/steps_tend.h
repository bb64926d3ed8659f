/* SPDX-License-Identifier: Apache-2.0
 * steps_tend: what is done to run directories from outside: they are marked when their results are stored, go a day
 * later, as what dead supervisors left, and supervisors that nobody here watches are shown the lease. For
 * steps_local.c. */
#ifndef ORCHESTRATOR_ADAPTERS_STEPS_TEND_H
#define ORCHESTRATOR_ADAPTERS_STEPS_TEND_H

#include <stdbool.h>
#include <stdint.h>

enum { STEPS_KEEP_MS = 24 * 3600 * 1000 }; /* after the result was stored, or the supervisor last touched it */

/* Marks an attempt whose result was stored: its directory is kept for STEPS_KEEP_MS from now. */
void steps_tend_stored(int runs_fd, const char *attempt);
/* Returns how many directories were removed. now_ms: wall clock. */
int steps_tend_prune(int runs_fd, int64_t now_ms);
/* Sends the line to every living supervisor that `watched` does not know. */
void steps_tend_tell(int runs_fd, bool (*watched)(void *self, const char *attempt), void *self, const char *line);

#endif
