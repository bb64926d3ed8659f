/* SPDX-License-Identifier: Apache-2.0
 * slack_channels: the channels of the start, new ones, and who is in them. */
#include "deploy/sandbox/slack/slack_channels.h"

#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_world_internal.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED_CREATED_S = 1600000000 };

#define EVERYBODY "alice bob carol gus pager slipway"

static const struct {
    const char *id, *name, *topic, *members;
    enum slack_channel_kind kind;
    bool is_archived, is_ext_shared;
} SEEDS[] = {
    { .id = "C0GENERAL01", .name = "general", .topic = "Company-wide announcements", .members = EVERYBODY },
    { .id = "C0DEPLOYS01", .name = "deploys", .topic = "What goes where, and when", .members = EVERYBODY },
    { .id = "C0INCIDENT1", .name = "incidents", .topic = "Say here what is broken", .members = EVERYBODY },
    { .id = "C0ANNOUNCE1", .name = "announcements", .topic = "Incidents and maintenance", .members = EVERYBODY },
    { .id = "C0RANDOM001",
      .name = "random",
      .topic = "The app is not in this channel",
      .members = "alice bob carol gus" },
    { .id = "C0PARTNERS1",
      .name = "partners",
      .topic = "Shared with another organisation",
      .members = "alice bob erin slipway",
      .is_ext_shared = true },
    { .id = "C0SECURITY1",
      .name = "security",
      .topic = "Private, with the app",
      .members = "alice bob slipway",
      .kind = SLACK_PRIVATE },
    { .id = "C0BOARD0001",
      .name = "board",
      .topic = "Private, without the app",
      .members = "alice carol",
      .kind = SLACK_PRIVATE },
    { .id = "C0ARCHIVE01", .name = "old-project", .topic = "Archived", .members = EVERYBODY, .is_archived = true },
};

uint64_t slack_user_bit(const struct slack_user *user) { return UINT64_C(1) << slack_user_index(user); }

static uint64_t members_of(const char *names)
{
    uint64_t members = 0;
    SW_AUTO_FREE char *copy = sw_strdup(names);
    char *save = NULL;
    for (char *name = strtok_r(copy, " ", &save); name; name = strtok_r(NULL, " ", &save))
        members |= slack_user_bit(slack_user_find(name));
    return members;
}

static void channel_free(struct slack_channel *channel)
{
    json_decref(channel->pins);
    json_decref(channel->bookmarks);
    free(channel->topic.value);
    free(channel->purpose.value);
    free(channel);
}

static struct slack_channel *add_channel(struct slack_world *world)
{
    if (world->channel_count == SLACK_MAX_CHANNELS)
        return NULL;
    struct slack_channel *channel = calloc(1, sizeof(*channel));
    assert(channel);
    channel->pins = json_array();
    channel->bookmarks = json_array();
    channel->topic.value = sw_strdup("");
    channel->purpose.value = sw_strdup("");
    channel->topic.creator = channel->purpose.creator = "";
    channel->created_s = sw_wall_ms() / 1000;
    assert(channel->pins && channel->bookmarks && channel->topic.value && channel->purpose.value);
    world->channels[world->channel_count++] = channel;
    slack_channel_touch(world, channel);
    return channel;
}

void slack_world_drop_channels(struct slack_world *world)
{
    for (size_t i = 0; i < world->channel_count; i++)
        channel_free(world->channels[i]);
    world->channel_count = 0;
}

void slack_world_seed_channels(struct slack_world *world)
{
    const struct slack_user *alice = slack_user_find("alice");
    for (size_t i = 0; i < SW_COUNT(SEEDS); i++) {
        struct slack_channel *channel = add_channel(world);
        (void)sw_copy(channel->id, sizeof(channel->id), SEEDS[i].id);
        (void)sw_copy(channel->name, sizeof(channel->name), SEEDS[i].name);
        channel->kind = SEEDS[i].kind;
        channel->members = members_of(SEEDS[i].members);
        channel->is_general = i == 0;
        channel->is_archived = SEEDS[i].is_archived;
        channel->is_ext_shared = SEEDS[i].is_ext_shared;
        channel->creator = alice->id;
        channel->created_s = SEED_CREATED_S;
        slack_note_set(&channel->topic, SEEDS[i].topic, alice);
        slack_note_set(&channel->purpose, SEEDS[i].topic, alice);
    }
}

struct slack_channel *slack_channel_at(struct slack_world *world, size_t index)
{
    return index < world->channel_count ? world->channels[index] : NULL;
}

struct slack_channel *slack_channel_find(struct slack_world *world, const char *id_or_name)
{
    if (id_or_name && id_or_name[0] == '#')
        id_or_name++;
    for (size_t i = 0; id_or_name && i < world->channel_count; i++)
        if (sw_equal(world->channels[i]->id, id_or_name) || sw_equal(world->channels[i]->name, id_or_name))
            return world->channels[i];
    return NULL;
}

struct slack_channel *slack_channel_create(struct slack_world *world, const char *name, enum slack_channel_kind kind,
                                           const struct slack_user *creator)
{
    struct slack_channel *channel = add_channel(world);
    if (!channel)
        return NULL;
    (void)snprintf(channel->id, sizeof(channel->id), "C0%09" PRIX64, ++world->channels_made);
    (void)sw_copy(channel->name, sizeof(channel->name), name);
    channel->kind = kind;
    channel->creator = creator->id;
    channel->members = slack_user_bit(creator);
    return channel;
}

static void name_direct(struct slack_channel *channel)
{
    size_t count = 0;
    const struct slack_user *users = slack_users(&count);
    const struct slack_user *partner = slack_channel_partner(channel);
    if (channel->kind == SLACK_IM) {
        (void)snprintf(channel->id, sizeof(channel->id), "D%s", partner->id + 1);
        (void)snprintf(channel->name, sizeof(channel->name), "dm-%s", partner->name);
        return;
    }
    (void)snprintf(channel->id, sizeof(channel->id), "G0%09" PRIX64, channel->members);
    size_t length = (size_t)snprintf(channel->name, sizeof(channel->name), "mpdm");
    for (size_t i = 0; i < count; i++)
        if (slack_channel_has(channel, &users[i]) && length + 40 < sizeof(channel->name))
            length += (size_t)snprintf(channel->name + length, 40, "-%.30s", users[i].name);
}

struct slack_channel *slack_channel_open_direct(struct slack_world *world, uint64_t members)
{
    members |= slack_user_bit(slack_user_find(SLACK_BOT_USER));
    for (size_t i = 0; i < world->channel_count; i++)
        if (slack_channel_is_direct(world->channels[i]) && world->channels[i]->members == members)
            return world->channels[i];
    struct slack_channel *channel = add_channel(world);
    if (!channel)
        return NULL;
    channel->members = members;
    channel->kind = slack_channel_size(channel) > 2 ? SLACK_MPIM : SLACK_IM;
    channel->creator = SLACK_BOT_USER;
    name_direct(channel);
    return channel;
}

void slack_channel_touch(struct slack_world *world, struct slack_channel *channel)
{
    channel->changed = slack_world_change(world);
}

void slack_note_set(struct slack_note *note, const char *value, const struct slack_user *user)
{
    free(note->value);
    note->value = sw_strdup(value);
    assert(note->value);
    note->creator = user->id;
    note->set_s = sw_wall_ms() / 1000;
}

const char *slack_channel_name_error(struct slack_world *world, const char *name)
{
    bool has_word = false;
    if (!name || !name[0])
        return "invalid_name_required";
    if (sw_utf8_characters(name) > SLACK_NAME_CHARACTERS)
        return "invalid_name_maxlength";
    for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
        bool word = islower(*c) || isdigit(*c) || *c >= 0x80;
        if (!word && *c != '-' && *c != '_')
            return "invalid_name_specials";
        has_word = has_word || word;
    }
    if (!has_word)
        return "invalid_name_punctuation";
    return slack_channel_find(world, name) ? "name_taken" : NULL;
}

bool slack_channel_has(const struct slack_channel *channel, const struct slack_user *user)
{
    return (channel->members & slack_user_bit(user)) != 0;
}

bool slack_channel_has_app(const struct slack_channel *channel)
{
    return slack_channel_has(channel, slack_user_find(SLACK_BOT_USER));
}

bool slack_channel_is_direct(const struct slack_channel *channel)
{
    return channel->kind == SLACK_IM || channel->kind == SLACK_MPIM;
}

bool slack_channel_visible(const struct slack_channel *channel, const struct slack_user *user)
{
    return slack_channel_has(channel, user) || (channel->kind == SLACK_PUBLIC && !user->team_id);
}

const struct slack_user *slack_channel_partner(const struct slack_channel *channel)
{
    size_t count = 0;
    const struct slack_user *users = slack_users(&count);
    for (size_t i = 0; i < count; i++)
        if (slack_channel_has(channel, &users[i]) && !slack_user_is_app(&users[i]))
            return &users[i];
    return slack_user_find(SLACK_BOT_USER);
}

int32_t slack_channel_size(const struct slack_channel *channel)
{
    return (int32_t)__builtin_popcountll(channel->members);
}

json_t *slack_channel_members_new(const struct slack_channel *channel)
{
    size_t count = 0;
    const struct slack_user *users = slack_users(&count);
    json_t *members = json_array();
    for (size_t i = 0; i < count; i++)
        if (slack_channel_has(channel, &users[i]))
            (void)json_array_append_new(members, json_string(users[i].id));
    return members;
}
