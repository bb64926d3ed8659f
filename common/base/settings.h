/* SPDX-License-Identifier: Apache-2.0
 * settings: table-driven configuration from environment variables. One row a setting; the same table gives the parsing,
 * the error texts, `--help` and the configuration reference.
 *
 * A secret can also come from the file that NAME_FILE names (trailing newline removed). Reads nothing by itself: the
 * lookup and file functions are given, so that it stays testable. Ownership: string values are allocated into the
 * caller's struct and freed by sw_settings_release(). */
#ifndef COMMON_BASE_SETTINGS_H
#define COMMON_BASE_SETTINGS_H

#include "common/base/status.h"

#include <stddef.h>

enum sw_setting_kind {
    SW_SETTING_STRING, /* char * */
    SW_SETTING_SECRET, /* char *; refused when blank although present; never printed; NAME_FILE is honoured */
    SW_SETTING_INT,    /* int64_t within min..max */
    SW_SETTING_CHOICE, /* char *, one of the words of `choices`, separated by "|" */
};

struct sw_setting {
    const char *name; /* the environment variable */
    enum sw_setting_kind kind;
    size_t offset;       /* of the field in the target struct */
    const char *preset;  /* as text; NULL: unset leaves NULL or 0 */
    int64_t min, max;    /* INT */
    const char *choices; /* CHOICE */
    bool required;
    const char *help; /* one sentence */
};

struct sw_settings_source {
    const char *(*lookup)(void *self, const char *name);                          /* NULL when unset */
    struct sw_status (*read_file)(void *self, const char *path, char **ret_text); /* at most 64 KiB */
    void *self;
};

/* The process's environment and file system. */
struct sw_settings_source sw_settings_process(void); /* defined in common/rt */

/* SW_CODE_CONFIG names the variable, what is wrong and what to do; `target` then holds nothing to free. */
struct sw_status sw_settings_load(const struct sw_setting *rows, size_t count, const struct sw_settings_source *source,
                                  void *target) SW_MUST_CHECK;
void sw_settings_release(const struct sw_setting *rows, size_t count, void *target); /* wipes secrets */

/* A Markdown table of the rows: name, preset, help. Returns an allocated string. */
char *sw_settings_reference_new(const struct sw_setting *rows, size_t count);

#endif
