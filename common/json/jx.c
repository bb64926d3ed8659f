/* SPDX-License-Identifier: Apache-2.0 */
#include "common/json/jx.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"

#include <string.h>

enum { MAX_BYTES = 1024 * 1024, MAX_DEPTH = 64 };

/* jansson's own limit of depth is 2048; ours is counted before it parses. Strings are skipped. */
static bool too_deep(const char *data, size_t length)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (quoted && data[i] == '\\')
            i++;
        else if (data[i] == '"')
            quoted = !quoted;
        else if (!quoted && (data[i] == '{' || data[i] == '['))
            depth++;
        else if (!quoted && (data[i] == '}' || data[i] == ']') && depth > 0)
            depth--;
        if (depth > MAX_DEPTH)
            return true;
    }
    return false;
}

struct sw_status jx_parse(const char *data, size_t length, json_t **ret_json)
{
    if (length > MAX_BYTES)
        return sw_fail(SW_CODE_TOO_LARGE, "JSON of %zu bytes, over %d", length, MAX_BYTES);
    if (too_deep(data, length))
        return sw_fail(SW_CODE_INVALID, "JSON nested deeper than %d", MAX_DEPTH);
    json_error_t error;
    json_t *json = json_loadb(data, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!json)
        return sw_fail(SW_CODE_INVALID, "JSON at byte %d: %s", error.position, error.text);
    *ret_json = json;
    return sw_ok();
}

char *jx_dump_new(const json_t *json) { return json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY); }

static struct sw_status need(const json_t *object, const char *key, const char *type, bool fits)
{
    if (fits)
        return sw_ok();
    if (!json_object_get(object, key))
        return sw_fail(SW_CODE_INVALID, "%s: missing", key);
    return sw_fail(SW_CODE_INVALID, "%s: must be %s", key, type);
}

struct sw_status jx_need_string(const json_t *object, const char *key, const char **ret_text)
{
    const char *text = json_string_value(json_object_get(object, key));
    SW_TRY(need(object, key, "a text that is not empty", text && *text));
    *ret_text = text;
    return sw_ok();
}

struct sw_status jx_need_i64(const json_t *object, const char *key, int64_t *ret_value)
{
    const json_t *value = json_object_get(object, key);
    SW_TRY(need(object, key, "a whole number", json_is_integer(value)));
    *ret_value = json_integer_value(value);
    return sw_ok();
}

struct sw_status jx_need_object(const json_t *object, const char *key, const json_t **ret_object)
{
    const json_t *value = json_object_get(object, key);
    SW_TRY(need(object, key, "an object", json_is_object(value)));
    *ret_object = value;
    return sw_ok();
}

struct sw_status jx_need_array(const json_t *object, const char *key, const json_t **ret_array)
{
    const json_t *value = json_object_get(object, key);
    SW_TRY(need(object, key, "an array", json_is_array(value)));
    *ret_array = value;
    return sw_ok();
}

const char *jx_string(const json_t *object, const char *key) { return json_string_value(json_object_get(object, key)); }

const char *jx_string_or(const json_t *object, const char *key, const char *preset)
{
    const char *text = jx_string(object, key);
    return text ? text : preset;
}

int64_t jx_i64_or(const json_t *object, const char *key, int64_t preset)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : preset;
}

bool jx_bool_or(const json_t *object, const char *key, bool preset)
{
    const json_t *value = json_object_get(object, key);
    return json_is_boolean(value) ? json_is_true(value) : preset;
}

bool jx_set_take(json_t *object, const char *key, json_t *value)
{
    return value && json_object_set_new(object, key, value) == 0;
}

bool jx_set_string(json_t *object, const char *key, const char *text)
{
    return jx_set_take(object, key, text ? json_string(text) : json_null());
}

bool jx_set_i64(json_t *object, const char *key, int64_t value)
{
    return jx_set_take(object, key, json_integer(value));
}

bool jx_set_time(json_t *object, const char *key, int64_t at_ms)
{
    char text[SW_RFC3339_SIZE];
    if (at_ms == 0)
        return jx_set_take(object, key, json_null());
    sw_rfc3339(at_ms, text);
    return jx_set_string(object, key, text);
}

int64_t jx_time_or(const json_t *object, const char *key, int64_t preset)
{
    const char *text = jx_string(object, key);
    int64_t at_ms;
    return text && sw_rfc3339_parse(text, &at_ms) ? at_ms : preset;
}
