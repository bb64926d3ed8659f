/* SPDX-License-Identifier: Apache-2.0
 * slack_world: channels and messages. A message is never removed before a reset: tests judge by what it went through.
 */
#include "deploy/sandbox/slack/slack_world.h"

#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_blocks.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct slack_world {
    struct slack_channel channels[SLACK_MAX_CHANNELS];
    size_t channel_count;
    struct slack_message **messages;
    size_t count, capacity;
    uint64_t sequence;
    uint64_t epoch;
    int64_t last_ts_us; /* survives a reset: a ts is never given twice */
};

static const struct slack_channel CHANNELS[] = {
    { .id = "C0GENERAL01", .name = "general", .topic = "Company-wide announcements", .has_bot = true },
    { .id = "C0DEPLOYS01", .name = "deploys", .topic = "What goes where, and when", .has_bot = true },
    { .id = "C0RANDOM001", .name = "random", .topic = "The app is not in this channel" },
    { .id = "C0ARCHIVE01", .name = "old-project", .topic = "Archived", .has_bot = true, .is_archived = true },
};

struct slack_world *slack_world_new(void)
{
    struct slack_world *world = calloc(1, sizeof(*world));
    assert(world);
    slack_world_reset(world);
    return world;
}

static void message_free(struct slack_message *message)
{
    json_decref(message->body);
    json_decref(message->history);
    free(message);
}

void slack_world_reset(struct slack_world *world)
{
    for (size_t i = 0; i < world->count; i++)
        message_free(world->messages[i]);
    world->count = 0;
    memcpy(world->channels, CHANNELS, sizeof(CHANNELS));
    world->channel_count = SW_COUNT(CHANNELS);
    world->epoch = (uint64_t)sw_random32();
    world->sequence++;
}

void slack_world_free(struct slack_world *world)
{
    if (!world)
        return;
    for (size_t i = 0; i < world->count; i++)
        message_free(world->messages[i]);
    free(world->messages);
    free(world);
}

uint64_t slack_world_epoch(const struct slack_world *world) { return world->epoch; }
uint64_t slack_world_sequence(const struct slack_world *world) { return world->sequence; }

struct slack_channel *slack_channels(struct slack_world *world, size_t *ret_count)
{
    *ret_count = world->channel_count;
    return world->channels;
}

struct slack_channel *slack_channel_find(struct slack_world *world, const char *id_or_name)
{
    if (id_or_name && id_or_name[0] == '#')
        id_or_name++;
    for (size_t i = 0; id_or_name && i < world->channel_count; i++)
        if (sw_equal(world->channels[i].id, id_or_name) || sw_equal(world->channels[i].name, id_or_name))
            return &world->channels[i];
    return NULL;
}

struct slack_channel *slack_channel_open_im(struct slack_world *world, const struct slack_user *user)
{
    struct slack_channel im = { .is_im = true, .has_bot = true, .im_user = user, .topic = "" };
    (void)snprintf(im.id, sizeof(im.id), "D%s", user->id + 1);
    (void)snprintf(im.name, sizeof(im.name), "dm-%s", user->name);
    struct slack_channel *known = slack_channel_find(world, im.id);
    if (known)
        return known;
    assert(world->channel_count < SLACK_MAX_CHANNELS); /* fewer people than that */
    world->channels[world->channel_count] = im;
    return &world->channels[world->channel_count++];
}

static void next_ts(struct slack_world *world, char ret_ts[SLACK_TS_SIZE])
{
    int64_t now_us = sw_wall_ms() * 1000;
    world->last_ts_us = now_us > world->last_ts_us ? now_us : world->last_ts_us + 1;
    (void)snprintf(ret_ts, SLACK_TS_SIZE, "%" PRId64 ".%06" PRId64, world->last_ts_us / 1000000,
                   world->last_ts_us % 1000000);
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
    (void)json_array_append_new(message->history, version);
    slack_message_touch(world, message);
}

static void sign(struct slack_message *message, const struct slack_content *content)
{
    const char *user = content->user ? content->user : SLACK_BOT_USER;
    (void)json_object_set_new(message->body, "user", json_string(user));
    if (sw_equal(user, SLACK_BOT_USER)) {
        (void)json_object_set_new(message->body, "bot_id", json_string(SLACK_BOT_ID));
        (void)json_object_set_new(message->body, "app_id", json_string(SLACK_APP_ID));
    }
    if (content->thread_ts)
        (void)json_object_set_new(message->body, "thread_ts", json_string(content->thread_ts));
}

struct slack_message *slack_message_post(struct slack_world *world, const char *channel,
                                         const struct slack_content *content)
{
    if (world->count == world->capacity) {
        world->capacity = world->capacity ? 2 * world->capacity : 256;
        world->messages = realloc(world->messages, world->capacity * sizeof(struct slack_message *));
        assert(world->messages);
    }
    struct slack_message *message = calloc(1, sizeof(*message));
    assert(message);
    next_ts(world, message->ts);
    (void)sw_copy(message->channel, sizeof(message->channel), channel);
    (void)sw_copy(message->audience, sizeof(message->audience), content->audience ? content->audience : "");
    message->history = json_array();
    message->body = json_pack("{s:s,s:s,s:s,s:s}", "type", "message", "ts", message->ts, "team", SLACK_TEAM_ID, "text",
                              content->text ? content->text : "");
    assert(message->body && message->history);
    sign(message, content);
    set_content(message, content);
    world->messages[world->count++] = message;
    record_version(world, message, content->via);
    return message;
}

void slack_message_edit(struct slack_world *world, struct slack_message *message, const struct slack_content *content)
{
    set_content(message, content);
    if (!json_object_get(message->body, "blocks")) {
        char ts[SLACK_TS_SIZE];
        next_ts(world, ts);
        (void)json_object_set_new(message->body, "edited", json_pack("{s:s,s:s}", "user", SLACK_BOT_USER, "ts", ts));
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
    message->changed = ++world->sequence;
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
