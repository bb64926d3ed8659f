/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRESET_MAX_BYTES = 1024 * 1024, FIRST_CAPACITY = 64 };

static size_t max_bytes(const struct sw_buf *buf) { return buf->max_bytes ? buf->max_bytes : PRESET_MAX_BYTES; }

/* Room for `more` bytes and the NUL. */
static bool reserve(struct sw_buf *buf, size_t more)
{
    if (buf->failed || more > max_bytes(buf) || buf->length > max_bytes(buf) - more) {
        buf->failed = true;
        return false;
    }
    size_t needed = buf->length + more + 1;
    if (needed <= buf->capacity)
        return true;
    size_t capacity = buf->capacity ? buf->capacity * 2 : FIRST_CAPACITY;
    if (capacity < needed)
        capacity = needed;
    char *data = realloc(buf->data, capacity);
    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

void sw_buf_append(struct sw_buf *buf, const void *data, size_t length)
{
    if (!reserve(buf, length))
        return;
    if (length > 0)
        memcpy(buf->data + buf->length, data, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void sw_buf_puts(struct sw_buf *buf, const char *text) { sw_buf_append(buf, text, strlen(text)); }

void sw_buf_printf(struct sw_buf *buf, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        buf->failed = true;
    else if (reserve(buf, (size_t)length)) {
        (void)vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again); /* measured above */
        buf->length += (size_t)length;
    }
    va_end(again);
}

void sw_buf_clear(struct sw_buf *buf)
{
    buf->length = 0;
    buf->failed = false;
    if (buf->data)
        buf->data[0] = '\0';
}

const char *sw_buf_string(const struct sw_buf *buf) { return buf->data ? buf->data : ""; }

char *sw_buf_take(struct sw_buf *buf)
{
    sw_buf_append(buf, "", 0);
    char *data = buf->failed ? NULL : buf->data;
    if (buf->failed)
        free(buf->data);
    *buf = (struct sw_buf){ .max_bytes = buf->max_bytes };
    return data;
}

void sw_buf_release(struct sw_buf *buf)
{
    free(buf->data);
    *buf = (struct sw_buf){ .max_bytes = buf->max_bytes };
}
