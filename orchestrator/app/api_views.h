/* SPDX-License-Identifier: Apache-2.0
 * api_views: workflows and holds as the HTTP API has them. Of a private workflow (`private` of its detail) there is
 * nothing but its frame. */
#ifndef ORCHESTRATOR_APP_API_VIEWS_H
#define ORCHESTRATOR_APP_API_VIEWS_H

#include "orchestrator/engine/leader.h"

json_t *api_workflow_new(const struct proto_view *view); /* NULL: no memory */
bool api_workflow_private(const struct proto_view *view);
json_t *api_hold_new(const struct leader_hold *hold);

#endif
