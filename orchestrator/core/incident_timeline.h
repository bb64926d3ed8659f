/* SPDX-License-Identifier: Apache-2.0
 * incident_timeline: entries as people see them, and their correction. Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_TIMELINE_H
#define ORCHESTRATOR_CORE_INCIDENT_TIMELINE_H

#include "orchestrator/core/incident_turn.h"

/* An entry for people: the text is cut, and of edits only their number is left. NULL: no memory. */
const char *incident_entry_prefix(const char *type); /* "Note: ", or "" */
json_t *incident_shown_entry_new(const json_t *entry);
/* Another text; the old one is kept with who changed it. */
void incident_change_entry(struct incident_turn *turn, json_t *entry, const char *text, const char *by);
/* It stays in the record, marked, and is shown no more. */
void incident_delete_entry(struct incident_turn *turn, json_t *entry, const char *by);

#endif
