/* SPDX-License-Identifier: Apache-2.0
 * incident_text: taking apart what people say to an incident. Pure; results are the caller's. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_TEXT_H
#define ORCHESTRATOR_CORE_INCIDENT_TEXT_H

#include "common/json/jx.h"

/* "a => b" to its two halves, both trimmed; without an arrow the second is NULL. False: no memory. */
bool incident_text_halves(const char *text, char **ret_first, char **ret_second);
/* "a, b,, c" to an array of its trimmed items, each once. NULL: no memory. */
json_t *incident_text_list(const char *text);
/* The ids of the people whom a text mentions as <@U1>, each once, 20 at most. NULL: no memory. */
json_t *incident_text_people(const char *text);
/* An absolute URL, with or without <>, in its normal form: scheme and host in lower case, a path, no blanks. NULL: it
 * is none. */
char *incident_text_url_new(const char *text);

#endif
