/* SPDX-License-Identifier: Apache-2.0
 * incident_review: what a review needs, and the pages that lead to it. Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_REVIEW_H
#define ORCHESTRATOR_CORE_INCIDENT_REVIEW_H

#include "orchestrator/core/incident_turn.h"

enum { INCIDENT_REVIEW_MAX = 12 };

/* How many things are missing or out of order, in the order in which people would set them right; ret_missing may be
 * NULL. */
size_t incident_review_missing(const struct wf *wf, const char *ret_missing[INCIDENT_REVIEW_MAX]);
/* Refuses with the list of what is missing. */
struct sw_status incident_refuse_review(struct incident_turn *turn) SW_MUST_CHECK;
/* The parts of a review, one message each, so that each can be talked about in its thread. */
void incident_post_review(struct incident_turn *turn);

#endif
