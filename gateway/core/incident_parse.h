/* SPDX-License-Identifier: Apache-2.0
 * incident_parse: what a person says about incidents, behind /incident, behind a dot or to the bot by name, becomes one
 * and the same command: `declare`, or `incident` with a verb of the table. Only the grammar is judged here. Pure.
 *
 * A dot and a word that the table does not know become verb "unknown" (spoken: the word; near: what may have been
 * meant, or null): it may be a configured name of a priority, and whether anybody is helped with it depends on where
 * it was said. */
#ifndef GATEWAY_CORE_INCIDENT_PARSE_H
#define GATEWAY_CORE_INCIDENT_PARSE_H

#include "gateway/core/command_parse.h"
#include "gateway/core/incident_table.h"

enum incident_way { INCIDENT_SLASH, INCIDENT_DOT, INCIDENT_MENTION };

struct incident_typed {
    enum incident_way way;
    const char *slash; /* "/incident", as it is called here */
    const char *text;  /* valid UTF-8: SLASH behind the command, DOT the message, MENTION behind the bot's name */
};

/* A dot in the first column and a letter behind it. */
bool incident_is_dot_word(const char *text);
/* Release ret_parsed. DOT: incident_is_dot_word() holds. FORM is for SLASH alone. */
void incident_parse(const struct incident_typed *typed, struct command_parsed *ret_parsed);
/* One button's verb with the text in it, or a form's; target "" when none. */
void incident_of_button(const char *verb, const char *target, const char *text, struct command_parsed *ret_parsed);

/* How a word is typed this way: ".title", "/incident title". */
enum { INCIDENT_FORM_SIZE = 128 };
const char *incident_form(const struct incident_typed *typed, const char *word, char ret_form[INCIDENT_FORM_SIZE]);

#endif
