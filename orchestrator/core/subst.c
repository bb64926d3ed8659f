/* SPDX-License-Identifier: Apache-2.0
 * One pass from left to right, so that a value that looks like ${...} is never looked at again. */
#include "orchestrator/core/subst.h"

#include "common/base/buf.h"

#include <string.h>

static struct sw_status append_name(struct sw_buf *buf, const char *name, size_t length, subst_lookup_fn *lookup,
                                    void *self)
{
    const char *value = lookup(self, name, length);
    if (!value)
        return sw_fail(
            SW_CODE_INVALID,
            "unknown name \"${%.*s}\" HINT: known are service, environment, ref, workflow, param.NAME; write $$ "
            "for a dollar sign",
            (int)length, name);
    sw_buf_puts(buf, value);
    return sw_ok();
}

/* Handles the dollar at **position and moves behind what it stands for. */
static struct sw_status take_dollar(struct sw_buf *buf, const char **position, subst_lookup_fn *lookup, void *self)
{
    const char *at = *position;
    if (at[1] == '$' || at[1] != '{') {
        sw_buf_append(buf, "$", 1);
        *position = at + (at[1] == '$' ? 2 : 1);
        return sw_ok();
    }
    const char *end = strchr(at, '}');
    if (!end)
        return sw_fail(SW_CODE_INVALID, "\"${\" without its \"}\"");
    *position = end + 1;
    return append_name(buf, at + 2, (size_t)(end - at - 2), lookup, self);
}

struct sw_status subst_new(const char *text, subst_lookup_fn *lookup, void *self, char **ret_text)
{
    SW_AUTO_BUF struct sw_buf buf = { .max_bytes = SUBST_MAX_BYTES };
    sw_buf_puts(&buf, "");
    while (*text) {
        size_t plain = strcspn(text, "$");
        sw_buf_append(&buf, text, plain);
        text += plain;
        if (*text)
            SW_TRY(take_dollar(&buf, &text, lookup, self));
    }
    if (buf.failed)
        return sw_fail(SW_CODE_TOO_LARGE, "longer than %d bytes after substitution", SUBST_MAX_BYTES);
    char *result = sw_buf_take(&buf);
    if (!result)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    *ret_text = result;
    return sw_ok();
}

bool subst_has_names(const char *text)
{
    for (const char *at = strchr(text, '$'); at; at = strchr(at, '$')) {
        if (at[1] == '{')
            return true;
        at += at[1] == '$' ? 2 : 1;
    }
    return false;
}
