/* SPDX-License-Identifier: Apache-2.0
 * command_parse: what a person typed behind a slash command becomes a command for the orchestrator, a request for help,
 * or a usage error that says what to type instead. Names, permissions and existence are the orchestrator's to judge:
 * only the grammar is known here. Pure. */
#ifndef GATEWAY_CORE_COMMAND_PARSE_H
#define GATEWAY_CORE_COMMAND_PARSE_H

#include "gateway/core/command_error.h"
#include "gateway/core/command_table.h"
#include "proto/command.h"

enum command_outcome {
    COMMAND_PUBLISH,
    COMMAND_HELP,
    COMMAND_INCIDENT_HELP,  /* about incident words: the first page, or one word */
    COMMAND_INCIDENT_WORDS, /* all of them */
    COMMAND_FORM,           /* to be asked for in a form: an incident without a title */
    COMMAND_WRONG,
};

struct incident_row;

struct command_parsed {
    enum command_outcome outcome;
    const struct command_row *row;         /* HELP: its topic, NULL for the list; else the command's */
    const char *name;                      /* PUBLISH: on slipway.commands */
    const struct incident_row *incident;   /* INCIDENT_HELP: its word, NULL for the first page; PUBLISH: the word's */
    char creates;                          /* PUBLISH: what it begins, as its id does: 'd', 'i'; 0: nothing */
    bool actor;                            /* PUBLISH: who says it is known first: their zone, whether a guest */
    char person[PROTO_SLACK_ID_SIZE];      /* PUBLISH: whom it names, for args.user; "": nobody */
    int32_t priority;                      /* FORM: said already; 0: not */
    char workflow[PROTO_WORKFLOW_ID_SIZE]; /* PUBLISH: the one that it is about; "" when none or not well formed */
    json_t *args;                          /* PUBLISH: owned */
    struct command_error error;            /* WRONG */
};

/* text: as typed, valid UTF-8. */
void command_parse(const struct command_names *names, enum command_family family, const char *text,
                   struct command_parsed *ret_parsed);
/* A slash command that is none of ours. */
void command_unknown(const struct command_names *names, const char *typed, struct command_error *ret_error);
void command_parsed_release(struct command_parsed *parsed);

/* What a button says: the command's name is its action_id. */
void command_of_button(const char *name, const char *target, struct command_parsed *ret_parsed);

#endif
