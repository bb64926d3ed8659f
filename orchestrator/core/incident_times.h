/* SPDX-License-Identifier: Apache-2.0
 * incident_times: what people say about when something happened. Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_TIMES_H
#define ORCHESTRATOR_CORE_INCIDENT_TIMES_H

#include "common/base/zone.h"
#include "orchestrator/core/incident_turn.h"

enum { INCIDENT_WHEN_SIZE = 160 };

/* The speaker's zone; UTC when it is not known. */
const struct sw_zone *incident_zone(const struct incident_turn *turn);
/* "2024-03-20 14:00:00 UTC", and "(10:00 in America/New_York)" when the zone is another one. */
void incident_when_words(int64_t at_ms, const struct sw_zone *zone, char ret_text[INCIDENT_WHEN_SIZE]);
/* The time that was said, or now when nothing was. Refuses what cannot be read or has not come yet. */
struct sw_status incident_said_time(struct incident_turn *turn, int64_t *ret_at_ms) SW_MUST_CHECK;
/* Sets the time, unless the order of what happened would be broken: then it refuses and says by what. */
struct sw_status incident_set_time(struct incident_turn *turn, const char *name, int64_t at_ms) SW_MUST_CHECK;
/* The answer about a time that was set, with its card. */
void incident_answer_time(struct incident_turn *turn, const char *card, const char *what, int64_t at_ms);

#endif
