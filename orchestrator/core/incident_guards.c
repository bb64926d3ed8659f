/* SPDX-License-Identifier: Apache-2.0
 * The questions that rows of the table ask before they fit. */
#include "orchestrator/core/incident_act.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_review.h"
#include "orchestrator/core/incident_verbs.h"

/* Whoever is named: whether they can be, the action says. */
bool incident_completes_pair(const struct incident_turn *turn)
{
    const char *role = turn->verb ? turn->verb->name : "";
    if (sw_equal(role, "point"))
        return *incident_role(turn->wf, "comms") != '\0';
    return sw_equal(role, "comms") && *incident_role(turn->wf, "point");
}

bool incident_unacknowledged(const struct incident_turn *turn) { return !incident_time(turn->wf, "acknowledged"); }

bool incident_says_when(const struct incident_turn *turn) { return *turn->said != '\0'; }

/* The numbers that are said need not be blockers: then the action refuses. */
bool incident_stays_blocked(const struct incident_turn *turn)
{
    if (turn->verb && sw_equal(turn->verb->name, "unblock_all"))
        return false;
    return incident_open_blockers(turn->wf) > 1;
}

bool incident_was_resolved(const struct incident_turn *turn) { return incident_time(turn->wf, "resolved") != 0; }

bool incident_is_blocked(const struct incident_turn *turn) { return incident_open_blockers(turn->wf) > 0; }

bool incident_was_mitigated(const struct incident_turn *turn) { return incident_time(turn->wf, "mitigated") != 0; }

bool incident_was_acknowledged(const struct incident_turn *turn)
{
    return incident_time(turn->wf, "acknowledged") != 0;
}

bool incident_passes_review(const struct incident_turn *turn) { return incident_review_missing(turn->wf, NULL) == 0; }

bool incident_needs_no_review(const struct incident_turn *turn)
{
    struct incident_level level;
    (void)incident_level(turn->config, incident_priority(turn->wf), &level); /* an unknown one needs none */
    return !level.review;
}
