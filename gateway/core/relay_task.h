/* SPDX-License-Identifier: Apache-2.0
 * relay_task: orders of a workflow while they wait and are carried out: what is known of each, which one may go first,
 * and which ones were done. Pure.
 *
 * Orders of one channel go one after the other, as they were given; topics have a row of their own, since what they say
 * is true whenever it is said. What was done is remembered while the orchestrator still asks for it, so that a repeat
 * is only told of again. */
#ifndef GATEWAY_CORE_RELAY_TASK_H
#define GATEWAY_CORE_RELAY_TASK_H

#include "gateway/core/relay_plan.h"

struct relay_task {
    struct relay_task *next;  /* later ones */
    json_t *json;             /* owned */
    struct proto_order order; /* borrows from json; key NULL: it could not be read */
    char key[PROTO_ORDER_KEY_SIZE];
    char event[RELAY_EVENT_ID_SIZE];
    int64_t offset; /* not done before the task is */
    int64_t look_from_ms;
    int64_t since_ms; /* it waits since */

    enum relay_verb step; /* what is done next; RELAY_RECEIPT at last */
    enum relay_verb after_join;
    uint64_t handed_out; /* 0: not under way */
    int64_t not_before_ms;
    int32_t failures, unsure;
    int32_t looks;  /* how often to look before it is done */
    size_t invited; /* INVITE: how many of the users have had their turn */
    bool plain, joined, begun;
    struct relay_result result;
};

/* What became of an order whose receipt is on Kafka. */
struct relay_done {
    struct relay_done *next;
    char key[PROTO_ORDER_KEY_SIZE];
    struct relay_result result;
};

struct relay_tasks {
    struct relay_task *first;
    struct relay_done *done; /* the newest first */
    size_t count, done_count;
};

/* A task of that order at the end of the row; takes json. *ret_task NULL: there is one with that key already, or it has
 * no key. False: out of memory. A broken order becomes a task whose receipt says so. */
bool relay_tasks_add(struct relay_tasks *tasks, json_t *json, const char *event,
                     struct relay_task **ret_task) SW_MUST_CHECK;
/* Outstanding keys by the orchestrator's newest word (NULL: it said nothing): what is not among them is not wanted any
 * more, and needs no memory either. `own` is the key of the order that the same event carries. */
void relay_tasks_prune(struct relay_tasks *tasks, const json_t *outstanding, const char *own);
/* No earlier one has to be done first. */
bool relay_task_free(const struct relay_tasks *tasks, const struct relay_task *task);
/* The receipt is on Kafka: remembered and forgotten. */
void relay_tasks_close(struct relay_tasks *tasks, struct relay_task *task);
void relay_tasks_release(struct relay_tasks *tasks);

/* It ends with an error that a person has to know. code NULL: it ends well. */
void relay_task_end(struct relay_task *task, const char *code, const char *detail);
/* What an error of Slack means for people: "Slipway is not in the channel: ...". Never NULL. */
const char *relay_error_words(const char *code);
const char *relay_task_user(const struct relay_task *task); /* INVITE: whose turn it is */

#endif
