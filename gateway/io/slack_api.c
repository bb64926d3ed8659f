/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/slack_api.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/metrics.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { TIMEOUT_MS = 10000, PAGE_MESSAGES = 200, PAGES_MAX = 20, CURSOR_SIZE = 256 };

static const char POST_METHOD[] = "chat.postMessage"; /* the one that must not be made twice */

struct slack_api {
    char *url;           /* ends with '/' */
    char *authorization; /* a header line */
    struct http_client *http;
    atomic_int references;
};

struct call {
    struct slack_api *api;
    const char *method; /* a literal */
    slack_api_done_fn *done;
    void *context;

    /* of a look */
    char channel[PROTO_SLACK_ID_SIZE], workflow[PROTO_WORKFLOW_ID_SIZE];
    int64_t oldest_ms;
    int32_t pages;
    struct relay_outcome outcome;
};

/* ---- what answers mean ---- */

static void set_error(struct relay_outcome *outcome, enum slack_class class, const char *error)
{
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

/* ---- looking ---- */

/* The metadata's event id when it belongs to the workflow: "<workflow>:<n>". */
static const char *event_of(const json_t *message, const char *workflow)
{
    const json_t *payload = json_object_get(json_object_get(message, "metadata"), "event_payload");
    const char *event = jx_string(payload, "event_id");
    const size_t length = strlen(workflow);
    return event && strncmp(event, workflow, length) == 0 && event[length] == ':' ? event : NULL;
}

/* In front: pages go back in time. The newest one falls off the end. */
static void add_found(struct relay_outcome *outcome, const char *ts, const char *event)
{
    if (outcome->found_count < RELAY_FOUND_MAX)
        outcome->found_count++;
    memmove(&outcome->found[1], &outcome->found[0], (outcome->found_count - 1) * sizeof outcome->found[0]);
    struct relay_found *found = &outcome->found[0];
    (void)sw_copy(found->ts, sizeof found->ts, ts);          /* Slack's are 17 characters */
    (void)sw_copy(found->event, sizeof found->event, event); /* ours */
}

void slack_api_find(const json_t *page, const char *workflow, struct relay_outcome *outcome)
{
    size_t index;
    json_t *message;
    json_array_foreach((json_t *)(uintptr_t)json_object_get(page, "messages"), index, message)
    {
        const char *event = event_of(message, workflow), *ts = jx_string(message, "ts");
        if (event && ts)
            add_found(outcome, ts, event);
    }
}

/* ---- calls ---- */

static void call_free(struct call *call)
{
    slack_api_unref(call->api);
    free(call);
}

static void finish(struct call *call)
{
    sw_count("slipway_slack_calls_total", "calls of Slack's Web API by what came of them", "result",
             slack_class_name(call->outcome.class));
    if (call->outcome.class != SLACK_OK)
        sw_debug("slack did not say ok", sw_s("method", call->method), sw_s("reason", call->outcome.error),
                 sw_s("class", slack_class_name(call->outcome.class)));
    call->done(call->context, &call->outcome);
    call_free(call);
}

static void written(void *context, const struct http_answer *answer)
{
    struct call *call = context;
    JX_AUTO json_t *json = NULL;
    slack_api_classify(answer, &call->outcome, &json);
    if (json) {
        struct proto_message_ref *ref = &call->outcome.ref;
        (void)sw_copy(ref->channel, sizeof ref->channel, jx_string_or(json, "channel", "")); /* Slack's ids are short */
        (void)sw_copy(ref->ts, sizeof ref->ts, jx_string_or(json, "ts", ""));                /* likewise */
        if (!*ref->ts && sw_equal(call->method, POST_METHOD))
            set_error(&call->outcome, SLACK_UNKNOWN, "an answer without ts");
    }
    finish(call);
}

static void send_json(struct call *call, const json_t *arguments, http_done_fn *done)
{
    char url[512];
    SW_AUTO_FREE char *body = arguments ? json_dumps(arguments, JSON_COMPACT) : NULL;
    const char *const headers[] = { call->api->authorization, "Content-Type: application/json; charset=utf-8", NULL };
    (void)snprintf(url, sizeof url, "%s%s", call->api->url, call->method); /* cut: Slack answers an error */
    const struct http_request request = { .url = url,
                                          .headers = headers,
                                          .body = body,
                                          .body_bytes = body ? strlen(body) : 0,
                                          .once = sw_equal(call->method, POST_METHOD),
                                          .timeout_ms = TIMEOUT_MS };
    struct sw_status status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (body)
        status = http_client_send(call->api->http, &request, done, call);
    if (!sw_failed(status))
        return;
    set_error(&call->outcome, SLACK_RETRY, status.text);
    finish(call);
}

static struct call *call_new(struct slack_api *api, const char *method, slack_api_done_fn *done, void *context)
{
    struct call *call = calloc(1, sizeof *call);
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

void slack_api_call(struct slack_api *api, const char *method, json_t *arguments, slack_api_done_fn *done,
                    void *context)
{
    struct call *call = call_new(api, method, done, context);
    if (call)
        send_json(call, arguments, written);
    json_decref(arguments);
}

/* ---- history, page by page ---- */

static void page_came(void *context, const struct http_answer *answer);

static void ask_page(struct call *call, const char *cursor)
{
    char oldest[PROTO_TS_SIZE];
    (void)snprintf(oldest, sizeof oldest, "%lld.%06d", (long long)(call->oldest_ms / 1000), 0); /* fits */
    JX_AUTO json_t *arguments = json_pack("{s:s, s:s, s:b, s:b, s:i}", "channel", call->channel, "oldest", oldest,
                                          "inclusive", 1, "include_all_metadata", 1, "limit", PAGE_MESSAGES);
    if (arguments && cursor && !jx_set_string(arguments, "cursor", cursor)) {
        json_decref(arguments);
        arguments = NULL;
    }
    call->pages++;
    send_json(call, arguments, page_came);
}

static void page_came(void *context, const struct http_answer *answer)
{
    struct call *call = context;
    JX_AUTO json_t *json = NULL;
    char cursor[CURSOR_SIZE];
    slack_api_classify(answer, &call->outcome, &json);
    slack_api_find(json, call->workflow, &call->outcome);
    const char *next = jx_string_or(json_object_get(json, "response_metadata"), "next_cursor", "");
    if (call->outcome.class != SLACK_OK || !*next || !sw_copy(cursor, sizeof cursor, next)) {
        finish(call);
        return;
    }
    if (call->pages < PAGES_MAX) {
        ask_page(call, cursor);
        return;
    }
    sw_warn("a channel's history is too long to look through", sw_s("channel", call->channel),
            sw_s("workflow", call->workflow));
    finish(call);
}

void slack_api_look(struct slack_api *api, const struct proto_message_ref *where, const char *workflow,
                    int64_t oldest_ms, slack_api_done_fn *done, void *context)
{
    struct call *call = call_new(api, "conversations.history", done, context);
    if (!call)
        return;
    (void)sw_copy(call->channel, sizeof call->channel, where->channel); /* of the same size */
    (void)sw_copy(call->workflow, sizeof call->workflow, workflow);     /* likewise */
    call->oldest_ms = oldest_ms > 0 ? oldest_ms : 0;
    ask_page(call, NULL);
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
