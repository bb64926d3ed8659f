/* SPDX-License-Identifier: Apache-2.0
 * incident_glass: what an incident hears when a deployment is to pass, or passes, what it holds
 * (deployment_glass.h). Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_GLASS_H
#define ORCHESTRATOR_CORE_INCIDENT_GLASS_H

#include "orchestrator/core/incident_turn.h"

/* event: as it was announced of the deployment; others than those of broken glass do nothing. */
void incident_glass_news(struct incident_turn *turn, const struct wf *deployment, const char *event);

#endif
