/* SPDX-License-Identifier: Apache-2.0
 * slack_api_users: api.test, auth.test, team.info, users.* and usergroups.*. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

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
    return json_pack("{s:b,s:o}", "ok", 1, "user", slack_user_json_new(call->slack->zones, user));
}

json_t *slack_team_info(struct slack_call *call)
{
    (void)call;
    return json_pack("{s:b,s:{s:s,s:s,s:s,s:s,s:{s:b}}}", "ok", 1, "team", "id", SLACK_TEAM_ID, "name",
                     "Slipway sandbox", "domain", SLACK_TEAM_DOMAIN, "email_domain", "example.com", "icon",
                     "image_default", 1);
}

json_t *slack_users_by_email(struct slack_call *call)
{
    const char *email = slack_arg_string(call->args, "email");
    const struct slack_user *user = slack_user_by_email(email);
    if (!email)
        return slack_api_missing_new("email");
    if (!user)
        return slack_api_error_new("users_not_found");
    return json_pack("{s:b,s:o}", "ok", 1, "user", slack_user_json_new(call->slack->zones, user));
}

json_t *slack_users_list(struct slack_call *call)
{
    size_t count = 0;
    const struct slack_user *users = slack_users(&count);
    struct slack_page page;
    json_t *refusal = slack_page_begin(call, &page);
    if (refusal)
        return refusal;
    json_t *members = json_array();
    for (size_t i = 0; i < count; i++)
        if (!users[i].team_id && slack_page_wants(&page))
            (void)json_array_append_new(members, slack_user_json_new(call->slack->zones, &users[i]));
    json_t *answer = json_pack("{s:b,s:o,s:i}", "ok", 1, "members", members, "cache_ts", 1600000000);
    slack_page_end(&page, answer);
    return answer;
}

json_t *slack_usergroups_list(struct slack_call *call)
{
    size_t count = 0;
    const struct slack_group *groups = slack_groups(&count);
    bool with_users = slack_arg_bool(call->args, "include_users", false);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, slack_group_json_new(&groups[i], with_users));
    return json_pack("{s:b,s:o}", "ok", 1, "usergroups", list);
}

json_t *slack_usergroups_users_list(struct slack_call *call)
{
    const char *id = slack_arg_string(call->args, "usergroup");
    const struct slack_group *group = slack_group_find(id);
    if (!id)
        return slack_api_missing_new("usergroup");
    if (!group || !sw_equal(group->id, id))
        return slack_api_error_new("no_such_subteam");
    return json_pack("{s:b,s:o}", "ok", 1, "users", slack_group_users_new(group));
}
