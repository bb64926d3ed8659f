/* SPDX-License-Identifier: Apache-2.0
 * engine: one term of leadership: every workflow in memory, inputs to their machines, one commit at a time.
 *
 * It begins with what was loaded under a lease and ends with its first failure: nothing is repaired in place, the
 * leader loads anew. A change is durable before anything of it is acted on: events leave, steps start and stop after
 * the commit. While one batch is on its way the next one fills: idle means one transition a commit, busy means large
 * ones. This header is the inside of orchestrator/engine; the outside sees leader.h. Threads: the leader's. */
#ifndef ORCHESTRATOR_ENGINE_ENGINE_H
#define ORCHESTRATOR_ENGINE_ENGINE_H

#include "common/base/lru.h"
#include "orchestrator/engine/batch.h"
#include "orchestrator/engine/lanes.h"
#include "orchestrator/engine/leader.h"
#include "orchestrator/engine/timers.h"

enum { ENGINE_RECENT = 1024, ENGINE_KNOWN = 20000, ENGINE_ABSENT_KEYS = 10000, ENGINE_MAX_KINDS = 16 };

/* How records are taken. After a failure that a record may have caused they go one to a commit, so that it is found. */
enum engine_caution {
    ENGINE_FREELY,
    ENGINE_ONE_BY_ONE,
    ENGINE_PARK_NEXT, /* the record at the cursor is parked unread */
};

struct known_command { /* there are ENGINE_KNOWN of them: no larger than need be */
    char hash[65];
    char workflow[PROTO_WORKFLOW_ID_SIZE];
};

struct engine {
    const struct leader_options *options;
    const struct config *config;
    struct store_lease lease;
    struct sw_status failure; /* the first one; ok while the term goes on */
    /* clocks of this pass */
    int64_t monotonic_ms, now_ms;
    int64_t taken_monotonic_ms; /* when lease.now_ms was read */
    int64_t last_at_ms;         /* `now` never runs back behind it */
    /* the world */
    struct idmap entries;       /* by workflow id */
    struct idmap definitions;   /* by hash: struct pinned */
    struct idmap keys;          /* names besides the id; see keys.c */
    struct sw_lru *absent_keys; /* nobody has them */
    struct kind_reads reads;
    struct vec holds;     /* struct wf_hold *, owned; the oldest first, more or less */
    struct vec watchers;  /* struct entry *: open ones that may want news */
    bool spreading;       /* news are being told */
    bool holds_moved;     /* those in line are looked at in this pass */
    struct sw_lru *known; /* recent commands: struct known_command, by id */
    struct lanes lanes;
    struct timers timers;
    struct entry *recent[ENGINE_RECENT]; /* a ring of final ones, kept for late questions and receipts */
    size_t recent_at;
    /* what was given out */
    int64_t last_number, last_outbox_id, published_stored;
    int64_t last_sequence[ENGINE_MAX_KINDS]; /* by the kind's place in its table */
    struct log_cursor cursor, stored_cursor; /* read up to; as the last batch that was sent leaves it */
    /* commits */
    struct batch *filling, *flying;
    struct store_batch store_batch; /* what `flying` is to the store */
    int64_t flying_since_ms, progress_ms, published_seen_ms;
    /* ingest */
    enum engine_caution caution;
    size_t careful_records; /* taken with caution; when those of a whole batch were, the guilty one is behind */
    bool refused;           /* why there is caution: Postgres refused the data, nobody crashed */
    char park_reason[PROTO_ERROR_SIZE];
    bool stopping;
    const struct log_record *current; /* being taken: its trace context goes into what it causes */
    /* when the regular work is due, monotonic */
    int64_t reconcile_due_ms, line_due_ms, figures_due_ms;
    struct vec statuses; /* ids of workflows whose status line waits: struct timer_item */
    bool admission_owed; /* a batch was full: look at every lane again */
};

/* ---- engine.c ---- */
struct engine *engine_new(const struct leader_options *options, const struct config *config,
                          const struct store_lease *lease, int64_t monotonic_ms) SW_MUST_CHECK;
/* Takes what it needs out of the snapshot. */
struct sw_status engine_load(struct engine *engine, struct store_snapshot *snapshot) SW_MUST_CHECK;
/* Publishes the newest state of those that have no message yet: after a log was lost. */
void engine_say_again(struct engine *engine, struct store_snapshot *snapshot);
int64_t engine_pass(struct engine *engine, int64_t monotonic_ms); /* when to call again at the latest */
bool engine_idle(const struct engine *engine);                    /* nothing is on its way or waits for a commit */
void engine_free(struct engine *engine);
struct known_command engine_known_of(const struct store_known *stored);
void engine_fail(struct engine *engine, struct sw_status status); /* ok changes nothing; the first one stays */

/* When `now` will be at_ms, on the monotonic clock: also while it stands still since Postgres's clock was put back. */
int64_t engine_when(const struct engine *engine, int64_t at_ms);
/* The store, for a read that is waited for; a batch with many of them is committed before it takes more. */
const struct store_port *engine_asks(struct engine *engine);

/* ---- commits.c ---- */
void commits_poll(struct engine *engine);
void commits_submit(struct engine *engine);

/* ---- world.c: workflows in memory ---- */
struct entry *world_find(struct engine *engine, const char *id); /* also in the store; NULL: none */
struct entry *world_add(struct engine *engine, struct wf *wf,
                        json_t *definition); /* takes both; NULL after a failure */
void world_touch(struct engine *engine, struct entry *entry);
void world_settle(struct engine *engine, struct entry *entry); /* final and committed */
/* Its pinned definition, from memory or the store; NULL after a failure. Borrowed. */
const json_t *world_definition(struct engine *engine, struct entry *entry);
void world_release_definitions(struct engine *engine);
void world_pin(struct engine *engine, struct entry *entry); /* hashes and stores a new definition once */

/* ---- keys.c ---- */
void keys_renew(struct engine *engine, struct entry *entry);  /* it has changed: claims and gives up */
void keys_recall(struct engine *engine, struct entry *entry); /* it was loaded: what it names was claimed before */
void keys_load(struct engine *engine, const struct store_snapshot *snapshot);
void keys_forget(struct engine *engine, const struct entry *entry); /* it leaves memory */
struct entry *keys_find(struct engine *engine, const char *key);    /* also in the store; NULL: none */
void keys_release(struct engine *engine);

/* ---- holds.c ---- */
void holds_begin(struct engine *engine, const struct entry *entry, struct wf_hold *hold); /* takes it */
void holds_end(struct engine *engine, const char *id);
void holds_end_with(struct engine *engine, const struct entry *origin);
/* The next one that concerns it, *place beginning at 0; NULL: no more. */
const struct wf_hold *holds_next(struct engine *engine, const struct wf *wf, size_t *place);
void holds_join(struct engine *engine, struct entry *entry); /* it waits from now on */
void holds_look(struct engine *engine, struct entry *entry); /* it waits, and has changed: it may pass some */
size_t holds_waiting(const struct engine *engine, const struct wf_hold *hold); /* how many it keeps from starting */
int64_t holds_run(struct engine *engine); /* ends what is over, admits and shows; when, monotonic, the next one ends */
void holds_load(struct engine *engine, const struct store_snapshot *snapshot);
void holds_release(struct engine *engine);

/* ---- news.c ---- */
void news_add(struct engine *engine, struct entry *entry); /* it may want news from now on */
void news_forget(struct engine *engine, const struct entry *entry);
void news_spread(struct engine *engine, struct entry *entry, const struct wf_update *update);

/* ---- reads.c ---- */
struct kind_reads reads_of(struct engine *engine);
struct kind_world reads_world(struct engine *engine, const struct wf_kind *kind);
int64_t *reads_sequence(struct engine *engine, const struct wf_kind *kind); /* the last one that was given out */

/* ---- errands.c ---- */
void errands_start(struct engine *engine, struct entry *entry); /* what is outstanding and not under way */
void errands_report(struct engine *engine, const struct errand_report *report);
void errands_reconcile(struct engine *engine);

/* ---- tell.c: machines are told what happened ---- */
/* Tells the machine; acts on its answer. ok, or the machine's refusal (SW_CODE_REFUSED, INVALID, AUTH). ret_reply: the
 * machine's reply, the caller's to announce; NULL when there is none, or ret_reply is NULL and it is dropped. */
struct sw_status tell_workflow(struct engine *engine, struct entry *entry, struct wf_input *input,
                               struct proto_reply **ret_reply);
/* The effects of an update; takes its reply. */
void tell_act(struct engine *engine, struct entry *entry, struct wf_update *update, struct proto_reply **ret_reply);

/* ---- admit.c ---- */
void admit_lane(struct engine *engine, struct lane *lane);
void admit_all(struct engine *engine);

/* ---- announce.c: what goes to the outbox ---- */
/* Takes the order, which may be NULL. */
void announce_event(struct engine *engine, struct entry *entry, const char *event, json_t *order);
/* Takes the reply. entry: whose view goes along, or NULL. */
void announce_reply(struct engine *engine, const struct proto_command *command, struct proto_reply *reply,
                    struct entry *entry);
/* The kind's view with n, epoch, time and place in line. */
struct sw_status announce_view(struct engine *engine, const struct entry *entry, struct proto_view *ret_view);

/* ---- ingest.c, route.c, queries.c ---- */
void ingest_pull(struct engine *engine);
bool route_knows(const char *name); /* somebody takes commands of this name */
struct sw_status route_check(const struct proto_command *command) SW_MUST_CHECK;
/* ret_workflow: the one that it was about, or that it would have created. */
enum store_disposition route_command(struct engine *engine, const struct proto_command *command,
                                     char ret_workflow[PROTO_WORKFLOW_ID_SIZE]);
bool route_wants_reply(const struct proto_command *command); /* a person gave it */
bool queries_know(const char *name);
/* True when the command is a question; its reply is then announced. */
bool queries_answer(struct engine *engine, const struct proto_command *command);
void queries_not_found(struct engine *engine, const struct proto_command *command, const char *target);

/* ---- attempts.c: steps that run ---- */
void attempts_start(struct engine *engine, struct entry *entry, size_t step); /* an effect: acts after the commit */
void attempts_stop(struct engine *engine, struct entry *entry, size_t step);
void attempts_act(struct engine *engine, struct batch *batch); /* the batch is committed */
void attempts_report(struct engine *engine, const struct step_report *report);
void attempts_progress(struct engine *engine, const char *attempt, const char *status_line);
int64_t attempts_show(struct engine *engine); /* status lines whose time has come; when the next one is due */
void attempts_reconcile(struct engine *engine);

/* ---- clocks.c: durable timers, and the refresh of the line ---- */
bool clocks_set(struct engine *engine, struct entry *entry, const char *name, int64_t due_ms); /* 0 clears */
int64_t clocks_run(struct engine *engine); /* fires what is due; when, on the monotonic clock, the next one is */
int64_t clocks_refresh_line(struct engine *engine);

#endif
