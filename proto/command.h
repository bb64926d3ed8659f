/* SPDX-License-Identifier: Apache-2.0
 * command: what travels on slipway.commands: who wants what, from where, and where the answer goes.
 *
 * The common part is this struct; what is particular to a command is in `args`, a JSON object described by
 * proto/schemas/slipway.command.<name>.v1.json. The command's name is the middle part of the record's ce_type.
 *
 *   name          args
 *   deploy        service, ref, environment (null: what the configuration says), params {NAME: text}
 *   cancel        target (a workflow's id)
 *   retry         target
 *   break_glass   target, reason (null of who agrees): asks that a held deployment may start, or agrees to it
 *   break_glass_agree, break_glass_decline
 *                 target, request (its number): what the buttons of such a request say
 *   check_status  target (what the person typed)
 *   line          service (or null): what runs and what waits
 *   history       service (or null)
 *   services      (nothing): what can be deployed
 *   receipt       event (id), channel, ts ("" when no message was made): what Slack answered to a message's first post,
 *                 or to an order: then also order (its key), created {id, name} or null, error {code, text, final} or
 *                 null; final: the same again would fail again; trouble {code, text} or null: done, but for this
 *   declare       title, priority (int or null), service, environment, private, from (a deployment's id or null),
 *                 details, spoken (what was typed as the verb: perhaps a priority's name): an incident
 *   incident      verb (canonical), text (the rest, or ""), target ("i-...", "#number" or null), user {id, name, zone,
 *                 kind: human, bot, missing or unknown} where the verb names a person, values (of a dialog), link (to
 *                 the message), spoken (what was typed as the verb), near (verb "unknown": what may have been meant,
 *                 or null), button (true for a click); what was said in or about an incident
 *   heard         what (edited, deleted, reacted, unreacted, pinned, unpinned, joined, left, archived, unarchived,
 *                 renamed), ts, thread_ts, user, text, reaction, link, said_at: what happened in a channel
 *   alert         source, key (fingerprint), status (firing or resolved), title, text, service, priority, url,
 *                 started_at: what a monitoring system says
 *
 * Ownership: proto_command_release() frees args. Pure. */
#ifndef PROTO_COMMAND_H
#define PROTO_COMMAND_H

#include "common/json/jx.h"
#include "proto/limits.h"

enum proto_membership { PROTO_MEMBER_UNKNOWN, PROTO_MEMBER_FULL, PROTO_MEMBER_GUEST };

struct proto_actor { /* all "" for the gateway's own commands (receipts) */
    char team[PROTO_SLACK_ID_SIZE];
    char user[PROTO_SLACK_ID_SIZE];
    char enterprise[PROTO_SLACK_ID_SIZE];
    enum proto_membership membership; /* as far as the gateway knows; a guest never deploys */
    bool foreign;                     /* of another organisation (Slack Connect) */
    json_t *groups;                   /* array of user group ids, or NULL: not known */
    char name[PROTO_PERSON_SIZE];     /* as people call them; "" when not known */
    char zone[PROTO_NAME_SIZE];       /* IANA name of their time zone; "" when not known */
};

struct proto_message_place {
    char ts[PROTO_TS_SIZE], thread_ts[PROTO_TS_SIZE]; /* in the command's channel */
};

struct proto_command {
    char id[PROTO_COMMAND_ID_MAX + 1];     /* cmd:<app>:<trigger>, act:<app>:<trigger>, rcpt:<event>:<ts> */
    char name[PROTO_NAME_SIZE];            /* "deploy"; from ce_type */
    char workflow[PROTO_WORKFLOW_ID_SIZE]; /* what it creates or is about; "" when none */
    struct proto_actor actor;
    char channel[PROTO_SLACK_ID_SIZE]; /* where it was typed or clicked; "" when none */
    struct proto_message_place said;   /* the message that was the command; ts "" when it was none */
    char origin[PROTO_NAME_SIZE];  /* "slash", "button", "modal", "dot", "mention", "event", "hook", "relay", "cli" */
    char gateway[PROTO_NAME_SIZE]; /* the gateway's instance that took it */
    char *text;                    /* as typed, at most 4,000 bytes; NULL when none */
    char *reply_to;                /* the sealed response_url; NULL when none */
    int64_t at_ms;
    json_t *args; /* an object */
};

void proto_command_release(struct proto_command *command);
/* A new reference; NULL when out of memory. */
json_t *proto_command_encode(const struct proto_command *command);
/* name: of the record's ce_type. Every field is checked against its limit; SW_CODE_INVALID names the path. */
struct sw_status proto_command_decode(const char *name, const json_t *json,
                                      struct proto_command *ret_command) SW_MUST_CHECK;

#endif
