/* SPDX-License-Identifier: Apache-2.0
 * slack_input: what a person enters into the elements of a view, as view.state.values says it to the app. Pure. */
#ifndef DEPLOY_SANDBOX_SLACK_INPUT_H
#define DEPLOY_SANDBOX_SLACK_INPUT_H

#include "common/json/jx.h"

/* True for elements that have a value: text fields, selects, check boxes, pickers. */
bool slack_input_is(const json_t *element);
/* {"type":"plain_text_input","value":"x"} and its like. raw: a string, a list of strings (several choices), a number or
 * null; NULL: what the element began with. Choices go by the value or the text of their option. NULL, and a literal,
 * when the element cannot take it. */
json_t *slack_input_value_new(const json_t *element, const json_t *raw, const char **ret_problem);

/* The state of a whole view. values: {block_id: raw} or {block_id: {action_id: raw}}. What a client does not let pass
 * (a required field that is empty, a text that is too long) goes to `errors`: {block_id: text}. New reference. */
json_t *slack_input_state_new(const json_t *view, const json_t *values, json_t *errors);

#endif
