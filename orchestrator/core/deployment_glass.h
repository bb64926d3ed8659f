/* SPDX-License-Identifier: Apache-2.0
 * deployment_glass: breaking the glass: two people let a deployment pass what holds it. The first one asks and says
 * why, which changes nothing but what is shown; with the second one's agreement it passes the holds that are in force
 * then, each by its id, and no later one. A request ends when it is agreed to, declined, expired, or dropped: nothing
 * holds the deployment any more, or it has left the line.
 *
 * The fact "break_glass", also the view's detail of that name:
 *   {"next": number of the next request,
 *    "request": {"number","user","reason","at","until","holds":[{"id","by","channel","reason"}]} | null,
 *    "past": [the same and "how": "agreed"|"declined"|"expired"|"dropped", "by": who agreed or declined | null,
 *             "ended_at"]}                                          the oldest first, at most GLASS_MAX_PAST
 * Pure. */
#ifndef ORCHESTRATOR_CORE_DEPLOYMENT_GLASS_H
#define ORCHESTRATOR_CORE_DEPLOYMENT_GLASS_H

#include "orchestrator/core/wf.h"

enum { GLASS_MAX_PAST = 8, GLASS_MAX_HOLDS = 32 };

bool deployment_glass_passes(const struct wf *wf, const char *hold_id);
const json_t *deployment_glass_request(const struct wf *wf); /* the one that is open; NULL: none */
const json_t *deployment_glass_latest(const struct wf *wf);  /* that one, else the one that ended last; NULL: none */
const json_t *deployment_glass_past(const struct wf *wf, int64_t number);  /* that has ended; NULL: no such */
bool deployment_glass_concerns(const json_t *request, const char *origin); /* one of its holds was ordered by it */

#endif
