/* SPDX-License-Identifier: Apache-2.0
 * deployment_view: the parts of the deployment kind that only read: views, and specs of attempts. For the rows of
 * DEPLOYMENT_KIND (kind.h says what the functions do). */
#ifndef ORCHESTRATOR_CORE_DEPLOYMENT_VIEW_H
#define ORCHESTRATOR_CORE_DEPLOYMENT_VIEW_H

#include "orchestrator/core/kind.h"

struct sw_status deployment_view(const struct wf *wf, struct proto_view *ret_view) SW_MUST_CHECK;
struct sw_status deployment_spec(const struct wf *wf, const json_t *definition, size_t step,
                                 json_t **ret_spec) SW_MUST_CHECK;
/* deployment_timeline.c: [{"id": from 1, "at": milliseconds, "type", "by": a user or "", "text"}] */
json_t *deployment_timeline(const struct wf *wf) SW_MUST_CHECK;
/* deployment_answers.c */
struct sw_status deployment_answer(const struct kind_world *world, const struct proto_command *command,
                                   struct proto_reply **ret_reply) SW_MUST_CHECK;
/* deployment_create.c */
struct sw_status deployment_create(const struct kind_world *world, const struct proto_command *command,
                                   struct kind_created *ret_created) SW_MUST_CHECK;

#endif
