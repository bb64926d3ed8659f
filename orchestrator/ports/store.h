/* SPDX-License-Identifier: Apache-2.0
 * store: the port to durable memory: the lease, one commit at a time, and reads.
 *
 * The engine is the only writer. submit() sends one batch as one transaction whose first statement is the fence; its
 * outcome comes through poll(). After any failed commit or lost connection nothing may be assumed: acquire and load
 * again. Reads go over a connection of their own and are bounded by 1 s. */
#ifndef ORCHESTRATOR_PORTS_STORE_H
#define ORCHESTRATOR_PORTS_STORE_H

#include "orchestrator/core/hold.h"
#include "orchestrator/core/wf.h"
#include "orchestrator/ports/log.h"
#include "orchestrator/ports/publisher.h"

struct kind_join; /* orchestrator/core/kind.h */

struct store_lease {
    int64_t epoch;
    int64_t now_ms; /* Postgres's clock when it was asked for; rather a little less than more */
};

struct store_timer {
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    char name[PROTO_NAME_SIZE];
    int64_t due_ms; /* in a batch: 0 clears the timer */
};

enum store_disposition { STORE_DONE, STORE_REFUSED, STORE_DUPLICATE };

struct store_inbox {
    char command[PROTO_COMMAND_ID_MAX + 1];
    char hash[65]; /* of the record's value */
    int64_t offset;
    char workflow[PROTO_WORKFLOW_ID_SIZE]; /* "" when none */
    char name[PROTO_NAME_SIZE];
    char actor[2 * PROTO_SLACK_ID_SIZE]; /* team/user */
    enum store_disposition disposition;
    char reason[PROTO_ERROR_SIZE];
};

struct store_dead { /* a record that could not be used, kept raw with its reason */
    int64_t offset;
    const char *value; /* borrowed until the commit has ended */
    size_t value_bytes;
    const char *headers;
    char reason[PROTO_ERROR_SIZE];
};

struct store_definition {
    char hash[WF_HASH_SIZE];
    const char *body; /* canonical JSON, borrowed */
};

struct store_key { /* a name under which a workflow is found; the newest row of a key wins */
    char key[WF_KEY_SIZE];
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    bool gone; /* in a batch: the workflow gives the key up, if it still has it */
};

struct store_hold {
    struct wf_hold hold;
    bool gone; /* it is over */
};

/* Everything that one commit makes durable. Arrays are the engine's and stay untouched until poll() has answered. */
struct store_batch {
    bool has_cursor;
    struct log_cursor cursor_before, cursor; /* the guard, and the new value */
    const struct store_inbox *inbox;
    size_t inbox_count;
    const struct store_dead *dead;
    size_t dead_count;
    const struct store_definition *definitions;
    size_t definition_count;
    const struct wf *const *workflows; /* whole rows; those that leave active states are written first */
    size_t workflow_count;
    const struct store_step_row {
        const struct wf *wf;
        size_t index;
    } * steps; /* the latest attempt of each */
    size_t step_count;
    const struct store_timer *timers;
    size_t timer_count;
    const struct store_key *keys;
    size_t key_count;
    const struct store_hold *holds; /* the newest row of an id wins */
    size_t hold_count;
    struct outbox_row *const *outbox;
    size_t outbox_count;
    int64_t published_id; /* 0: not changed */
};

struct store_known { /* a command of the recent past, for deduplication */
    char command[PROTO_COMMAND_ID_MAX + 1];
    char hash[65];
    char workflow[PROTO_WORKFLOW_ID_SIZE];
};

struct store_sequence { /* how far a kind has counted */
    char kind[PROTO_NAME_SIZE];
    int64_t last;
};

struct store_snapshot { /* what a new leader starts from */
    struct log_cursor cursor;
    int32_t tries; /* takeovers at this cursor without progress */
    int64_t last_outbox_id, published_id, last_number;
    struct store_sequence *sequences;
    size_t sequence_count;
    int64_t last_at_ms;    /* the greatest stored time: `now` never runs back behind it */
    struct wf **workflows; /* every one that is not final */
    size_t workflow_count;
    struct store_definition_row {
        char hash[WF_HASH_SIZE];
        json_t *body;
    } * definitions; /* of those workflows */
    size_t definition_count;
    struct store_timer *timers;
    size_t timer_count;
    struct store_key *keys; /* of those workflows */
    size_t key_count;
    struct wf_hold *holds; /* the oldest first */
    size_t hold_count;
    struct store_known *known; /* newest first, at most 20,000 */
    size_t known_count;
    struct wf **unposted; /* after a new log: final ones of the last 24 h without a receipt; otherwise empty */
    size_t unposted_count;
};
void store_snapshot_release(struct store_snapshot *snapshot);

struct store_port {
    /* Takes the lease. SW_CODE_REFUSED: somebody else's is valid (the normal state of a standby); SW_CODE_DB: try
     * again. */
    struct sw_status (*acquire)(void *self, struct store_lease *ret_lease);
    struct sw_status (*load)(void *self, struct store_snapshot *ret_snapshot);
    /* Refused as SW_CODE_DB_DATA when its inbox holds a command that was stored before.
     * One at a time: the next submit comes after poll() has said how this one ended. */
    struct sw_status (*submit)(void *self, const struct store_batch *batch);
    bool (*poll)(void *self, struct sw_status *ret_status); /* true when the commit has ended; never blocks */
    void (*release)(void *self); /* gives the lease up and wakes standbys; also after failures */

    /* Reads. SW_CODE_NOT_FOUND when there is none. Results are the caller's. */
    struct sw_status (*find_workflow)(void *self, const char *id, struct wf **ret_wf);
    /* The workflow that has the key. */
    struct sw_status (*find_key)(void *self, const char *key, char ret_workflow[PROTO_WORKFLOW_ID_SIZE]);
    struct sw_status (*find_command)(void *self, const char *command, struct store_known *ret_known);
    /* Ids most like the text, newest first; at most 5. */
    struct sw_status (*near_ids)(void *self, const char *text, char ret_ids[][PROTO_WORKFLOW_ID_SIZE],
                                 size_t *ret_count);
    /* The newest final workflows of a kind, optionally those with facts->>'service' = service; at most limit. */
    struct sw_status (*history)(void *self, const char *kind, const char *service, size_t limit, struct wf **ret_wfs,
                                size_t *ret_count);
    /* Pinned definition by hash, for workflows that were not in the snapshot. A new reference. */
    struct sw_status (*find_definition)(void *self, const char *hash, json_t **ret_body);
    /* The joined report, an array (kind.h says of what). service, month ("2026-11", UTC): NULL is all. */
    struct sw_status (*figures)(void *self, const struct kind_join *join, const char *service, const char *month,
                                json_t **ret_rows);
    void *self;
};

#endif
