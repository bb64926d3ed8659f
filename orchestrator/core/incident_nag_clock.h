/* SPDX-License-Identifier: Apache-2.0
 * incident_nag_clock: what incident_nag*.c share. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_NAG_CLOCK_H
#define ORCHESTRATOR_CORE_INCIDENT_NAG_CLOCK_H

#include "orchestrator/core/incident_nag.h"

int64_t incident_nag_grid(const struct config *config); /* 0: none */
const char *incident_nag_clock(enum incident_nag_kind kind);
int64_t incident_nag_last(const struct wf *wf, const struct config *config, enum incident_nag_kind kind);
/* incident_nag_at(), after snoozing and quiet hours: also those in which it is found to be overdue. */
int64_t incident_nag_sent_at(const struct wf *wf, const struct config *config, const struct kind_reads *reads,
                             enum incident_nag_kind kind, int64_t now_ms);
void incident_nag_stamp(struct incident_turn *turn, enum incident_nag_kind kind, int64_t at_ms);
void incident_nag_count(struct incident_turn *turn, const char *name, int64_t count);

#endif
