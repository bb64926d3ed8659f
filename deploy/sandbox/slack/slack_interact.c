/* SPDX-License-Identifier: Apache-2.0
 * slack_interact: see the header. */
#include "deploy/sandbox/slack/slack_interact.h"

#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_driver.h"
#include "deploy/sandbox/slack/slack_form.h"
#include "deploy/sandbox/slack/slack_hooks.h"
#include "deploy/sandbox/slack/slack_triggers.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

void slack_interact_action_ts(char ret_ts[SLACK_TS_SIZE])
{
    int64_t now_ms = sw_wall_ms();
    (void)snprintf(ret_ts, SLACK_TS_SIZE, "%lld.%06lld", (long long)(now_ms / 1000), (long long)(now_ms % 1000) * 1000);
}

json_t *slack_interact_payload_new(struct slack *slack, const char *type, const struct slack_user *user)
{
    const char *trigger = slack_trigger_mint(slack->triggers, user, sw_monotonic_ms());
    return json_pack("{s:s,s:{s:s,s:s,s:s,s:s},s:s,s:s,s:s,s:{s:s,s:s},s:n,s:b}", "type", type, "user", "id", user->id,
                     "username", user->name, "name", user->name, "team_id", slack_user_team(user), "api_app_id",
                     SLACK_APP_ID, "token", "sandbox-verification-token", "trigger_id", trigger, "team", "id",
                     SLACK_TEAM_ID, "domain", SLACK_TEAM_DOMAIN, "enterprise", "is_enterprise_install", 0);
}

void slack_interact_add_place(struct slack *slack, json_t *payload, const struct slack_user *user,
                              const struct slack_channel *channel, const struct slack_message *message)
{
    struct slack_hook template = { .is_action = true };
    (void)sw_copy(template.user, sizeof(template.user), user->id);
    (void)sw_copy(template.channel, sizeof(template.channel), channel->id);
    (void)sw_copy(template.source_ts, sizeof(template.source_ts), message ? message->ts : "");
    const struct slack_hook *hook = slack_hooks_mint(slack->hooks, &template, sw_wall_ms());
    const char *name = channel->kind == SLACK_IM ? "directmessage" : channel->name;
    (void)jx_set_take(payload, "channel", json_pack("{s:s,s:s}", "id", channel->id, "name", name));
    (void)jx_set_take(payload, "response_url", json_sprintf("%s%s", slack->public_url, hook->path));
}

static char *form_new(json_t *payload)
{
    struct sw_buf form = { 0 };
    SW_AUTO_FREE char *text = json_dumps(payload, JSON_COMPACT);
    slack_form_append(&form, "payload", text ? text : "{}");
    return sw_buf_take(&form);
}

void slack_interact_send(struct slack *slack, json_t *payload, const char *url, slack_gateway_done *done, void *context)
{
    SW_AUTO_FREE char *form = form_new(payload);
    const struct slack_outgoing outgoing = { .content_type = "application/x-www-form-urlencoded",
                                             .body = form ? form : "",
                                             .url = url };
    json_decref(payload);
    slack_gateway_post(slack->gateway, &outgoing, done, context);
}

json_t *slack_interact_result_new(const struct slack_gateway_result *result)
{
    json_t *answer = json_pack("{s:b,s:i,s:I,s:s}", "ok", result->error == NULL, "status", result->status, "ms",
                               (json_int_t)result->ms, "body", result->body);
    (void)jx_set_string(answer, "error", result->error);
    return answer;
}

static void on_result(void *context, const struct slack_gateway_result *result)
{
    slack_answer_json(context, 200, slack_interact_result_new(result));
}

void slack_interact_send_and_tell(struct slack *slack, struct httpd_exchange *exchange, json_t *payload,
                                  const char *url)
{
    httpd_keep(exchange);
    slack_interact_send(slack, payload, url, on_result, exchange);
}

/* With the lock. NULL and why not. */
static json_t *shortcut_new(struct slack *slack, const json_t *args, const char **ret_error)
{
    const struct slack_user *user;
    struct slack_channel *channel;
    char action_ts[SLACK_TS_SIZE];
    const char *callback_id = jx_string(args, "callback_id");
    const char *ts = jx_string(args, "ts");
    *ret_error = "callback_id is missing, or the user or channel is unknown";
    if (!callback_id || !slack_driver_where(slack, args, &user, &channel))
        return NULL;
    const struct slack_message *message = ts ? slack_message_find(slack->world, channel->id, ts) : NULL;
    *ret_error = "no such message, or this user does not see it";
    if (ts && (!message || message->audience[0] || !slack_channel_visible(channel, user)))
        return NULL;
    json_t *payload = slack_interact_payload_new(slack, ts ? "message_action" : "shortcut", user);
    slack_interact_action_ts(action_ts);
    (void)jx_set_string(payload, "action_ts", action_ts);
    (void)jx_set_string(payload, "callback_id", callback_id);
    if (!message)
        return payload;
    slack_interact_add_place(slack, payload, user, channel, message);
    (void)jx_set_string(payload, "message_ts", message->ts);
    (void)json_object_set_new(payload, "message", json_deep_copy(message->body));
    return payload;
}

void slack_shortcut_use(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const char *error = NULL;
    slack_lock(slack);
    json_t *payload = shortcut_new(slack, args, &error);
    slack_unlock(slack);
    if (payload)
        slack_interact_send_and_tell(slack, exchange, payload, jx_string(args, "gateway"));
    else
        slack_answer_error(exchange, 404, error);
}
