/* SPDX-License-Identifier: Apache-2.0
 * slack_event: an Events API delivery: the first try, and on failure three more, almost at once, after a minute and
 * after five. The schedule can be scaled, so that a test need not wait. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_delay.h"
#include "deploy/sandbox/slack/slack_driver.h"
#include "deploy/sandbox/slack/slack_gateway.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { MAX_RETRIES = 3 };
static const int64_t RETRY_AFTER_MS[MAX_RETRIES] = { 100, 60 * 1000, 5 * 60 * 1000 };

struct event {
    struct slack *slack;
    json_t *record; /* in slack->deliveries too; with the lock */
    char *body;
    char *url;
    double scale;
    int retries;
    const char *reason; /* of the last failure */
};

static void event_free(struct event *event)
{
    json_decref(event->record);
    free(event->body);
    free(event->url);
    free(event);
}

static void deliver(void *self);

static bool record_attempt(struct event *event, const struct slack_gateway_result *result)
{
    bool again = result->error && event->retries < MAX_RETRIES && !slack_delay_stopping(event->slack->delay);
    json_t *attempt = json_object();
    (void)jx_set_time(attempt, "at", sw_wall_ms());
    (void)jx_set_i64(attempt, "retry_num", event->retries);
    (void)jx_set_string(attempt, "retry_reason", event->retries ? event->reason : NULL);
    (void)jx_set_i64(attempt, "status", result->status);
    (void)jx_set_string(attempt, "error", result->error);
    (void)jx_set_i64(attempt, "ms", result->ms);
    (void)json_array_append_new(json_object_get(event->record, "attempts"), attempt);
    (void)json_object_set_new(event->record, "done", json_boolean(!again));
    (void)json_object_set_new(event->record, "delivered", json_boolean(result->error == NULL));
    return again;
}

static void on_result(void *context, const struct slack_gateway_result *result)
{
    struct event *event = context;
    struct slack *slack = event->slack;
    slack_lock(slack);
    bool again = record_attempt(event, result);
    if (!again)
        event_free(event);
    slack_unlock(slack);
    if (!again)
        return;
    event->reason = result->reason;
    int64_t after_ms = (int64_t)((double)RETRY_AFTER_MS[event->retries++] * event->scale);
    slack_delay_add(slack->delay, after_ms, deliver, event);
}

static void deliver(void *self)
{
    struct event *event = self;
    char number[64], reason[64];
    const char *headers[] = { number, reason, NULL };
    (void)snprintf(number, sizeof(number), "X-Slack-Retry-Num: %d", event->retries);
    (void)snprintf(reason, sizeof(reason), "X-Slack-Retry-Reason: %s", event->reason ? event->reason : "");
    const struct slack_outgoing outgoing = { .content_type = "application/json",
                                             .body = event->body,
                                             .url = event->url,
                                             .headers = event->retries ? headers : NULL };
    slack_gateway_post(event->slack->gateway, &outgoing, on_result, event);
}

static json_t *envelope_new(const json_t *inner, const char *event_id)
{
    json_t *authorization = json_pack("{s:n,s:s,s:s,s:b,s:b}", "enterprise_id", "team_id", SLACK_TEAM_ID, "user_id",
                                      SLACK_BOT_USER, "is_bot", 1, "is_enterprise_install", 0);
    return json_pack("{s:s,s:s,s:s,s:O,s:s,s:s,s:I,s:[o],s:s,s:b}", "token", "sandbox-verification-token", "team_id",
                     SLACK_TEAM_ID, "api_app_id", SLACK_APP_ID, "event", inner, "type", "event_callback", "event_id",
                     event_id, "event_time", (json_int_t)(sw_wall_ms() / 1000), "authorizations", authorization,
                     "event_context", "sandbox", "is_ext_shared_channel", 0);
}

void slack_event_send(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const json_t *inner = json_object_get(args, "event");
    const json_t *scale = json_object_get(args, "scale");
    char event_id[32];
    if (!json_is_object(inner) || !jx_string(inner, "type")) {
        slack_answer_error(exchange, 400, "event must be an object with a type");
        return;
    }
    (void)snprintf(event_id, sizeof(event_id), "Ev%08X%02X", sw_random32(), sw_random32() & 0xff);
    JX_AUTO json_t *envelope = envelope_new(inner, jx_string_or(args, "event_id", event_id));
    struct event *event = calloc(1, sizeof(*event));
    assert(event);
    *event = (struct event){ .slack = slack,
                             .body = json_dumps(envelope, JSON_COMPACT),
                             .url = sw_strdup(jx_string(args, "gateway")),
                             .scale = json_is_number(scale) ? json_number_value(scale) : 1.0 };
    event->record = json_pack("{s:O,s:[],s:b,s:b}", "event_id", json_object_get(envelope, "event_id"), "attempts",
                              "done", 0, "delivered", 0);
    slack_lock(slack);
    (void)json_array_append(slack->deliveries, event->record);
    json_t *answer = json_pack("{s:b,s:O}", "ok", 1, "event_id", json_object_get(envelope, "event_id"));
    slack_unlock(slack);
    slack_answer_json(exchange, 202, answer);
    deliver(event);
}
