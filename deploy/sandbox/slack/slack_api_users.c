/* SPDX-License-Identifier: Apache-2.0
 * slack_api_users: api.test, auth.test, users.* and usergroups.*. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

#define GROUP_ID "S0RELEASE01"

json_t *slack_api_test(struct slack_call *call)
{
    const char *error = slack_arg_string(call->args, "error");
    json_t *answer = error ? slack_api_error_new(error) : slack_api_ok_new();
    if (json_object_size(call->args) > 0) {
        json_t *args = json_deep_copy(call->args);
        (void)json_object_del(args, "token");
        (void)jx_set_take(answer, "args", args);
    }
    return answer;
}

json_t *slack_auth_test(struct slack_call *call)
{
    json_t *url = json_sprintf("%s/", call->slack->public_url);
    return json_pack("{s:b,s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "ok", 1, "url", url, "team", "Slipway sandbox", "user",
                     "slipway", "team_id", SLACK_TEAM_ID, "user_id", SLACK_BOT_USER, "bot_id", SLACK_BOT_ID, "app_id",
                     SLACK_APP_ID, "is_enterprise_install", 0);
}

json_t *slack_users_info(struct slack_call *call)
{
    const char *id = slack_arg_string(call->args, "user");
    const struct slack_user *user = slack_user_find(id);
    if (!id)
        return slack_api_missing_new("user");
    if (!user)
        return slack_api_error_new("user_not_found");
    return json_pack("{s:b,s:o}", "ok", 1, "user", slack_user_json_new(user));
}

json_t *slack_users_list(struct slack_call *call)
{
    (void)call;
    size_t count = 0;
    const struct slack_user *users = slack_users(&count);
    json_t *members = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(members, slack_user_json_new(&users[i]));
    json_t *answer = json_pack("{s:b,s:o,s:i}", "ok", 1, "members", members, "cache_ts", 1600000000);
    slack_api_last_page(answer);
    return answer;
}

json_t *slack_users_conversations(struct slack_call *call)
{
    size_t count = 0;
    struct slack_channel *channels = slack_channels(call->slack->world, &count);
    bool skip_archived = slack_arg_bool(call->args, "exclude_archived", false);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (channels[i].has_bot && !channels[i].is_im && !(skip_archived && channels[i].is_archived))
            (void)json_array_append_new(list, slack_channel_json_new(&channels[i]));
    json_t *answer = json_pack("{s:b,s:o}", "ok", 1, "channels", list);
    slack_api_last_page(answer);
    return answer;
}

json_t *slack_usergroups_list(struct slack_call *call)
{
    json_t *group = json_pack("{s:s,s:s,s:b,s:s,s:s,s:s,s:i,s:i}", "id", GROUP_ID, "team_id", SLACK_TEAM_ID,
                              "is_usergroup", 1, "name", "Release managers", "handle", "release", "description",
                              "May ship to production", "date_create", 1600000000, "user_count", 2);
    if (slack_arg_bool(call->args, "include_users", false))
        (void)jx_set_take(group, "users", json_pack("[ss]", "U0ALICE0001", "U0BOB000001"));
    return json_pack("{s:b,s:[o]}", "ok", 1, "usergroups", group);
}

json_t *slack_usergroups_users_list(struct slack_call *call)
{
    const char *id = slack_arg_string(call->args, "usergroup");
    if (!id)
        return slack_api_missing_new("usergroup");
    if (!sw_equal(id, GROUP_ID))
        return slack_api_error_new("no_such_subteam");
    return json_pack("{s:b,s:[ss]}", "ok", 1, "users", "U0ALICE0001", "U0BOB000001");
}
