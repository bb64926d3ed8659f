/* SPDX-License-Identifier: Apache-2.0
 * slack_driver_rooms: a person makes, joins, leaves, names and archives channels, and brings others. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_driver.h"

/* ?user=: what this person sees; all otherwise. */
void slack_driver_list_rooms(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const struct slack_user *user = slack_user_find(httpd_query(exchange, "user"));
    const struct slack_channel *channel;
    json_t *list = json_array();
    (void)args;
    slack_lock(slack);
    for (size_t i = 0; (channel = slack_channel_at(slack->world, i)) != NULL; i++)
        if (!user || slack_channel_visible(channel, user))
            (void)json_array_append_new(list, slack_channel_wide_json_new(channel));
    slack_unlock(slack);
    slack_answer_json(exchange, 200, json_pack("{s:b,s:o}", "ok", 1, "channels", list));
}

void slack_driver_create_room(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const struct slack_user *user = slack_user_find(jx_string_or(args, "user", "alice"));
    struct slack_channel *channel = NULL;
    const char *error = "unknown user";
    char id[SLACK_ID_SIZE] = "";
    slack_lock(slack);
    if (user)
        error = slack_act_create(slack, user, jx_string(args, "name"),
                                 jx_bool_or(args, "is_private", false) ? SLACK_PRIVATE : SLACK_PUBLIC, &channel);
    if (channel)
        (void)sw_copy(id, sizeof(id), channel->id);
    slack_unlock(slack);
    slack_driver_answer(exchange, error, json_pack("{s:b,s:s}", "ok", 1, "channel", id));
}

typedef const char *room_fn(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                            const json_t *args);
enum who { MEMBERS, ANYBODY };

static void act_on_room(struct slack *slack, struct httpd_exchange *exchange, const json_t *args, enum who who,
                        room_fn *act)
{
    const struct slack_user *user;
    struct slack_channel *channel;
    const char *error = "unknown user or channel";
    slack_lock(slack);
    if (slack_driver_where(slack, args, &user, &channel)) {
        bool member = slack_channel_has(channel, user);
        if (!slack_channel_visible(channel, user))
            error = "channel_not_found";
        else if (slack_channel_is_direct(channel))
            error = "method_not_supported_for_channel_type";
        else
            error = member || who == ANYBODY ? act(slack, channel, user, args) : "not_in_channel";
    }
    slack_unlock(slack);
    slack_driver_answer(exchange, error, json_pack("{s:b}", "ok", 1));
}

static const char *join(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                        const json_t *args)
{
    (void)args;
    if (channel->is_archived)
        return "is_archived";
    if (slack_channel_has(channel, user))
        return "already_in_channel";
    slack_act_join(slack, channel, user, NULL);
    return NULL;
}

static const char *leave(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                         const json_t *args)
{
    (void)args;
    if (channel->is_general)
        return "cant_leave_general";
    slack_act_leave(slack, channel, user, NULL);
    return NULL;
}

/* All or none, as conversations.invite. The app can be invited too. */
static const char *invite(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                          const json_t *args)
{
    const json_t *names = json_object_get(args, "users");
    size_t count = json_array_size(names);
    if (channel->is_archived)
        return "is_archived";
    for (size_t i = 0; i < count; i++) {
        const struct slack_user *guest = slack_user_find(json_string_value(json_array_get(names, i)));
        const char *error = slack_invite_error(channel, user, guest);
        if (error)
            return error;
    }
    for (size_t i = 0; i < count; i++) {
        const struct slack_user *guest = slack_user_find(json_string_value(json_array_get(names, i)));
        if (!slack_channel_has(channel, guest)) /* named twice */
            slack_act_join(slack, channel, guest, user);
    }
    return count ? NULL : "no_user";
}

static const char *kick(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                        const json_t *args)
{
    const struct slack_user *guest = slack_user_find(jx_string(args, "who"));
    if (!guest)
        return "user_not_found";
    if (guest == user)
        return "cant_kick_self";
    if (channel->is_general)
        return "cant_kick_from_general";
    if (!slack_channel_has(channel, guest))
        return "not_in_channel";
    slack_act_leave(slack, channel, guest, user);
    return NULL;
}

static const char *archive(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                           const json_t *args)
{
    (void)args;
    return slack_act_archive(slack, channel, user);
}

static const char *unarchive(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                             const json_t *args)
{
    (void)args;
    return slack_act_unarchive(slack, channel, user);
}

static const char *rename_to(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                             const json_t *args)
{
    return channel->is_archived ? "is_archived" : slack_act_rename(slack, channel, user, jx_string(args, "name"));
}

static const char *set_topic(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                             const json_t *args)
{
    return channel->is_archived ? "is_archived"
                                : slack_act_note(slack, channel, user, SLACK_TOPIC, jx_string_or(args, "topic", ""));
}

void slack_driver_change_room(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    static const struct {
        const char *change;
        enum who who;
        room_fn *act;
    } CHANGES[] = {
        { "join", ANYBODY, join },        { "leave", MEMBERS, leave },     { "invite", MEMBERS, invite },
        { "kick", MEMBERS, kick },        { "archive", MEMBERS, archive }, { "unarchive", ANYBODY, unarchive },
        { "rename", MEMBERS, rename_to }, { "topic", MEMBERS, set_topic },
    };
    const char *change = jx_string(args, "change");
    for (size_t i = 0; i < SW_COUNT(CHANGES); i++) {
        if (!sw_equal(CHANGES[i].change, change))
            continue;
        act_on_room(slack, exchange, args, CHANGES[i].who, CHANGES[i].act);
        return;
    }
    slack_answer_error(exchange, 400, "change is join, leave, invite, kick, archive, unarchive, rename or topic");
}
