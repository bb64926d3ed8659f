/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/http_slack.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "gateway/core/answers.h"
#include "gateway/core/slack_form.h"
#include "gateway/core/slack_media.h"
#include "gateway/core/slack_payload.h"

#include <string.h>

enum { MAX_BODY_BYTES = 1024 * 1024, SLOW_MS = 2000, THREADS = 2, MAX_CONNECTIONS = 2048 };

struct http_slack {
    struct httpd *httpd;
    struct command_names names;
    char *team_ids;
    struct slack_gate *gate;
    struct intake *intake;
};

/* One request on its way through the stages. */
struct stage {
    struct http_slack *slack;
    struct httpd_exchange *exchange;
    struct slack_pass pass;
    const char *body;
    size_t body_bytes;
};

/* ---- answers ---- */

static void refuse(struct httpd_exchange *exchange, int32_t status, const char *body, const char *const *headers)
{
    ingress_count(INGRESS_REFUSED, status, httpd_received_us(exchange));
    httpd_answer(exchange, &(struct httpd_answer){ .status = status,
                                                   .content_type = "application/json",
                                                   .body = body,
                                                   .length = strlen(body),
                                                   .headers = headers });
}

static void refuse_invalid(struct httpd_exchange *exchange, const struct sw_status *why)
{
    sw_warn("a signed request could not be read", sw_e(why));
    refuse(exchange, 400, "{\"error\":\"unreadable request\"}", NULL);
}

static void answer_silently(enum ingress_kind kind, struct httpd_exchange *exchange)
{
    intake_answer(kind, NULL, exchange);
}

/* ---- workspaces ---- */

static bool team_allowed(const struct http_slack *slack, const char *team)
{
    const size_t length = strlen(team);
    if (sw_blank(slack->team_ids))
        return true;
    for (const char *at = slack->team_ids + strspn(slack->team_ids, ", "); *at; at += strspn(at, ", ")) {
        size_t word = strcspn(at, ", ");
        if (word == length && memcmp(at, team, length) == 0)
            return true;
        at += word;
    }
    return false;
}

/* ---- slash commands ---- */

static void publish(struct stage *stage, const struct intake_request *request, struct command_parsed *parsed)
{
    struct sw_status status = intake_take(stage->slack->intake, request, parsed, stage->exchange);
    if (sw_failed(status))
        refuse_invalid(stage->exchange, &status);
}

static void take_slash(struct stage *stage, enum command_family family, const struct intake_request *request)
{
    struct command_parsed parsed;
    const struct command_names *names = &stage->slack->names;
    command_parse(names, family, request->text, &parsed);
    switch (parsed.outcome) {
    case COMMAND_PUBLISH:
        publish(stage, request, &parsed);
        break;
    case COMMAND_HELP:
        intake_answer(INGRESS_COMMAND, answer_help(names, parsed.row), stage->exchange);
        break;
    case COMMAND_WRONG:
        intake_answer(INGRESS_COMMAND, answer_wrong(&parsed.error), stage->exchange);
        break;
    }
    command_parsed_release(&parsed);
}

static void handle_slash(struct stage *stage, const struct slack_form *form)
{
    const struct intake_request request = {
        .kind = INGRESS_COMMAND,
        .app = slack_form_get_or(form, "api_app_id"),
        .trigger = slack_form_get_or(form, "trigger_id"),
        .team = slack_form_get_or(form, "team_id"),
        .user = slack_form_get_or(form, "user_id"),
        .enterprise = slack_form_get_or(form, "enterprise_id"),
        .channel = slack_form_get_or(form, "channel_id"),
        .response_url = slack_form_get_or(form, "response_url"),
        .typed = slack_form_get_or(form, "command"),
        .text = slack_form_get_or(form, "text"),
        .pass = &stage->pass,
    };
    enum command_family family;
    struct command_error error;
    if (!team_allowed(stage->slack, request.team))
        intake_answer(INGRESS_COMMAND, answer_not_welcome(), stage->exchange);
    else if (command_names_find(&stage->slack->names, request.typed, &family))
        take_slash(stage, family, &request);
    else {
        command_unknown(&stage->slack->names, request.typed, &error);
        intake_answer(INGRESS_COMMAND, answer_wrong(&error), stage->exchange);
    }
}

/* ---- interactivity ---- */

static void handle_click(struct stage *stage, const struct slack_click *click)
{
    struct command_parsed parsed;
    const struct intake_request request = {
        .kind = INGRESS_CLICK,
        .app = click->app,
        .trigger = click->trigger,
        .team = click->team,
        .user = click->user,
        .enterprise = click->enterprise,
        .channel = click->channel,
        .response_url = click->response_url,
        .typed = click->action,
        .foreign = *click->user_team && strcmp(click->user_team, click->team) != 0 && !*click->enterprise,
        .pass = &stage->pass,
    };
    if (!team_allowed(stage->slack, click->team)) {
        intake_say(stage->slack->intake, &request, answer_not_welcome());
        answer_silently(INGRESS_CLICK, stage->exchange);
        return;
    }
    command_of_button(click->action, click->target, &parsed);
    publish(stage, &request, &parsed);
    command_parsed_release(&parsed);
}

static void handle_payload(struct stage *stage, const char *text)
{
    JX_AUTO json_t *payload = NULL;
    enum slack_payload_kind kind = SLACK_PAYLOAD_SILENT;
    struct slack_click click;
    struct sw_status status = jx_parse(text, strlen(text), &payload);
    if (!sw_failed(status))
        status = slack_payload_read(payload, &kind, &click);
    if (sw_failed(status))
        refuse_invalid(stage->exchange, &status);
    else if (kind == SLACK_PAYLOAD_CLICK)
        handle_click(stage, &click);
    else if (kind == SLACK_PAYLOAD_SUGGESTION) {
        ingress_count(INGRESS_OTHER, 200, httpd_received_us(stage->exchange));
        httpd_answer_json(stage->exchange, 200, "{\"options\":[]}");
    } else
        answer_silently(INGRESS_OTHER, stage->exchange);
}

static void handle_form(struct stage *stage)
{
    struct slack_form form;
    struct sw_status status = slack_form_parse(stage->body, stage->body_bytes, &form);
    if (sw_failed(status)) {
        refuse_invalid(stage->exchange, &status);
        return;
    }
    const char *payload = slack_form_get(&form, "payload");
    if (slack_form_get(&form, "ssl_check"))
        answer_silently(INGRESS_SSL_CHECK, stage->exchange);
    else if (payload)
        handle_payload(stage, payload);
    else if (slack_form_get(&form, "command"))
        handle_slash(stage, &form);
    else {
        status = sw_fail(SW_CODE_INVALID, "form: neither \"command\" nor \"payload\"");
        refuse_invalid(stage->exchange, &status);
    }
    slack_form_release(&form);
}

/* ---- events ---- */

static void count_retry(const struct httpd_exchange *exchange)
{
    const char *reason = httpd_header(exchange, "X-Slack-Retry-Reason", NULL);
    if (reason)
        sw_count("slipway_slack_retries_total", "deliveries that Slack repeated", "reason", reason);
}

static void answer_challenge(struct stage *stage, const char *challenge)
{
    json_t *json = json_object();
    (void)jx_set_string(json, "challenge", challenge); /* an empty object fails the verification, which says enough */
    intake_answer(INGRESS_VERIFICATION, json, stage->exchange);
}

static void handle_json(struct stage *stage)
{
    JX_AUTO json_t *body = NULL;
    enum slack_event_kind kind = SLACK_EVENT_OTHER;
    struct slack_event event = { 0 };
    struct sw_status status = jx_parse(stage->body, stage->body_bytes, &body);
    if (!sw_failed(status))
        status = slack_event_read(body, &kind, &event);
    if (sw_failed(status)) {
        refuse_invalid(stage->exchange, &status);
        return;
    }
    count_retry(stage->exchange);
    if (kind == SLACK_EVENT_VERIFICATION)
        answer_challenge(stage, event.challenge);
    else
        answer_silently(INGRESS_EVENT, stage->exchange);
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
    enum slack_verdict verdict = slack_gate_check(stage->slack->gate, stage->exchange, &stage->pass);
    if (verdict == SLACK_SIGNED)
        return true;
    if (verdict == SLACK_NO_HEADERS && media == SLACK_MEDIA_FORM &&
        slack_form_is_ssl_check(stage->body, stage->body_bytes)) {
        answer_silently(INGRESS_SSL_CHECK, stage->exchange);
        return false;
    }
    if (verdict == SLACK_NO_HEADERS)
        slack_gate_count(verdict);
    refuse(stage->exchange, 401, "{\"error\":\"invalid request\"}", NULL);
    return false;
}

static void handle(void *self, struct httpd_exchange *exchange)
{
    if (!check_route(exchange))
        return;
    struct stage stage = { .slack = self, .exchange = exchange };
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
    slack->names = options->names;
    slack->gate = options->gate;
    slack->intake = options->intake;
    slack->team_ids = sw_strdup(options->team_ids ? options->team_ids : "");
    const struct httpd_options httpd = { .listen = options->listen,
                                         .threads = THREADS,
                                         .max_body_bytes = MAX_BODY_BYTES,
                                         .slow_ms = SLOW_MS,
                                         .max_connections = MAX_CONNECTIONS,
                                         .handle = handle,
                                         .refused = count_refused,
                                         .self = slack };
    struct sw_status status =
        slack->team_ids ? httpd_start(&httpd, &slack->httpd) : sw_fail(SW_CODE_NO_MEMORY, "http slack: out of memory");
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
    free(slack->team_ids);
    free(slack);
}
