/* SPDX-License-Identifier: Apache-2.0
 * incident_table: every transition of an incident, one row each. What has no row is refused. Only incident.c asks for
 * rows; the documentation is generated from here. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_TABLE_H
#define ORCHESTRATOR_CORE_INCIDENT_TABLE_H

#include "orchestrator/core/incident_turn.h"

/* clang-format off */
#define INCIDENT_INPUTS(X) \
    X(ASK,        "question")        /* status, lists, help: changes nothing */ \
    X(EDIT,       "edit")            /* of the record: title, summary, priority, times before the declaration */ \
    X(ADD,        "addition")        /* notes, links, components, updates: also when it is over */ \
    X(ROLE,       "role")            \
    X(ACK,        "acknowledge")     \
    X(MITIGATE,   "mitigate")        \
    X(RESOLVE,    "resolve")         \
    X(BLOCK,      "block")           \
    X(UNBLOCK,    "unblock")         \
    X(UNRESOLVE,  "unresolve")       \
    X(RESTART,    "restart")         \
    X(CANCEL,     "cancel")          \
    X(UNCANCEL,   "uncancel")        \
    X(NEXT,       "next")            /* page of the review */ \
    X(READY,      "ready")           \
    X(COMPLETE,   "complete")        \
    X(KEEP,       "keep")            /* its channel is not archived */ \
    X(ARCHIVE,    "archive")         \
    X(SNOOZE,     "snooze")          /* and handing over */ \
    X(NAG_DUE,    "a reminder is due") \
    X(ARCHIVE_DUE, "the time to archive") \
    X(ORDERS_DUE, "orders to repeat") \
    X(ERRANDS_DUE, "errands to repeat") \
    X(HOLD_DUE,   "the end of a hold") \
    X(RECEIPT,    "receipt")         /* what Slack answered */ \
    X(ERRAND,     "errand ended")    \
    X(NEWS,       "deployment changed") \
    X(FIRING,     "alert fires")     \
    X(OVER,       "alert is over")   \
    X(HEARD,      "heard in its channel")
/* clang-format on */
#define INCIDENT_ENUM_(name, text) INCIDENT_##name,
enum incident_input { INCIDENT_INPUTS(INCIDENT_ENUM_) INCIDENT_INPUT_COUNT };
#undef INCIDENT_ENUM_
const char *incident_input_name(enum incident_input input);

struct incident_transition {
    enum incident_state state;
    enum incident_input input;
    bool (*guard)(const struct incident_turn *turn); /* NULL: always */
    enum incident_state next;
    struct sw_status (*act)(struct incident_turn *turn); /* NULL: the verb's own */
    const char *event;                                   /* announced afterwards; NULL: nothing */
    const char *why;
    const char *guard_name; /* as it is called here; "NULL" */
};

extern const struct incident_transition INCIDENT_TRANSITIONS[];
extern const size_t INCIDENT_TRANSITION_COUNT;

/* The first row that fits, or NULL. */
const struct incident_transition *incident_transition_find(enum incident_state state, enum incident_input input,
                                                           const struct incident_turn *turn);

#endif
