/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/command_words.h"

#include "common/base/text.h"

#include <string.h>

/* Copies one word from *from to *to without its quotes. False: a quote is not closed. */
static bool take_word(const char **from, char **to)
{
    char quote = '\0';
    for (; **from && (quote || **from != ' '); (*from)++) {
        char c = **from;
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? '\0' : c;
        else
            *(*to)++ = c;
    }
    *(*to)++ = '\0';
    return quote == '\0';
}

static struct sw_status split(const char *text, struct command_words *words)
{
    char *to = words->storage;
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        if (words->count == COMMAND_MAX_WORDS)
            return sw_fail(SW_CODE_INVALID, "there are more than %d words", COMMAND_MAX_WORDS);
        words->words[words->count++] = to;
        if (!take_word(&text, &to))
            return sw_fail(SW_CODE_INVALID, "a quotation mark is not closed");
    }
    return sw_ok();
}

struct sw_status command_words_split(const char *text, struct command_words *ret_words)
{
    ret_words->count = 0;
    ret_words->storage = malloc(strlen(text) + 2);
    if (!ret_words->storage)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    struct sw_status status = split(text, ret_words);
    if (sw_failed(status))
        command_words_release(ret_words);
    return status;
}

void command_words_release(struct command_words *words)
{
    free(words->storage);
    *words = (struct command_words){ 0 };
}
