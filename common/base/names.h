/* SPDX-License-Identifier: Apache-2.0
 * names: how people are named in commands and messages. Pure. The functions with _new return allocated texts for the
 * caller to free; NULL: no memory. */
#ifndef COMMON_BASE_NAMES_H
#define COMMON_BASE_NAMES_H

#include <stddef.h>

/* A command's argument for a person, trimmed. "<@U123ABC456>", with a label or without, and "@U123ABC456" become the id
 * (5 to 20 capital letters and digits); whatever else was typed stays, for the caller to refuse. */
char *sw_user_argument_new(const char *text);

/* A name that pings nobody: "j.ohn", "m.att smit.h", "x.i"; one character stays as it is. Trimmed. */
char *sw_quiet_name_new(const char *name);

/* "e.zra on point, p.eter on comms", "e.zra on point and comms", "e.zra on point"; "" when both are NULL or blank. The
 * names are made quiet here. */
char *sw_leads_new(const char *point, const char *comms);

/* In place, by letters of either case (ASCII); equal ones keep their order. For lists of hundreds, not of thousands. */
void sw_names_sort(const char **names, size_t count);

#endif
