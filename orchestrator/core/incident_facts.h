/* SPDX-License-Identifier: Apache-2.0
 * incident_facts: reading an incident's record (wf->facts). Its shape:
 *
 *   {"number":42, "title","summary","priority":2, "service","environment", "private":false, "team","user",
 *    "room":"" | name of a configured room set, "home_channel","notify_channel","prefix",
 *    "message":{"channel","ts"}|absent,            the live headline
 *    "channel":{"id","name","archived"}|absent,    the incident's own
 *    "roles":{"point":"U1",...}, "times":{"created":ms,...}           absent: nobody, not yet
 *    "blockers":[{"id","who","why","by","at","until"|0}], "components":[], "affected":[],
 *    "people":{"U1":{"name","zone"}}, "wizard":"assignee"|absent,
 *    "log":[{"id","type","text","by","at","said_at","link","message":{"channel","ts"},"task":{"key","url"},
 *            "edits":[{"text","by","at"}], "deleted":{"by","at"}}], "log_next":1,
 *    "nag":{"last":{"point":ms,...},"sent":{"point":2},"snoozed_until","escalated"},
 *    "orders":{key:{...}}, "order_next", "topic":"as last ordered",
 *    "tracker":{...}, "report":{...}, "status":{...},  see incident_tracker.h
 *    "changes":[{"workflow","service","environment","ref","state","at","user"}],  before it was declared; absent: of
 * none "holds":[{"id","what"}], "cause":"d-..."|absent, "alerts":[{"key","source","title","url","status"}],
 *    "released":true|absent: by hand while it was open, "keep_channel":bool}
 *
 * Times are milliseconds. Log ids have no gaps and entries are never removed, only marked. Everything here borrows. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_FACTS_H
#define ORCHESTRATOR_CORE_INCIDENT_FACTS_H

#include "orchestrator/core/incident.h"

enum { INCIDENT_MAX_LOG = 2000, INCIDENT_MAX_LIST = 100, INCIDENT_MAX_TEXT = 4000, INCIDENT_MAX_TITLE = 512 };

/* Names of roles and of times, in the order in which people read them. */
#define INCIDENT_ROLES(X) X("point") X("comms") X("triage") X("eng") X("assigned")
#define INCIDENT_TIMES(X)                                                                                              \
    X("genesis")                                                                                                       \
    X("detected")                                                                                                      \
    X("created") X("acknowledged") X("mitigated") X("resolved") X("ready") X("completed") X("cancelled") X("archived")

const char *incident_fact(const struct wf *wf, const char *key); /* "" when absent; so below */
const char *incident_role(const struct wf *wf, const char *role);
int64_t incident_time(const struct wf *wf, const char *name); /* 0: not set */
/* When it began, as far as is known: its genesis, else its declaration. How long it lasted is counted from there. */
int64_t incident_begun(const struct wf *wf);
const char *incident_begun_words(const struct wf *wf); /* which of them: "its beginning", "its declaration" */
int64_t incident_priority(const struct wf *wf);
bool incident_private(const struct wf *wf);
const char *incident_channel(const struct wf *wf); /* its id */
const char *incident_channel_name(const struct wf *wf);
const json_t *incident_list(const struct wf *wf, const char *key); /* an array, or NULL */
const json_t *incident_part(const struct wf *wf, const char *key); /* an object, or NULL */

const json_t *incident_entry(const struct wf *wf, int64_t id); /* of the log; NULL: none */
int64_t incident_last_entry(const struct wf *wf);              /* its id; 0: the log is empty */
bool incident_entry_is(const json_t *entry, const char *type); /* and it is not deleted */
size_t incident_count_entries(const struct wf *wf, const char *type);
int64_t incident_latest_update(const struct wf *wf); /* time of the newest comm_update or summary; 0: never */

size_t incident_open_blockers(const struct wf *wf);
const char *incident_person(const struct wf *wf, const char *user); /* their name, or the id */

/* What the record says; the state of the workflow always agrees with it. */
enum incident_state incident_state_of(const struct wf *wf);
bool incident_open(const struct wf *wf);     /* started, acknowledged, mitigated, blocked */
bool incident_finished(const struct wf *wf); /* completed, cancelled, archived */
void incident_state_words(const struct wf *wf, char *ret_text, size_t size); /* "ready for review" */

/* "#42" */
void incident_name(const struct wf *wf, char *ret_text, size_t size);

#endif
