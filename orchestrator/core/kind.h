/* SPDX-License-Identifier: Apache-2.0
 * kind: what a kind of workflow brings: a pure machine, its commands and its views. The engine knows kinds only through
 * this table; a new kind is a new row of kind_table.c, no engine file changes.
 *
 * A machine is told what happened and answers with the changed workflow and with what must be done about it. It has no
 * clock and does no I/O. The engine makes the update durable before anything of it is acted on. */
#ifndef ORCHESTRATOR_CORE_KIND_H
#define ORCHESTRATOR_CORE_KIND_H

#include "orchestrator/core/errand.h"
#include "orchestrator/core/hold.h"
#include "orchestrator/core/step_report.h"
#include "orchestrator/core/wf.h"
#include "proto/command.h"
#include "proto/reply.h"

struct sw_zone; /* common/base/zone.h */

enum { KIND_MAX_EFFECTS = 48, KIND_MAX_KEYS = 16, KIND_MAX_ERRANDS = 16 };

/* Questions that a machine may ask while it decides; they change nothing. Each answer is a new reference, or NULL when
 * it could not be read (the term then ends). Views are those of proto/view.h, as JSON. */
struct kind_reads {
    json_t *(*find)(void *self, const char *workflow); /* its view; json null: none */
    json_t *(*open)(void *self, const char *kind);     /* views of all that are not final */
    json_t *(*recent)(void *self, const char *kind, const char *service, size_t limit); /* newest first, any state */
    /* By service and month (NULL: all; "2026-11", UTC), the newest month first: an array of {"service", "month",
     * "deployments" (ended in it), "failed", "caused" (how many caused an incident), "change_failure_rate" (caused of
     * deployments), "incidents" (that they caused), "restored", "restore_median_ms", "restore_mean_ms" (null: none)}.
     * No such month: an empty one. */
    json_t *(*figures)(void *self, const char *service, const char *month);
    /* The holds that are in force and concern it as it stands, the oldest first: an array of {"id", "by" (the workflow
     * that ordered it), "channel", "reason"}; of what does not wait, none. */
    json_t *(*holds)(void *self, const struct wf *wf);
    const struct sw_zone *(*zone)(void *self, const char *name); /* NULL: no such zone. Borrowed, lives on */
    void *self;
};

enum wf_input_kind {
    WF_ADMIT,    /* its lane is free and it is first in line */
    WF_REPORT,   /* an attempt has ended */
    WF_PROGRESS, /* a running attempt's status line changed */
    WF_TIMER,    /* a timer is due */
    WF_COMMAND,  /* a person or the relay said something about it */
    WF_ERRAND,   /* an errand has ended */
    WF_NEWS,     /* another workflow that it watches has changed; in the same commit */
};

struct wf_input {
    enum wf_input_kind kind;
    int64_t now_ms;
    uint32_t random;                     /* for jitter */
    const json_t *definition;            /* the pinned one, or NULL */
    const struct config *config;         /* of now: for permissions and what goes with them */
    size_t step;                         /* REPORT, PROGRESS: index */
    const struct step_report *report;    /* REPORT */
    const char *status;                  /* PROGRESS */
    const char *timer;                   /* TIMER: name */
    const struct proto_command *command; /* COMMAND */
    const struct errand_report *errand;  /* ERRAND */
    const struct wf *other;              /* NEWS: as it is now */
    const char *event;                   /* NEWS: what was announced of it: "started" */
    const struct kind_reads *reads;      /* always */
};

enum wf_effect_kind {
    WF_START_STEP,  /* step: begin its latest attempt */
    WF_STOP_STEP,   /* step: kill it, report follows */
    WF_SET_TIMER,   /* timer, due_ms */
    WF_CLEAR_TIMER, /* timer */
    WF_EVENT,       /* event: name; the engine numbers it and adds the view */
    WF_REPLY,       /* reply: to the command of this input */
    WF_HOLD,        /* hold: from now on; one with the same id is replaced */
    WF_RELEASE,     /* hold_id: it is over; without one of that id nothing happens */
};

struct wf_effect {
    enum wf_effect_kind kind;
    size_t step;
    char timer[PROTO_NAME_SIZE];
    int64_t due_ms;
    const char *event;    /* a literal: "started" */
    json_t *order;        /* EVENT: what the relay shall do at Slack (proto/order.h), or NULL; taken by the engine */
    struct wf_hold *hold; /* HOLD; taken by the engine */
    char hold_id[PROTO_NAME_SIZE];
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
    uint32_t random;
    int64_t sequence; /* what wf->sequence will be: 1, 2, 3... of this kind */
    const struct kind_reads *reads;
};
struct kind_created {
    struct wf *wf;           /* NULL: refused, nothing is created */
    json_t *definition;      /* new reference, or NULL */
    struct wf_update update; /* the first effects; in any case exactly one WF_REPLY */
};

void wf_update_release(struct wf_update *update); /* frees what nobody took */
void kind_created_release(struct kind_created *created);
/* Texts are copied; those that are NULL are left out. NULL: no memory. */
struct proto_reply *kind_reply_new(const char *name, const char *code, const char *text,
                                   const char *hint) SW_MUST_CHECK;

/* How a command finds the workflow that it is about. */
enum kind_way {
    KIND_CREATES,          /* a new one, with the id of command->workflow */
    KIND_TELLS,            /* args.target or command->workflow when that is an id; else by key */
    KIND_TELLS_OR_CREATES, /* by key; a new one when there is none */
    KIND_ANSWERS,          /* none: a question to the kind */
};
struct kind_command {
    const char *name; /* on slipway.commands */
    enum kind_way way;
};

struct kind_count;
struct wf_kind {
    const char *name;                    /* "deployment" */
    char id_prefix;                      /* 'd'; a lower-case letter */
    const char *overview;                /* for people: what shows them what there is of it: "`/deploy queue`" */
    const struct kind_command *commands; /* no two kinds have one of the same name. "cancel", "retry" and "receipt"
                                            reach every kind by id and stand in none */
    size_t command_count;
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
    bool (*waits)(const struct wf *wf); /* stands in its lane's line */
    const char *const *lane_states; /* names of the states that hold a lane, NULL at the end; NULL: it has no lanes */
    const char *const *end_states;  /* names of the states that its machine ends in, NULL at the end: counted from 0 */
    bool (*stops)(const struct wf *wf, size_t step); /* the running attempt has been told to stop */

    /* ---- each may be NULL ---- */

    /* Names besides its id under which it is found while it is the newest to claim them: "channel:C1". */
    size_t (*keys)(const struct wf *wf, char ret_keys[][WF_KEY_SIZE]);
    /* The key that the command names: for KIND_TELLS without an id, and KIND_TELLS_OR_CREATES. False: none. */
    bool (*command_key)(const struct kind_world *world, const struct proto_command *command, char ret_key[WF_KEY_SIZE]);
    /* KIND_TELLS that found no workflow. *ret_reply NULL: it is nobody's business, and nothing is said. */
    struct sw_status (*astray)(const struct kind_world *world, const struct proto_command *command,
                               struct proto_reply **ret_reply);
    /* KIND_ANSWERS. */
    struct sw_status (*answer)(const struct kind_world *world, const struct proto_command *command,
                               struct proto_reply **ret_reply);
    /* What is outstanding beside Slack, as wf stands; those under way are named too. Specs are new references. */
    size_t (*errands)(const struct wf *wf, const struct kind_world *world, struct wf_errand *ret_errands);
    /* It wants WF_NEWS of what is announced of the other, which is of the kind `watched`; NULL: of any kind. */
    bool (*watches)(const struct wf *wf, const struct wf *other);
    const char *watched;
    /* What happened in it, the oldest first, for the API: an array of objects, as people may read them. A new
     * reference; NULL: no memory. */
    json_t *(*timeline)(const struct wf *wf);
    /* Whoever gave the command may know of it; NULL: everybody may. To others it is not there. */
    bool (*seen)(const struct wf *wf, const struct proto_command *command);
    /* The hold concerns it: it must not be admitted. Asked anew after each turn of its machine, so that a machine may
     * let it pass a hold: by the hold's id, and not those that come later. */
    bool (*held)(const struct wf *wf, const struct wf_hold *hold);
    /* What is counted, and written to the operator's log, of what is announced of it. */
    const struct kind_count *counts;
    size_t count_count;
};

/* A counter of an event. Several may share a metric, each with labels of its own. */
struct kind_count {
    const char *event;           /* as in struct wf_effect */
    const char *metric, *labels; /* "slipway_x_total", "outcome=\"done\"" */
    const char *help;
};
#define KIND_COUNT(event_, metric_, labels_, help_)                                                                    \
    {                                                                                                                  \
        .event = (event_), .metric = (metric_), .labels = (labels_), .help = (help_)                                   \
    }

/* How the troubles that changes caused are joined with them: for the figures of kind_reads. Both are kinds; a trouble's
 * facts have the id of the change as `cause`. */
struct kind_join {
    const char *change, *changes; /* the kind, and what a row calls how many there are: "deployment", "deployments" */
    const char *failed;           /* the state of a change that went wrong by itself */
    const char *trouble, *troubles;
    const char *none_at; /* the member of its facts' `times` that says that it was none after all */
    const char *over_at; /* the one that says when it was over */
};

size_t kind_count(void);
const struct wf_kind *kind_at(size_t index);          /* the first one is what questions without a kind are about */
const struct wf_kind *kind_by_name(const char *name); /* NULL: no such kind; so below */
const struct wf_kind *kind_by_command(const char *command, enum kind_way *ret_way);
const struct wf_kind *kind_by_id(const char *workflow_id);
const struct kind_join *kind_join(void);

#endif
