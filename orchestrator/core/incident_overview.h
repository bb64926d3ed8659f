/* SPDX-License-Identifier: Apache-2.0
 * incident_overview: what is going on, for people who are in no incident's channel. A turn without wf asks for all.
 * Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_OVERVIEW_H
#define ORCHESTRATOR_CORE_INCIDENT_OVERVIEW_H

#include "orchestrator/core/incident_turn.h"

struct sw_status incident_show_overview(struct incident_turn *turn) SW_MUST_CHECK;
struct sw_status incident_show_past(struct incident_turn *turn) SW_MUST_CHECK; /* the latest, in any state */

#endif
