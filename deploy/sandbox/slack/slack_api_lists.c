/* SPDX-License-Identifier: Apache-2.0
 * slack_api_lists: conversations.info, .list, .members and .open, and users.conversations. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

#include <stdio.h>
#include <string.h>

enum { MAX_MPIM_USERS = 8 };

json_t *slack_conv_info(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_channel *channel = slack_api_channel(call, SLACK_FACTS, &answer);
    if (!channel)
        return answer;
    answer = slack_api_channel_new(channel);
    if (!slack_arg_bool(call->args, "include_num_members", false))
        (void)json_object_del(json_object_get(answer, "channel"), "num_members");
    return answer;
}

static const char *const TYPE_NAMES[] = {
    [SLACK_PUBLIC] = "public_channel", [SLACK_PRIVATE] = "private_channel", [SLACK_IM] = "im", [SLACK_MPIM] = "mpim"
};

/* A set of 1 << kind; 0 when one of the words is unknown. */
static uint32_t types_of(const char *types)
{
    uint32_t set = 0;
    SW_AUTO_FREE char *copy = sw_strdup(types);
    char *save = NULL;
    for (char *word = strtok_r(copy, ", ", &save); word; word = strtok_r(NULL, ", ", &save)) {
        size_t kind = 0;
        while (kind < SW_COUNT(TYPE_NAMES) && !sw_equal(TYPE_NAMES[kind], word))
            kind++;
        if (kind == SW_COUNT(TYPE_NAMES))
            return 0;
        set |= 1U << kind;
    }
    return set;
}

/* user NULL: all that the app can see. */
static json_t *list_new(struct slack_call *call, const struct slack_user *user)
{
    struct slack_page page;
    const char *types = slack_arg_string(call->args, "types");
    uint32_t wanted = types_of(types ? types : "public_channel");
    bool skip_archived = slack_arg_bool(call->args, "exclude_archived", false);
    const struct slack_channel *channel;
    json_t *refusal = wanted ? slack_page_begin(call, &page) : slack_api_error_new("invalid_types");
    if (refusal)
        return refusal;
    json_t *list = json_array();
    for (size_t i = 0; (channel = slack_channel_at(call->slack->world, i)) != NULL; i++) {
        bool shown = slack_channel_visible(channel, slack_api_app()) && (!user || slack_channel_has(channel, user));
        if ((wanted & (1U << channel->kind)) && shown && !(skip_archived && channel->is_archived) &&
            slack_page_wants(&page))
            (void)json_array_append_new(list, slack_channel_json_new(channel));
    }
    json_t *answer = json_pack("{s:b,s:o}", "ok", 1, "channels", list);
    slack_page_end(&page, answer);
    return answer;
}

json_t *slack_conv_list(struct slack_call *call) { return list_new(call, NULL); }

json_t *slack_users_conversations(struct slack_call *call)
{
    const char *id = slack_arg_string(call->args, "user");
    const struct slack_user *user = id ? slack_user_find(id) : slack_api_app();
    return user ? list_new(call, user) : slack_api_error_new("user_not_found");
}

json_t *slack_conv_members(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_page page;
    const struct slack_channel *channel = slack_api_channel(call, SLACK_FACTS, &answer);
    if (!channel || (answer = slack_page_begin(call, &page)) != NULL)
        return answer;
    JX_AUTO json_t *all = slack_channel_members_new(channel);
    json_t *members = json_array();
    for (size_t i = 0; i < json_array_size(all); i++)
        if (slack_page_wants(&page))
            (void)json_array_append(members, json_array_get(all, i));
    answer = json_pack("{s:b,s:o}", "ok", 1, "members", members);
    slack_page_end(&page, answer);
    return answer;
}

/* The people of a comma list; 0 and an error code when one will not do. */
static uint64_t people_of(const char *users, const char **ret_error)
{
    uint64_t set = 0;
    SW_AUTO_FREE char *copy = sw_strdup(users);
    char *save = NULL;
    for (char *id = strtok_r(copy, ", ", &save); id; id = strtok_r(NULL, ", ", &save)) {
        const struct slack_user *user = slack_user_find(id);
        if (!user || !sw_equal(user->id, id))
            *ret_error = "user_not_found";
        else
            set |= slack_user_bit(user);
    }
    if (!*ret_error && __builtin_popcountll(set) > MAX_MPIM_USERS)
        *ret_error = "too_many_users";
    return *ret_error ? 0 : set;
}

json_t *slack_conv_open(struct slack_call *call)
{
    const char *users = slack_arg_string(call->args, "users");
    const char *id = slack_arg_string(call->args, "channel");
    const char *error = NULL;
    uint64_t people = users ? people_of(users, &error) : 0;
    if (!users && !id)
        return slack_api_error_new("users_list_not_supplied");
    if (error)
        return slack_api_error_new(error);
    struct slack_channel *channel =
        people ? slack_channel_open_direct(call->slack->world, people) : slack_channel_find(call->slack->world, id);
    if (!channel || !slack_channel_is_direct(channel))
        return slack_api_error_new("channel_not_found");
    json_t *opened = slack_arg_bool(call->args, "return_im", false) ? slack_channel_json_new(channel)
                                                                    : json_pack("{s:s}", "id", channel->id);
    return json_pack("{s:b,s:o}", "ok", 1, "channel", opened);
}
