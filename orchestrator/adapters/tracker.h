/* SPDX-License-Identifier: Apache-2.0
 * tracker: the errands "tracker." (core/incident_tracker.h has specs and results): an issue for each incident at Jira,
 * GitHub or GitLab, kept in step with it, with comments and tasks.
 *
 * Whatever is created carries a mark with the incident's id and is looked for before it is created, so that a lost
 * reply doubles nothing; writing the same twice changes nothing. */
#ifndef ORCHESTRATOR_ADAPTERS_TRACKER_H
#define ORCHESTRATOR_ADAPTERS_TRACKER_H

#include "orchestrator/adapters/errands.h"

/* secrets_dir: borrowed as long as the adapter is in use. */
struct errand_adapter tracker_adapter(const char *secrets_dir);

#endif
