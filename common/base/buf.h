/* SPDX-License-Identifier: Apache-2.0
 * buf: growable bytes with a fixed maximum. Always NUL-terminated behind its length, so data can be read as a string.
 *
 * A failed append (maximum, memory) leaves the content as it was and sets `failed`, which stays: a writer may append
 * many times and ask once. Ownership: sw_buf_release() frees; sw_buf_take() hands the bytes to the caller (free()). */
#ifndef COMMON_BASE_BUF_H
#define COMMON_BASE_BUF_H

#include "common/base/attrs.h"

#include <stdbool.h>
#include <stddef.h>

struct sw_buf {
    char *data; /* NULL until the first append */
    size_t length;
    size_t capacity;
    size_t max_bytes; /* 0: 1 MiB */
    bool failed;
};

void sw_buf_append(struct sw_buf *buf, const void *data, size_t length);
void sw_buf_puts(struct sw_buf *buf, const char *text);
void sw_buf_printf(struct sw_buf *buf, const char *format, ...) SW_PRINTF(2, 3);
void sw_buf_clear(struct sw_buf *buf);               /* ready for reuse, memory kept */
const char *sw_buf_string(const struct sw_buf *buf); /* "" when empty */
char *sw_buf_take(struct sw_buf *buf);               /* NULL when failed */
void sw_buf_release(struct sw_buf *buf);
#define SW_AUTO_BUF SW_CLEANUP(sw_buf_release)

#endif
