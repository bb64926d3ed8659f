/* SPDX-License-Identifier: Apache-2.0
 * slack_heard: what an event of the Events API means to us: a word said to us, something that an incident may want to
 * know, or nothing. Pure.
 *
 * Kafka stays quiet: of messages only those that begin with a dot and a letter count, of people and as they were first
 * said; of reactions only those that are named. What bots do, and what we do ourselves, is nothing.
 * Sources: shared/reference/slack.md 3.2 to 3.5; https://docs.slack.dev/reference/events */
#ifndef GATEWAY_CORE_SLACK_HEARD_H
#define GATEWAY_CORE_SLACK_HEARD_H

#include "common/json/jx.h"

enum slack_heard_kind {
    SLACK_HEARD_NOTHING,
    SLACK_HEARD_DOT,     /* a person's message that begins with a dot and a letter */
    SLACK_HEARD_MENTION, /* a message that begins with our name; text: what stands behind it */
    SLACK_HEARD_CHANGE,  /* what: as in the command `heard` */
};

/* Texts point into the JSON; "" when absent. */
struct slack_heard {
    enum slack_heard_kind kind;
    const char *id, *app, *team, *enterprise;
    const char *actor;      /* who did it */
    const char *actor_team; /* theirs, where the event says it */
    const char *channel, *ts, *thread_ts, *text;
    /* of a CHANGE */
    const char *what; /* a literal */
    const char *user; /* whose message it is, or who came or went */
    const char *reaction;
    bool text_unknown; /* the event does not say what the message says */
};

/* reactions: names that count, separated by commas; a skin tone does not matter, and stays in heard->reaction.
 * SW_CODE_INVALID: an event_callback without event or id. */
struct sw_status slack_heard_read(const json_t *body, const char *reactions,
                                  struct slack_heard *ret_heard) SW_MUST_CHECK;

/* "1700000000.000100" as Unix milliseconds; 0: it is no ts. */
int64_t slack_ts_ms(const char *ts);

#endif
