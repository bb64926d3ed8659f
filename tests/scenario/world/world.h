/* SPDX-License-Identifier: Apache-2.0
 * world: everything around the engine, made up: Postgres, Kafka, supervisors, time. It asserts what must hold at every
 * moment (nothing acts before it is durable, one running step a lane, events numbered without gaps, a finished step
 * never starts again) and can let the process die, or a call fail, at any call of a port.
 *
 * Time is virtual. A process that dies loses its leader; what is durable and what runs under supervisors stays. There
 * may be several processes: one leads, the others stand by; each is on a machine with a clock of its own. */
#ifndef TESTS_SCENARIO_WORLD_WORLD_H
#define TESTS_SCENARIO_WORLD_WORLD_H

#include "orchestrator/core/config.h"
#include "orchestrator/engine/idmap.h"
#include "orchestrator/engine/leader.h"
#include "orchestrator/engine/timers.h"

enum { WORLD_MAX = 4096, WORLD_ERRANDS = 256, WORLD_ERRAND_MS = 200, WORLD_TTL_MS = 5000, WORLD_PROCESSES = 3 };

enum world_fault {
    WORLD_NO_FAULT,
    WORLD_DIES_BEFORE, /* the process dies before the call has its effect */
    WORLD_DIES_AFTER,  /* the call has its effect, its answer is lost with the process */
    WORLD_FAILS,       /* the call fails, without effect; the process lives */
};

struct world_attempt {
    char id[WF_ATTEMPT_ID_SIZE];
    bool running, told; /* told: finished() was called in the life of this process */
    int64_t ends_ms;
    int starts;
    bool stored;
    struct step_report report; /* how it will end, or has ended */
};

/* How attempts of a step behave; the first row whose step matches and whose `times` are not used up. */
struct world_script {
    const char *step;
    int64_t takes_ms;
    enum step_outcome outcome;
    int32_t exit_code;
    int times; /* 0: always */
    int used;
};

struct world_errand {
    char workflow[PROTO_WORKFLOW_ID_SIZE], name[PROTO_NAME_SIZE];
    bool under_way;
    int64_t ends_ms, epoch; /* epoch: of the term that started it, or adopted it */
    int starts, done;
    json_t *spec; /* as it was started last */
};

struct world_event { /* a row that was published, in order of its first publication */
    int64_t id;
    char key[PROTO_COMMAND_ID_MAX + 1];
    struct proto_envelope envelope;
    enum proto_topic topic;
    json_t *body;
    int published; /* how often */
};

struct world_row { /* of slipway.workflow */
    char id[PROTO_WORKFLOW_ID_SIZE];
    struct wf *wf;
    int64_t published_n; /* the greatest number of its events that has been published */
};

struct world_timer { /* of slipway.timer; due_ms 0: there is none */
    char key[PROTO_WORKFLOW_ID_SIZE + PROTO_NAME_SIZE];
    struct store_timer timer;
};

struct world_process {
    struct leader *leader;               /* NULL: it is dead */
    bool dead;                           /* it dies at the next chance */
    int64_t machine_ms;                  /* its machine's monotonic clock, minus the world's */
    int64_t asleep_until_ms, due_ms;     /* due_ms: when it wants its next turn */
    int64_t epoch;                       /* of the lease that it took */
    const struct store_batch *submitted; /* on its way to Postgres */
    int64_t answered_ms;                 /* when Postgres will have committed it */
    int64_t log_next;
    int64_t taken_id, sent_id; /* of the outbox: handed to the publisher, acknowledged by Kafka */
};

struct world {
    int64_t now_ms;
    struct config *config;
    const struct sw_zone *(*zone)(void *self, const char *name); /* NULL: there are no zones */
    void *zone_self;
    struct world_process processes[WORLD_PROCESSES];
    size_t process_count;     /* 1 */
    struct world_process *me; /* whose turn it is: the ports are called by nobody else */
    int64_t up_ms;            /* how long somebody has led */
    int64_t calm_ms;          /* so much time may pass at once while nothing is due; 0: a second */
    void (*tick)(void *self); /* before each step; may be NULL */
    void *tick_self;
    /* faults */
    int calls, fault_at;
    enum world_fault fault;
    int deaths;
    int64_t down_ms;  /* how long who has died stays dead */
    char faulted[64]; /* the call that the fault hit */
    /* Postgres */
    size_t room; /* of each of the tables that are allocated */
    struct world_row *workflows;
    size_t workflow_count;
    struct idmap workflow_at; /* of the maps: index + 1, by what the row is found with */
    struct world_timer *timers;
    size_t timer_slots, timer_count;
    struct idmap timer_at;
    struct timers alarms;   /* those that were set; stale ones, too */
    struct store_key *keys; /* gone: given up */
    size_t key_slots, key_count;
    struct idmap key_at;
    int key_reads;
    struct wf_hold holds[64];
    size_t hold_count;
    struct store_known *known;
    size_t known_count;
    struct idmap known_at;
    struct store_definition_row definitions[64];
    size_t definition_count;
    struct outbox_row **outbox; /* by id - 1 */
    int64_t outbox_count, published_id;
    struct log_cursor cursor;
    int32_t tries;
    int64_t epoch, lease_until_ms; /* of the lease; by Postgres's clock, as all that follows */
    int64_t clock_ms;              /* Postgres's clock, minus the world's */
    int64_t led_clock_ms;          /* the same, as it was when the lease was taken */
    int64_t last_at_ms;            /* the greatest stored time */
    int64_t commit_ms;             /* how long a commit takes */
    struct world_process *holder;
    size_t dead_letters;
    char dead_reason[PROTO_ERROR_SIZE];
    int commits;
    bool forgetful;          /* what is loaded knows no commands: they are too old for that */
    const char *refuse_data; /* a commit with this command id in its inbox is refused: SQLSTATE class 22 */
    bool lease_is_provably_dead;
    /* Kafka */
    struct log_record **log;
    int64_t log_count;
    struct world_event *events; /* by id - 1: they are published in order */
    size_t event_count;
    bool kafka_down;                                           /* publications are taken and not acknowledged */
    void (*publish)(void *self, const struct outbox_row *row); /* hears of what is new; `events` stay empty then */
    void *publish_self;
    /* supervisors */
    struct world_attempt attempts[WORLD_MAX];
    size_t attempt_count;
    bool claims_late; /* who was started is not seen to run before somebody bars it */
    struct world_script *scripts;
    size_t script_count;
    char state_dir[WF_HOST_ID_SIZE];
    /* systems beside Slack */
    struct world_errand errands[WORLD_ERRANDS];
    size_t errand_count;
    int errand_failures; /* the next ones fail: later, or for good */
    bool errands_fail_for_good;
    json_t *(*errand_done)(void *self, const char *name, const json_t *spec); /* what it did; NULL: {"of": name} */
    void *errand_done_self;
    int64_t errands_ask_ms; /* those that fail for now ask to be left alone that long */
};

/* config: JSON text of a slipway.yaml. Room for WORLD_MAX rows in each table; world_init_wide(): for so many, and
 * nothing is started. */
void world_init_wide(struct world *world, const char *config, size_t room);
void world_init(struct world *world, const char *config, struct world_script *scripts, size_t script_count);
void world_release(struct world *world);
void world_boot(struct world *world);           /* starts the process whose turn it is */
void world_kill(struct world *world);           /* ends it, at once */
int64_t world_clock(const struct world *world); /* Postgres's */
/* Runs until nothing is left to do or the time has come; restarts a process that died. */
void world_run(struct world *world, int64_t for_ms);

/* A command as a gateway would publish it; ids are made from `name` and `tag`. Returns the workflow's id for deploy. */
const char *world_id(char prefix, const char *tag);
const char *world_deploy(struct world *world, const char *tag, const char *args_json);
void world_say(struct world *world, const char *tag, const char *name, const char *workflow, const char *args_json);
void world_say_as(struct world *world, const char *user, const char *tag, const char *name, const char *workflow,
                  const char *args_json); /* world_say() is U1 */
void world_put_record(struct world *world, const char *type, const char *id, const char *value);

/* What is durable. */
const struct wf *world_workflow(const struct world *world, const char *id); /* NULL: none */
const char *world_state(const struct world *world, const char *id);
const char *world_holder(const struct world *world, const char *key); /* the workflow that has it; NULL: none */
/* How often attempts of the step were started, and how many of them had their effect (ended with exit code 0). */
int world_starts(const struct world *world, const char *workflow, const char *step);
int world_effects(const struct world *world, const char *workflow, const char *step);
/* The published reply to a command, or NULL; the n-th event of a workflow, or NULL. */
const struct world_event *world_reply(const struct world *world, const char *tag, const char *name);
const struct world_event *world_event(const struct world *world, const char *workflow, int64_t n);

/* NULL: never started. */
const struct world_errand *world_errand(const struct world *world, const char *workflow, const char *name);

/* ---- between world_*.c ---- */

struct world_row *world_row(const struct world *world, const char *id); /* NULL: none */

/* Each call of a port begins with it. True: it must fail without effect. The fault AFTER takes place in world_left().
 */
bool world_enter(struct world *world, const char *call);
void world_left(struct world *world);
struct world_row *world_row_add(struct world *world, const struct wf *wf);
void world_timer_put(struct world *world, const struct store_timer *timer);
int64_t world_timer_next(struct world *world); /* when the next one is due; INT64_MAX: none is set */
void world_key_put(struct world *world, const struct store_key *key);
const struct store_known *world_known(const struct world *world, const char *command);
void world_known_add(struct world *world, const struct store_inbox *inbox);
void world_rows_new(struct world *world, size_t room);
void world_rows_free(struct world *world);
struct store_port world_store(struct world *world);
struct log_port world_log(struct world *world);
struct publisher_port world_publisher(struct world *world);
struct steps_port world_steps(struct world *world);
struct errands_port world_errands(struct world *world);
int64_t world_errands_next(const struct world *world);
void world_errands_tell(struct world *world);
void world_errands_die(struct world *world);
int64_t world_steps_next(const struct world *world); /* when the next running attempt ends; INT64_MAX: none */
void world_steps_end(struct world *world);           /* those whose time has come */
void world_steps_tell(struct world *world);          /* the living process hears of those that have ended */
struct sw_status world_gone(void);

#endif
