/* SPDX-License-Identifier: Apache-2.0
 * slack_act_channel: channels are made, renamed, archived; people come and go; topics change. */
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_event.h"

#include <stdio.h>

enum { MAX_NOTICE = 2048 };

/* The line that Slack writes into the channel, as the user's message of a subtype; `key` holds the new value. */
static void notice(struct slack *slack, const struct slack_channel *channel, const struct slack_user *user,
                   const char *subtype, const char *text)
{
    const struct slack_content content = { .text = text, .user = user->id, .subtype = subtype, .via = subtype };
    (void)slack_act_post(slack, channel, &content);
}

static bool is_private(const struct slack_channel *channel) { return channel->kind != SLACK_PUBLIC; }

static void tell_created(struct slack *slack, const struct slack_channel *channel)
{
    char ts[SLACK_TS_SIZE];
    if (is_private(channel))
        return;
    slack_world_stamp(slack->world, ts); /* every app hears of a new public channel */
    slack_event_emit(slack, json_pack("{s:s,s:s,s:{s:s,s:s,s:s,s:I,s:s,s:b,s:s}}", "type", "channel_created",
                                      "event_ts", ts, "channel", "id", channel->id, "name", channel->name,
                                      "name_normalized", channel->name, "created", (json_int_t)channel->created_s,
                                      "creator", channel->creator, "is_channel", 1, "context_team_id", SLACK_TEAM_ID));
}

const char *slack_act_create(struct slack *slack, const struct slack_user *user, const char *name,
                             enum slack_channel_kind kind, struct slack_channel **ret_channel)
{
    const char *error = slack_channel_name_error(slack->world, name);
    struct slack_channel *channel = error ? NULL : slack_channel_create(slack->world, name, kind, user);
    if (error)
        return error;
    if (!channel)
        return "too_many_channels";
    tell_created(slack, channel);
    slack_act_join(slack, channel, user, NULL);
    *ret_channel = channel;
    return NULL;
}

static json_t *membership_new(const char *type, const struct slack_channel *channel, const struct slack_user *user)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s}", "type", type, "user", user->id, "channel", channel->id, "channel_type",
                     is_private(channel) ? "G" : "C", "team", slack_user_team(user));
}

void slack_act_join(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                    const struct slack_user *inviter)
{
    char text[160];
    channel->members |= slack_user_bit(user);
    slack_channel_touch(slack->world, channel);
    json_t *joined = membership_new("member_joined_channel", channel, user);
    if (inviter)
        (void)jx_set_string(joined, "inviter", inviter->id);
    slack_act_tell(slack, channel, joined);
    (void)snprintf(text, sizeof(text), "<@%s> has joined the channel", user->id);
    notice(slack, channel, user, is_private(channel) ? "group_join" : "channel_join", text);
}

void slack_act_leave(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                     const struct slack_user *kicker)
{
    char text[160];
    slack_act_tell(slack, channel, membership_new("member_left_channel", channel, user));
    channel->members &= ~slack_user_bit(user);
    slack_channel_touch(slack->world, channel);
    if (kicker)
        (void)snprintf(text, sizeof(text), "<@%s> was removed from the channel by <@%s>", user->id, kicker->id);
    else
        (void)snprintf(text, sizeof(text), "<@%s> has left the channel", user->id);
    notice(slack, channel, user, is_private(channel) ? "group_leave" : "channel_leave", text);
}

const char *slack_invite_error(const struct slack_channel *channel, const struct slack_user *inviter,
                               const struct slack_user *user)
{
    if (!user || user->is_slackbot)
        return "user_not_found";
    if (user == inviter)
        return "cant_invite_self";
    if (slack_channel_has(channel, user))
        return "already_in_channel";
    return user->team_id && !channel->is_ext_shared ? "user_not_found" : NULL;
}

static void tell_archived(struct slack *slack, const struct slack_channel *channel, const struct slack_user *user)
{
    static const char *const TYPES[2][2] = { { "channel_unarchive", "channel_archive" },
                                             { "group_unarchive", "group_archive" } };
    slack_act_tell(slack, channel,
                   json_pack("{s:s,s:s,s:s}", "type", TYPES[is_private(channel)][channel->is_archived], "channel",
                             channel->id, "user", user->id));
}

const char *slack_act_archive(struct slack *slack, struct slack_channel *channel, const struct slack_user *user)
{
    char text[160];
    if (channel->is_archived)
        return "already_archived";
    if (channel->is_general)
        return "cant_archive_general";
    (void)snprintf(text, sizeof(text), "<@%s> archived the channel", user->id);
    notice(slack, channel, user, is_private(channel) ? "group_archive" : "channel_archive", text);
    channel->is_archived = true;
    slack_channel_touch(slack->world, channel);
    tell_archived(slack, channel, user);
    return NULL;
}

const char *slack_act_unarchive(struct slack *slack, struct slack_channel *channel, const struct slack_user *user)
{
    char text[160];
    if (!channel->is_archived)
        return "not_archived";
    channel->is_archived = false;
    slack_channel_touch(slack->world, channel);
    tell_archived(slack, channel, user);
    (void)snprintf(text, sizeof(text), "<@%s> un-archived the channel", user->id);
    notice(slack, channel, user, is_private(channel) ? "group_unarchive" : "channel_unarchive", text);
    return NULL;
}

const char *slack_act_rename(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                             const char *name)
{
    char text[MAX_NOTICE];
    const char *error = sw_equal(channel->name, name) ? NULL : slack_channel_name_error(slack->world, name);
    if (error)
        return error;
    (void)snprintf(text, sizeof(text), "<@%s> has renamed the channel from \"%s\" to \"%s\"", user->id, channel->name,
                   name);
    (void)sw_copy(channel->name, sizeof(channel->name), name);
    slack_channel_touch(slack->world, channel);
    slack_act_tell(slack, channel,
                   json_pack("{s:s,s:{s:s,s:s,s:s,s:I,s:b}}", "type",
                             is_private(channel) ? "group_rename" : "channel_rename", "channel", "id", channel->id,
                             "name", channel->name, "name_normalized", channel->name, "created",
                             (json_int_t)channel->created_s, "is_channel", 1));
    notice(slack, channel, user, is_private(channel) ? "group_name" : "channel_name", text);
    return NULL;
}

const char *slack_act_note(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                           enum slack_note_kind kind, const char *value)
{
    char text[MAX_NOTICE];
    const char *word = kind == SLACK_TOPIC ? "topic" : "purpose";
    char subtype[24];
    if (sw_utf8_characters(value) > SLACK_MAX_NOTE)
        return "too_long";
    slack_note_set(kind == SLACK_TOPIC ? &channel->topic : &channel->purpose, value, user);
    slack_channel_touch(slack->world, channel);
    if (value[0])
        (void)snprintf(text, sizeof(text), "<@%s> set the channel %s: %s", user->id, word, value);
    else
        (void)snprintf(text, sizeof(text), "<@%s> cleared the channel %s", user->id, word);
    (void)snprintf(subtype, sizeof(subtype), "%s_%s", is_private(channel) ? "group" : "channel", word);
    notice(slack, channel, user, subtype, text);
    return NULL;
}
