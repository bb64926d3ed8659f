/* SPDX-License-Identifier: Apache-2.0
 * incident_archive: the end of an incident's channel. Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_ARCHIVE_H
#define ORCHESTRATOR_CORE_INCIDENT_ARCHIVE_H

#include "orchestrator/core/incident_turn.h"

/* Sets the timer of the grace; returns when it will be. */
int64_t incident_archive_later(struct incident_turn *turn);

#endif
