/* SPDX-License-Identifier: Apache-2.0
 * incident_tracker: what is outstanding at systems beside Slack: an issue for the incident, kept in step with it, tasks
 * for its action items, comments for its updates; a report when it is completed; a status page. Inside
 * orchestrator/core/incident*.c only.
 *
 * Errands follow from the record alone (incident_errands() in incident_kind.h), so none is lost and none has to be
 * remembered. What has been done is in the record:
 *
 *   "rev": counts the changes of the record that people see
 *   "tracker":{"key","url", "rev": synchronised, "commented","tasked": log ids up to which that is done,
 *              "components":"a, b" as last written, "known_components":[...] from the tracker}
 *   "report":{"url","path", "rev": as last written}
 *   "status":{"state","update": log id, as last posted}
 *   "failed":{"tracker.sync":{"text", "again": when it is tried again, "rev", "tries", "final", "told": to people}}
 *
 * What failed for good is tried again after a change or an hour; what may work the next time, soon, and then less and
 * less often.
 *
 * Names, specs and results of errands. All specs have "workflow"; results echo "rev" where it is in the spec:
 *
 *   tracker.create      {tracker, title, model} -> {key, url}
 *   tracker.sync        {tracker, key, title, priority, state, times, roles, model, rev} -> {rev}
 *   tracker.comment     {tracker, key, id, text, at, by, people} -> {id}
 *   tracker.task        {tracker, key, id, summary, description, link, at, by, number, title, people} -> {id, key, url}
 *   tracker.components  {tracker, key, components} -> {components: as in the spec, known: [...]}
 *   report.draft        {report, model, rev} -> {url and path as far as there are, rev}
 *   report.update       {report, model, rev, url, path} -> the same
 *   status.post         {webhook, secret, title, state, text, update} -> {state, update}
 *
 * tracker, report, webhook: the sections of the configuration; model, people: incident_model.h. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_TRACKER_H
#define ORCHESTRATOR_CORE_INCIDENT_TRACKER_H

#include "orchestrator/core/incident_turn.h"

enum { INCIDENT_FAILED_AGAIN_MS = 3600000 };

/* It failed, and its time to be tried again has not come. */
bool incident_errand_held_back(const struct wf *wf, const char *name, int64_t now_ms);
/* "make an issue in the tracker": what could not be done, for people. */
const char *incident_errand_words(const char *name);
/* The end of a turn: sets the timer for those that failed. */
void incident_errands_finish(struct incident_turn *turn);
/* Those that failed are outstanding again; how many. */
size_t incident_errands_again(struct incident_turn *turn);

#endif
