/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/http_slack.h"

#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "gateway/core/slack_form.h"
#include "gateway/core/slack_media.h"

#include <string.h>

enum { MAX_BODY_BYTES = 1024 * 1024, SLOW_MS = 2000, THREADS = 2, MAX_CONNECTIONS = 2048 };

struct http_slack {
    struct httpd *httpd;
    struct slack_gate *gate;
    const struct dispatch *dispatch;
    struct hooks *hooks;
};

/* One request on its way through the stages. */
struct stage {
    const struct http_slack *slack;
    struct httpd_exchange *exchange;
    struct carrier carrier;
    const char *body;
    size_t body_bytes;
};

/* ---- the way back ---- */

static void keep(void *self) { httpd_keep(self); }

static void answer(void *self, const char *json)
{
    if (json)
        httpd_answer_json(self, 200, json);
    else
        httpd_answer(self, &(struct httpd_answer){ .status = 200 });
}

static void send_refusal(struct httpd_exchange *exchange, int32_t status, const char *body, const char *const *headers)
{
    httpd_answer(exchange, &(struct httpd_answer){ .status = status,
                                                   .content_type = "application/json",
                                                   .body = body,
                                                   .length = strlen(body),
                                                   .headers = headers });
}

static void refuse_unreadable(void *self) { send_refusal(self, 400, "{\"error\":\"unreadable request\"}", NULL); }

static void leave(void *self) { send_refusal(self, 503, "{\"error\":\"not taken\"}", NULL); }

static const struct carrier_way WAY = { .keep = keep, .answer = answer, .refuse = refuse_unreadable, .leave = leave };

/* Before there is anything to dispatch. */
static void refuse(struct httpd_exchange *exchange, int32_t status, const char *body, const char *const *headers)
{
    ingress_count(INGRESS_REFUSED, status, httpd_received_us(exchange));
    send_refusal(exchange, status, body, headers);
}

/* ---- what a body holds ---- */

static void handle_payload(const struct stage *stage, const char *text)
{
    JX_AUTO json_t *payload = NULL;
    struct sw_status status = jx_parse(text, strlen(text), &payload);
    if (sw_failed(status))
        carrier_refuse(&stage->carrier, &status);
    else
        dispatch_interactive(stage->slack->dispatch, payload, &stage->carrier);
}

static void handle_slash(const struct stage *stage, const struct slack_form *form)
{
    const struct slack_slash slash = slack_slash_of(slack_form_field, form);
    dispatch_command(stage->slack->dispatch, &slash, &stage->carrier);
}

static void handle_form(const struct stage *stage)
{
    struct slack_form form;
    struct sw_status status = slack_form_parse(stage->body, stage->body_bytes, &form);
    if (sw_failed(status)) {
        carrier_refuse(&stage->carrier, &status);
        return;
    }
    const char *payload = slack_form_get(&form, "payload");
    if (slack_form_get(&form, "ssl_check"))
        carrier_answer(&stage->carrier, INGRESS_SSL_CHECK, NULL);
    else if (payload)
        handle_payload(stage, payload);
    else if (slack_form_get(&form, "command"))
        handle_slash(stage, &form);
    else {
        status = sw_fail(SW_CODE_INVALID, "form: neither \"command\" nor \"payload\"");
        carrier_refuse(&stage->carrier, &status);
    }
    slack_form_release(&form);
}

static void count_retry(const struct httpd_exchange *exchange)
{
    const char *reason = httpd_header(exchange, "X-Slack-Retry-Reason", NULL);
    if (reason)
        sw_count("slipway_slack_retries_total", "deliveries that Slack repeated", "reason", reason);
}

static void handle_json(struct stage *stage)
{
    JX_AUTO json_t *body = NULL;
    stage->carrier.last = sw_equal(httpd_header(stage->exchange, "X-Slack-Retry-Num", NULL), "3");
    struct sw_status status = jx_parse(stage->body, stage->body_bytes, &body);
    if (sw_failed(status)) {
        carrier_refuse(&stage->carrier, &status);
        return;
    }
    count_retry(stage->exchange);
    dispatch_event(stage->slack->dispatch, body, &stage->carrier);
}

/* ---- stages ---- */

static bool check_route(struct httpd_exchange *exchange)
{
    static const char *const allow[] = { "Allow", "POST", NULL };
    if (strcmp(httpd_path(exchange), "/slack/events") != 0) {
        refuse(exchange, 404, "{\"error\":\"not found\"}", NULL);
        return false;
    }
    if (strcmp(httpd_method(exchange), "POST") == 0)
        return true;
    refuse(exchange, 405, "{\"error\":\"method not allowed\"}", allow);
    return false;
}

static bool check_signature(struct stage *stage, enum slack_media media)
{
    enum slack_verdict verdict = slack_gate_check(stage->slack->gate, stage->exchange, &stage->carrier.pass);
    if (verdict == SLACK_SIGNED)
        return true;
    if (verdict == SLACK_NO_HEADERS && media == SLACK_MEDIA_FORM &&
        slack_form_is_ssl_check(stage->body, stage->body_bytes)) {
        carrier_answer(&stage->carrier, INGRESS_SSL_CHECK, NULL);
        return false;
    }
    if (verdict == SLACK_NO_HEADERS)
        slack_gate_count(verdict);
    refuse(stage->exchange, 401, "{\"error\":\"invalid request\"}", NULL);
    return false;
}

static void handle(void *self, struct httpd_exchange *exchange)
{
    struct stage stage = { .slack = self, .exchange = exchange };
    if (hooks_serves(httpd_path(exchange))) {
        hooks_take(stage.slack->hooks, exchange);
        return;
    }
    if (!check_route(exchange))
        return;
    stage.carrier = (struct carrier){ .way = &WAY, .self = exchange, .received_us = httpd_received_us(exchange) };
    stage.body = httpd_body(exchange, &stage.body_bytes);
    enum slack_media media = slack_media_of(httpd_header(exchange, "Content-Type", NULL));
    if (!check_signature(&stage, media))
        return;
    if (!slack_encoding_plain(httpd_header(exchange, "Content-Encoding", NULL)))
        media = SLACK_MEDIA_OTHER;
    switch (media) {
    case SLACK_MEDIA_FORM:
        handle_form(&stage);
        break;
    case SLACK_MEDIA_JSON:
        handle_json(&stage);
        break;
    case SLACK_MEDIA_OTHER:
        refuse(exchange, 415, "{\"error\":\"unsupported media type\"}", NULL);
        break;
    }
}

static const char *refusal_name(enum httpd_verdict why)
{
    switch (why) {
    case HTTPD_BODY_TOO_LARGE:
        return "too_large";
    case HTTPD_TOO_SLOW:
        return "too_slow";
    case HTTPD_MALFORMED:
        return "malformed";
    case HTTPD_OK:
        break;
    }
    return "other";
}

static void count_refused(void *self, enum httpd_verdict why)
{
    (void)self;
    sw_count("slipway_requests_dropped_total", "requests that never came through whole", "reason", refusal_name(why));
}

/* ---- life ---- */

struct sw_status http_slack_start(const struct http_slack_options *options, struct http_slack **ret_slack)
{
    struct http_slack *slack = calloc(1, sizeof *slack);
    if (!slack)
        return sw_fail(SW_CODE_NO_MEMORY, "http slack: out of memory");
    slack->gate = options->gate;
    slack->dispatch = options->dispatch;
    slack->hooks = options->hooks;
    const struct httpd_options httpd = { .listen = options->listen,
                                         .threads = THREADS,
                                         .max_body_bytes = MAX_BODY_BYTES,
                                         .slow_ms = SLOW_MS,
                                         .max_connections = MAX_CONNECTIONS,
                                         .handle = handle,
                                         .refused = count_refused,
                                         .self = slack };
    struct sw_status status = httpd_start(&httpd, &slack->httpd);
    if (sw_failed(status))
        http_slack_free(slack);
    else
        *ret_slack = slack;
    return status;
}

uint16_t http_slack_port(const struct http_slack *slack) { return httpd_port(slack->httpd); }

void http_slack_drain(struct http_slack *slack, int64_t drain_ms) { httpd_drain(slack->httpd, drain_ms); }

void http_slack_free(struct http_slack *slack)
{
    if (!slack)
        return;
    if (slack->httpd)
        httpd_free(slack->httpd);
    free(slack);
}
