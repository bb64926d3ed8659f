/* SPDX-License-Identifier: Apache-2.0
 * relay_plan: decides what is written to Slack, when, and which offsets are done. Pure: time comes with the calls.
 *
 * Of each workflow only the newest view (greatest epoch, n) counts. It is posted once and edited from then on; what
 * is to be deleted is deleted. One write at a time per message. A write is an order: relay_plan_next() hands it out,
 * relay_plan_done() brings its outcome back. A partition that was just assigned is read to its end before its first
 * write, so that a replay collapses; a first post that somebody may have made already is looked for before. A public
 * channel that Slipway is not in is joined before, once for each view.
 *
 * An event may carry an order of the orchestrator (proto/order.h): it is done once, beside the live message and without
 * waiting for it; its outcome goes back as a receipt. A post is looked for by its key before it is made again, all else
 * has the same effect twice. Transient failures are repeated for ever, final ones are in the receipt.
 *
 * Offsets: relay_plan_offset() is the first one that is not done. Done: Slack accepted and the receipt is on Kafka, or
 * superseded, or parked with a reason. A parked workflow is tried again with its next event.
 *
 * Threads: one. Ownership: views are taken, their texts copied; an order borrows until the plan is called again. */
#ifndef GATEWAY_CORE_RELAY_PLAN_H
#define GATEWAY_CORE_RELAY_PLAN_H

#include "gateway/core/slack_class.h"
#include "proto/order.h"
#include "proto/view.h"

struct relay_plan;

enum {
    RELAY_EVENT_ID_SIZE = PROTO_WORKFLOW_ID_SIZE + 24,
    RELAY_FOUND_MAX = 4,
    RELAY_ERROR_SIZE = 160,
    RELAY_CODE_SIZE = 64,
    RELAY_TEXT_SIZE = 400,
};

/* clang-format off */
#define RELAY_VERBS(X) \
    /* of the live message */ \
    X(LOOK, "look") X(POST, "post") X(UPDATE, "update") X(DELETE, "delete") X(RECEIPT, "receipt") \
    /* of orders */ \
    X(SEEK, "seek") X(SAY, "say") X(WHISPER, "whisper") X(REVISE, "revise") X(PIN, "pin") \
    X(CREATE, "create_channel") X(FIND, "find_channel") X(PURPOSE, "purpose") X(INVITE, "invite") X(TOPIC, "topic") \
    X(ARCHIVE, "archive") X(UNARCHIVE, "unarchive") X(REACT, "react") X(JOIN, "join")
/* clang-format on */
#define RELAY_VERB_(name, text) RELAY_##name,
enum relay_verb { RELAY_VERBS(RELAY_VERB_) RELAY_VERB_COUNT };
#undef RELAY_VERB_
const char *relay_verb_name(enum relay_verb verb);

struct relay_channel { /* one that exists; id "": none */
    char id[PROTO_SLACK_ID_SIZE], name[PROTO_CHANNEL_NAME_SIZE];
};

/* What became of an order, for its receipt. */
struct relay_result {
    char channel[PROTO_SLACK_ID_SIZE], ts[PROTO_TS_SIZE]; /* ts "": no message was made */
    struct relay_channel created;
    char code[RELAY_CODE_SIZE], text[RELAY_TEXT_SIZE]; /* of the error; code "": it went well */
    bool beside; /* what was asked for is there; code and text are of what failed beside it: the pin of a message */
};

struct relay_order {
    uint64_t id;
    enum relay_verb verb;
    const struct proto_view *view;
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    char event[RELAY_EVENT_ID_SIZE]; /* "<workflow>:<n>" */
    struct proto_message_ref ref;    /* ts is "" for LOOK and POST */
    bool plain;                      /* without blocks: Slack refused them */

    /* of the orchestrator's orders; key NULL: none of them */
    const char *key;
    const struct proto_order *order; /* its key is NULL when it could not be read; RECEIPT needs the result alone */
    const struct relay_result *result;
    const char *user;     /* INVITE, WHISPER */
    int64_t look_from_ms; /* SEEK, FIND: since when it may have been done */
};

struct relay_found { /* a message of the workflow */
    char ts[PROTO_TS_SIZE];
    char event[RELAY_EVENT_ID_SIZE];
};

struct relay_outcome {
    enum slack_class class;
    int64_t retry_after_ms;       /* LIMITED; -1: not said */
    char error[RELAY_ERROR_SIZE]; /* for people; begins with code */
    char code[RELAY_CODE_SIZE];   /* Slack's word; "" when it said none */
    struct relay_channel channel; /* CREATE, FIND: ours; id "": there is none */
    struct proto_message_ref ref; /* POST: what Slack made of it */
    struct relay_found found[RELAY_FOUND_MAX];
    size_t found_count; /* LOOK, SEEK; oldest first */
};

/* What relay_plan_done() has to tell the operator. */
enum relay_news {
    RELAY_NEWS_NONE,
    RELAY_NEWS_RETRY,
    RELAY_NEWS_PARKED,
    RELAY_NEWS_STALLED,
    RELAY_NEWS_REFUSED, /* an order: its receipt tells the orchestrator */
    RELAY_NEWS_FOUND,   /* an order was done already, by somebody before */
    RELAY_NEWS_JOINED,  /* the channel of a live message, which comes next */
};

struct relay_counts {
    size_t unsent;    /* workflows with something left to write, and orders */
    size_t orders;    /* those alone */
    size_t in_flight; /* orders handed out */
    size_t partitions, reading;
    int64_t oldest_ms; /* since when the oldest waits; 0: nothing does */
    int64_t oldest_order_ms;
};

struct relay_plan *relay_plan_new(uint32_t seed) SW_MUST_CHECK;
void relay_plan_free(struct relay_plan *plan);

/* ---- partitions ---- */

void relay_plan_assign(struct relay_plan *plan, int32_t partition, int64_t now_ms); /* reading, its end not known */
/* start: where reading begins; end: the end of the log at assignment or later. */
void relay_plan_bounds(struct relay_plan *plan, int32_t partition, int64_t start, int64_t end);
/* Forgets the partition; outcomes of its orders are ignored from then on. */
void relay_plan_revoke(struct relay_plan *plan, int32_t partition);
/* False: nothing is known yet. */
bool relay_plan_offset(const struct relay_plan *plan, int32_t partition, int64_t *ret_offset);

/* ---- events ---- */

struct relay_event {
    int32_t partition;
    int64_t offset;
    const char *name; /* "progressed", "surplus", "posted", ... */
    struct proto_view view;
    const char *text; /* what the view was read from; borrowed */
    size_t length;
};

/* Takes event->view. False: out of memory; the partition then stays where it was. */
bool relay_plan_event(struct relay_plan *plan, struct relay_event *event, int64_t now_ms) SW_MUST_CHECK;
/* A record that says nothing to the relay. */
void relay_plan_skip(struct relay_plan *plan, int32_t partition, int64_t offset);

/* ---- orders ---- */

/* False: nothing may be written now; ask again at *ret_wake_ms or after the next event or outcome. */
bool relay_plan_next(struct relay_plan *plan, int64_t now_ms, struct relay_order *ret_order, int64_t *ret_wake_ms);
enum relay_news relay_plan_done(struct relay_plan *plan, uint64_t order_id, const struct relay_outcome *outcome,
                                int64_t now_ms);
/* Writes nothing before that time: whether the partitions are still ours is not sure. */
void relay_plan_hold(struct relay_plan *plan, int64_t until_ms);
/* No further writes; receipts of what was written are still handed out. */
void relay_plan_drain(struct relay_plan *plan);
struct relay_counts relay_plan_counts(const struct relay_plan *plan);

#endif
