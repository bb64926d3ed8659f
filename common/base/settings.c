/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/settings.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

static char **string_at(const struct sw_setting *row, void *target) { return (char **)((char *)target + row->offset); }
static int64_t *int_at(const struct sw_setting *row, void *target) { return (int64_t *)((char *)target + row->offset); }

static struct sw_status set_int(const struct sw_setting *row, const char *text, void *target)
{
    int64_t value;
    if (!sw_parse_i64(text, row->min, row->max, &value))
        return sw_fail(SW_CODE_CONFIG, "%s: \"%s\" is no whole number between %lld and %lld", row->name, text,
                       (long long)row->min, (long long)row->max);
    *int_at(row, target) = value;
    return sw_ok();
}

static bool is_choice(const char *choices, const char *text)
{
    size_t length = strlen(text);
    for (const char *at = choices; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (length > 0 && strcspn(at, "|") == length && strncmp(at, text, length) == 0)
            return true;
    return false;
}

static struct sw_status set_string(const struct sw_setting *row, const char *text, void *target)
{
    if (row->kind == SW_SETTING_CHOICE && !is_choice(row->choices, text))
        return sw_fail(SW_CODE_CONFIG, "%s: \"%s\" is not one of %s", row->name, text, row->choices);
    if (row->kind == SW_SETTING_SECRET && sw_blank(text))
        return sw_fail(SW_CODE_CONFIG, "%s is empty HINT: give the secret, or unset the variable", row->name);
    char *copy = sw_strdup(text);
    if (!copy)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    *string_at(row, target) = copy;
    return sw_ok();
}

static struct sw_status set_value(const struct sw_setting *row, const char *text, void *target)
{
    return row->kind == SW_SETTING_INT ? set_int(row, text, target) : set_string(row, text, target);
}

/* The text of NAME_FILE's file, or NULL when the variable is not set. */
static struct sw_status read_secret_file(const struct sw_setting *row, const struct sw_settings_source *source,
                                         char **ret_text)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%s_FILE", row->name); /* names are literals of the tables */
    const char *path = source->lookup(source->self, name);
    if (sw_blank(path))
        return sw_ok();
    struct sw_status status = source->read_file(source->self, path, ret_text);
    if (sw_failed(status))
        return sw_fail(SW_CODE_CONFIG, "%s: cannot read \"%s\": %s", name, path, status.text);
    (*ret_text)[strcspn(*ret_text, "\r\n")] = '\0';
    return sw_ok();
}

static void wipe_and_free(char *text)
{
    if (!text)
        return;
    for (volatile char *at = text; *at; at++)
        *at = '\0';
    free(text);
}

static struct sw_status load_row(const struct sw_setting *row, const struct sw_settings_source *source, void *target)
{
    const char *text = source->lookup(source->self, row->name);
    if (row->kind != SW_SETTING_SECRET && sw_blank(text))
        text = NULL; /* NAME= in a file of variables means "not said" */
    char *from_file = NULL;
    if (!text && row->kind == SW_SETTING_SECRET)
        SW_TRY(read_secret_file(row, source, &from_file));
    const char *value = text ? text : from_file ? from_file : row->preset;
    struct sw_status status = sw_ok();
    if (value)
        status = set_value(row, value, target);
    else if (row->required)
        status = sw_fail(SW_CODE_CONFIG, "%s is not set HINT: %s", row->name, row->help);
    wipe_and_free(from_file);
    return status;
}

static void clear(const struct sw_setting *rows, size_t count, void *target)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind == SW_SETTING_INT)
            *int_at(&rows[i], target) = 0;
        else
            *string_at(&rows[i], target) = NULL;
    }
}

struct sw_status sw_settings_load(const struct sw_setting *rows, size_t count, const struct sw_settings_source *source,
                                  void *target)
{
    clear(rows, count, target);
    for (size_t i = 0; i < count; i++) {
        struct sw_status status = load_row(&rows[i], source, target);
        if (sw_failed(status)) {
            sw_settings_release(rows, count, target);
            return status;
        }
    }
    return sw_ok();
}

void sw_settings_release(const struct sw_setting *rows, size_t count, void *target)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].kind != SW_SETTING_INT)
            wipe_and_free(*string_at(&rows[i], target));
    clear(rows, count, target);
}

char *sw_settings_reference_new(const struct sw_setting *rows, size_t count)
{
    struct sw_buf buf = { 0 };
    sw_buf_puts(&buf, "| name | default | what |\n|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        const struct sw_setting *row = &rows[i];
        const char *preset = row->preset ? row->preset : row->required ? "required" : "";
        sw_buf_printf(&buf, "| `%s`%s | %s%s%s | %s |\n", row->name,
                      row->kind == SW_SETTING_SECRET ? " (or `_FILE`)" : "", row->preset ? "`" : "", preset,
                      row->preset ? "`" : "", row->help);
    }
    return sw_buf_take(&buf);
}
