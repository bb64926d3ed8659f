/* SPDX-License-Identifier: Apache-2.0
 * incident_orders: what the relay shall do at Slack for an incident: make its channel, write to it, invite, announce.
 *
 * The incident exists first; everything here converges afterwards. An order stays in the record until its outcome has
 * come back as a receipt; each is independent of the others. One that failed for good is told to people, shown by
 * `status`, and tried again every ten minutes, six times. A repeat has the same key, so it is done once.
 * Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_ORDERS_H
#define ORCHESTRATOR_CORE_INCIDENT_ORDERS_H

#include "orchestrator/core/incident_turn.h"

enum {
    INCIDENT_ORDER_TRIES = 6,
    INCIDENT_ORDER_AGAIN_MS = 600000,   /* a failed one */
    INCIDENT_ORDER_SILENT_MS = 1800000, /* one without an answer */
    INCIDENT_ORDERS_AT_ONCE = 24,       /* announced by one turn; more follow by timer */
};

/* An order of its own key "<prefix>:<n>". Takes the order: an object with "verb" and what the verb needs. */
void incident_order(struct incident_turn *turn, const char *prefix, json_t *order);
/* The same, announced after a while. */
void incident_order_later(struct incident_turn *turn, const char *prefix, int64_t delay_ms, json_t *order);
/* The order to make the channel, of the n-th name from 1: inc-42, inc-42-2... */
void incident_order_channel(struct incident_turn *turn, int64_t n);
void incident_order_invite(struct incident_turn *turn, json_t *users); /* takes the array; nothing when it is empty */

/* Posts. text is what people see who have no layouts: a complete sentence. data is taken, and may be NULL. */
/* In the incident's channel. It waits while that is being made; when making it has failed, it is posted in the thread
 * of the headline, unless the incident is private. */
void incident_post(struct incident_turn *turn, const char *card, json_t *data, const char *format, ...) SW_PRINTF(4, 5);
/* In the main channel, and in the notify channel too when the priority is high. Nowhere when it is private. */
void incident_announce(struct incident_turn *turn, const char *card, json_t *data, const char *format, ...)
    SW_PRINTF(4, 5);
/* In the main channel alone. Nowhere when it is private. */
void incident_post_main(struct incident_turn *turn, const char *card, json_t *data, const char *format, ...)
    SW_PRINTF(4, 5);
/* In the notify channel alone, when there is one and the priority is high. True: it was posted. */
bool incident_notify(struct incident_turn *turn, const char *card, json_t *data, const char *format, ...)
    SW_PRINTF(4, 5);

/* Posts that wait are sent: its channel is known, or has failed, or its headline is known. */
void incident_orders_find_place(struct incident_turn *turn);
/* The end of a turn: announces new orders, orders the topic when it has changed, sets the timer. */
void incident_orders_finish(struct incident_turn *turn);
/* When the order has to be repeated; 0: never. */
int64_t incident_order_due(const json_t *order);
/* [{"what","error"}] of orders and errands that failed. A new reference. */
json_t *incident_failures_new(const struct wf *wf);

/* Rows of the table. */
struct sw_status incident_receipt(struct incident_turn *turn) SW_MUST_CHECK;
struct sw_status incident_orders_due(struct incident_turn *turn) SW_MUST_CHECK;
struct sw_status incident_retry(struct incident_turn *turn) SW_MUST_CHECK; /* all that failed, now */

/* incident_topic.c: what the channel's topic shall be, at most 250 characters. */
void incident_topic(const struct wf *wf, const struct config *config, char ret_text[1024]);

#endif
