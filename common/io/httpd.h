/* SPDX-License-Identifier: Apache-2.0
 * httpd: the project's only door to libmicrohttpd: a small HTTP/1.1 server with body limits, deadlines and answers that
 * may come later from another thread.
 *
 * A handler gets the whole request (body already collected, capped) and either answers at once or keeps the exchange
 * and answers later, from any thread, exactly once. Pointers into the request are valid until the answer. A connection
 * that has not finished a request within slow_ms is shut down (slow-loris), one at a time beyond the limits is refused.
 * Poll mode, since epoll of 0.9.75 hangs at exactly 128 events. Threads: a pool of `threads`. */
#ifndef COMMON_IO_HTTPD_H
#define COMMON_IO_HTTPD_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct httpd;
struct httpd_exchange; /* one request and its answer */

enum httpd_verdict {
    HTTPD_OK,
    HTTPD_BODY_TOO_LARGE, /* the answer 413 has been sent */
    HTTPD_TOO_SLOW,
    HTTPD_MALFORMED,
};

struct httpd_options {
    const char *listen;      /* "127.0.0.1:3000", "[::]:3000"; port 0 picks one, see httpd_port() */
    int32_t threads;         /* 0: 1 */
    size_t max_body_bytes;   /* 0: 64 KiB; above it 413 */
    int64_t slow_ms;         /* 0: 5000: headers and body must be here by then */
    int32_t max_connections; /* 0: 1024 */
    void (*handle)(void *self, struct httpd_exchange *exchange);
    /* optional: a request that never reached handle() */
    void (*refused)(void *self, enum httpd_verdict why);
    void *self;
};

struct sw_status httpd_start(const struct httpd_options *options, struct httpd **ret_httpd) SW_MUST_CHECK;
uint16_t httpd_port(const struct httpd *httpd);
/* Stops accepting; lets the exchanges in progress be answered for at most drain_ms. Idempotent. */
void httpd_drain(struct httpd *httpd, int64_t drain_ms);
void httpd_free(struct httpd *httpd); /* drains 0 ms, answers what is left with 503, joins */

const char *httpd_method(const struct httpd_exchange *exchange);
const char *httpd_path(const struct httpd_exchange *exchange);                    /* without the query, not decoded */
const char *httpd_query(const struct httpd_exchange *exchange, const char *name); /* decoded; NULL when absent */
/* NULL when absent. ret_count (may be NULL): how often the header stands in the request. Names are case-insensitive. */
const char *httpd_header(const struct httpd_exchange *exchange, const char *name, size_t *ret_count);
const void *httpd_body(const struct httpd_exchange *exchange, size_t *ret_length); /* never NULL */
int64_t httpd_received_us(const struct httpd_exchange *exchange); /* sw_monotonic_us() of the first byte */

struct httpd_answer {
    int32_t status;           /* 200 */
    const char *content_type; /* NULL: none */
    const void *body;         /* copied */
    size_t length;
    const char *const *headers; /* pairs name, value, ended by NULL; may be NULL */
};

/* Handing it over: until httpd_answer() the connection is suspended. Call before the exchange is given to another
 * thread; the handler then returns without answering. */
void httpd_keep(struct httpd_exchange *exchange);
/* Exactly once an exchange; the exchange may be gone when it returns. Any thread. */
void httpd_answer(struct httpd_exchange *exchange, const struct httpd_answer *answer);
void httpd_answer_text(struct httpd_exchange *exchange, int32_t status, const char *text);      /* text/plain */
void httpd_answer_json(struct httpd_exchange *exchange, int32_t status, const char *json_text); /* application/json */
/* Closes the connection without an answer: what a simulator does to test its peers. Instead of httpd_answer(). */
void httpd_drop(struct httpd_exchange *exchange);

#endif
