/* SPDX-License-Identifier: Apache-2.0
 * modal: the parts of Slack's modals, and what was filled into them. Each block has one input, whose action is the same
 * everywhere: the block says which it is. New references; NULL when out of memory. Pure.
 * Source: shared/reference/slack.md 6 (limits of views and inputs). */
#ifndef GATEWAY_CORE_MODAL_H
#define GATEWAY_CORE_MODAL_H

#include "common/json/jx.h"

struct modal_input {
    const char *block, *label, *hint, *placeholder; /* the last two: NULL: none */
    int max_length;
    bool optional, lines; /* lines: of several lines */
};

extern const char MODAL_ACTION[]; /* the action_id of each input */

json_t *modal_plain_new(const char *text);
json_t *modal_input_new(const struct modal_input *input, json_t *element); /* takes the element; NULL: NULL */
json_t *modal_text_new(const struct modal_input *input, const char *initial);

/* What was filled in; NULL: no such block. */
const json_t *modal_element(const json_t *view, const char *block);
/* The text without the blanks around it, "" when nothing was filled in; NULL: it is longer than that. */
const char *modal_text(const json_t *view, const char *block, size_t max_characters, char *ret_text, size_t size);

#endif
