/* SPDX-License-Identifier: Apache-2.0
 * slack_messages: see the header. */
#include "deploy/sandbox/slack/slack_messages.h"

#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_blocks.h"
#include "deploy/sandbox/slack/slack_world_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MESSAGES = 50000, DROP = 1000, MAX_VERSIONS = 1000 };

static void message_free(struct slack_message *message)
{
    json_decref(message->body);
    json_decref(message->history);
    free(message);
}

void slack_world_drop_messages(struct slack_world *world, size_t count)
{
    for (size_t i = 0; i < count; i++)
        message_free(world->messages[i]);
    world->count -= count;
    if (world->count > 0)
        memmove(world->messages, world->messages + count, world->count * sizeof(struct slack_message *));
}

static void set_content(struct slack_message *message, const struct slack_content *content)
{
    if (content->text)
        (void)json_object_set_new(message->body, "text", json_string(content->text));
    if (content->blocks && json_array_size(content->blocks) > 0) {
        json_t *blocks = json_deep_copy(content->blocks);
        slack_blocks_name(blocks, message->ts);
        (void)json_object_set_new(message->body, "blocks", blocks);
    } else if (content->blocks || content->text) {
        (void)json_object_del(message->body, "blocks"); /* text alone removes earlier blocks */
    }
    if (content->metadata && json_object_size(content->metadata) > 0)
        (void)json_object_set_new(message->body, "metadata", json_deep_copy(content->metadata));
    else if (content->metadata)
        (void)json_object_del(message->body, "metadata");
}

static void record_version(struct slack_world *world, struct slack_message *message, const char *via)
{
    json_t *version = json_object();
    (void)jx_set_time(version, "at", sw_wall_ms());
    (void)jx_set_string(version, "via", via);
    (void)jx_set_take(version, "deleted", json_boolean(message->deleted));
    static const char *const KEPT[] = { "text", "blocks", "metadata" };
    for (size_t i = 0; i < SW_COUNT(KEPT); i++) {
        json_t *value = json_object_get(message->body, KEPT[i]);
        (void)json_object_set_new(version, KEPT[i], value ? json_deep_copy(value) : json_null());
    }
    if (json_array_size(message->history) == MAX_VERSIONS)
        (void)json_array_remove(message->history, 1);
    (void)json_array_append_new(message->history, version);
    slack_message_touch(world, message);
}

static void sign_as_bot(json_t *body, const struct slack_user *bot)
{
    (void)jx_set_string(body, "bot_id", bot->bot_id);
    (void)jx_set_string(body, "app_id", bot->app_id);
    (void)jx_set_take(body, "bot_profile",
                      json_pack("{s:s,s:b,s:s,s:i,s:s,s:s}", "id", bot->bot_id, "deleted", 0, "name", bot->real_name,
                                "updated", 1600000000, "app_id", bot->app_id, "team_id", SLACK_TEAM_ID));
}

static void sign_as_person(json_t *body, const struct slack_user *user, const struct slack_content *content)
{
    if (!content->subtype && !user->is_slackbot)
        (void)jx_set_take(body, "client_msg_id",
                          json_sprintf("%08x-%04x-4%03x-a%03x-%08x%04x", sw_random32(), sw_random32() & 0xffff,
                                       sw_random32() & 0xfff, sw_random32() & 0xfff, sw_random32(),
                                       sw_random32() & 0xffff));
    if (user->team_id) { /* of another organisation */
        (void)jx_set_string(body, "user_team", user->team_id);
        (void)jx_set_string(body, "source_team", user->team_id);
    }
}

static void sign(struct slack_message *message, const struct slack_content *content)
{
    const struct slack_user *user = slack_user_find(content->user ? content->user : SLACK_BOT_USER);
    if (content->username) {
        (void)jx_set_string(message->body, "subtype", "bot_message");
        (void)jx_set_string(message->body, "username", content->username);
        (void)jx_set_string(message->body, "bot_id", "B0WEBHOOK01");
        return;
    }
    assert(user);
    (void)jx_set_string(message->body, "user", user->id);
    (void)jx_set_string(message->body, "team", slack_user_team(user));
    if (user->is_bot && !content->subtype)
        sign_as_bot(message->body, user);
    else
        sign_as_person(message->body, user, content);
}

/* Where it stands: in a thread, in both, or as what kind of notice. */
static void set_place(struct slack_message *message, const struct slack_content *content)
{
    if (content->thread_ts)
        (void)jx_set_string(message->body, "thread_ts", content->thread_ts);
    if (content->subtype)
        (void)jx_set_string(message->body, "subtype", content->subtype);
    else if (content->thread_ts && content->broadcast)
        (void)jx_set_string(message->body, "subtype", "thread_broadcast");
}

static struct slack_message *add_message(struct slack_world *world)
{
    if (world->count == MAX_MESSAGES)
        slack_world_drop_messages(world, DROP);
    if (world->count == world->capacity) {
        world->capacity = world->capacity ? 2 * world->capacity : 256;
        world->messages = realloc(world->messages, world->capacity * sizeof(struct slack_message *));
        assert(world->messages);
    }
    struct slack_message *message = calloc(1, sizeof(*message));
    assert(message);
    world->messages[world->count++] = message;
    slack_world_stamp(world, message->ts);
    return message;
}

struct slack_message *slack_message_post(struct slack_world *world, const char *channel,
                                         const struct slack_content *content)
{
    struct slack_message *message = add_message(world);
    (void)sw_copy(message->channel, sizeof(message->channel), channel);
    (void)sw_copy(message->audience, sizeof(message->audience), content->audience ? content->audience : "");
    message->history = json_array();
    message->body = json_pack("{s:s,s:s,s:s,s:s}", "type", "message", "ts", message->ts, "team", SLACK_TEAM_ID, "text",
                              content->text ? content->text : "");
    assert(message->body && message->history);
    sign(message, content);
    set_place(message, content);
    set_content(message, content);
    record_version(world, message, content->via);
    return message;
}

void slack_message_edit(struct slack_world *world, struct slack_message *message, const struct slack_content *content)
{
    set_content(message, content);
    if (!json_object_get(message->body, "blocks")) {
        char ts[SLACK_TS_SIZE];
        slack_world_stamp(world, ts);
        (void)json_object_set_new(
            message->body, "edited",
            json_pack("{s:s,s:s}", "user", content->user ? content->user : SLACK_BOT_USER, "ts", ts));
    }
    record_version(world, message, content->via);
}

void slack_message_delete(struct slack_world *world, struct slack_message *message, const char *via)
{
    message->deleted = true;
    record_version(world, message, via);
}

void slack_message_touch(struct slack_world *world, struct slack_message *message)
{
    message->changed = slack_world_change(world);
}

struct slack_message *slack_message_find(struct slack_world *world, const char *channel, const char *ts)
{
    for (size_t i = world->count; i-- > 0;) {
        struct slack_message *message = world->messages[i];
        if (!message->deleted && sw_equal(message->ts, ts) && sw_equal(message->channel, channel))
            return message;
    }
    return NULL;
}

struct slack_message *slack_message_at(struct slack_world *world, size_t index)
{
    return index < world->count ? world->messages[index] : NULL;
}

const char *slack_message_author(const struct slack_message *message)
{
    return jx_string_or(message->body, "user", "");
}

bool slack_message_is_reply(const struct slack_message *message)
{
    const char *thread = jx_string(message->body, "thread_ts");
    return thread && !sw_equal(thread, message->ts);
}

json_t *slack_message_json_new(const struct slack_message *message, bool with_history)
{
    json_t *json = json_deep_copy(message->body);
    (void)jx_set_string(json, "channel", message->channel);
    (void)jx_set_string(json, "ephemeral_for", message->audience[0] ? message->audience : NULL);
    (void)jx_set_take(json, "deleted", json_boolean(message->deleted));
    if (with_history)
        (void)json_object_set(json, "history", message->history);
    return json;
}
