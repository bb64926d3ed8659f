/* SPDX-License-Identifier: Apache-2.0
 * phrase: what commands do with the words behind them. Pure. The functions with _new return allocated texts for the
 * caller to free; NULL: no memory. */
#ifndef COMMON_BASE_PHRASE_H
#define COMMON_BASE_PHRASE_H

#include "common/base/status.h"

#include <stddef.h>

/* "hElLo WoRlD" becomes "Hello World"; blanks stay as they are, and "low-emission" is one word. ASCII letters. */
char *sw_title_case_new(const char *text);
/* "<https://e.com>" becomes "https://e.com"; unless both brackets are there, all stays. */
char *sw_unbracket_new(const char *text);
char *sw_without_backquotes_new(const char *text);

/* "whom => why", split at the first arrow that has something on its left; both sides trimmed. Blanks around the arrow
 * are not needed. *ret_right is NULL when there is no arrow, or nothing behind it. SW_CODE_INVALID: nothing on the
 * left. Both are freed by the caller. */
struct sw_status sw_split_arrow(const char *text, char **ret_left, char **ret_right) SW_MUST_CHECK;

/* "a, b,,c " in place: puts NULs into the text and the beginnings of its items, trimmed, into ret_items; empty ones are
 * dropped. Returns how many there are, of which the first max_items are stored. */
size_t sw_split_commas(char *text, const char **ret_items, size_t max_items);

#endif
