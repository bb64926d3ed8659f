/* SPDX-License-Identifier: Apache-2.0
 * socket_plan: when connections of Socket Mode are opened, refreshed and closed. Pure: time comes with the calls.
 *
 *   asking -> dialling -> live -> leaving -> closing -> (gone)
 *
 * asking: Slack was asked for a URL. dialling: from the URL to Slack's hello. live: envelopes come. leaving: they may
 * still come, but a successor is wanted: its time is nearly over, or Slack said so. closing: our close is under way.
 * As many live connections as wanted are kept. A leaving one is closed when its successor is live and nothing that it
 * brought waits for its acknowledgement; so there is no moment without a connection. Of those whose time comes, one
 * leaves after the other. Failures are repeated with growing pauses; what only a person can mend, once a minute.
 *
 * Threads: one. An order's link is a number that is never used again. */
#ifndef GATEWAY_CORE_SOCKET_PLAN_H
#define GATEWAY_CORE_SOCKET_PLAN_H

#include "gateway/core/slack_class.h"
#include "gateway/core/socket_message.h"

struct socket_plan;

enum { SOCKET_LINKS_MAX = 10 }; /* what Slack allows an app, all replicas together */

enum socket_verb {
    SOCKET_ASK,   /* apps.connections.open, then dial what it answers */
    SOCKET_CLOSE, /* with a handshake */
    SOCKET_DROP,  /* the peer did not close in time */
};

struct socket_order {
    enum socket_verb verb;
    uint64_t link;
};

struct socket_counts {
    size_t live;        /* live or leaving: envelopes come through them */
    size_t links;       /* in whatever state */
    int64_t oldest_ms;  /* since when the oldest of them is live; 0: none is */
    int64_t without_ms; /* since when none is; 0: one is */
    bool ever;          /* there was one */
};

struct socket_plan *socket_plan_new(size_t wanted, uint32_t seed, int64_t now_ms) SW_MUST_CHECK;
void socket_plan_free(struct socket_plan *plan);

/* One order after the other; false when there is none, and when the next may be due. */
bool socket_plan_next(struct socket_plan *plan, int64_t now_ms, struct socket_order *ret_order, int64_t *ret_wake_ms);

/* ---- what came of them. Unknown links are those that are over already ---- */
/* True: dial the URL. Slack's retry_after_ms is -1 when it said none. */
bool socket_plan_asked(struct socket_plan *plan, uint64_t link, enum slack_class class, int64_t retry_after_ms,
                       int64_t now_ms);
void socket_plan_hello(struct socket_plan *plan, uint64_t link, int64_t life_ms, int64_t now_ms);
void socket_plan_disconnect(struct socket_plan *plan, uint64_t link, enum socket_disconnect why, int64_t now_ms);
void socket_plan_ended(struct socket_plan *plan, uint64_t link, int64_t now_ms);
/* How many of the link's envelopes are not answered. */
void socket_plan_busy(struct socket_plan *plan, uint64_t link, size_t count);

/* From now on links only end: at once when nothing of theirs waits, the others at until_ms. */
void socket_plan_drain(struct socket_plan *plan, int64_t until_ms);

struct socket_counts socket_plan_counts(const struct socket_plan *plan);

#endif
