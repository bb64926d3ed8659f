/* SPDX-License-Identifier: Apache-2.0
 * slack_act_message: posting, editing and deleting, threads, reactions and pins. */
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_event.h"

#include <string.h>

enum { MAX_REACTION_NAME = 100, MAX_REPLY_USERS = 5 };

const char *slack_channel_type(const struct slack_channel *channel)
{
    switch (channel->kind) {
    case SLACK_PUBLIC:
        return "channel";
    case SLACK_PRIVATE:
        return "group";
    case SLACK_IM:
        return "im";
    case SLACK_MPIM:
        return "mpim";
    }
    return "channel";
}

void slack_act_tell(struct slack *slack, const struct slack_channel *channel, json_t *inner)
{
    char ts[SLACK_TS_SIZE];
    if (!slack_channel_has_app(channel)) {
        json_decref(inner);
        return;
    }
    slack_world_stamp(slack->world, ts);
    if (!json_object_get(inner, "event_ts"))
        (void)jx_set_string(inner, "event_ts", ts);
    slack_event_emit(slack, inner);
}

/* Metadata has events of its own, which the app does not ask for. */
static json_t *plain_copy_new(const struct slack_message *message)
{
    json_t *copy = json_deep_copy(message->body);
    (void)json_object_del(copy, "metadata");
    return copy;
}

static bool mentions_app(const struct slack_message *message)
{
    const char *text = jx_string_or(message->body, "text", "");
    return strstr(text, "<@" SLACK_BOT_USER ">") || strstr(text, "<@" SLACK_BOT_USER "|");
}

static json_t *message_event_new(const struct slack_channel *channel, const struct slack_message *message)
{
    json_t *inner = plain_copy_new(message);
    (void)jx_set_string(inner, "channel", message->channel);
    (void)jx_set_string(inner, "channel_type", slack_channel_type(channel));
    (void)jx_set_string(inner, "event_ts", message->ts);
    return inner;
}

static void tell_posted(struct slack *slack, const struct slack_channel *channel, const struct slack_message *message)
{
    if (message->audience[0])
        return;
    slack_act_tell(slack, channel, message_event_new(channel, message));
    if (!mentions_app(message) || slack_channel_is_direct(channel) || jx_string(message->body, "subtype") ||
        sw_equal(slack_message_author(message), SLACK_BOT_USER))
        return;
    json_t *mention = message_event_new(channel, message);
    (void)jx_set_string(mention, "type", "app_mention");
    (void)json_object_del(mention, "channel_type");
    slack_act_tell(slack, channel, mention);
}

/* message_changed or message_deleted; takes `before`. */
static void tell_changed(struct slack *slack, const struct slack_message *message, json_t *before)
{
    struct slack_channel *channel = slack_channel_find(slack->world, message->channel);
    char ts[SLACK_TS_SIZE];
    slack_world_stamp(slack->world, ts);
    json_t *inner = json_pack("{s:s,s:s,s:s,s:s,s:b,s:s,s:s,s:o}", "type", "message", "subtype",
                              message->deleted ? "message_deleted" : "message_changed", "channel", message->channel,
                              "channel_type", channel ? slack_channel_type(channel) : "channel", "hidden", 1, "ts", ts,
                              "event_ts", ts, "previous_message", before);
    if (message->deleted)
        (void)jx_set_string(inner, "deleted_ts", message->ts);
    else
        (void)jx_set_take(inner, "message", plain_copy_new(message));
    if (channel && !message->audience[0])
        slack_act_tell(slack, channel, inner);
    else
        json_decref(inner);
}

static bool in_list(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (sw_equal(json_string_value(json_array_get(list, i)), text))
            return true;
    return false;
}

static struct slack_message *parent_of(struct slack *slack, const struct slack_message *message)
{
    const char *thread = jx_string(message->body, "thread_ts");
    return slack_message_is_reply(message) ? slack_message_find(slack->world, message->channel, thread) : NULL;
}

/* The first reply makes its parent a thread; each changes it. */
static void count_reply(struct slack *slack, struct slack_message *reply)
{
    struct slack_message *parent = reply->audience[0] ? NULL : parent_of(slack, reply);
    if (!parent)
        return;
    json_t *before = plain_copy_new(parent);
    json_t *users = json_object_get(parent->body, "reply_users");
    if (!users) {
        users = json_array();
        (void)json_object_set_new(parent->body, "reply_users", users);
    }
    const char *author = slack_message_author(reply);
    if (!in_list(users, author) && json_array_size(users) < MAX_REPLY_USERS)
        (void)json_array_append_new(users, json_string(author));
    (void)jx_set_string(parent->body, "thread_ts", parent->ts);
    (void)jx_set_i64(parent->body, "reply_count", jx_i64_or(parent->body, "reply_count", 0) + 1);
    (void)jx_set_i64(parent->body, "reply_users_count", (int64_t)json_array_size(users));
    (void)jx_set_string(parent->body, "latest_reply", reply->ts);
    (void)jx_set_string(reply->body, "parent_user_id", slack_message_author(parent));
    slack_message_touch(slack->world, parent);
    tell_changed(slack, parent, before);
}

static void uncount_reply(struct slack *slack, const struct slack_message *reply)
{
    struct slack_message *parent = parent_of(slack, reply);
    if (!parent)
        return;
    json_t *before = plain_copy_new(parent);
    int64_t count = jx_i64_or(parent->body, "reply_count", 1) - 1;
    (void)jx_set_i64(parent->body, "reply_count", count > 0 ? count : 0);
    slack_message_touch(slack->world, parent);
    tell_changed(slack, parent, before);
}

struct slack_message *slack_act_post(struct slack *slack, const struct slack_channel *channel,
                                     const struct slack_content *content)
{
    struct slack_message *message = slack_message_post(slack->world, channel->id, content);
    const struct slack_message *parent = parent_of(slack, message);
    if (parent)
        (void)jx_set_string(message->body, "parent_user_id", slack_message_author(parent));
    tell_posted(slack, channel, message);
    count_reply(slack, message);
    return message;
}

void slack_act_edit(struct slack *slack, struct slack_message *message, const struct slack_content *content)
{
    json_t *before = plain_copy_new(message);
    slack_message_edit(slack->world, message, content);
    tell_changed(slack, message, before);
}

void slack_act_delete(struct slack *slack, struct slack_message *message, const char *via)
{
    struct slack_channel *channel = slack_channel_find(slack->world, message->channel);
    const struct slack_user *author = slack_user_find(slack_message_author(message)); /* a webhook has none */
    if (channel && json_object_get(message->body, "pinned_to"))
        (void)slack_act_unpin(slack, channel, message, author ? author : slack_user_find("slackbot"));
    json_t *before = plain_copy_new(message);
    slack_message_delete(slack->world, message, via);
    tell_changed(slack, message, before);
    uncount_reply(slack, message);
}

/* ---- reactions */

static bool emoji_ok(const char *name)
{
    size_t length = strlen(name);
    size_t word = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_+'-");
    const char *tone = name + word;
    bool tone_ok = sw_starts_with(tone, "::skin-tone-") && strlen(tone) == 13 && tone[12] >= '2' && tone[12] <= '6';
    return word > 0 && length <= MAX_REACTION_NAME && (tone[0] == '\0' || tone_ok);
}

static json_t *reaction_of(json_t *reactions, const char *name, size_t *ret_index)
{
    for (size_t i = 0; i < json_array_size(reactions); i++) {
        *ret_index = i;
        if (sw_equal(jx_string(json_array_get(reactions, i), "name"), name))
            return json_array_get(reactions, i);
    }
    return NULL;
}

static void tell_reaction(struct slack *slack, const char *type, const struct slack_message *message,
                          const struct slack_user *user, const char *name)
{
    const struct slack_channel *channel = slack_channel_find(slack->world, message->channel);
    if (channel)
        slack_act_tell(slack, channel,
                       json_pack("{s:s,s:s,s:s,s:s,s:{s:s,s:s,s:s}}", "type", type, "user", user->id, "reaction", name,
                                 "item_user", slack_message_author(message), "item", "type", "message", "channel",
                                 message->channel, "ts", message->ts));
}

static void recount(json_t *reaction)
{
    (void)jx_set_i64(reaction, "count", (int64_t)json_array_size(json_object_get(reaction, "users")));
}

const char *slack_act_react(struct slack *slack, struct slack_message *message, const struct slack_user *user,
                            const char *name)
{
    size_t index = 0;
    if (!name || !emoji_ok(name))
        return "invalid_name";
    json_t *reactions = json_object_get(message->body, "reactions");
    json_t *reaction = reaction_of(reactions, name, &index);
    if (in_list(json_object_get(reaction, "users"), user->id))
        return "already_reacted";
    if (!reaction && json_array_size(reactions) >= SLACK_MAX_REACTIONS)
        return "too_many_emoji";
    if (!reactions) {
        reactions = json_array();
        (void)json_object_set_new(message->body, "reactions", reactions);
    }
    if (!reaction) {
        reaction = json_pack("{s:s,s:i,s:[]}", "name", name, "count", 0, "users");
        (void)json_array_append_new(reactions, reaction);
    }
    (void)json_array_append_new(json_object_get(reaction, "users"), json_string(user->id));
    recount(reaction);
    slack_message_touch(slack->world, message);
    tell_reaction(slack, "reaction_added", message, user, name);
    return NULL;
}

const char *slack_act_unreact(struct slack *slack, struct slack_message *message, const struct slack_user *user,
                              const char *name)
{
    size_t index = 0;
    if (!name || !emoji_ok(name))
        return "invalid_name";
    json_t *reactions = json_object_get(message->body, "reactions");
    json_t *reaction = reaction_of(reactions, name, &index);
    json_t *users = json_object_get(reaction, "users");
    if (!in_list(users, user->id))
        return "no_reaction";
    for (size_t i = json_array_size(users); i-- > 0;)
        if (sw_equal(json_string_value(json_array_get(users, i)), user->id))
            (void)json_array_remove(users, i);
    recount(reaction);
    if (json_array_size(users) == 0)
        (void)json_array_remove(reactions, index);
    if (json_array_size(reactions) == 0)
        (void)json_object_del(message->body, "reactions");
    slack_message_touch(slack->world, message);
    tell_reaction(slack, "reaction_removed", message, user, name);
    return NULL;
}

json_t *slack_permalink_new(const struct slack *slack, const struct slack_message *message)
{
    /* Slack leaves the dot of the ts out. */
    json_t *link =
        json_sprintf("%s/archives/%s/p%.10s%s", slack->public_url, message->channel, message->ts, message->ts + 11);
    if (!slack_message_is_reply(message))
        return link;
    json_t *reply = json_sprintf("%s?thread_ts=%s&cid=%s", json_string_value(link),
                                 jx_string(message->body, "thread_ts"), message->channel);
    json_decref(link);
    return reply;
}
