/* SPDX-License-Identifier: Apache-2.0
 * incident_help: help about incident words, from their table, as private messages with blocks: {"text", "blocks"}.
 * New references; NULL when out of memory. Pure. */
#ifndef GATEWAY_CORE_INCIDENT_HELP_H
#define GATEWAY_CORE_INCIDENT_HELP_H

#include "gateway/core/incident_parse.h"

/* typed: how it was asked for; its text is not read. */
json_t *incident_help_first(const struct incident_typed *typed);
json_t *incident_help_word(const struct incident_typed *typed, const struct incident_row *row);
json_t *incident_help_all(const struct incident_typed *typed);
/* What a parsed outcome other than PUBLISH and FORM shows: help, or the error. */
json_t *incident_answer(const struct incident_typed *typed, const struct command_parsed *parsed);

#endif
