/* SPDX-License-Identifier: Apache-2.0
 * slack_api_items: what is done to a message: reactions.* and pins.*. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

#include <string.h>

static bool is_ts(const char *ts)
{
    size_t seconds = strspn(ts, "0123456789");
    size_t rest = ts[seconds] == '.' ? strspn(ts + seconds + 1, "0123456789") : 0;
    return seconds > 0 && rest > 0 && ts[seconds + 1 + rest] == '\0';
}

/* The message of args.channel and args.timestamp. */
static struct slack_message *item_of(struct slack_call *call, enum slack_access access, json_t **ret_answer)
{
    const char *ts = slack_arg_string(call->args, "timestamp");
    if (!slack_api_channel(call, access, ret_answer))
        return NULL;
    if (!ts || !is_ts(ts)) {
        *ret_answer = slack_api_error_new(ts ? "bad_timestamp" : "no_item_specified");
        return NULL;
    }
    return slack_api_message(call, access, "timestamp", NULL, ret_answer);
}

json_t *slack_reactions_add(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_message *message = item_of(call, SLACK_WRITE, &answer);
    const char *name = slack_arg_string(call->args, "name");
    return message ? slack_api_result_new(slack_act_react(call->slack, message, slack_api_app(), name)) : answer;
}

json_t *slack_reactions_remove(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_message *message = item_of(call, SLACK_WRITE, &answer);
    const char *name = slack_arg_string(call->args, "name");
    return message ? slack_api_result_new(slack_act_unreact(call->slack, message, slack_api_app(), name)) : answer;
}

json_t *slack_reactions_get(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_message *message = item_of(call, SLACK_READ, &answer);
    if (!message)
        return answer;
    json_t *body = json_deep_copy(message->body);
    (void)json_object_del(body, "metadata");
    (void)jx_set_take(body, "permalink", slack_permalink_new(call->slack, message));
    return json_pack("{s:b,s:s,s:s,s:o}", "ok", 1, "type", "message", "channel", message->channel, "message", body);
}

json_t *slack_pins_add(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_message *message = item_of(call, SLACK_WRITE, &answer);
    if (!message)
        return answer;
    struct slack_channel *channel = slack_channel_find(call->slack->world, message->channel);
    return slack_api_result_new(slack_act_pin(call->slack, channel, message, slack_api_app()));
}

json_t *slack_pins_remove(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_message *message = item_of(call, SLACK_WRITE, &answer);
    if (!message)
        return answer;
    struct slack_channel *channel = slack_channel_find(call->slack->world, message->channel);
    return slack_api_result_new(slack_act_unpin(call->slack, channel, message, slack_api_app()));
}

json_t *slack_pins_list(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_channel *channel = slack_api_channel(call, SLACK_READ, &answer);
    json_t *items = json_array();
    if (!channel) {
        json_decref(items);
        return answer;
    }
    for (size_t i = json_array_size(channel->pins); i-- > 0;) {
        json_t *item = slack_pin_json_new(call->slack, channel, json_array_get(channel->pins, i));
        if (item)
            (void)json_array_append_new(items, item);
    }
    return json_pack("{s:b,s:o}", "ok", 1, "items", items);
}
