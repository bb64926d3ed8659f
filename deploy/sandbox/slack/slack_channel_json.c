/* SPDX-License-Identifier: Apache-2.0
 * slack_channel_json: a channel as the Web API and the driver API show it. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_channels.h"

static json_t *note_new(const struct slack_note *note)
{
    return json_pack("{s:s,s:s,s:I}", "value", note->value, "creator", note->creator, "last_set",
                     (json_int_t)note->set_s);
}

static json_t *im_new(const struct slack_channel *channel)
{
    return json_pack("{s:s,s:b,s:b,s:s,s:I,s:b,s:b}", "id", channel->id, "is_im", 1, "is_archived", 0, "user",
                     slack_channel_partner(channel)->id, "created", (json_int_t)channel->created_s, "is_open", 1,
                     "is_org_shared", 0);
}

static void add_flags(json_t *json, const struct slack_channel *channel)
{
    const struct {
        const char *name;
        bool value;
    } flags[] = {
        { "is_channel", channel->kind == SLACK_PUBLIC || channel->kind == SLACK_PRIVATE },
        { "is_group", false },
        { "is_im", false },
        { "is_mpim", channel->kind == SLACK_MPIM },
        { "is_private", channel->kind != SLACK_PUBLIC },
        { "is_archived", channel->is_archived },
        { "is_general", channel->is_general },
        { "is_member", slack_channel_has_app(channel) },
        { "is_shared", channel->is_ext_shared },
        { "is_ext_shared", channel->is_ext_shared },
        { "is_org_shared", false },
        { "is_pending_ext_shared", false },
    };
    for (size_t i = 0; i < SW_COUNT(flags); i++)
        (void)json_object_set_new(json, flags[i].name, json_boolean(flags[i].value));
}

json_t *slack_channel_json_new(const struct slack_channel *channel)
{
    if (channel->kind == SLACK_IM)
        return im_new(channel);
    json_t *json = json_pack("{s:s,s:s,s:s,s:I,s:s,s:s,s:i,s:o,s:o,s:[],s:i}", "id", channel->id, "name", channel->name,
                             "name_normalized", channel->name, "created", (json_int_t)channel->created_s, "creator",
                             channel->creator, "context_team_id", SLACK_TEAM_ID, "num_members",
                             slack_channel_size(channel), "topic", note_new(&channel->topic), "purpose",
                             note_new(&channel->purpose), "previous_names", "unlinked", 0);
    add_flags(json, channel);
    return json;
}

json_t *slack_channel_wide_json_new(const struct slack_channel *channel)
{
    json_t *json = slack_channel_json_new(channel);
    (void)jx_set_take(json, "members", slack_channel_members_new(channel));
    (void)json_object_set_new(json, "pins", json_deep_copy(channel->pins));
    (void)json_object_set_new(json, "bookmarks", json_deep_copy(channel->bookmarks));
    (void)jx_set_string(json, "name", channel->name);
    return json;
}
