/* SPDX-License-Identifier: Apache-2.0 */
#include "common/io/http_client_internal.h"

#include "common/base/text.h"
#include "common/rt/clock.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CONNECT_TIMEOUT_MS = 2000, PRESET_TIMEOUT_MS = 10000, PRESET_ANSWER_BYTES = 1024 * 1024 };

void http_global_init(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct http_call *call = context;
    sw_buf_append(&call->body, data, size * count);
    return call->body.failed ? 0 : size * count; /* 0 makes curl give up with CURLE_WRITE_ERROR */
}

/* Retry-After: seconds, or an HTTP date (RFC 9110, section 10.2.3). */
static int64_t parse_retry_after(const char *value)
{
    int64_t seconds;
    char text[64];
    (void)sw_copy(text, sizeof text, value); /* longer ones are nonsense */
    text[strcspn(text, "\r\n")] = '\0';
    const char *start = text + strspn(text, " \t");
    if (sw_parse_i64(start, 0, 24 * 3600, &seconds))
        return seconds * 1000;
    time_t at = curl_getdate(start, NULL);
    int64_t delay_ms = (int64_t)at * 1000 - sw_wall_ms();
    return at < 0 ? -1 : delay_ms > 0 ? delay_ms : 0;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    static const char NAME[] = "retry-after:";
    struct http_call *call = context;
    size_t length = size * count;
    char line[128];
    if (length > sizeof NAME && length < sizeof line && strncasecmp(data, NAME, sizeof NAME - 1) == 0) {
        memcpy(line, data, length);
        line[length] = '\0';
        call->retry_after_ms = parse_retry_after(line + sizeof NAME - 1);
    }
    return length;
}

static bool set_headers(struct http_call *call, const struct http_request *request)
{
    call->headers = curl_slist_append(NULL, "Expect:"); /* no round trip before the body */
    for (const char *const *line = request->headers; call->headers && line && *line; line++) {
        struct curl_slist *longer = curl_slist_append(call->headers, *line);
        if (!longer)
            return false;
        call->headers = longer;
    }
    return call->headers && curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers) == CURLE_OK;
}

static bool set_body(struct http_call *call, const struct http_request *request)
{
    if (!request->body)
        return true;
    call->sent_body = malloc(request->body_bytes + 1);
    if (!call->sent_body)
        return false;
    memcpy(call->sent_body, request->body, request->body_bytes);
    return curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_bytes) == CURLE_OK &&
           curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, call->sent_body) == CURLE_OK;
}

static bool set_limits(struct http_call *call, const struct http_request *request)
{
    CURL *easy = call->easy;
    long timeout_ms = (long)(request->timeout_ms ? request->timeout_ms : PRESET_TIMEOUT_MS);
    call->body.max_bytes = request->max_answer_bytes ? request->max_answer_bytes : PRESET_ANSWER_BYTES;
    return curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
}

/* Debian's libcurl has a bundle of its own compiled in and does not ask OpenSSL for this one. */
static bool set_trust(struct http_call *call)
{
    const char *file = getenv("SSL_CERT_FILE");
    return !file || !*file || curl_easy_setopt(call->easy, CURLOPT_CAINFO, file) == CURLE_OK;
}

static bool set_callbacks(struct http_call *call)
{
    CURL *easy = call->easy;
    return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, call) == CURLE_OK;
}

static bool set_method(struct http_call *call, const struct http_request *request)
{
    if (sw_equal(request->method, "HEAD"))
        return curl_easy_setopt(call->easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
    return !request->method || curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK;
}

struct sw_status http_call_new(const struct http_request *request, const char *user_agent, http_done_fn *done,
                               void *context, struct http_call **ret_call)
{
    struct http_call *call = calloc(1, sizeof *call);
    if (!call)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    call->easy = curl_easy_init();
    call->done = done;
    call->context = context;
    call->retry_after_ms = -1;
    bool set = call->easy && curl_easy_setopt(call->easy, CURLOPT_URL, request->url) == CURLE_OK &&
               curl_easy_setopt(call->easy, CURLOPT_USERAGENT, user_agent) == CURLE_OK && set_headers(call, request) &&
               set_body(call, request) && set_method(call, request) && set_limits(call, request) && set_trust(call) &&
               set_callbacks(call);
    if (!set) {
        http_call_free(call);
        return sw_fail(SW_CODE_NO_MEMORY, "cannot set up a request");
    }
    *ret_call = call;
    return sw_ok();
}

static enum sw_code code_of(const struct http_call *call, CURLcode result)
{
    if (call->body.failed)
        return SW_CODE_TOO_LARGE;
    if (result == CURLE_OPERATION_TIMEDOUT)
        return SW_CODE_TIMEOUT;
    if (result == CURLE_URL_MALFORMAT || result == CURLE_UNSUPPORTED_PROTOCOL)
        return SW_CODE_INVALID;
    return SW_CODE_IO;
}

/* Whether the peer may have the whole request: it went out on a connection that was there. */
static bool was_sent(const struct http_call *call)
{
    long sent = 0;
    curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &sent);
    return sent > 0;
}

void http_call_answer(struct http_call *call, CURLcode result, struct http_answer *ret_answer)
{
    long code = 0;
    char *type = NULL;
    *ret_answer = (struct http_answer){ .status = sw_ok(), .retry_after_ms = call->retry_after_ms };
    if (result != CURLE_OK) {
        ret_answer->status =
            sw_fail(code_of(call, result), "%s", *call->error ? call->error : curl_easy_strerror(result));
        ret_answer->maybe_sent = was_sent(call);
    } else {
        curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &code);
        curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &type);
    }
    ret_answer->code = (int32_t)code;
    ret_answer->content_type = type ? type : "";
    ret_answer->body = sw_buf_string(&call->body);
    ret_answer->body_bytes = call->body.length;
}

void http_call_finish(struct http_call *call, CURLcode result)
{
    struct http_answer answer;
    http_call_answer(call, result, &answer);
    call->done(call->context, &answer);
    http_call_free(call);
}

void http_call_abort(struct http_call *call)
{
    struct http_answer answer = { .status = sw_fail(SW_CODE_CLOSED, "the client is stopping"),
                                  .maybe_sent = was_sent(call),
                                  .retry_after_ms = -1,
                                  .content_type = "",
                                  .body = "" };
    call->done(call->context, &answer);
    http_call_free(call);
}

void http_call_free(struct http_call *call)
{
    if (call->easy)
        curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    sw_buf_release(&call->body);
    free(call->sent_body);
    free(call);
}

struct sw_status http_fetch(const struct http_request *request, struct http_answer *ret_answer)
{
    struct http_call *call;
    struct http_answer answer;
    SW_TRY(http_call_new(request, "slipway/" SLIPWAY_VERSION, NULL, NULL, &call));
    http_call_answer(call, curl_easy_perform(call->easy), &answer);
    answer.content_type = sw_strdup(answer.content_type);
    char *body = malloc(answer.body_bytes + 1);
    if (!body || !answer.content_type) {
        free(body);
        free((void *)(uintptr_t)answer.content_type);
        http_call_free(call);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    memcpy(body, answer.body, answer.body_bytes);
    body[answer.body_bytes] = '\0';
    answer.body = body;
    http_call_free(call);
    *ret_answer = answer;
    return sw_ok();
}

void http_answer_release(struct http_answer *answer)
{
    free((void *)(uintptr_t)answer->body);
    free((void *)(uintptr_t)answer->content_type);
    *answer = (struct http_answer){ 0 };
}
