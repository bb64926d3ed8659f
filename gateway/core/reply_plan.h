/* SPDX-License-Identifier: Apache-2.0
 * reply_plan: which private answers are posted by this gateway, when, and which offsets of slipway.replies are done.
 *
 * Commands that this gateway took are announced; their replies are posted at once, and "no word yet" when none came in
 * time. A reply of somebody else's command is held until its marker comes; if none does, its taker died and this
 * gateway posts it. A command whose reply was posted, here or by another, is remembered as closed.
 *
 * An address is a response_url, which takes 5 posts within 30 minutes, or the place of a message in a channel (a text
 * that begins with "{"). There an answer is looked for before it is repeated, and "no word yet" comes later.
 *
 * Pure: time comes with the calls. Threads: one. Ownership: an order borrows until the plan is called again. */
#ifndef GATEWAY_CORE_REPLY_PLAN_H
#define GATEWAY_CORE_REPLY_PLAN_H

#include "gateway/core/slack_class.h"
#include "proto/reply.h"

struct reply_plan;

enum reply_verb {
    REPLY_POST,    /* the reply itself */
    REPLY_WAITING, /* no word yet */
    REPLY_SAY,     /* a message of the gateway's own */
    REPLY_MARK,    /* the marker, on the topic */
};

struct reply_order {
    enum reply_verb verb;
    const char *command;
    const char *url; /* NULL: sealed in reply->reply_to */
    const struct proto_reply *reply;
    const json_t *message; /* of REPLY_SAY */
    bool look;             /* it may have been posted already */
};

struct reply_place { /* where the consumer group read it */
    int32_t partition;
    int64_t offset;
};

enum reply_news { REPLY_NEWS_NONE, REPLY_NEWS_RETRY, REPLY_NEWS_GIVEN_UP };

/* gateway: this instance's id. */
struct reply_plan *reply_plan_new(const char *gateway, uint32_t seed) SW_MUST_CHECK;
void reply_plan_free(struct reply_plan *plan);

/* ---- this gateway's own commands; false: out of memory or too many ---- */
bool reply_plan_announce(struct reply_plan *plan, const char *command, const char *url, bool expected, int64_t now_ms);
bool reply_plan_say(struct reply_plan *plan, const char *command, const char *url, json_t *message, int64_t now_ms);

/* ---- records; place is NULL for what was read beside the group. Takes the reply. False: out of memory ---- */
bool reply_plan_reply(struct reply_plan *plan, struct proto_reply *reply, const struct reply_place *place,
                      int64_t now_ms);

/* ---- partitions of the group ---- */
void reply_plan_assign(struct reply_plan *plan, int32_t partition);
void reply_plan_revoke(struct reply_plan *plan, int32_t partition);               /* others answer for it from now on */
void reply_plan_passed(struct reply_plan *plan, const struct reply_place *place); /* a record was read */
bool reply_plan_offset(const struct reply_plan *plan, int32_t partition, int64_t *ret_offset);

/* ---- orders, one at a time for each command ---- */
bool reply_plan_next(struct reply_plan *plan, int64_t now_ms, struct reply_order *ret_order, int64_t *ret_wake_ms);
enum reply_news reply_plan_done(struct reply_plan *plan, const char *command, enum slack_class class,
                                int64_t retry_after_ms, int64_t now_ms);
size_t reply_plan_in_flight(const struct reply_plan *plan);
size_t reply_plan_open(const struct reply_plan *plan); /* commands that are not closed */

#endif
