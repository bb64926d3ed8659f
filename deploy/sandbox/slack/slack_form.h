/* SPDX-License-Identifier: Apache-2.0
 * slack_form: form bodies in both directions, and the arguments of a Web API call whatever encoding brought them.
 *
 * Arguments are a JSON object: from a JSON body with its types, from a form or query with strings alone. The accessors
 * read either. Pure. */
#ifndef DEPLOY_SANDBOX_SLACK_FORM_H
#define DEPLOY_SANDBOX_SLACK_FORM_H

#include "common/base/buf.h"
#include "common/base/status.h"
#include "common/json/jx.h"

#include <stddef.h>
#include <stdint.h>

/* application/x-www-form-urlencoded into an object of strings; of a repeated name the last value holds. */
struct sw_status slack_form_parse(const char *data, size_t length, json_t **ret_args) SW_MUST_CHECK;
/* Appends "name=value", with "&" between two. */
void slack_form_append(struct sw_buf *form, const char *name, const char *value);

const char *slack_arg_string(const json_t *args, const char *name); /* NULL when absent, "" or no string */
int64_t slack_arg_i64(const json_t *args, const char *name, int64_t preset);
bool slack_arg_bool(const json_t *args, const char *name, bool preset); /* true, "true", "1", 1 */
/* The value itself, or what its string holds. New reference; NULL when absent or "". *ret_bad: it is no JSON. */
json_t *slack_arg_json_new(const json_t *args, const char *name, bool *ret_bad);

#endif
