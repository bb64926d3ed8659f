/* SPDX-License-Identifier: Apache-2.0
 * incident_verbs: what people say to an incident, as the gateway writes it (canonical verbs), and what each means for
 * the table of states. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_VERBS_H
#define ORCHESTRATOR_CORE_INCIDENT_VERBS_H

#include "orchestrator/core/incident_table.h"

struct incident_verb {
    const char *name;
    enum incident_input input;
    struct sw_status (*act)(struct incident_turn *turn);  /* NULL: the row's */
    bool sensitive;                                       /* not for guests and people of other organisations */
    struct sw_status (*show)(struct incident_turn *turn); /* when nothing stands behind it: a question; NULL: none */
    const char *usage, *help; /* for the documentation: as people spell it, and what it does; "": not for people */
};

const struct incident_verb *incident_verb_find(const char *name); /* NULL: no such verb */
size_t incident_verb_count(void);
const struct incident_verb *incident_verb_at(size_t index);

#endif
