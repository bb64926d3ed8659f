/* SPDX-License-Identifier: Apache-2.0
 * figures: what the metrics say about the world of a leader: the line, what is active, which term it is. A standby has
 * none of it: zero. Threads: the leader's. */
#ifndef ORCHESTRATOR_ENGINE_FIGURES_H
#define ORCHESTRATOR_ENGINE_FIGURES_H

#include "orchestrator/engine/engine.h"

/* What became of a record of the command log. */
enum figures_record { FIGURES_TAKEN, FIGURES_DUPLICATE, FIGURES_PARKED, FIGURES_RECORDS };

void figures_record(enum figures_record outcome);
void figures_begin(int64_t epoch);                      /* a term begins */
void figures_update(struct engine *engine);             /* as things are now, once a second at the most */
void figures_clear(void);                               /* the term is over; registers them at the first call */
void figures_ended(const struct wf *wf);                /* a workflow has come to its end */
void figures_attempt(const struct step_report *report); /* an attempt of a step has ended */
bool figures_event(const struct wf_kind *kind, const char *event); /* is announced; false: the kind counts no such */
void figures_errand(const struct sw_status *status);               /* an errand has ended so */

#endif
