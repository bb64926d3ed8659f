/* SPDX-License-Identifier: Apache-2.0
 * log: one JSON object a line on stderr (or on the sink of a test): {"at":RFC
 * 3339,"level","service","message",fields...}.
 *
 * Threads: any; a line is written whole by one write(2). Values of secret kinds are redacted here as the last barrier:
 * Slack tokens (xox?-, xapp-, xoxe), "Bearer ...", response_url paths, v0= signatures. Long values are cut at 2 KiB.
 * Usage: sw_info("workflow started", sw_s("workflow", id), sw_i("step", 3)); */
#ifndef COMMON_BASE_LOG_H
#define COMMON_BASE_LOG_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

enum sw_log_level { SW_DEBUG, SW_INFO, SW_WARN, SW_ERROR };

struct sw_field {
    const char *name; /* a literal */
    enum { SW_FIELD_STRING, SW_FIELD_INT, SW_FIELD_STATUS } kind;
    const char *string;
    int64_t integer;
    const struct sw_status *status;
};

static inline struct sw_field sw_s(const char *name, const char *value)
{
    return (struct sw_field){ .name = name, .kind = SW_FIELD_STRING, .string = value };
}
static inline struct sw_field sw_i(const char *name, int64_t value)
{
    return (struct sw_field){ .name = name, .kind = SW_FIELD_INT, .integer = value };
}
/* Adds "error" (the text), "code" and "class". The status is read before sw_log_write() returns. */
static inline struct sw_field sw_e(const struct sw_status *status)
{
    return (struct sw_field){ .name = "error", .kind = SW_FIELD_STATUS, .status = status };
}

/* `service` is a literal. Called once, before threads start. Times come from the wall clock unless set for tests. */
void sw_log_init(const char *service, enum sw_log_level level);
void sw_log_set_level(enum sw_log_level level);
bool sw_log_level_parse(const char *name, enum sw_log_level *ret_level);                     /* debug info warn error */
void sw_log_set_sink(void (*sink)(void *self, const char *line, size_t length), void *self); /* NULL: stderr */
bool sw_log_enabled(enum sw_log_level level);
void sw_log_write(enum sw_log_level level, const char *message, const struct sw_field *fields, size_t count);

#define sw_log_(level, message, ...)                                                                                   \
    do {                                                                                                               \
        if (sw_log_enabled(level))                                                                                     \
            sw_log_write(                                                                                              \
                level, message, (const struct sw_field[]){ { 0 } __VA_OPT__(, ) __VA_ARGS__ } + 1,                     \
                sizeof((const struct sw_field[]){ { 0 } __VA_OPT__(, ) __VA_ARGS__ }) / sizeof(struct sw_field) - 1);  \
    } while (0)
#define sw_debug(message, ...) sw_log_(SW_DEBUG, message __VA_OPT__(, ) __VA_ARGS__)
#define sw_info(message, ...) sw_log_(SW_INFO, message __VA_OPT__(, ) __VA_ARGS__)
#define sw_warn(message, ...) sw_log_(SW_WARN, message __VA_OPT__(, ) __VA_ARGS__)
#define sw_error(message, ...) sw_log_(SW_ERROR, message __VA_OPT__(, ) __VA_ARGS__)

#endif
