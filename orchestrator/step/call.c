/* SPDX-License-Identifier: Apache-2.0
 * slipway-step-call: an HTTP step, run as a command of its own so that it is supervised like one: reads the call as
 * JSON from stdin, prints what came back, exits 0 when the status is an expected one. It is no part of slipway-step
 * because libcurl brings thirty libraries, and to load them takes longer than all else that a supervisor does. */
#include "common/base/buf.h"
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/io/http_client.h"
#include "common/json/jx.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_HEADERS = 64, MAX_INPUT = 512 * 1024, SHOWN_BYTES = 4096 };

struct call_headers {
    char *lines[MAX_HEADERS + 2];
    size_t count;
};

static void add_header(struct call_headers *headers, const char *name, const char *value)
{
    struct sw_buf line = { 0 };
    sw_buf_printf(&line, "%s: %s", name, value);
    char *text = sw_buf_take(&line);
    if (text && headers->count <= MAX_HEADERS)
        headers->lines[headers->count++] = text;
    else
        free(text);
}

static void fill_headers(struct call_headers *headers, const json_t *call)
{
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(json_object_get(call, "http"), "headers"), name, value)
    {
        add_header(headers, name, json_string_value(value));
    }
    add_header(headers, "Idempotency-Key", jx_string_or(call, "attempt", ""));
}

static bool expected(const json_t *http, int32_t code)
{
    const json_t *expect = json_object_get(http, "expect");
    for (size_t i = 0; i < json_array_size(expect); i++)
        if (json_integer_value(json_array_get(expect, i)) == code)
            return true;
    return false;
}

static int judge(const json_t *http, const struct http_answer *answer)
{
    const char *url = jx_string_or(http, "url", "?"), *method = jx_string_or(http, "method", "GET");
    if (sw_failed(answer->status)) {
        printf("%s %s: %s\n", method, url, answer->status.text);
        return 1;
    }
    printf("%.*s%s", SHOWN_BYTES, answer->body, answer->body_bytes ? "\n" : "");
    printf("%s %s: HTTP %d%s\n", method, url, answer->code,
           expected(http, answer->code) ? "" : ", which is not expected");
    return expected(http, answer->code) ? 0 : 1;
}

static int perform(const json_t *call)
{
    const json_t *http = json_object_get(call, "http");
    const char *body = jx_string(http, "body");
    struct call_headers headers = { 0 };
    struct http_answer answer;
    fill_headers(&headers, call);
    struct http_request request = { .method = jx_string_or(http, "method", "GET"),
                                    .url = jx_string_or(http, "url", ""),
                                    .headers = (const char *const *)headers.lines,
                                    .body = body,
                                    .body_bytes = body ? strlen(body) : 0,
                                    .timeout_ms = jx_i64_or(call, "timeout_ms", 0) };
    struct sw_status status = http_fetch(&request, &answer);
    int code = 1;
    if (sw_failed(status))
        printf("cannot make the call: %s\n", status.text);
    else {
        code = judge(http, &answer);
        http_answer_release(&answer);
    }
    for (size_t i = 0; i < headers.count; i++)
        free(headers.lines[i]);
    return code;
}

int main(void)
{
    struct sw_buf input = { .max_bytes = MAX_INPUT };
    char chunk[4096];
    size_t got;
    sw_log_init("slipway-step-call", SW_INFO);
    while ((got = fread(chunk, 1, sizeof chunk, stdin)) > 0)
        sw_buf_append(&input, chunk, got);
    json_t *call = NULL;
    struct sw_status status = jx_parse(sw_buf_string(&input), input.length, &call);
    sw_buf_release(&input);
    if (sw_failed(status)) {
        printf("cannot read the call: %s\n", status.text);
        return 1;
    }
    int code = perform(call);
    json_decref(call);
    return code;
}
