/* SPDX-License-Identifier: Apache-2.0
 * kind: what a kind of workflow brings: a pure machine, its commands and its views. The engine knows kinds only through
 * this table; a new kind is a new row of it (core/kinds.c), no engine file changes.
 *
 * A machine is told what happened and answers with the changed workflow and with what must be done about it. It has no
 * clock and does no I/O. The engine makes the update durable before anything of it is acted on. */
#ifndef ORCHESTRATOR_CORE_KIND_H
#define ORCHESTRATOR_CORE_KIND_H

#include "orchestrator/core/step_report.h"
#include "orchestrator/core/wf.h"
#include "proto/command.h"
#include "proto/reply.h"

enum { KIND_MAX_EFFECTS = 16 };

enum wf_input_kind {
    WF_ADMIT,    /* its lane is free and it is first in line */
    WF_REPORT,   /* an attempt has ended */
    WF_PROGRESS, /* a running attempt's status line changed */
    WF_TIMER,    /* a timer is due */
    WF_COMMAND,  /* a person or the relay said something about it */
};

struct wf_input {
    enum wf_input_kind kind;
    int64_t now_ms;
    uint32_t random;                     /* for jitter */
    const json_t *definition;            /* the pinned one, or NULL */
    const struct config *config;         /* of now: for permissions alone */
    size_t step;                         /* REPORT, PROGRESS: index */
    const struct step_report *report;    /* REPORT */
    const char *status;                  /* PROGRESS */
    const char *timer;                   /* TIMER: name */
    const struct proto_command *command; /* COMMAND */
};

enum wf_effect_kind {
    WF_START_STEP,  /* step: begin its latest attempt */
    WF_STOP_STEP,   /* step: kill it, report follows */
    WF_SET_TIMER,   /* timer, due_ms */
    WF_CLEAR_TIMER, /* timer */
    WF_EVENT,       /* event: name; the engine numbers it and adds the view */
    WF_REPLY,       /* reply: to the command of this input */
};

struct wf_effect {
    enum wf_effect_kind kind;
    size_t step;
    char timer[PROTO_NAME_SIZE];
    int64_t due_ms;
    const char *event;         /* a literal: "started" */
    struct proto_reply *reply; /* taken by the engine; command, gateway, reply_to and at are filled by it */
};

struct wf_update {
    struct wf_effect effects[KIND_MAX_EFFECTS];
    size_t effect_count;
    const char *why; /* of the table's row, for the log */
};

/* What a command that concerns no existing workflow makes of the kind's world. */
struct kind_world { /* read-only */
    const struct config *config;
    int64_t now_ms;
};
struct kind_created {
    struct wf *wf;           /* NULL: refused, nothing is created */
    json_t *definition;      /* new reference, or NULL */
    struct wf_update update; /* the first effects; in any case exactly one WF_REPLY */
};

void wf_update_release(struct wf_update *update); /* frees replies that nobody took */
void kind_created_release(struct kind_created *created);

struct wf_kind {
    const char *name;           /* "deployment" */
    char id_prefix;             /* 'd' */
    const char *create_command; /* "deploy" */
    /* hash: of the definition, computed by the engine. */
    struct sw_status (*create)(const struct kind_world *world, const struct proto_command *command,
                               struct kind_created *ret_created);
    /* wf is a copy that the machine changes in place; on failure the caller throws it away. SW_CODE_REFUSED: no row of
     * the table fits; for a command its text says so to the person. */
    struct sw_status (*step)(struct wf *wf, const struct wf_input *input, struct wf_update *ret_update);
    /* The spec of a step's latest attempt, for the steps port; its epoch is the step's. A new reference. */
    struct sw_status (*spec)(const struct wf *wf, const json_t *definition, size_t step, json_t **ret_spec);
    struct sw_status (*view)(const struct wf *wf, struct proto_view *ret_view); /* without n, epoch, at, position */
    const char *(*state_name)(int32_t state);                                   /* snake case, as in JSON and SQL */
    bool (*state_parse)(const char *name, int32_t *ret_state);
    bool (*waits)(const struct wf *wf);              /* stands in its lane's line */
    bool (*stops)(const struct wf *wf, size_t step); /* the running attempt has been told to stop */
};

size_t kind_count(void);
const struct wf_kind *kind_at(size_t index);          /* the first one is what questions without a kind are about */
const struct wf_kind *kind_by_name(const char *name); /* NULL: no such kind; so below */
const struct wf_kind *kind_by_command(const char *command);
const struct wf_kind *kind_by_id(const char *workflow_id);

#endif
