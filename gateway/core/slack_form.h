/* SPDX-License-Identifier: Apache-2.0
 * slack_form: application/x-www-form-urlencoded bodies, strictly: what two decoders could read in two ways is refused.
 *
 * Ownership: the fields point into `storage`; slack_form_release() frees it. Pure. */
#ifndef GATEWAY_CORE_SLACK_FORM_H
#define GATEWAY_CORE_SLACK_FORM_H

#include "common/base/status.h"

#include <stddef.h>

enum { SLACK_FORM_MAX_FIELDS = 64 };

struct slack_field {
    const char *name;
    const char *value; /* "" when there was no "=" */
};

struct slack_form {
    struct slack_field fields[SLACK_FORM_MAX_FIELDS];
    size_t count;
    char *storage;
};

/* SW_CODE_INVALID: bad percent sign, NUL, invalid UTF-8, too many fields, a field that decides stands twice, both
 * `command` and `payload`. Nothing is to be released then. */
struct sw_status slack_form_parse(const void *body, size_t length, struct slack_form *ret_form) SW_MUST_CHECK;
const char *slack_form_get(const struct slack_form *form, const char *name); /* NULL when absent */
const char *slack_form_field(const void *form, const char *name);            /* "" when absent; for slack_slash_of() */
void slack_form_release(struct slack_form *form);

/* Whether the body is Slack's unsigned certificate probe and nothing else: exactly {ssl_check=1} or {ssl_check=1,
 * token}. Anything more takes the signed path: skipping the signature for it was an authentication bypass in two SDKs.
 */
bool slack_form_is_ssl_check(const void *body, size_t length);

#endif
