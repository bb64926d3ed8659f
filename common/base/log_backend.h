/* SPDX-License-Identifier: Apache-2.0
 * log_backend: where log lines go and what time it is; set by common/rt/log_stderr.c, so that common/base does no I/O.
 */
#ifndef COMMON_BASE_LOG_BACKEND_H
#define COMMON_BASE_LOG_BACKEND_H

#include <stddef.h>
#include <stdint.h>

struct sw_log_backend {
    void (*write)(const char *line, size_t length); /* one whole line */
    int64_t (*now_ms)(void);
};
void sw_log_set_backend(struct sw_log_backend backend);

#endif
