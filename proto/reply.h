/* SPDX-License-Identifier: Apache-2.0
 * reply: what travels on slipway.replies: the private answer to one command, for the person who gave it.
 *
 *   {"command":"cmd:...", "gateway":"instance", "reply_to":"sealed"|null, "at":"...Z", "name":"accepted",
 *    "code":"E-..."|null, "text":"what happened", "why":"..."|null, "hint":"what you can do"|null,
 *    "view":{...}|null, "views":[{...}],
 *    "reaction":"ok_hand"|null, "card":"status"|null, "data":{...}|null, "open":false}
 *
 * name: accepted, duplicate, status, refused, not_found, line, history, services, done (what was asked for is carried
 * out), answer (to a question; its card says which), or "delivered": written by a gateway once it has posted the reply
 * of the same command, so that no other does.
 * reply_to is sealed: a response_url, or, for what was said in a channel, {"channel","ts","thread_ts","user"} as JSON.
 * A reply without text and card is its reaction alone.
 * text, why and hint are plain text; a word between back-quotes is shown as code. Exactly one reply per command of a
 * person, with ce_id "<command id>:reply". Pure. */
#ifndef PROTO_REPLY_H
#define PROTO_REPLY_H

#include "proto/view.h"

struct proto_reply {
    char command[PROTO_COMMAND_ID_MAX + 1];
    char gateway[PROTO_NAME_SIZE];
    char *reply_to; /* sealed; NULL when none */
    int64_t at_ms;
    char name[PROTO_NAME_SIZE];
    char code[PROTO_NAME_SIZE];     /* "" when none */
    char *text, *why, *hint;        /* NULL when absent */
    char reaction[PROTO_NAME_SIZE]; /* on the message that was the command: "ok_hand", "exclamation"; "": none */
    char card[PROTO_NAME_SIZE];     /* a layout that the gateway knows; "": text, why and hint as they are */
    json_t *data;                   /* what the card shows, an object; NULL when there is no card */
    bool open;                      /* for everybody in the thread, where the command was a message */
    struct proto_view *views;       /* `view` is views[0] when has_view */
    size_t view_count;
    bool has_view;
};

void proto_reply_release(struct proto_reply *reply);
json_t *proto_reply_encode(const struct proto_reply *reply);
struct sw_status proto_reply_decode(const json_t *json, struct proto_reply *ret_reply) SW_MUST_CHECK;

#endif
