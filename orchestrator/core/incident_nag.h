/* SPDX-License-Identifier: Apache-2.0
 * incident_nag: reminding people of what an incident lacks: somebody on point, somebody on comms, a first update, a
 * newer one. The clocks are facts, so a restart moves nothing. Inside orchestrator/core/incident*.c only.
 *
 * A reminder is due after an interval of the priority, counted from the last one of its kind (at first: from one step
 * of the grid after the declaration) and rounded up to the next step of the grid that is later; without a grid, exactly
 * then. Nothing is due while it is mitigated or over; updates are not asked for while it is blocked. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_NAG_H
#define ORCHESTRATOR_CORE_INCIDENT_NAG_H

#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_turn.h"

/* When the reminder is due as things stand, without snoozing and quiet hours; 0: not at all. */
int64_t incident_nag_at(const struct wf *wf, const struct config *config, enum incident_nag_kind kind);
/* When the next one of any kind is sent; 0: none. */
int64_t incident_nag_next(const struct wf *wf, const struct config *config, const struct kind_reads *reads,
                          int64_t now_ms);
/* The end of a turn: sets the timer when it has moved. */
void incident_nag_finish(struct incident_turn *turn);
/* The clocks begin anew, now: all of them, or that of the role's reminder. */
void incident_nag_restart(struct incident_turn *turn);
void incident_nag_restart_of(struct incident_turn *turn, const char *role);

/* incident_quiet.c: the instant itself, or the end of the quiet hours in which it lies for the priority. */
int64_t incident_quiet_until(const struct config *config, const struct kind_reads *reads, int64_t priority,
                             int64_t at_ms);

#endif
