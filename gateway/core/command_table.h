/* SPDX-License-Identifier: Apache-2.0
 * command_table: the one table of what people can say: slash command, verb, arguments, help, who may, and the name
 * under which it travels on slipway.commands. Parser, help and near-miss answers all read it. Pure. */
#ifndef GATEWAY_CORE_COMMAND_TABLE_H
#define GATEWAY_CORE_COMMAND_TABLE_H

#include "gateway/core/command_names.h"

#include <stddef.h>

enum command_grammar {
    GRAMMAR_DEPLOY,            /* [service] [ref] [to environment] [KEY=value ...] */
    GRAMMAR_TARGET,            /* a workflow's id */
    GRAMMAR_TARGET_REASON,     /* the same and why, in the person's own words; who agrees need not say why */
    GRAMMAR_TARGET_OR_SERVICE, /* an id, a service, or nothing */
    GRAMMAR_SERVICE,           /* a service, or nothing */
    GRAMMAR_NOTHING,
    GRAMMAR_HELP,     /* answered here: [topic] */
    GRAMMAR_INCIDENT, /* incident_table.h */
    GRAMMAR_ABSENT,   /* reserved for a feature that this version does not have */
};

struct command_row {
    enum command_family family;
    const char *verb; /* NULL: the slash command without a verb */
    enum command_grammar grammar;
    const char *usage;      /* behind the slash command and the verb */
    const char *help;       /* one line */
    const char *permission; /* who may; NULL: everybody */
    const char *more;       /* help about this topic alone; NULL: the line says it all */
    const char *name;       /* on slipway.commands */
};

extern const struct command_row COMMAND_TABLE[];
extern const size_t COMMAND_TABLE_COUNT;

const struct command_row *command_row_find(enum command_family family, const char *verb); /* NULL: no such */
/* The nearest verb that this version offers, or NULL. */
const char *command_verb_near(enum command_family family, const char *word);

#endif
