/* SPDX-License-Identifier: Apache-2.0
 * incident_joined: what an incident has to do with deployments: it holds those of its service, tells what was deployed
 * lately, and writes down how they go on. Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_JOINED_H
#define ORCHESTRATOR_CORE_INCIDENT_JOINED_H

#include "orchestrator/core/incident_turn.h"

/* Its service, when the priority says so. True: it is held from now on. */
bool incident_hold_if_serious(struct incident_turn *turn);
/* The same while it goes on, told in its channel; not what a person has released since, unless it was raised. */
void incident_hold_once_more(struct incident_turn *turn, bool raised);
void incident_holds_again(struct incident_turn *turn); /* with what has become known: its channel */
void incident_offer_release(struct incident_turn *turn);
void incident_release_all(struct incident_turn *turn);
void incident_keep_changes(
    struct incident_turn *turn); /* incident_changes.c: what was deployed before the declaration */

struct sw_status incident_refuse_service(struct incident_turn *turn, const char *service)
    SW_MUST_CHECK; /* incident_changes.c: nothing is called so */

#endif
