/* SPDX-License-Identifier: Apache-2.0
 * slack_people: who is in the sandbox's workspace. A fixed cast, so that samples and tests can name them. */
#include "deploy/sandbox/slack/slack_world.h"

#include "common/base/text.h"

static const struct slack_user USERS[] = {
    { .id = "U0ALICE0001", .name = "alice", .real_name = "Alice Adler" },
    { .id = "U0BOB000001", .name = "bob", .real_name = "Bob Brandt" },
    { .id = "U0CAROL0001", .name = "carol", .real_name = "Carol Costa" },
    { .id = "U0GUS000001", .name = "gus", .real_name = "Gus (guest)", .is_restricted = true },
    { .id = SLACK_BOT_USER, .name = "slipway", .real_name = "Slipway", .is_bot = true },
    { .id = "USLACKBOT", .name = "slackbot", .real_name = "Slackbot", .is_slackbot = true },
};

const struct slack_user *slack_users(size_t *ret_count)
{
    *ret_count = SW_COUNT(USERS);
    return USERS;
}

const struct slack_user *slack_user_find(const char *id_or_name)
{
    if (id_or_name && id_or_name[0] == '@')
        id_or_name++;
    for (size_t i = 0; id_or_name && i < SW_COUNT(USERS); i++)
        if (sw_equal(USERS[i].id, id_or_name) || sw_equal(USERS[i].name, id_or_name))
            return &USERS[i];
    return NULL;
}

json_t *slack_user_json_new(const struct slack_user *user)
{
    return json_pack("{s:s,s:s,s:s,s:b,s:s,s:s,s:i,s:b,s:b,s:b,s:b,s:b,s:b,s:i,s:{s:s,s:s,s:s,s:s,s:s}}", "id",
                     user->id, "team_id", SLACK_TEAM_ID, "name", user->name, "deleted", 0, "real_name", user->real_name,
                     "tz", "Etc/UTC", "tz_offset", 0, "is_admin", sw_equal(user->name, "alice"), "is_owner", 0,
                     "is_restricted", user->is_restricted, "is_ultra_restricted", 0, "is_bot", user->is_bot,
                     "is_app_user", 0, "updated", 1600000000, "profile", "real_name", user->real_name, "display_name",
                     user->name, "real_name_normalized", user->real_name, "display_name_normalized", user->name, "team",
                     SLACK_TEAM_ID);
}

json_t *slack_channel_json_new(const struct slack_channel *channel)
{
    if (channel->is_im)
        return json_pack("{s:s,s:b,s:b,s:s,s:i,s:b}", "id", channel->id, "is_im", 1, "is_archived", 0, "user",
                         channel->im_user->id, "created", 1600000000, "is_open", 1);
    return json_pack("{s:s,s:s,s:s,s:b,s:b,s:b,s:b,s:b,s:b,s:b,s:b,s:i,s:s,s:s,s:i,s:{s:s,s:s,s:i},s:{s:s,s:s,s:i}}",
                     "id", channel->id, "name", channel->name, "name_normalized", channel->name, "is_channel", 1,
                     "is_group", 0, "is_im", 0, "is_mpim", 0, "is_private", 0, "is_archived", channel->is_archived,
                     "is_general", sw_equal(channel->name, "general"), "is_member", channel->has_bot, "created",
                     1600000000, "creator", "U0ALICE0001", "context_team_id", SLACK_TEAM_ID, "num_members", 4, "topic",
                     "value", channel->topic, "creator", "U0ALICE0001", "last_set", 1600000000, "purpose", "value",
                     channel->topic, "creator", "U0ALICE0001", "last_set", 1600000000);
}
