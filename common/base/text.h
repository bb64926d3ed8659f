/* SPDX-License-Identifier: Apache-2.0
 * text: small pure helpers on C strings. Lengths are bytes unless a name says characters (code points). */
#ifndef COMMON_BASE_TEXT_H
#define COMMON_BASE_TEXT_H

#include "common/base/attrs.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies with truncation on a character boundary; always terminated. False when it was cut. */
bool sw_copy(char *ret_text, size_t size, const char *text);
/* As snprintf(), but whatever is cut, the whole or a part (%.60s), is cut between two characters, and what is no UTF-8
 * is left out: the result can be stored and sent. False: the whole was cut. */
bool sw_print(char *ret_text, size_t size, const char *format, ...) SW_PRINTF(3, 4);
bool sw_vprint(char *ret_text, size_t size, const char *format, va_list arguments) SW_PRINTF(3, 0);
bool sw_equal(const char *a, const char *b); /* NULL equals NULL only */
bool sw_starts_with(const char *text, const char *prefix);
bool sw_blank(const char *text);   /* NULL, "" or white space alone */
char *sw_strdup(const char *text); /* NULL stays NULL */
/* In capitals, word by word. As it stands remains a word with letters beyond ASCII that have capitals (which ones
 * depends on the language, and half a word in capitals is worse than none), with an address ("://") or a mention ("<@",
 * "<#"). */
char *sw_capitals_new(const char *text);
/* As strcasecmp(), and small and capital letters beyond ASCII are the same, too: Latin, Greek, Cyrillic. */
int sw_compare_folded(const char *a, const char *b);

bool sw_utf8_valid(const char *data, size_t length); /* no surrogates, no overlong forms; NUL is valid */
size_t sw_utf8_characters(const char *text);
void sw_utf8_mend(char *text); /* takes out what is not well-formed: halves of characters */
size_t sw_utf8_prefix_bytes(const char *text, size_t max_characters); /* bytes of the first characters */
/* Replaces each invalid sequence and each control character but \n and \t by U+FFFD, for storage as Postgres text. */
char *sw_utf8_repair_new(const char *data, size_t length);

bool sw_parse_i64(const char *text, int64_t min, int64_t max, int64_t *ret_value); /* whole string, decimal */

/* Edit distance (insert, delete, replace, swap of neighbours), at most `limit` + 1. For "did you mean". */
size_t sw_edit_distance(const char *a, const char *b, size_t limit);
/* The nearest of count candidates within max(1, length/3) edits, or NULL. */
const char *sw_nearest(const char *text, const char *const *candidates, size_t count);

#endif
