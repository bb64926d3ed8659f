/* SPDX-License-Identifier: Apache-2.0
 * slack_click: a person presses a button: finds it in the message, sends block_actions, reports what Slack would show.
 */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_driver.h"
#include "deploy/sandbox/slack/slack_form.h"
#include "deploy/sandbox/slack/slack_gateway.h"
#include "deploy/sandbox/slack/slack_hooks.h"
#include "deploy/sandbox/slack/slack_triggers.h"

#include <assert.h>
#include <stdio.h>

struct press {
    struct slack *slack;
    struct httpd_exchange *exchange;
};

/* What identifies the element in the driver's request; absent ones match everything. */
struct wanted {
    const char *action_id, *block_id, *text, *value;
};

static bool fits(const struct wanted *wanted, const json_t *block, const json_t *element)
{
    const char *type = jx_string(element, "type");
    const char *label = jx_string(json_object_get(element, "text"), "text");
    if (!sw_equal(type, "button"))
        return false;
    return (!wanted->action_id || sw_equal(wanted->action_id, jx_string(element, "action_id"))) &&
           (!wanted->block_id || sw_equal(wanted->block_id, jx_string(block, "block_id"))) &&
           (!wanted->value || sw_equal(wanted->value, jx_string(element, "value"))) &&
           (!wanted->text || sw_equal(wanted->text, label));
}

static const json_t *find_element(const json_t *blocks, const struct wanted *wanted, const json_t **ret_block)
{
    size_t i, j;
    json_t *block, *element;
    json_array_foreach(blocks, i, block)
    {
        *ret_block = block;
        element = json_object_get(block, "accessory");
        if (element && fits(wanted, block, element))
            return element;
        json_array_foreach(json_object_get(block, "elements"), j, element)
        {
            if (fits(wanted, block, element))
                return element;
        }
    }
    return NULL;
}

static json_t *action_new(const json_t *block, const json_t *element)
{
    json_t *action = json_object();
    static const char *const KEPT[] = { "action_id", "text", "value", "style", "type", "url" };
    char action_ts[48];
    int64_t now_ms = sw_wall_ms();
    (void)snprintf(action_ts, sizeof(action_ts), "%lld.%06lld", (long long)(now_ms / 1000),
                   (long long)(now_ms % 1000) * 1000);
    for (size_t i = 0; i < SW_COUNT(KEPT); i++)
        if (json_object_get(element, KEPT[i]))
            (void)json_object_set(action, KEPT[i], json_object_get(element, KEPT[i]));
    (void)jx_set_string(action, "block_id", jx_string(block, "block_id"));
    (void)jx_set_string(action, "action_ts", action_ts);
    return action;
}

/* With the lock. */
static json_t *payload_new(struct slack *slack, const struct slack_user *user, const struct slack_channel *channel,
                           const struct slack_message *message, json_t *action)
{
    const char *trigger = slack_trigger_mint(slack->triggers, user, sw_monotonic_ms());
    struct slack_hook template = { .is_action = true };
    (void)sw_copy(template.user, sizeof(template.user), user->id);
    (void)sw_copy(template.channel, sizeof(template.channel), channel->id);
    (void)sw_copy(template.source_ts, sizeof(template.source_ts), message->ts);
    const struct slack_hook *hook = slack_hooks_mint(slack->hooks, &template, sw_wall_ms());
    json_t *payload = json_pack(
        "{s:s,s:{s:s,s:s,s:s,s:s},s:s,s:s,s:s,s:{s:s,s:s},s:n,s:b,s:{s:s,s:s},s:{s:{}}}", "type", "block_actions",
        "user", "id", user->id, "username", user->name, "name", user->name, "team_id", slack_user_team(user),
        "api_app_id", SLACK_APP_ID, "token", "sandbox-verification-token", "trigger_id", trigger, "team", "id",
        SLACK_TEAM_ID, "domain", SLACK_TEAM_DOMAIN, "enterprise", "is_enterprise_install", 0, "channel", "id",
        channel->id, "name", channel->kind == SLACK_IM ? "directmessage" : channel->name, "state", "values");
    (void)jx_set_take(payload, "container",
                      json_pack("{s:s,s:s,s:s,s:b}", "type", "message", "message_ts", message->ts, "channel_id",
                                channel->id, "is_ephemeral", message->audience[0] != '\0'));
    if (!message->audience[0])
        (void)json_object_set(payload, "message", message->body);
    (void)jx_set_take(payload, "response_url", json_sprintf("%s%s", slack->public_url, hook->path));
    (void)jx_set_take(payload, "actions", json_pack("[o]", action));
    return payload;
}

static char *form_of(json_t *payload)
{
    struct sw_buf form = { 0 };
    SW_AUTO_FREE char *text = json_dumps(payload, JSON_COMPACT);
    slack_form_append(&form, "payload", text ? text : "{}");
    return sw_buf_take(&form);
}

static void on_result(void *context, const struct slack_gateway_result *result)
{
    struct press *press = context;
    json_t *answer = json_pack("{s:b,s:i,s:I,s:s}", "ok", result->error == NULL, "status", result->status, "ms",
                               (json_int_t)result->ms, "body", result->body);
    (void)jx_set_string(answer, "error", result->error);
    slack_answer_json(press->exchange, 200, answer);
    free(press);
}

/* With the lock. The form to send, or NULL and why not. */
static char *prepare(struct slack *slack, const json_t *args, const char **ret_error)
{
    const struct slack_user *user;
    struct slack_channel *channel;
    const struct wanted wanted = { jx_string(args, "action_id"), jx_string(args, "block_id"), jx_string(args, "text"),
                                   jx_string(args, "value") };
    const json_t *block = NULL;
    if (!slack_driver_where(slack, args, &user, &channel)) {
        *ret_error = "unknown user or channel";
        return NULL;
    }
    const struct slack_message *message = slack_message_find(slack->world, channel->id, jx_string(args, "ts"));
    if (!message || (message->audience[0] && !sw_equal(message->audience, user->id))) {
        *ret_error = "no such message, or this user does not see it";
        return NULL;
    }
    const json_t *element = find_element(json_object_get(message->body, "blocks"), &wanted, &block);
    if (!element) {
        *ret_error = "the message has no such button";
        return NULL;
    }
    JX_AUTO json_t *payload = payload_new(slack, user, channel, message, action_new(block, element));
    return form_of(payload);
}

void slack_click_press(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const char *error = "out of memory";
    slack_lock(slack);
    SW_AUTO_FREE char *form = prepare(slack, args, &error);
    slack_unlock(slack);
    if (!form) {
        slack_answer_error(exchange, 404, error);
        return;
    }
    struct press *press = malloc(sizeof(*press));
    assert(press);
    *press = (struct press){ .slack = slack, .exchange = exchange };
    const struct slack_outgoing outgoing = { .content_type = "application/x-www-form-urlencoded",
                                             .body = form,
                                             .url = jx_string(args, "gateway") };
    httpd_keep(exchange);
    slack_gateway_post(slack->gateway, &outgoing, on_result, press);
}
