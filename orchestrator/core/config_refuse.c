/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/config_refuse.h"

#include "common/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Takes the part up to the next two bars, or all. */
static const char *take_part(const char *text, char *ret_part, size_t size)
{
    const char *end = strstr(text, "||");
    (void)sw_print(ret_part, size, "%.*s", (int)(end ? (size_t)(end - text) : strlen(text)),
                   text); /* a cut sentence is better than none */
    return end ? end + 2 : text + strlen(text);
}

bool config_refuse(struct config_refusal *refusal, const char *code, const char *format, ...)
{
    char text[3 * PROTO_ERROR_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments);
    va_end(arguments);
    *refusal = (struct config_refusal){ 0 };
    (void)sw_copy(refusal->code, sizeof refusal->code, code);
    const char *rest = take_part(text, refusal->text, sizeof refusal->text);
    rest = take_part(rest, refusal->why, sizeof refusal->why);
    (void)take_part(rest, refusal->hint, sizeof refusal->hint);
    return false;
}

static void list_names(struct sw_buf *buf, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count && i < 12; i++)
        sw_buf_printf(buf, "%s`%s`", i ? ", " : "", names[i]);
    if (count > 12)
        sw_buf_printf(buf, " and %zu more", count - 12);
}

enum { MAX_NAMES = 256 };

static size_t keys_of(const json_t *object, const char *ret_names[MAX_NAMES])
{
    const char *key;
    json_t *value;
    size_t count = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (count < MAX_NAMES)
            ret_names[count++] = key;
    }
    return count;
}

static size_t items_of(const json_t *list, const char *ret_names[MAX_NAMES])
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list) && count < MAX_NAMES; i++)
        ret_names[count++] = json_string_value(json_array_get(list, i));
    return count;
}

bool config_refuse_missing(struct config_refusal *refusal, const char *code, const char *text, const char *what,
                           const json_t *section)
{
    const char *names[MAX_NAMES];
    SW_AUTO_BUF struct sw_buf all = { .max_bytes = PROTO_ERROR_SIZE };
    list_names(&all, names, keys_of(section, names));
    return config_refuse(refusal, code, "%s||There are several %s: %s.||Name one: `/deploy %s`.", text, what,
                         sw_buf_string(&all), names[0]);
}

bool config_refuse_unknown(struct config_refusal *refusal, const char *code, const char *what, const char *name,
                           const json_t *section)
{
    const char *names[MAX_NAMES];
    size_t count = keys_of(section, names);
    SW_AUTO_BUF struct sw_buf all = { .max_bytes = PROTO_ERROR_SIZE };
    list_names(&all, names, count);
    const char *near = sw_nearest(name, names, count);
    if (near)
        return config_refuse(refusal, code, "No %s `%.60s`.||There are: %s.||Did you mean `%s`?", what, name,
                             sw_buf_string(&all), near);
    return config_refuse(refusal, code, "No %s `%.60s`.||%s%s.||Check for a typo.", what, name,
                         count ? "There are: " : "There are none", sw_buf_string(&all));
}

bool config_refuse_environment_missing(struct config_refusal *refusal, const char *service, const json_t *environments)
{
    const char *names[MAX_NAMES];
    size_t count = items_of(environments, names);
    SW_AUTO_BUF struct sw_buf all = { .max_bytes = PROTO_ERROR_SIZE };
    list_names(&all, names, count);
    return config_refuse(refusal, "E-ENVIRONMENT-MISSING",
                         "Which environment of `%s`?||It can be deployed to %s.||Say it: `/deploy %s to %s`.", service,
                         sw_buf_string(&all), service, names[0]);
}

bool config_refuse_environment_unknown(struct config_refusal *refusal, const char *service, const char *name,
                                       const json_t *environments)
{
    const char *names[MAX_NAMES];
    size_t count = items_of(environments, names);
    SW_AUTO_BUF struct sw_buf all = { .max_bytes = PROTO_ERROR_SIZE };
    list_names(&all, names, count);
    const char *near = sw_nearest(name, names, count);
    return config_refuse(refusal, "E-ENVIRONMENT-UNKNOWN",
                         "`%s` has no environment `%.60s`.||It can be deployed to %s.||%s `/deploy %s to %s`.", service,
                         name, sw_buf_string(&all), near ? "Did you mean" : "Try", service, near ? near : names[0]);
}
