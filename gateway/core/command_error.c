/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/command_error.h"

#include "common/base/text.h"

#include <stdarg.h>

void command_say(char *ret_text, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(ret_text, size, format, arguments); /* cut by design */
    va_end(arguments);
}

const char *command_shown(const char *word, char ret_shown[COMMAND_SHOWN_SIZE])
{
    (void)sw_copy(ret_shown, COMMAND_SHOWN_SIZE, word); /* cut by design */
    for (char *at = ret_shown; *at; at++)
        if (*at == '`')
            *at = '\'';
    return ret_shown;
}
