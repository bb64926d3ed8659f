/* SPDX-License-Identifier: Apache-2.0
 * incident_alert: what a monitoring system says. One that fires opens an incident, or belongs to the one that it has
 * opened; one that is over proposes to resolve it and never does so by itself. Inside orchestrator/core/incident*.c
 * only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_ALERT_H
#define ORCHESTRATOR_CORE_INCIDENT_ALERT_H

#include "orchestrator/core/incident_turn.h"

void incident_alert_first(struct incident_turn *turn); /* of the alert that opens it */

#endif
