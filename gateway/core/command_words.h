/* SPDX-License-Identifier: Apache-2.0
 * command_words: a normalised text as words; "..." and '...' hold spaces together. Pure. */
#ifndef GATEWAY_CORE_COMMAND_WORDS_H
#define GATEWAY_CORE_COMMAND_WORDS_H

#include "common/base/status.h"

#include <stddef.h>

enum { COMMAND_MAX_WORDS = 32 };

struct command_words {
    const char *words[COMMAND_MAX_WORDS]; /* point into storage */
    size_t count;
    char *storage;
};

/* SW_CODE_INVALID: a quote that is not closed, or too many words. Nothing is to be released then. */
struct sw_status command_words_split(const char *text, struct command_words *ret_words) SW_MUST_CHECK;
void command_words_release(struct command_words *words);

#endif
