/* SPDX-License-Identifier: Apache-2.0
 * slack_driver_talk: a person writes, edits, deletes, reacts and pins; and what everybody wrote. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_driver.h"
#include "deploy/sandbox/slack/slack_form.h"
#include "deploy/sandbox/slack/slack_typed.h"

#include <string.h>

enum { MAX_PERSON_TEXT = 40000 };

/* What GET messages asks for. */
struct filter {
    const char *channel_name, *channel_id, *thread_ts;
    const struct slack_user *user;
    bool deleted;
};

static bool wanted(struct slack *slack, const struct filter *filter, const struct slack_message *message)
{
    const struct slack_channel *channel = slack_channel_find(slack->world, message->channel);
    bool here = !filter->channel_name || sw_equal(filter->channel_id, message->channel);
    bool seen = !filter->user || !message->audience[0] || sw_equal(filter->user->id, message->audience);
    bool allowed = !filter->user || (channel && slack_channel_visible(channel, filter->user));
    bool threaded = !filter->thread_ts || sw_equal(jx_string(message->body, "thread_ts"), filter->thread_ts) ||
                    sw_equal(message->ts, filter->thread_ts);
    return here && seen && allowed && threaded && (filter->deleted || !message->deleted);
}

void slack_driver_list_messages(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    struct filter filter = { .channel_name = httpd_query(exchange, "channel"),
                             .thread_ts = httpd_query(exchange, "thread"),
                             .user = slack_user_find(httpd_query(exchange, "user")),
                             .deleted = sw_equal(httpd_query(exchange, "deleted"), "1") };
    json_t *list = json_array();
    const struct slack_message *message;
    (void)args;
    slack_lock(slack);
    const struct slack_channel *channel = slack_channel_find(slack->world, filter.channel_name);
    filter.channel_id = channel ? channel->id : NULL;
    for (size_t i = 0; (message = slack_message_at(slack->world, i)) != NULL; i++)
        if (wanted(slack, &filter, message))
            (void)json_array_append_new(list, slack_message_json_new(message, true));
    JX_AUTO json_t *answer = json_pack("{s:b,s:o}", "ok", 1, "messages", list);
    SW_AUTO_FREE char *text = json_dumps(answer, JSON_COMPACT); /* histories are shared with the world */
    slack_unlock(slack);
    httpd_answer_json(exchange, 200, text ? text : "{}");
}

/* NULL, or why this person cannot write there. */
static const char *write_error(const struct slack_channel *channel, const struct slack_user *user)
{
    if (!slack_channel_has(channel, user))
        return slack_channel_visible(channel, user) ? "not_in_channel" : "channel_not_found";
    return channel->is_archived ? "is_archived" : NULL;
}

/* typed: the text is as it came from the keys. free() it. */
static char *text_new(struct slack *slack, const json_t *args)
{
    const char *text = jx_string_or(args, "text", "");
    SW_AUTO_FREE char *cut = strndup(text, sw_utf8_prefix_bytes(text, MAX_PERSON_TEXT));
    if (cut && jx_bool_or(args, "typed", false))
        return slack_typed_new(slack->world, cut, SLACK_TYPED_MESSAGE);
    return SW_TAKE(cut);
}

void slack_driver_say(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const struct slack_user *user;
    struct slack_channel *channel;
    const struct slack_message *message = NULL;
    const char *error = "text is empty, or the user or channel is unknown";
    char ts[SLACK_TS_SIZE] = "";
    slack_lock(slack);
    SW_AUTO_FREE char *text = text_new(slack, args);
    if (!sw_blank(text) && slack_driver_where(slack, args, &user, &channel))
        error = write_error(channel, user);
    if (!error) {
        const struct slack_content content = { .text = text,
                                               .user = user->id,
                                               .via = "person",
                                               .username = jx_string(args, "webhook"),
                                               .broadcast = jx_bool_or(args, "broadcast", false),
                                               .thread_ts = jx_string(args, "thread_ts") };
        message = slack_act_post(slack, channel, &content);
        (void)sw_copy(ts, sizeof(ts), message->ts);
    }
    slack_unlock(slack);
    slack_driver_answer(exchange, error, json_pack("{s:b,s:s}", "ok", 1, "ts", ts));
}

/* ---- to a message that is there */

struct target {
    const struct slack_user *user;
    struct slack_channel *channel;
    struct slack_message *message;
};

/* With the lock. NULL and the message of args.ts; or an error. */
static const char *find_target(struct slack *slack, const json_t *args, struct target *ret_target)
{
    if (!slack_driver_where(slack, args, &ret_target->user, &ret_target->channel))
        return "unknown user or channel";
    const char *error = write_error(ret_target->channel, ret_target->user);
    if (error)
        return error;
    ret_target->message = slack_message_find(slack->world, ret_target->channel->id, jx_string(args, "ts"));
    bool unseen = !ret_target->message ||
                  (ret_target->message->audience[0] && !sw_equal(ret_target->message->audience, ret_target->user->id));
    return unseen ? "message_not_found" : NULL;
}

typedef const char *target_fn(struct slack *slack, const struct target *target, const json_t *args);

static void act_on_target(struct slack *slack, struct httpd_exchange *exchange, const json_t *args, target_fn *act)
{
    struct target target = { 0 };
    slack_lock(slack);
    const char *error = find_target(slack, args, &target);
    if (!error)
        error = act(slack, &target, args);
    slack_unlock(slack);
    slack_driver_answer(exchange, error, json_pack("{s:b}", "ok", 1));
}

static bool is_own(const struct target *target)
{
    return sw_equal(slack_message_author(target->message), target->user->id) &&
           !jx_string(target->message->body, "subtype");
}

static const char *edit(struct slack *slack, const struct target *target, const json_t *args)
{
    SW_AUTO_FREE char *text = text_new(slack, args);
    const struct slack_content content = { .text = text, .user = target->user->id, .via = "person" };
    if (!is_own(target))
        return "cant_update_message";
    if (sw_blank(text))
        return "no_text";
    slack_act_edit(slack, target->message, &content);
    return NULL;
}

/* What only this person sees can be dismissed, whoever wrote it. */
static const char *erase(struct slack *slack, const struct target *target, const json_t *args)
{
    (void)args;
    if (!is_own(target) && !target->message->audience[0])
        return "cant_delete_message";
    slack_act_delete(slack, target->message, "person");
    return NULL;
}

static const char *react(struct slack *slack, const struct target *target, const json_t *args)
{
    return slack_act_react(slack, target->message, target->user, jx_string(args, "name"));
}

static const char *unreact(struct slack *slack, const struct target *target, const json_t *args)
{
    return slack_act_unreact(slack, target->message, target->user, jx_string(args, "name"));
}

static const char *pin(struct slack *slack, const struct target *target, const json_t *args)
{
    (void)args;
    return slack_act_pin(slack, target->channel, target->message, target->user);
}

static const char *unpin(struct slack *slack, const struct target *target, const json_t *args)
{
    (void)args;
    return slack_act_unpin(slack, target->channel, target->message, target->user);
}

void slack_driver_edit(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    act_on_target(slack, exchange, args, edit);
}

void slack_driver_erase(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    act_on_target(slack, exchange, args, erase);
}

void slack_driver_react(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    act_on_target(slack, exchange, args, react);
}

void slack_driver_unreact(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    act_on_target(slack, exchange, args, unreact);
}

void slack_driver_pin(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    act_on_target(slack, exchange, args, pin);
}

void slack_driver_unpin(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    act_on_target(slack, exchange, args, unpin);
}
