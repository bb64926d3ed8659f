/* SPDX-License-Identifier: Apache-2.0
 * http_client: the project's only door to libcurl: requests with limits, many at a time on one multi handle.
 *
 * http and https alone, no redirects, TLS verified, 2 s to connect; HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE are
 * honoured. A client owns one thread; completions are called on it and must not block. */
#ifndef COMMON_IO_HTTP_CLIENT_H
#define COMMON_IO_HTTP_CLIENT_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct http_client;

struct http_request {
    const char *method; /* NULL: GET, or POST when there is a body */
    const char *url;
    const char *const *headers; /* whole lines "Name: value", ended by NULL; may be NULL */
    const void *body;           /* copied */
    size_t body_bytes;
    int64_t timeout_ms;      /* 0: 10 s, all in all */
    bool once;               /* over a connection of its own: curl sends again by itself what a kept one loses */
    size_t max_answer_bytes; /* 0: 1 MiB; above it the request fails with SW_CODE_TOO_LARGE */
};

struct http_answer {
    struct sw_status status;  /* ok: an HTTP answer came, of whatever code */
    bool maybe_sent;          /* failed, but the peer may have received the whole request */
    int32_t code;             /* HTTP status, 0 without an answer */
    const char *content_type; /* "" when absent */
    int64_t retry_after_ms;   /* -1 when absent */
    const char *body;         /* NUL-terminated */
    size_t body_bytes;
};

typedef void http_done_fn(void *context, const struct http_answer *answer); /* the answer is valid during the call */

struct sw_status http_client_new(const char *user_agent, struct http_client **ret_client) SW_MUST_CHECK;
/* done is called exactly once when this returns ok. Any thread. */
struct sw_status http_client_send(struct http_client *client, const struct http_request *request, http_done_fn *done,
                                  void *context) SW_MUST_CHECK;
/* Aborts what is under way (done is called with SW_CODE_CLOSED) and joins the thread. */
void http_client_free(struct http_client *client);

/* One request on the caller's thread, for tools and workers without a client. Release the answer. */
struct sw_status http_fetch(const struct http_request *request, struct http_answer *ret_answer) SW_MUST_CHECK;
void http_answer_release(struct http_answer *answer); /* of http_fetch only */

#endif
