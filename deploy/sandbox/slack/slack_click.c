/* SPDX-License-Identifier: Apache-2.0
 * slack_click: a person presses a button or chooses in a select, in a message or in a view: finds the element, sends
 * block_actions, reports what Slack would show. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "deploy/sandbox/slack/slack_driver.h"
#include "deploy/sandbox/slack/slack_input.h"
#include "deploy/sandbox/slack/slack_interact.h"
#include "deploy/sandbox/slack/slack_views.h"

/* What identifies the element in the driver's request; absent ones match everything. */
struct wanted {
    const char *action_id, *block_id, *text, *value;
    const json_t *selected; /* NULL: a button */
};

static bool fits(const struct wanted *wanted, const json_t *block, const json_t *element)
{
    const char *type = jx_string(element, "type");
    const char *label = jx_string(json_object_get(element, "text"), "text");
    if (wanted->selected ? !slack_input_is(element) : !sw_equal(type, "button"))
        return false;
    return (!wanted->action_id || sw_equal(wanted->action_id, jx_string(element, "action_id"))) &&
           (!wanted->block_id || sw_equal(wanted->block_id, jx_string(block, "block_id"))) &&
           (!wanted->value || sw_equal(wanted->value, jx_string(element, "value"))) &&
           (!wanted->text || sw_equal(wanted->text, label));
}

static const json_t *find_element(const json_t *blocks, const struct wanted *wanted, const json_t **ret_block)
{
    static const char *const SINGLE[] = { "accessory", "element" };
    size_t i, j;
    json_t *block, *element;
    json_array_foreach(blocks, i, block)
    {
        *ret_block = block;
        for (j = 0; j < SW_COUNT(SINGLE); j++)
            if ((element = json_object_get(block, SINGLE[j])) != NULL && fits(wanted, block, element))
                return element;
        json_array_foreach(json_object_get(block, "elements"), j, element)
        {
            if (fits(wanted, block, element))
                return element;
        }
    }
    return NULL;
}

/* NULL and why, when the element cannot take what was chosen. */
static json_t *action_new(const json_t *block, const json_t *element, const json_t *selected, const char **ret_error)
{
    static const char *const KEPT[] = { "action_id", "text", "value", "style", "type", "url" };
    char action_ts[SLACK_TS_SIZE];
    json_t *action = selected ? slack_input_value_new(element, selected, ret_error) : json_object();
    slack_interact_action_ts(action_ts);
    for (size_t i = 0; action && i < SW_COUNT(KEPT); i++)
        if (json_object_get(element, KEPT[i]))
            (void)json_object_set_new(action, KEPT[i], json_deep_copy(json_object_get(element, KEPT[i])));
    if (!action)
        return NULL;
    (void)jx_set_string(action, "block_id", jx_string(block, "block_id"));
    (void)jx_set_string(action, "action_ts", action_ts);
    return action;
}

/* With the lock: the same for a message and a view. NULL and why not. */
static json_t *payload_new(struct slack *slack, const struct slack_user *user, const json_t *blocks, const json_t *args,
                           const char **ret_error)
{
    const struct wanted wanted = { jx_string(args, "action_id"), jx_string(args, "block_id"), jx_string(args, "text"),
                                   jx_string(args, "value"), json_object_get(args, "selected") };
    const json_t *block = NULL;
    const json_t *element = find_element(blocks, &wanted, &block);
    *ret_error = "there is no such button or field";
    json_t *action = element ? action_new(block, element, wanted.selected, ret_error) : NULL;
    if (!action)
        return NULL;
    json_t *payload = slack_interact_payload_new(slack, "block_actions", user);
    (void)jx_set_take(payload, "actions", json_pack("[o]", action));
    return payload;
}

static json_t *in_message(struct slack *slack, const struct slack_user *user, const struct slack_channel *channel,
                          const json_t *args, const char **ret_error)
{
    const struct slack_message *message = slack_message_find(slack->world, channel->id, jx_string(args, "ts"));
    *ret_error = "no such message, or this user does not see it";
    if (!message || (message->audience[0] && !sw_equal(message->audience, user->id)) ||
        !slack_channel_visible(channel, user))
        return NULL;
    json_t *payload = payload_new(slack, user, json_object_get(message->body, "blocks"), args, ret_error);
    if (!payload)
        return NULL;
    slack_interact_add_place(slack, payload, user, channel, message);
    (void)jx_set_take(payload, "state", json_pack("{s:{}}", "values"));
    (void)jx_set_take(payload, "container",
                      json_pack("{s:s,s:s,s:s,s:b}", "type", "message", "message_ts", message->ts, "channel_id",
                                channel->id, "is_ephemeral", message->audience[0] != '\0'));
    if (!message->audience[0])
        (void)json_object_set_new(payload, "message", json_deep_copy(message->body));
    return payload;
}

static json_t *in_view(struct slack *slack, const struct slack_user *user, const json_t *args, const char **ret_error)
{
    const struct slack_user *owner = NULL;
    JX_AUTO json_t *ignored = json_object();
    const json_t *view = slack_views_find(slack->views, jx_string(args, "view_id"), NULL, &owner);
    if (owner != user || !view) {
        *ret_error = "this user has no such view open";
        return NULL;
    }
    json_t *payload = payload_new(slack, user, json_object_get(view, "blocks"), args, ret_error);
    if (!payload)
        return NULL;
    json_t *shown = json_deep_copy(view);
    (void)json_object_set_new(shown, "state", slack_input_state_new(view, json_object_get(args, "values"), ignored));
    (void)jx_set_take(payload, "view", shown);
    (void)jx_set_take(payload, "container", json_pack("{s:s,s:s}", "type", "view", "view_id", jx_string(view, "id")));
    return payload;
}

/* With the lock. */
static json_t *prepare(struct slack *slack, const json_t *args, const char **ret_error)
{
    const struct slack_user *user;
    struct slack_channel *channel;
    *ret_error = "unknown user or channel";
    if (!slack_driver_where(slack, args, &user, &channel))
        return NULL;
    if (jx_string(args, "view_id"))
        return in_view(slack, user, args, ret_error);
    return in_message(slack, user, channel, args, ret_error);
}

void slack_click_press(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const char *error = NULL;
    slack_lock(slack);
    json_t *payload = prepare(slack, args, &error);
    slack_unlock(slack);
    if (payload)
        slack_interact_send_and_tell(slack, exchange, payload, jx_string(args, "gateway"));
    else
        slack_answer_error(exchange, 404, error);
}
