/* SPDX-License-Identifier: Apache-2.0
 * incident_model: an incident as structured JSON for texts elsewhere: the description of an issue, a report. Renderers
 * (render_*.c) need nothing else.
 *
 *   {"workflow":"i-...", "number":42, "title":"...", "summary":"..."|absent, "state":"resolved",
 * "state_words":"resolved", "active":false,                                 started, acknowledged, mitigated or blocked
 *    "priority":{"n":2,"name":"P2","emoji":"fire","description":"..."},
 *    "service","environment","cause":"d-...",        absent when not said
 *    "channel":{"id":"C1","name":"inc-42"},          absent while there is none
 *    "tracker":{"key":"OPS-1","url":"..."},          absent while there is none
 *    "declared_by":{"id":"U1","name":"Hanni"},
 *    "roles":{"point":{"id","name"},...},            those that are taken
 *    "times":{"created":ms,"genesis":ms,...},        those that are set
 *    "spans":{"detect":s,"acknowledge":s,"mitigate":s,"resolve":s,"total":s},   those whose both ends are set;
 *                                                   the total from its beginning, else from its declaration
 *    "blockers":[{"who","why"|absent,"at":ms}],      those that are open
 *    "components":["..."], "affected":["..."],
 *    "people":{"U1":"Hanni"},                        everybody who did something; texts mention them as <@U1>
 *    "factors":[E], "action_items":[E], "prs":[E], "notes":[E],
 *    "log":[E],                                      everything that is not taken out, oldest first
 *    "log_left_out":0}                               how many older ones do not fit in
 *   E = {"id":3,"type":"note","prefix":"Note: ","text":"...","at":ms: when it was said,"by":{"id","name"}|absent,
 *        "link":"https://..."|absent, "task":{"key","url"}|absent}
 *
 * Texts are as people typed them: renderers escape. Names are as people are called; "id" is Slack's. Pure. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_MODEL_H
#define ORCHESTRATOR_CORE_INCIDENT_MODEL_H

#include "orchestrator/core/config.h"
#include "orchestrator/core/wf.h"

/* A new reference; NULL: no memory. At most 200 KiB. */
json_t *incident_model_new(const struct wf *wf, const struct config *config);
json_t *incident_names_new(const struct wf *wf); /* its "people" alone */

#endif
