/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/slack_api_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/metrics.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { TIMEOUT_MS = 10000 };

/* What must not be made twice by curl itself. */
static const char *const ONCE_METHODS[] = { "chat.postMessage", "chat.postEphemeral", "conversations.create" };

/* ---- what answers mean ---- */

static void set_error(struct relay_outcome *outcome, enum slack_class class, const char *error)
{
    outcome->code[0] = '\0';
    outcome->class = class;
    (void)sw_copy(outcome->error, sizeof outcome->error, error); /* cut: for people */
}

/* "invalid_blocks ([ERROR] ... [json-pointer:/blocks/1/text])": what Slack says about it goes along. */
static void set_slack_error(struct relay_outcome *outcome, int32_t code, const json_t *json)
{
    char text[RELAY_ERROR_SIZE];
    const char *error = jx_string_or(json, "error", "no reason given");
    const json_t *messages = json_object_get(json_object_get(json, "response_metadata"), "messages");
    const char *detail = json_string_value(json_array_get(messages, 0));
    if (!detail)
        detail = jx_string(json, "needed");
    (void)snprintf(text, sizeof text, detail ? "%s (%s)" : "%s", error, detail ? detail : ""); /* cut: for people */
    set_error(outcome, slack_class_of(code, error), text);
    (void)sw_copy(outcome->code, sizeof outcome->code, error); /* Slack's words are shorter */
}

static void classify_failure(const struct http_answer *answer, struct relay_outcome *outcome)
{
    set_error(outcome, answer->maybe_sent ? SLACK_UNKNOWN : SLACK_RETRY, answer->status.text);
}

void slack_api_classify(const struct http_answer *answer, struct relay_outcome *ret_outcome, json_t **ret_json)
{
    JX_AUTO json_t *json = NULL;
    char text[40];
    ret_outcome->retry_after_ms = answer->retry_after_ms;
    if (sw_failed(answer->status)) {
        classify_failure(answer, ret_outcome);
        return;
    }
    if (sw_failed(jx_parse(answer->body, answer->body_bytes, &json)) || !json_is_object(json)) {
        (void)snprintf(text, sizeof text, "http %d without JSON", answer->code); /* fits */
        set_error(ret_outcome, slack_class_of(answer->code, NULL), text);
        return;
    }
    if (!jx_bool_or(json, "ok", false)) {
        set_slack_error(ret_outcome, answer->code, json);
        return;
    }
    set_error(ret_outcome, SLACK_OK, "");
    if (ret_json)
        *ret_json = SW_TAKE(json);
}

/* ---- calls ---- */

static void call_free(struct slack_call *call)
{
    slack_api_unref(call->api);
    free(call);
}

void slack_call_finish(struct slack_call *call)
{
    sw_count("slipway_slack_calls_total", "calls of Slack's Web API by what came of them", "result",
             slack_class_name(call->outcome.class));
    if (call->outcome.class != SLACK_OK)
        sw_debug("slack did not say ok", sw_s("method", call->method), sw_s("reason", call->outcome.error),
                 sw_s("class", slack_class_name(call->outcome.class)));
    call->done(call->context, &call->outcome);
    call_free(call);
}

void slack_call_fail(struct slack_call *call, enum slack_class class, const char *error)
{
    set_error(&call->outcome, class, error);
    slack_call_finish(call);
}

struct slack_call *slack_call_new(struct slack_api *api, const char *method, slack_api_done_fn *done, void *context)
{
    struct slack_call *call = calloc(1, sizeof *call);
    if (!call) {
        done(context, &(struct relay_outcome){ .class = SLACK_RETRY, .error = "out of memory" });
        return NULL;
    }
    call->api = slack_api_ref(api);
    call->method = method;
    call->done = done;
    call->context = context;
    return call;
}

static bool once(const char *method)
{
    for (size_t i = 0; i < SW_COUNT(ONCE_METHODS); i++)
        if (sw_equal(ONCE_METHODS[i], method))
            return true;
    return false;
}

static void put_encoded(struct sw_buf *buf, const char *text)
{
    for (const char *at = text; *at; at++)
        if (isalnum((unsigned char)*at) || strchr("-._~", *at))
            sw_buf_append(buf, at, 1);
        else
            sw_buf_printf(buf, "%%%02X", (unsigned char)*at);
}

static char *form_new(const json_t *arguments)
{
    struct sw_buf buf = { 0 };
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)arguments, key, value)
    {
        sw_buf_puts(&buf, buf.length ? "&" : "");
        put_encoded(&buf, key);
        sw_buf_puts(&buf, "=");
        put_encoded(&buf, json_is_string(value) ? json_string_value(value) : "");
    }
    sw_buf_append(&buf, "", 0); /* without arguments: an empty body */
    return sw_buf_take(&buf);
}

void slack_call_send(struct slack_call *call, const json_t *arguments, bool form, http_done_fn *answered)
{
    char url[512];
    SW_AUTO_FREE char *body = !arguments ? NULL : form ? form_new(arguments) : json_dumps(arguments, JSON_COMPACT);
    const char *const headers[] = { call->api->authorization,
                                    form ? "Content-Type: application/x-www-form-urlencoded"
                                         : "Content-Type: application/json; charset=utf-8",
                                    NULL };
    (void)snprintf(url, sizeof url, "%s%s", call->api->url, call->method); /* cut: Slack answers an error */
    const struct http_request request = { .method = "POST",
                                          .url = url,
                                          .headers = headers,
                                          .body = body,
                                          .body_bytes = body ? strlen(body) : 0,
                                          .once = once(call->method),
                                          .timeout_ms = TIMEOUT_MS };
    struct sw_status status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (body)
        status = http_client_send(call->api->http, &request, answered, call);
    if (sw_failed(status))
        slack_call_fail(call, SLACK_RETRY, status.text);
}

/* The channel is an id where a message was written, an object where a channel was made. */
static void take_answer(struct slack_call *call, const json_t *json)
{
    const json_t *channel = json_object_get(json, "channel");
    struct relay_outcome *outcome = &call->outcome;
    (void)sw_copy(outcome->ref.channel, sizeof outcome->ref.channel, jx_string_or(json, "channel", "")); /* short */
    (void)sw_copy(outcome->ref.ts, sizeof outcome->ref.ts, jx_string_or(json, "ts", ""));                /* likewise */
    (void)sw_copy(outcome->channel.id, sizeof outcome->channel.id, jx_string_or(channel, "id", ""));
    (void)sw_copy(outcome->channel.name, sizeof outcome->channel.name, jx_string_or(channel, "name", ""));
    if (!*outcome->ref.ts && sw_equal(call->method, "chat.postMessage"))
        set_error(outcome, SLACK_UNKNOWN, "an answer without ts");
    if (!*outcome->channel.id && sw_equal(call->method, "conversations.create"))
        set_error(outcome, SLACK_UNKNOWN, "an answer without channel");
}

static void written(void *context, const struct http_answer *answer)
{
    struct slack_call *call = context;
    JX_AUTO json_t *json = NULL;
    slack_api_classify(answer, &call->outcome, &json);
    if (json)
        take_answer(call, json);
    slack_call_finish(call);
}

void slack_api_call(struct slack_api *api, const char *method, json_t *arguments, slack_api_done_fn *done,
                    void *context)
{
    struct slack_call *call = slack_call_new(api, method, done, context);
    if (call)
        slack_call_send(call, arguments, false, written);
    json_decref(arguments);
}

/* ---- life ---- */

struct sw_status slack_api_new(const struct slack_api_options *options, struct slack_api **ret_api)
{
    struct sw_buf url = { 0 }, line = { 0 };
    struct slack_api *api = calloc(1, sizeof *api);
    if (!api)
        return sw_fail(SW_CODE_NO_MEMORY, "slack: out of memory");
    atomic_init(&api->references, 1);
    api->http = options->http;
    sw_buf_puts(&url, options->url);
    if (url.length > 0 && url.data[url.length - 1] != '/')
        sw_buf_puts(&url, "/");
    sw_buf_printf(&line, "Authorization: Bearer %s", options->token);
    api->url = sw_buf_take(&url);
    api->authorization = sw_buf_take(&line);
    if (!api->url || !api->authorization) {
        slack_api_unref(api);
        return sw_fail(SW_CODE_NO_MEMORY, "slack: out of memory");
    }
    *ret_api = api;
    return sw_ok();
}

struct slack_api *slack_api_ref(struct slack_api *api)
{
    atomic_fetch_add(&api->references, 1);
    return api;
}

void slack_api_unref(struct slack_api *api)
{
    if (!api || atomic_fetch_sub(&api->references, 1) > 1)
        return;
    free(api->url);
    free(api->authorization);
    free(api);
}
