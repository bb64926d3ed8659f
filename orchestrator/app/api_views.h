/* SPDX-License-Identifier: Apache-2.0
 * api_views: workflows and holds as the HTTP API has them, and answers made of them. Of a private workflow (`private`
 * of its detail) there is nothing but its frame. */
#ifndef ORCHESTRATOR_APP_API_VIEWS_H
#define ORCHESTRATOR_APP_API_VIEWS_H

#include "common/io/httpd.h"
#include "orchestrator/engine/leader.h"

/* Answers with the JSON and drops it; NULL: there was no memory for it, which is said. Any thread. */
void api_answer_take(struct httpd_exchange *exchange, int32_t status, json_t *json);

json_t *api_workflow_new(const struct proto_view *view); /* NULL: no memory */
bool api_workflow_private(const struct proto_view *view);
json_t *api_hold_new(const struct leader_hold *hold);

#endif
