/* SPDX-License-Identifier: Apache-2.0
 * http_client_internal: one request of libcurl, shared by the multi client and the blocking fetch. */
#ifndef COMMON_IO_HTTP_CLIENT_INTERNAL_H
#define COMMON_IO_HTTP_CLIENT_INTERNAL_H

#include "common/base/buf.h"
#include "common/io/http_client.h"

#include <curl/curl.h>

struct http_call {
    struct http_call *next, *previous;
    CURL *easy;
    struct curl_slist *headers;
    struct sw_buf body;
    void *sent_body;
    int64_t retry_after_ms;
    http_done_fn *done;
    void *context;
    char error[CURL_ERROR_SIZE];
};

void http_global_init(void);
struct sw_status http_call_new(const struct http_request *request, const char *user_agent, http_done_fn *done,
                               void *context, struct http_call **ret_call) SW_MUST_CHECK;
void http_call_answer(struct http_call *call, CURLcode result, struct http_answer *ret_answer);
void http_call_finish(struct http_call *call, CURLcode result); /* tells, then frees */
void http_call_abort(struct http_call *call);                   /* the same with SW_CODE_CLOSED */
void http_call_free(struct http_call *call);

#endif
