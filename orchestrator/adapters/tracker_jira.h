/* SPDX-License-Identifier: Apache-2.0
 * tracker_jira: what Jira's parts share. Inside orchestrator/adapters/tracker_jira*.c only. */
#ifndef ORCHESTRATOR_ADAPTERS_TRACKER_JIRA_H
#define ORCHESTRATOR_ADAPTERS_TRACKER_JIRA_H

#include "orchestrator/adapters/tracker_internal.h"

bool jira_is_cloud(const struct tracker_call *call);
/* path: behind the version of the API, encoded. As web_call(). */
struct sw_status jira_call(struct tracker_call *call, const char *method, const char *path, const json_t *body,
                           json_t **ret_answer) SW_MUST_CHECK;

/* What `fields` of the configuration maps; false: no memory. */
bool jira_put_fields(const struct tracker_call *call, json_t *fields) SW_MUST_CHECK;
/* To the status that `statuses` of the configuration names for the incident's state. */
struct sw_status jira_move(struct tracker_call *call) SW_MUST_CHECK;
struct sw_status jira_components(struct tracker_call *call) SW_MUST_CHECK;

#endif
