/* SPDX-License-Identifier: Apache-2.0
 * order: something that the relay shall do at Slack once, as an event carries it (`order` of view.h):
 *
 *   {"key":"intro","verb":"post","channel":"C1","thread_ts":null,"card":"intro","data":{},"text":"...","pin":true}
 *
 *   verb            fields besides key and verb (in brackets: may be absent or null)
 *   post            channel, text or card, [thread_ts], [data], [pin]
 *   ephemeral       channel, user, text or card, [data]
 *   update          channel, ts, text or card, [data]
 *   create_channel  name, [private]
 *   invite          channel, users
 *   topic           channel, [topic]: without one it is made from the newest detail when its turn comes
 *   archive, unarchive, join   channel
 *   react           channel, ts, name
 *
 * since (RFC 3339, may be absent): when it was ordered first. A repeat is told by an event later than that; what it may
 * have done already is looked for from there.
 * key: stable and unique within the workflow; printable ASCII without spaces. Its outcome comes back as a `receipt`
 * with the same key (command.h). The order may be repeated under a new event number, but with the same key: it is done
 * once. replaces: it supersedes older ones whose key has the same beginning up to ":". Pure. */
#ifndef PROTO_ORDER_H
#define PROTO_ORDER_H

#include "common/json/jx.h"
#include "proto/limits.h"

/* clang-format off */
#define PROTO_ORDER_VERBS(X) \
    X(POST, "post") X(EPHEMERAL, "ephemeral") X(UPDATE, "update") X(CREATE_CHANNEL, "create_channel") \
    X(INVITE, "invite") X(TOPIC, "topic") X(ARCHIVE, "archive") X(UNARCHIVE, "unarchive") X(REACT, "react") \
    X(JOIN, "join")
/* clang-format on */
#define PROTO_ORDER_ENUM_(name, text) PROTO_ORDER_##name,
enum proto_order_verb { PROTO_ORDER_VERBS(PROTO_ORDER_ENUM_) PROTO_ORDER_VERB_COUNT };
#undef PROTO_ORDER_ENUM_

enum {
    PROTO_ORDER_KEY_SIZE = 100,
    PROTO_ORDER_TEXT_MAX = 4000, /* Slack cuts a message's text above 4,000 characters */
    PROTO_TOPIC_SIZE = 251,      /* characters; Slack refuses longer topics */
    PROTO_CHANNEL_NAME_SIZE = 81,
    PROTO_MAX_INVITES = 100,
};

struct proto_order { /* everything borrows from the JSON that it was read from */
    const char *key;
    enum proto_order_verb verb;
    bool replaces;
    /* "" where the verb has none, or it was left out */
    const char *channel, *user, *ts, *thread_ts, *card, *text, *topic, *name;
    const json_t *data;  /* an object; NULL when absent */
    const json_t *users; /* INVITE: an array of ids, never empty */
    bool pin, is_private;
    int64_t since_ms; /* 0: not known */
};

const char *proto_order_verb_name(enum proto_order_verb verb);
/* The fields that the verb needs are there, and every field that it knows is within its limit; others are ignored.
 * SW_CODE_INVALID names the field. */
struct sw_status proto_order_read(const json_t *json, struct proto_order *ret_order) SW_MUST_CHECK;
/* The later one supersedes the earlier one: it replaces, and their keys have the same beginning up to ":". */
bool proto_order_supersedes(const struct proto_order *later, const struct proto_order *earlier);

#endif
