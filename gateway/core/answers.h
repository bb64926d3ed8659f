/* SPDX-License-Identifier: Apache-2.0
 * answers: what the gateway itself says to people: JSON bodies, always private ("response_type": "ephemeral").
 *
 * Each returns a new reference, NULL when out of memory. What people typed is escaped. Pure. */
#ifndef GATEWAY_CORE_ANSWERS_H
#define GATEWAY_CORE_ANSWERS_H

#include "gateway/core/command_parse.h"

enum { ANSWER_REF_SIZE = 5 };

/* What an answer is about. */
struct answer_subject {
    const char *typed;         /* "/deploy"; "the button" for clicks */
    const char *workflow;      /* "" when none */
    const char *status_by;     /* "/check_status", as it is called here */
    char ref[ANSWER_REF_SIZE]; /* four digits that are in our logs too */
};

/* Kafka has it. The first word between back-quotes is the workflow's id, where there is one. */
json_t *answer_taken(const struct command_parsed *parsed, const struct answer_subject *subject);
/* The same request once more. */
json_t *answer_repeated(const struct answer_subject *subject);
json_t *answer_wrong(const struct command_error *error);
json_t *answer_help(const struct command_names *names, const struct command_row *topic); /* NULL: the list */

/* Never handed to Kafka, or taken back from it: sure. */
json_t *answer_nothing_started(const struct answer_subject *subject);
/* Handed over, and not known after 1.8 s. */
json_t *answer_unsure(const struct answer_subject *subject);
/* The truth that follows answer_unsure(). */
json_t *answer_confirmed_late(const struct answer_subject *subject);
json_t *answer_never_confirmed(const struct answer_subject *subject);
/* Another workspace than the configured ones. */
json_t *answer_not_welcome(void);

/* A form did not open. instead: what can be typed. */
json_t *answer_no_dialog(const char *instead, const char *reason);

/* For a slash command: a message with blocks that the person alone sees. Steals and returns the reference. */
json_t *answer_private(json_t *message);
/* For a response_url of a message with buttons: the message must stay as it is. Steals and returns the reference. */
json_t *answer_beside_original(json_t *answer);

#endif
