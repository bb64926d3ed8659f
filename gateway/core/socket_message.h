/* SPDX-License-Identifier: Apache-2.0
 * socket_message: what Slack says on a Socket Mode connection, and the acknowledgement of an envelope.
 *
 * Source: docs.slack.dev "Using Socket Mode". Ownership: texts and payload point into the JSON that was given. Pure. */
#ifndef GATEWAY_CORE_SOCKET_MESSAGE_H
#define GATEWAY_CORE_SOCKET_MESSAGE_H

#include "common/json/jx.h"

enum socket_message_kind {
    SOCKET_HELLO,      /* the first: envelopes come from now on */
    SOCKET_DISCONNECT, /* this connection will end, or end for good */
    SOCKET_ENVELOPE,
    SOCKET_NOTHING, /* of a type that needs no reaction */
};

enum socket_disconnect {
    SOCKET_REFRESH,  /* warning, refresh_requested and whatever is new: a successor is wanted */
    SOCKET_DISABLED, /* link_disabled: Socket Mode was switched off for the app */
    SOCKET_TOO_MANY, /* too_many_websockets: more connections than Slack allows */
};

/* clang-format off */
#define SOCKET_TYPES(X) \
    X(COMMAND, "slash_commands") X(INTERACTIVE, "interactive") X(EVENT, "events_api") X(OTHER, "other")
/* clang-format on */
#define SOCKET_TYPE_(name, text) SOCKET_##name,
enum socket_type { SOCKET_TYPES(SOCKET_TYPE_) SOCKET_TYPE_COUNT };
#undef SOCKET_TYPE_
const char *socket_type_name(enum socket_type type);

enum { SOCKET_ENVELOPE_ID_MAX = 128 };

struct socket_message {
    enum socket_message_kind kind;
    /* hello */
    int64_t life_ms; /* 0: not said */
    int64_t connections;
    /* disconnect */
    enum socket_disconnect disconnect;
    const char *reason;
    /* envelope */
    enum socket_type type;
    const char *envelope;
    const json_t *payload; /* an object; NULL for OTHER */
    bool accepts_payload;  /* of the acknowledgement */
    int64_t retry;         /* 0: the first delivery */
    const char *retry_reason;
};

/* SW_CODE_INVALID: no object, no type; an envelope without an id that can be acknowledged, or without its payload. */
struct sw_status socket_message_read(const json_t *json, struct socket_message *ret_message) SW_MUST_CHECK;
/* payload_json: NULL for none. free() it; NULL when out of memory. */
char *socket_ack_new(const char *envelope, const char *payload_json);
/* A field of a slash command's payload; "" when absent; for slack_slash_of(). */
const char *socket_field(const void *payload, const char *name);

#endif
