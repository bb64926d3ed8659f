/* SPDX-License-Identifier: Apache-2.0
 * slack_act_pin: pinning a message to its channel. */
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_act.h"

json_t *slack_pin_json_new(struct slack *slack, const struct slack_channel *channel, const json_t *pin)
{
    const struct slack_message *message = slack_message_find(slack->world, channel->id, jx_string(pin, "ts"));
    if (!message)
        return NULL;
    json_t *body = json_deep_copy(message->body);
    (void)json_object_del(body, "metadata");
    (void)jx_set_take(body, "permalink", slack_permalink_new(slack, message));
    return json_pack("{s:s,s:s,s:I,s:s,s:o}", "type", "message", "channel", channel->id, "created",
                     (json_int_t)jx_i64_or(pin, "created", 0), "created_by", jx_string(pin, "user"), "message", body);
}

static void tell_pin(struct slack *slack, const char *type, const struct slack_channel *channel, json_t *item,
                     const struct slack_user *user, const char *item_user)
{
    json_t *inner = json_pack("{s:s,s:s,s:s,s:s,s:i,s:o}", "type", type, "user", user->id, "channel_id", channel->id,
                              "item_user", item_user, "pin_count", (int)json_array_size(channel->pins), "item", item);
    if (sw_equal(type, "pin_removed"))
        (void)jx_set_take(inner, "has_pins", json_boolean(json_array_size(channel->pins) > 0));
    slack_act_tell(slack, channel, inner);
}

static bool find_pin(const struct slack_channel *channel, const struct slack_message *message, size_t *ret_index)
{
    for (size_t i = 0; i < json_array_size(channel->pins); i++) {
        *ret_index = i;
        if (sw_equal(jx_string(json_array_get(channel->pins, i), "ts"), message->ts))
            return true;
    }
    return false;
}

static void changed(struct slack *slack, struct slack_channel *channel, struct slack_message *message)
{
    slack_channel_touch(slack->world, channel);
    slack_message_touch(slack->world, message);
}

const char *slack_act_pin(struct slack *slack, struct slack_channel *channel, struct slack_message *message,
                          const struct slack_user *user)
{
    size_t index = 0;
    if (find_pin(channel, message, &index))
        return "already_pinned";
    if (message->audience[0])
        return "not_pinnable";
    if (json_array_size(channel->pins) >= SLACK_MAX_PINS)
        return "too_many_pins";
    json_t *pin =
        json_pack("{s:s,s:s,s:I}", "ts", message->ts, "user", user->id, "created", (json_int_t)(sw_wall_ms() / 1000));
    (void)json_array_append_new(channel->pins, pin);
    (void)json_object_set_new(message->body, "pinned_to", json_pack("[s]", channel->id));
    changed(slack, channel, message);
    tell_pin(slack, "pin_added", channel, slack_pin_json_new(slack, channel, pin), user, slack_message_author(message));
    return NULL;
}

const char *slack_act_unpin(struct slack *slack, struct slack_channel *channel, struct slack_message *message,
                            const struct slack_user *user)
{
    size_t index = 0;
    if (!find_pin(channel, message, &index))
        return "no_pin";
    json_t *item = slack_pin_json_new(slack, channel, json_array_get(channel->pins, index));
    (void)json_array_remove(channel->pins, index);
    (void)json_object_del(message->body, "pinned_to");
    changed(slack, channel, message);
    tell_pin(slack, "pin_removed", channel, item, user, slack_message_author(message));
    return NULL;
}
