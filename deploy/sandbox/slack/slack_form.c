/* SPDX-License-Identifier: Apache-2.0
 * slack_form: see the header. "+" is a space and %HH a byte; anything that is not UTF-8 afterwards is refused. */
#include "deploy/sandbox/slack/slack_form.h"

#include "common/base/text.h"

#include <ctype.h>
#include <string.h>

enum { MAX_FIELDS = 64 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct sw_status decode(const char *data, size_t length, char *ret_text)
{
    size_t out = 0;
    for (size_t i = 0; i < length; i++) {
        if (data[i] != '%') {
            ret_text[out++] = data[i] == '+' ? ' ' : data[i];
            continue;
        }
        if (i + 2 >= length)
            return sw_fail(SW_CODE_INVALID, "a percent sign without two digits");
        int high = hex_digit(data[i + 1]);
        int low = hex_digit(data[i + 2]);
        if (high < 0 || low < 0 || high + low == 0)
            return sw_fail(SW_CODE_INVALID, "a percent sign without two digits");
        ret_text[out++] = (char)(high * 16 + low);
        i += 2;
    }
    ret_text[out] = '\0';
    if (!sw_utf8_valid(ret_text, out))
        return sw_fail(SW_CODE_INVALID, "a form field is not UTF-8");
    return sw_ok();
}

static struct sw_status add_field(json_t *args, const char *field, size_t length)
{
    const char *equals = memchr(field, '=', length);
    size_t name_length = equals ? (size_t)(equals - field) : length;
    size_t value_length = equals ? length - name_length - 1 : 0;
    SW_AUTO_FREE char *name = malloc(name_length + 1);
    SW_AUTO_FREE char *value = malloc(value_length + 1);
    if (!name || !value)
        return sw_fail(SW_CODE_NO_MEMORY, "form field");
    SW_TRY(decode(field, name_length, name));
    SW_TRY(decode(equals ? equals + 1 : "", value_length, value));
    if (json_object_set_new(args, name, json_string(value)) != 0)
        return sw_fail(SW_CODE_NO_MEMORY, "form field");
    return sw_ok();
}

struct sw_status slack_form_parse(const char *data, size_t length, json_t **ret_args)
{
    JX_AUTO json_t *args = json_object();
    const char *end = data + length;
    size_t fields = 0;
    while (data < end) {
        const char *ampersand = memchr(data, '&', (size_t)(end - data));
        const char *stop = ampersand ? ampersand : end;
        if (stop > data && ++fields > MAX_FIELDS)
            return sw_fail(SW_CODE_TOO_LARGE, "more than %d form fields", (int)MAX_FIELDS);
        if (stop > data)
            SW_TRY(add_field(args, data, (size_t)(stop - data)));
        data = stop + 1;
    }
    *ret_args = SW_TAKE(args);
    return sw_ok();
}

static void append_encoded(struct sw_buf *form, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (isalnum(*c) || strchr("-._~", *c))
            sw_buf_append(form, c, 1);
        else if (*c == ' ')
            sw_buf_puts(form, "+");
        else
            sw_buf_printf(form, "%%%02X", *c);
    }
}

void slack_form_append(struct sw_buf *form, const char *name, const char *value)
{
    if (form->length > 0)
        sw_buf_puts(form, "&");
    append_encoded(form, name);
    sw_buf_puts(form, "=");
    append_encoded(form, value);
}

const char *slack_arg_string(const json_t *args, const char *name)
{
    const char *text = json_string_value(json_object_get(args, name));
    return text && text[0] ? text : NULL;
}

int64_t slack_arg_i64(const json_t *args, const char *name, int64_t preset)
{
    const json_t *value = json_object_get(args, name);
    int64_t number = preset;
    if (json_is_integer(value))
        return json_integer_value(value);
    if (json_is_string(value) && sw_parse_i64(json_string_value(value), INT64_MIN, INT64_MAX, &number))
        return number;
    return preset;
}

bool slack_arg_bool(const json_t *args, const char *name, bool preset)
{
    const json_t *value = json_object_get(args, name);
    if (json_is_boolean(value))
        return json_is_true(value);
    if (json_is_integer(value))
        return json_integer_value(value) != 0;
    if (json_is_string(value))
        return sw_equal(json_string_value(value), "true") || sw_equal(json_string_value(value), "1");
    return preset;
}

json_t *slack_arg_json_new(const json_t *args, const char *name, bool *ret_bad)
{
    json_t *value = json_object_get(args, name);
    *ret_bad = false;
    if (!value || json_is_null(value))
        return NULL;
    if (!json_is_string(value))
        return json_incref(value);
    if (json_string_length(value) == 0)
        return NULL;
    json_t *parsed = NULL;
    struct sw_status status = jx_parse(json_string_value(value), json_string_length(value), &parsed);
    *ret_bad = sw_failed(status);
    return parsed;
}
