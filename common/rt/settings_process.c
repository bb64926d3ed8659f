/* SPDX-License-Identifier: Apache-2.0
 * The process's environment and file system as a source of settings. */
#include "common/base/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 64 * 1024 };

static const char *lookup(void *self, const char *name)
{
    (void)self;
    return getenv(name);
}

static struct sw_status read_file(void *self, const char *path, char **ret_text)
{
    (void)self;
    FILE *file = fopen(path, "re");
    if (!file)
        return sw_fail(SW_CODE_CONFIG, "%s", strerror(errno));
    char *text = calloc(1, FILE_MAX_BYTES + 1);
    size_t length = text ? fread(text, 1, FILE_MAX_BYTES, file) : 0;
    bool unread = ferror(file) || (length == FILE_MAX_BYTES && fgetc(file) != EOF);
    fclose(file);
    if (!text || unread) {
        free(text);
        return sw_fail(SW_CODE_CONFIG, "unreadable, or over %d bytes", FILE_MAX_BYTES);
    }
    *ret_text = text;
    return sw_ok();
}

struct sw_settings_source sw_settings_process(void)
{
    return (struct sw_settings_source){ .lookup = lookup, .read_file = read_file };
}
