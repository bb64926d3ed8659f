/* SPDX-License-Identifier: Apache-2.0
 * incident_kind: the functions of the row INCIDENT_KIND (kind.h says what they do) by the file that has them, and what
 * those that make a turn share. Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_KIND_H
#define ORCHESTRATOR_CORE_INCIDENT_KIND_H

#include "orchestrator/core/incident_table.h"

/* incident_declare.c */
struct sw_status incident_create(const struct kind_world *world, const struct proto_command *command,
                                 struct kind_created *ret_created) SW_MUST_CHECK;
/* incident_view.c */
struct sw_status incident_view(const struct wf *wf, struct proto_view *ret_view) SW_MUST_CHECK;
json_t *incident_detail_new(const struct wf *wf); /* NULL: no memory */
/* incident_timeline.c */
json_t *incident_timeline_new(const struct wf *wf);
/* incident_keys.c */
size_t incident_keys(const struct wf *wf, char ret_keys[][WF_KEY_SIZE]);
bool incident_command_key(const struct kind_world *world, const struct proto_command *command,
                          char ret_key[WF_KEY_SIZE]);
/* incident_astray.c */
struct sw_status incident_astray(const struct kind_world *world, const struct proto_command *command,
                                 struct proto_reply **ret_reply) SW_MUST_CHECK;
/* incident_tracker.c */
size_t incident_errands(const struct wf *wf, const struct kind_world *world, struct wf_errand *ret_errands);
/* incident_joined.c */
bool incident_watches(const struct wf *wf, const struct wf *other);

/* incident.c: the end of a turn: timers, answer, orders; or, after a refusal, `before` and the answer alone. */
struct sw_status incident_turn_end(struct incident_turn *turn, json_t *before, struct sw_status status) SW_MUST_CHECK;
/* The same for a turn that creates; after a refusal turn->wf is NULL. */
struct sw_status incident_turn_create_end(struct incident_turn *turn, struct sw_status status) SW_MUST_CHECK;
void incident_turn_speaker(struct incident_turn *turn);
/* incident_refuse.c: no row fits; says why, and what to do instead. */
struct sw_status incident_refuse_state(struct incident_turn *turn, enum incident_input input) SW_MUST_CHECK;

#endif
