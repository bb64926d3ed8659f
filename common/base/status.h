/* SPDX-License-Identifier: Apache-2.0
 * status: what every fallible function returns. Callers branch on the class, people read the text and the code.
 *
 * A plain value: nothing to free, safe to hand from thread to thread. Text: lower case, no full stop, values quoted;
 * context is added going up ("deploy web: load checkpoint: ..."), the cause is never replaced. An operator's next
 * action follows "HINT: ". Codes and their classes come from the one list SW_CODES. */
#ifndef COMMON_BASE_STATUS_H
#define COMMON_BASE_STATUS_H

#include "common/base/attrs.h"

#include <stdbool.h>

enum sw_class {
    SW_OK,
    SW_RETRY,     /* the world was not ready; the same call may succeed later */
    SW_PERMANENT, /* the same call will fail again; somebody must act */
    SW_BUG,       /* our own code broke a rule */
};

/* clang-format off */
/*   name                class          printed as           */
#define SW_CODES(X) \
    X(NONE,              SW_OK,         "ok") \
    X(INVALID,           SW_PERMANENT,  "E-INVALID") \
    X(TOO_LARGE,         SW_PERMANENT,  "E-TOO-LARGE") \
    X(NOT_FOUND,         SW_PERMANENT,  "E-NOT-FOUND") \
    X(REFUSED,           SW_PERMANENT,  "E-REFUSED") \
    X(CONFIG,            SW_PERMANENT,  "E-CONFIG") \
    X(AUTH,              SW_PERMANENT,  "E-AUTH") \
    X(IO,                SW_RETRY,      "E-IO") \
    X(TIMEOUT,           SW_RETRY,      "E-TIMEOUT") \
    X(FULL,              SW_RETRY,      "E-FULL") \
    X(CLOSED,            SW_RETRY,      "E-CLOSED") \
    X(KAFKA,             SW_RETRY,      "E-KAFKA") \
    X(KAFKA_FATAL,       SW_PERMANENT,  "E-KAFKA-FATAL") \
    X(LOG_IDENTITY,      SW_PERMANENT,  "E-LOG-IDENTITY") \
    X(DB,                SW_RETRY,      "E-DB") \
    X(DB_DATA,           SW_PERMANENT,  "E-DB-DATA") /* Postgres refuses the data: SQLSTATE classes 22, 23, 54 */ \
    X(FENCED,            SW_PERMANENT,  "E-FENCED")  /* another epoch holds the lease */ \
    X(SLACK,             SW_RETRY,      "E-SLACK") \
    X(SLACK_REFUSED,     SW_PERMANENT,  "E-SLACK-REFUSED") \
    X(NO_MEMORY,         SW_RETRY,      "E-MEMORY") \
    X(INTERNAL,          SW_BUG,        "E-INTERNAL")
/* clang-format on */

#define SW_CODE_ENUM_(name, class, text) SW_CODE_##name,
enum sw_code { SW_CODES(SW_CODE_ENUM_) SW_CODE_COUNT };
#undef SW_CODE_ENUM_

enum { SW_STATUS_TEXT_SIZE = 320 };

struct sw_status {
    enum sw_class class;
    enum sw_code code;
    char text[SW_STATUS_TEXT_SIZE]; /* "" when SW_OK; cut on a character boundary when longer */
};

static inline bool sw_failed(struct sw_status status) { return status.class != SW_OK; }
struct sw_status sw_ok(void);

/* A failure of the code's class. */
struct sw_status sw_fail(enum sw_code code, const char *format, ...) SW_PRINTF(2, 3) SW_MUST_CHECK;

/* "context: cause"; class and code stay the cause's. A status that is ok stays ok. */
struct sw_status sw_wrap(struct sw_status cause, const char *format, ...) SW_PRINTF(2, 3) SW_MUST_CHECK;

const char *sw_code_name(enum sw_code code);    /* "E-KAFKA" */
const char *sw_class_name(enum sw_class class); /* "retry" */

/* Returns from the calling function when the expression fails. */
#define SW_TRY(expression)                                                                                             \
    do {                                                                                                               \
        struct sw_status sw_try_ = (expression);                                                                       \
        if (sw_failed(sw_try_))                                                                                        \
            return sw_try_;                                                                                            \
    } while (0)

#endif
