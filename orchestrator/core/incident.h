/* SPDX-License-Identifier: Apache-2.0
 * incident: the kind of workflow that coordinates people during an outage: who leads, what is known, what happened
 * when.
 *
 * An incident exists as soon as it is declared; its channel, topic, invitations, announcements, tracker and report
 * converge from it (incident_orders.h, incident_tracker.h). Its states follow from its record and can be derived from
 * it (incident_facts.h); the transitions are the table of incident_table.h. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_H
#define ORCHESTRATOR_CORE_INCIDENT_H

#include "orchestrator/core/kind.h"

/* clang-format off */
#define INCIDENT_STATES(X) \
    X(STARTED, "started") X(ACKNOWLEDGED, "acknowledged") X(MITIGATED, "mitigated") X(BLOCKED, "blocked") \
    X(RESOLVED, "resolved") X(READY_FOR_REVIEW, "ready_for_review") X(COMPLETED, "completed") \
    X(ARCHIVED, "archived") X(CANCELLED, "cancelled")
/* clang-format on */
#define INCIDENT_ENUM_(name, text) INCIDENT_##name,
enum incident_state { INCIDENT_STATES(INCIDENT_ENUM_) INCIDENT_STATE_COUNT };
#undef INCIDENT_ENUM_

const char *incident_state_name(enum incident_state state); /* "ready_for_review" */
bool incident_state_parse(const char *name, enum incident_state *ret_state);

extern const struct wf_kind INCIDENT_KIND;

#endif
