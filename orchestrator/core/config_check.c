/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/config_check.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/subst.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void config_error(struct config_check *check, const char *path, const char *format, ...)
{
    check->error_count++;
    if (check->error_count > CONFIG_MAX_ERRORS)
        return;
    char text[PROTO_ERROR_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments); /* a cut text is still an error text */
    va_end(arguments);
    const struct config_source *source = check->source;
    sw_buf_printf(check->errors, "%s:%d: %s: %s\n", source->file, (int)source->line(source->line_self, path),
                  *path ? path : "(top)", text);
}

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "a mapping";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
        return "a number";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    case JSON_NULL:
        return "empty";
    }
    return "something else";
}

static void join(char ret_path[CONFIG_PATH_SIZE], const char *path, const char *key)
{
    (void)snprintf(ret_path, CONFIG_PATH_SIZE, "%s%s%s", path, *path ? "." : "", key); /* only named in errors */
}

static void unknown_key(struct config_check *check, const char *path, const char *key, const struct config_key *keys,
                        size_t count)
{
    const char *names[32];
    size_t name_count = count < SW_COUNT(names) ? count : SW_COUNT(names);
    for (size_t i = 0; i < name_count; i++)
        names[i] = keys[i].name;
    const char *near = sw_nearest(key, names, name_count);
    SW_AUTO_BUF struct sw_buf known = { .max_bytes = PROTO_ERROR_SIZE / 2 };
    for (size_t i = 0; i < name_count; i++)
        sw_buf_printf(&known, "%s%s", i ? ", " : "", names[i]);
    if (near)
        config_error(check, path, "unknown key \"%s\" HINT: did you mean \"%s\"?", key, near);
    else
        config_error(check, path, "unknown key \"%s\" HINT: known here are %s", key, sw_buf_string(&known));
}

static const struct config_key *find_key(const char *name, const struct config_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sw_equal(keys[i].name, name))
            return &keys[i];
    return NULL;
}

void config_check_object(struct config_check *check, const char *path, const json_t *value,
                         const struct config_key *keys, size_t count)
{
    if (!json_is_object(value)) {
        config_error(check, path, "must be a mapping, and is %s", type_name(value));
        return;
    }
    const char *name;
    json_t *member;
    char inner[CONFIG_PATH_SIZE];
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        join(inner, path, name);
        const struct config_key *key = find_key(name, keys, count);
        if (key)
            key->rule(check, inner, member);
        else
            unknown_key(check, inner, name, keys, count);
    }
    for (size_t i = 0; i < count; i++)
        if (keys[i].required && !json_object_get(value, keys[i].name))
            config_error(check, path, "\"%s\" is missing", keys[i].name);
}

void config_check_map(struct config_check *check, const char *path, const json_t *value,
                      bool (*name_valid)(const char *name), const char *name_what, config_rule_fn *rule)
{
    if (!json_is_object(value)) {
        config_error(check, path, "must be a mapping, and is %s", type_name(value));
        return;
    }
    if (json_object_size(value) > 256)
        config_error(check, path, "more than 256 entries");
    const char *name;
    json_t *member;
    char inner[CONFIG_PATH_SIZE];
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        join(inner, path, name);
        if (!name_valid(name))
            config_error(check, inner, "\"%s\" is no valid name HINT: %s", name, name_what);
        rule(check, inner, member);
    }
}

void config_check_list(struct config_check *check, const char *path, const json_t *value, size_t max,
                       config_rule_fn *rule)
{
    if (!json_is_array(value)) {
        config_error(check, path, "must be a list, and is %s", type_name(value));
        return;
    }
    if (json_array_size(value) > max)
        config_error(check, path, "more than %zu items", max);
    size_t index;
    json_t *item;
    char inner[CONFIG_PATH_SIZE];
    json_array_foreach((json_t *)(uintptr_t)value, index, item)
    {
        (void)snprintf(inner, sizeof inner, "%s[%zu]", path, index);
        rule(check, inner, item);
    }
}

void config_rule_text(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_string(value))
        config_error(check, path, "must be a text, and is %s HINT: put it in quotes", type_name(value));
}

static bool matches(const char *text, const char *first, const char *rest, size_t max)
{
    size_t length = strlen(text);
    return length >= 1 && length <= max && strchr(first, text[0]) && strspn(text, rest) == length;
}

#define LETTERS_ "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS_ "0123456789"

bool config_name_valid(const char *name)
{
    return matches(name, LETTERS_ DIGITS_, LETTERS_ DIGITS_ "._-", PROTO_NAME_SIZE - 1);
}
bool config_variable_valid(const char *name)
{
    return matches(name, LETTERS_ "_", LETTERS_ DIGITS_ "_", PROTO_NAME_SIZE - 1);
}
bool config_ref_valid(const char *ref)
{
    return matches(ref, LETTERS_ DIGITS_, LETTERS_ DIGITS_ "._/@+-", PROTO_REF_SIZE - 1);
}

void config_rule_name(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_text(check, path, value);
    if (json_is_string(value) && !config_name_valid(json_string_value(value)))
        config_error(check, path,
                     "\"%s\" is no valid name HINT: letters, digits, dots, dashes, underscores; at most 63",
                     json_string_value(value));
}

void config_rule_names(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 256, config_rule_name);
}

void config_rule_secret(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_text(check, path, value);
    if (json_is_string(value) && !config_variable_valid(json_string_value(value)))
        config_error(check, path, "\"%s\" cannot name an environment variable", json_string_value(value));
}

void config_rule_duration(struct config_check *check, const char *path, const json_t *value)
{
    int64_t duration_ms;
    bool zero = json_is_integer(value) && json_integer_value(value) == 0;
    if (!zero && !(json_is_string(value) && sw_duration_parse(json_string_value(value), &duration_ms)))
        config_error(check, path, "is no duration HINT: write 250ms, 30s, 10m, 2h or 0");
}

void config_rule_ref(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_text(check, path, value);
    if (json_is_string(value) && !config_ref_valid(json_string_value(value)))
        config_error(check, path, "\"%s\" is no valid ref HINT: a letter or digit, then letters, digits and ._/@+-",
                     json_string_value(value));
}

void config_rule_channel(struct config_check *check, const char *path, const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text || !matches(text, "CGD", LETTERS_ DIGITS_, PROTO_SLACK_ID_SIZE - 1))
        config_error(check, path,
                     "must be a channel's id HINT: such as C0123456789, from the channel's details in Slack");
}

void config_rule_scalar(struct config_check *check, const char *path, const json_t *value)
{
    if (json_is_string(value))
        config_check_names_in(check, path, json_string_value(value));
    else if (!json_is_integer(value))
        config_error(check, path, "must be a text or a whole number, and is %s HINT: put it in quotes",
                     type_name(value));
}

static const char *known_name(void *self, const char *name, size_t length)
{
    static const char *const NAMES[] = { "service", "environment", "ref", "workflow" };
    (void)self;
    for (size_t i = 0; i < SW_COUNT(NAMES); i++)
        if (strlen(NAMES[i]) == length && memcmp(NAMES[i], name, length) == 0)
            return "";
    bool param = length > 6 && length < PROTO_NAME_SIZE + 6 && memcmp(name, "param.", 6) == 0;
    return param ? "" : NULL;
}

void config_check_names_in(struct config_check *check, const char *path, const char *text)
{
    SW_AUTO_FREE char *ignored = NULL;
    struct sw_status status = subst_new(text, known_name, NULL, &ignored);
    if (sw_failed(status))
        config_error(check, path, "%s", status.text);
}
