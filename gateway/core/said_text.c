/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/said_text.h"

#include "common/base/attrs.h"
#include "common/base/buf.h"
#include "common/base/text.h"
#include "gateway/core/slack_resolve.h"
#include "proto/limits.h"

#include <string.h>

static const struct {
    const char *from, *to;
} CLEANED[] = {
    { "\xC2\xA0", " " },    { "\xE2\x80\xAF", " " }, /* no-break spaces */
    { "\xE2\x80\x8B", "" }, { "\xE2\x80\x8C", "" },  /* without width */
    { "\xE2\x80\x8D", "" }, { "\xEF\xBB\xBF", "" },  { "\xE2\x81\xA0", "" }, { "\r", "" },
};

static size_t put_one(struct sw_buf *out, const char *at)
{
    for (size_t i = 0; i < SW_COUNT(CLEANED); i++) {
        if (sw_starts_with(at, CLEANED[i].from)) {
            sw_buf_puts(out, CLEANED[i].to);
            return strlen(CLEANED[i].from);
        }
    }
    sw_buf_append(out, at, 1);
    return 1;
}

static void trim(struct sw_buf *out)
{
    static const char blanks[] = " \t\n\v\f";
    while (out->length > 0 && strchr(blanks, out->data[out->length - 1]))
        out->data[--out->length] = '\0';
    size_t leading = out->length > 0 ? strspn(out->data, blanks) : 0;
    if (leading > 0) {
        memmove(out->data, out->data + leading, out->length - leading + 1);
        out->length -= leading;
    }
}

struct sw_status said_text_resolve(const char *text, char **ret_text)
{
    struct sw_buf out = { .max_bytes = 4 * PROTO_COMMAND_TEXT_MAX };
    SW_AUTO_FREE char *resolved = NULL;
    if (strlen(text) > PROTO_COMMAND_TEXT_MAX)
        return sw_fail(SW_CODE_TOO_LARGE, "the text is longer than %d bytes", PROTO_COMMAND_TEXT_MAX);
    SW_TRY(slack_resolve(text, NULL, &resolved));
    sw_buf_puts(&out, "");
    for (const char *at = resolved; *at;)
        at += put_one(&out, at);
    trim(&out);
    char *result = sw_buf_take(&out);
    if (!result)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    *ret_text = result;
    return sw_ok();
}
