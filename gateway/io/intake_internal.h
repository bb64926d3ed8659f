/* SPDX-License-Identifier: Apache-2.0
 * The intake's inside: intake.c makes commands of requests, intake_wait.c asks the directory for what they lack,
 * intake_tell.c answers by what becomes of them, intake_dialog.c opens forms. */
#ifndef GATEWAY_IO_INTAKE_INTERNAL_H
#define GATEWAY_IO_INTAKE_INTERNAL_H

#include "gateway/core/answers.h"
#include "gateway/io/intake.h"

#include <stdatomic.h>

struct intake {
    struct intake_options options;
    char *gateway, *response_hosts, *status_command;
    atomic_int waiting; /* for the directory */
    atomic_bool closed;
};

/* A command on its way. Owned by the publisher's calls, which do not overlap. */
struct taking {
    struct intake *intake;
    struct carrier carrier;
    bool answered;
    bool unsure; /* it has been said that nothing is known yet */
    enum ingress_kind kind;
    char command_id[PROTO_COMMAND_ID_MAX + 1];
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    char typed[COMMAND_SHOWN_SIZE];
    char ref[ANSWER_REF_SIZE];
    char field[PROTO_NAME_SIZE]; /* VIEW */
    char *reply_to;              /* a response_url, or a place as JSON; NULL when there is none */
    struct whisper_place place;  /* EVENT; user "" when nobody is answered */
    json_t *taken;               /* the answer when all is well; NULL: an empty one */
};

void taking_free(struct taking *taking);

/* intake.c */
void intake_name_command(const struct intake_request *request, const struct slack_pass *pass,
                         char ret_id[PROTO_COMMAND_ID_MAX + 1]);
bool intake_url_allowed(const struct intake *intake, const struct intake_request *request,
                        const struct slack_pass *pass);
/* intake_dialog.c */
void intake_dialog_init(void);

/* intake_tell.c */
struct answer_subject taking_subject(const struct taking *taking);
void taking_told(void *context, enum publisher_news news);
/* Exactly this request is on Kafka already: the same answer, and that it had no second effect. Frees it. */
void taking_replayed(struct taking *taking);

/* What a command lacks. */
struct intake_wants {
    bool actor, text;
    const char *person; /* for args.user; "": nobody */
};
/* Completes the command and gives it to `then`, on this or the HTTP client's thread; the command is released after it.
 * Steals the command. */
typedef void intake_complete_fn(struct taking *taking, struct proto_command *command);
void intake_wait(struct taking *taking, struct proto_command *command, const struct intake_wants *wants,
                 intake_complete_fn *then);

#endif
