/* SPDX-License-Identifier: Apache-2.0
 * command_error: the four parts of an error that a person reads: what happened, why, what to do, code. Texts may hold
 * `code words`; what a person typed is shown cut and without back-quotes of its own. Plain value, pure. */
#ifndef GATEWAY_CORE_COMMAND_ERROR_H
#define GATEWAY_CORE_COMMAND_ERROR_H

#include "common/base/attrs.h"

#include <stddef.h>

enum { COMMAND_SHOWN_SIZE = 48 };

struct command_error {
    char what[320], why[320], hint[480];
    const char *code; /* a literal */
};

/* Cut when it is too long: these texts are for people. */
void command_say(char *ret_text, size_t size, const char *format, ...) SW_PRINTF(3, 4);
#define COMMAND_SAY(array, ...) command_say((array), sizeof(array), __VA_ARGS__)
/* Returns ret_shown. */
const char *command_shown(const char *word, char ret_shown[COMMAND_SHOWN_SIZE]);

#endif
