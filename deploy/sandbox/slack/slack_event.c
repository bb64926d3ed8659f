/* SPDX-License-Identifier: Apache-2.0
 * slack_event: see the header. The schedule of retries can be scaled, so that a test need not wait. */
#include "deploy/sandbox/slack/slack_event.h"

#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_channels.h"
#include "deploy/sandbox/slack/slack_delay.h"
#include "deploy/sandbox/slack/slack_gateway.h"
#include "deploy/sandbox/slack/slack_people.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { MAX_RETRIES = 3, MAX_KEPT = 5000, DROP = 500, MAX_PENDING = 5000 };
static const int64_t RETRY_AFTER_MS[MAX_RETRIES] = { 100, 60 * 1000, 5 * 60 * 1000 };

struct event {
    struct slack *slack;
    json_t *record; /* in slack->deliveries too; with the lock */
    char *body;
    char *url;
    uint64_t epoch; /* of the world in which it happened */
    double scale;
    int retries;
    const char *reason; /* of the last failure */
};

/* With the lock. */
static void event_free(struct event *event)
{
    event->slack->events_pending--;
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

/* After a reset nobody knows of it any more, and it is gone. Without the lock. */
static bool is_forgotten(struct event *event)
{
    struct slack *slack = event->slack;
    slack_lock(slack);
    bool forgotten = event->epoch != slack_world_epoch(slack->world);
    if (forgotten)
        event_free(event);
    slack_unlock(slack);
    return forgotten;
}

static void deliver(void *self)
{
    struct event *event = self;
    if (is_forgotten(event))
        return;
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

/* The name of a subscription: a message goes by the kind of its channel. */
static void subscription_of(const json_t *inner, char ret_name[64])
{
    static const struct {
        const char *channel_type, *name;
    } MESSAGES[] = {
        { "channel", "message.channels" },
        { "group", "message.groups" },
        { "im", "message.im" },
        { "mpim", "message.mpim" },
    };
    (void)sw_copy(ret_name, 64, jx_string(inner, "type"));
    for (size_t i = 0; sw_equal(ret_name, "message") && i < SW_COUNT(MESSAGES); i++)
        if (sw_equal(MESSAGES[i].channel_type, jx_string(inner, "channel_type")))
            (void)sw_copy(ret_name, 64, MESSAGES[i].name);
}

/* settings->events is a comma list. */
static bool subscribed(const struct slack *slack, const json_t *inner)
{
    char name[64];
    const char *list = slack->settings->events;
    if (!list)
        return true;
    subscription_of(inner, name);
    for (size_t length = strlen(name); *list; list += strspn(list, ", ")) {
        size_t word = strcspn(list, ", ");
        if (word == length && strncmp(list, name, length) == 0)
            return true;
        list += word;
    }
    return false;
}

static bool is_ext_shared(struct slack *slack, const json_t *inner)
{
    const struct slack_channel *channel = slack_channel_find(slack->world, jx_string(inner, "channel"));
    return channel && channel->is_ext_shared;
}

static json_t *envelope_new(const json_t *inner, const char *event_id, bool shared)
{
    json_t *authorization = json_pack("{s:n,s:s,s:s,s:b,s:b}", "enterprise_id", "team_id", SLACK_TEAM_ID, "user_id",
                                      SLACK_BOT_USER, "is_bot", 1, "is_enterprise_install", 0);
    return json_pack("{s:s,s:s,s:s,s:s,s:O,s:s,s:s,s:I,s:[o],s:s,s:b}", "token", "sandbox-verification-token",
                     "team_id", SLACK_TEAM_ID, "context_team_id", SLACK_TEAM_ID, "api_app_id", SLACK_APP_ID, "event",
                     inner, "type", "event_callback", "event_id", event_id, "event_time",
                     (json_int_t)(sw_wall_ms() / 1000), "authorizations", authorization, "event_context", "sandbox",
                     "is_ext_shared_channel", shared);
}

static void keep_record(struct slack *slack, json_t *record)
{
    if (json_array_size(slack->deliveries) >= MAX_KEPT)
        for (size_t i = 0; i < DROP; i++)
            (void)json_array_remove(slack->deliveries, 0);
    (void)json_array_append(slack->deliveries, record);
}

/* With the lock. NULL when so many wait for their retries that the newest is lost; it is noted as such. */
static struct event *event_new(struct slack *slack, const json_t *inner, const char *event_id)
{
    char made_up[32];
    (void)snprintf(made_up, sizeof(made_up), "Ev%08X%02X", sw_random32(), sw_random32() & 0xff);
    JX_AUTO json_t *envelope = envelope_new(inner, event_id ? event_id : made_up, is_ext_shared(slack, inner));
    bool full = slack->events_pending >= MAX_PENDING;
    json_t *record = json_pack("{s:O,s:O,s:[],s:b,s:b}", "event_id", json_object_get(envelope, "event_id"), "event",
                               inner, "attempts", "done", full, "delivered", 0);
    assert(record);
    keep_record(slack, record);
    if (full) {
        json_decref(record);
        return NULL;
    }
    struct event *event = calloc(1, sizeof(*event));
    assert(event);
    *event = (struct event){ .slack = slack,
                             .record = record,
                             .body = json_dumps(envelope, JSON_COMPACT),
                             .epoch = slack_world_epoch(slack->world),
                             .scale = 1.0 };
    assert(event->body);
    slack->events_pending++;
    return event;
}

void slack_event_emit(struct slack *slack, json_t *inner)
{
    struct event *event = inner && subscribed(slack, inner) ? event_new(slack, inner, NULL) : NULL;
    json_decref(inner);
    if (event)
        slack_delay_add(slack->delay, 0, deliver, event); /* from a thread that does not hold the lock */
}

void slack_event_send(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const json_t *inner = json_object_get(args, "event");
    const json_t *scale = json_object_get(args, "scale");
    if (!json_is_object(inner) || !jx_string(inner, "type")) {
        slack_answer_error(exchange, 400, "event must be an object with a type");
        return;
    }
    slack_lock(slack);
    struct event *event = event_new(slack, inner, jx_string(args, "event_id"));
    json_t *answer = event ? json_pack("{s:b,s:O}", "ok", 1, "event_id", json_object_get(event->record, "event_id"))
                           : slack_api_error_new("too many events wait for their retries");
    if (event)
        event->url = sw_strdup(jx_string(args, "gateway"));
    if (event && json_is_number(scale))
        event->scale = json_number_value(scale);
    slack_unlock(slack);
    slack_answer_json(exchange, event ? 202 : 503, answer);
    if (event)
        deliver(event);
}
