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

struct sw_status sw_fail(enum sw_code code, const char *format, ...)
{
    struct sw_status status = { .class = CLASSES[code], .code = code };
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(status.text, sizeof status.text, format, arguments); /* a cut text is still an error text */
    va_end(arguments);
    return status;
}

struct sw_status sw_wrap(struct sw_status cause, const char *format, ...)
{
    if (!sw_failed(cause))
        return cause;
    char context[SW_STATUS_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(context, sizeof context, format, arguments); /* a cut context is still a context */
    va_end(arguments);
    struct sw_status status = { .class = cause.class, .code = cause.code };
    (void)sw_print(status.text, sizeof status.text, "%.*s: %s", (int)sizeof context / 2, context,
                   cause.text); /* as above */
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
