/* SPDX-License-Identifier: Apache-2.0
 * fsio: files that must survive a crash: written to a temporary name, synced, renamed, directory synced. */
#ifndef COMMON_IO_FSIO_H
#define COMMON_IO_FSIO_H

#include "common/base/status.h"

#include <stddef.h>
#include <sys/types.h>

/* At most max_bytes, otherwise SW_CODE_TOO_LARGE; free() the text (NUL-terminated behind its length). dir_fd as
 * openat(2). */
struct sw_status fsio_read(int dir_fd, const char *path, size_t max_bytes, char **ret_text,
                           size_t *ret_length) SW_MUST_CHECK;
/* The last max_bytes of the file. */
struct sw_status fsio_read_tail(int dir_fd, const char *path, size_t max_bytes, char **ret_text,
                                size_t *ret_length) SW_MUST_CHECK;
struct sw_status fsio_write_durable(int dir_fd, const char *path, mode_t mode, const void *data,
                                    size_t length) SW_MUST_CHECK;
struct sw_status fsio_sync(int dir_fd, const char *path) SW_MUST_CHECK; /* the file and its name */
struct sw_status fsio_mkdirs(const char *path, mode_t mode) SW_MUST_CHECK;
/* What is gone already is removed, also what another process removes meanwhile. */
struct sw_status fsio_remove_tree(int dir_fd, const char *path) SW_MUST_CHECK;

#endif
