/* SPDX-License-Identifier: Apache-2.0
 * command_parse: what a person typed behind a slash command becomes a command for the orchestrator, a request for help,
 * or a usage error that says what to type instead. Names, permissions and existence are the orchestrator's to judge:
 * only the grammar is known here. Pure. */
#ifndef GATEWAY_CORE_COMMAND_PARSE_H
#define GATEWAY_CORE_COMMAND_PARSE_H

#include "gateway/core/command_error.h"
#include "gateway/core/command_table.h"
#include "proto/command.h"

enum command_outcome { COMMAND_PUBLISH, COMMAND_HELP, COMMAND_WRONG };

struct command_parsed {
    enum command_outcome outcome;
    const struct command_row *row;         /* HELP: its topic, NULL for the list; else the command's */
    const char *name;                      /* PUBLISH: on slipway.commands */
    bool creates;                          /* PUBLISH: it begins a workflow */
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
