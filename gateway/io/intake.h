/* SPDX-License-Identifier: Apache-2.0
 * intake: a verified request of a person becomes a command on its way, and its answer.
 *
 * Identity comes from the request, so that a retry through any replica is the same command: cmd:<app>:<trigger> for
 * slash commands, act:<app>:<trigger> for clicks and forms, evt:<app>:<event> for what was said or happened in a
 * channel, the carrier's where Slack sent no trigger; the workflow's id is made from it. Where a person or a time is
 * named, Slack's directory is asked first, for at most a second. The carrier is kept until Kafka has answered or 1.8 s
 * have passed; what becomes known later goes to the response_url, or into the channel for one person's eyes.
 *
 * A slash command is answered with a message, a click with nothing, a form with nothing or with what is wrong in it. An
 * event is answered only when Kafka has it, else left to be delivered again. Threads: take from any. */
#ifndef GATEWAY_IO_INTAKE_H
#define GATEWAY_IO_INTAKE_H

#include "gateway/core/command_parse.h"
#include "gateway/io/carrier.h"
#include "gateway/io/directory.h"
#include "gateway/io/publisher.h"
#include "gateway/io/whisper.h"

struct intake;

/* Where answers go that come after the first one; replies.h says what the calls mean. */
struct intake_replies {
    void (*announce)(void *self, const char *command_id, const char *response_url, bool expected);
    void (*say)(void *self, const char *command_id, const char *response_url, json_t *message);
    void *self;
};

/* Says something in a channel for one person's eyes. Steals the message. */
struct intake_whisper {
    void (*say)(void *self, const struct whisper_place *place, json_t *message);
    void *self;
};

struct intake_options {
    const char *gateway;        /* this instance's id */
    const char *response_hosts; /* SLACK_RESPONSE_HOSTS */
    const char *status_command; /* "/check_status", as it is called here */
    struct publisher *publisher;
    struct slack_gate *gate;
    struct directory *directory;
    struct intake_replies replies;
    struct intake_whisper whisper;
    struct slack_api *api;    /* opens forms; borrowed, NULL: there are none */
    int64_t answer_within_ms; /* 0: 1800, from the first byte */
};

/* Facts of a verified request; texts are borrowed during the call, "" when absent. */
struct intake_request {
    enum ingress_kind kind; /* COMMAND, CLICK, VIEW or EVENT */
    const char *origin;     /* of the command: "slash", "button", "modal", "dot", "mention", "event" */
    const char *app, *team, *user, *enterprise, *channel;
    const char *trigger;        /* EVENT: the event's id */
    const char *response_url;   /* EVENT: "" */
    const char *typed;          /* "/deploy"; for clicks the button's command; the word said */
    const char *text;           /* as typed; NULL for clicks */
    const char *ts, *thread_ts; /* EVENT: of the message that said it, or that it happened to; NULL or "": none */
    bool silent;                /* EVENT: nobody said anything, and nobody is answered */
    bool text_unknown;          /* EVENT: args.text is the message's, and has to be asked for */
    bool foreign;
    const char *field; /* VIEW: the block under which errors are shown */
};

struct sw_status intake_new(const struct intake_options *options, struct intake **ret_intake) SW_MUST_CHECK;
/* Takes parsed->args, and the carrier: it is answered from here, now or later. parsed->outcome is COMMAND_PUBLISH.
 * SW_CODE_INVALID: an id of the request is longer than any of Slack's; nothing was taken. */
struct sw_status intake_take(struct intake *intake, const struct intake_request *request, struct command_parsed *parsed,
                             const struct carrier *carrier) SW_MUST_CHECK;
/* For what was decided without Kafka. Steals the message. Events: for the eyes of who said it. */
void intake_answer(struct intake *intake, const struct intake_request *request, const struct carrier *carrier,
                   json_t *message);
/* To the response_url; for a clicker beside the message with the button. Steals the message. */
void intake_say(struct intake *intake, const struct intake_request *request, const struct carrier *carrier,
                json_t *message);
/* Answers the request with nothing and shows its person the view; when that fails, what can be typed instead is
 * said at the response_url. Steals the view; NULL: out of memory. */
void intake_open(struct intake *intake, const struct intake_request *request, const char *instead, json_t *view,
                 const struct carrier *carrier);
/* Nothing more is taken: waits until nothing waits for the directory any more. Before the publisher is drained. */
void intake_drain(struct intake *intake);
void intake_free(struct intake *intake); /* nothing may be pending */

#endif
