/* SPDX-License-Identifier: Apache-2.0
 * One reading of a person's words: shared by incident_parse.c (which word) and incident_rest.c (what stands behind). */
#ifndef GATEWAY_CORE_INCIDENT_PARSE_INTERNAL_H
#define GATEWAY_CORE_INCIDENT_PARSE_INTERNAL_H

#include "gateway/core/incident_parse.h"

struct incident_reading {
    const struct incident_typed *typed;
    const struct incident_row *row;
    char spoken[INCIDENT_WORD_SIZE]; /* the word as typed, in lower case; cut */
    char target[PROTO_NAME_SIZE];    /* "i-..." or "#42"; "" */
    int32_t priority;                /* of the word; 0: none */
    char *rest;                      /* what stands behind the word, trimmed; may be changed */
    struct command_parsed *parsed;
};

/* `#42` or an id; false: it is neither. */
bool incident_target_read(const char *word, size_t length, char ret_target[PROTO_NAME_SIZE]);
void incident_rest_read(struct incident_reading *reading);
void incident_publish(struct incident_reading *reading, const char *verb, const char *text);
void incident_wrong(struct incident_reading *reading, const char *what, const char *why);

#endif
