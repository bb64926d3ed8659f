/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/status.h"

#include "common/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CLASS_(name, class, text) class,
#define TEXT_(name, class, text) text,
static const enum sw_class CLASSES[] = { SW_CODES(CLASS_) };
static const char *const NAMES[] = { SW_CODES(TEXT_) };
#undef CLASS_
#undef TEXT_

struct sw_status sw_ok(void) { return (struct sw_status){ .class = SW_OK }; }

/* vsnprintf may cut inside a character; what is kept must stay valid UTF-8. */
static void trim_to_character(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && !sw_utf8_valid(text, length))
        text[--length] = '\0';
}

struct sw_status sw_fail(enum sw_code code, const char *format, ...)
{
    struct sw_status status = { .class = CLASSES[code], .code = code };
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(status.text, sizeof status.text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof status.text)
        trim_to_character(status.text);
    return status;
}

struct sw_status sw_wrap(struct sw_status cause, const char *format, ...)
{
    if (!sw_failed(cause))
        return cause;
    char context[SW_STATUS_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(context, sizeof context, format, arguments); /* a cut context is still a context */
    va_end(arguments);
    struct sw_status status = { .class = cause.class, .code = cause.code };
    int length = snprintf(status.text, sizeof status.text, "%.*s: %s", (int)sizeof context / 2, context, cause.text);
    if (length >= (int)sizeof status.text)
        trim_to_character(status.text);
    return status;
}

const char *sw_code_name(enum sw_code code) { return NAMES[code]; }

const char *sw_class_name(enum sw_class class)
{
    switch (class) {
    case SW_OK:
        return "ok";
    case SW_RETRY:
        return "retry";
    case SW_PERMANENT:
        return "permanent";
    case SW_BUG:
        return "bug";
    }
    return "?";
}
