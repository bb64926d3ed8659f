/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/fields.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"

#include <string.h>

static struct sw_status text_of(const json_t *object, const char *key, const char **ret_text)
{
    const json_t *value = json_object_get(object, key);
    *ret_text = json_string_value(value);
    if (value && !json_is_null(value) && !*ret_text)
        return sw_fail(SW_CODE_INVALID, "%s: must be a text", key);
    return sw_ok();
}

struct sw_status proto_read_text(const json_t *object, const char *key, char *ret_text, size_t size)
{
    const char *text;
    SW_TRY(text_of(object, key, &text));
    if (text && strlen(text) >= size)
        return sw_fail(SW_CODE_INVALID, "%s: longer than %zu bytes", key, size - 1);
    (void)sw_copy(ret_text, size, text ? text : ""); /* measured above */
    return sw_ok();
}

struct sw_status proto_need_text(const json_t *object, const char *key, char *ret_text, size_t size)
{
    const char *ignored;
    SW_TRY(jx_need_string(object, key, &ignored));
    return proto_read_text(object, key, ret_text, size);
}

struct sw_status proto_read_new(const json_t *object, const char *key, size_t max_bytes, char **ret_text)
{
    const char *text;
    SW_TRY(text_of(object, key, &text));
    if (text && strlen(text) > max_bytes)
        return sw_fail(SW_CODE_INVALID, "%s: longer than %zu bytes", key, max_bytes);
    char *copy = sw_strdup(text);
    if (text && !copy)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    *ret_text = copy;
    return sw_ok();
}

struct sw_status proto_read_time(const json_t *object, const char *key, int64_t *ret_at_ms)
{
    const char *text;
    SW_TRY(text_of(object, key, &text));
    *ret_at_ms = 0;
    if (text && !sw_rfc3339_parse(text, ret_at_ms))
        return sw_fail(SW_CODE_INVALID, "%s: no RFC 3339 time", key);
    return sw_ok();
}

struct sw_status proto_read_object(const json_t *object, const char *key, json_t **ret_object)
{
    json_t *value = json_object_get(object, key);
    *ret_object = NULL;
    if (!value || json_is_null(value))
        return sw_ok();
    if (!json_is_object(value))
        return sw_fail(SW_CODE_INVALID, "%s: must be an object", key);
    *ret_object = json_incref(value);
    return sw_ok();
}

bool proto_set_text(json_t *object, const char *key, const char *text)
{
    return jx_set_string(object, key, *text ? text : NULL);
}
