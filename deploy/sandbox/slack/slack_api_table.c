/* SPDX-License-Identifier: Apache-2.0
 * slack_api_table: the methods, and the scope that each needs. */
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_api.h"

#include <string.h>

static const struct slack_method METHODS[] = {
    { "api.test", slack_api_test, NULL, true },
    { "apps.connections.open", slack_apps_connections_open, SLACK_APP_SCOPE, false },
    { "auth.test", slack_auth_test, NULL, false },
    { "bookmarks.add", slack_bookmarks_add, "bookmarks:write", false },
    { "bookmarks.list", slack_bookmarks_list, "bookmarks:read", false },
    { "bookmarks.remove", slack_bookmarks_remove, "bookmarks:write", false },
    { "chat.delete", slack_chat_delete, "chat:write", false },
    { "chat.getPermalink", slack_chat_permalink, NULL, false },
    { "chat.postEphemeral", slack_chat_ephemeral, "chat:write", false },
    { "chat.postMessage", slack_chat_post, "chat:write", false },
    { "chat.update", slack_chat_update, "chat:write", false },
    { "conversations.archive", slack_conv_archive, "channels:manage", false },
    { "conversations.create", slack_conv_create, "channels:manage", false },
    { "conversations.history", slack_conv_history, "channels:history", false },
    { "conversations.info", slack_conv_info, "channels:read", false },
    { "conversations.invite", slack_conv_invite, "channels:manage", false },
    { "conversations.join", slack_conv_join, "channels:join", false },
    { "conversations.kick", slack_conv_kick, "channels:manage", false },
    { "conversations.leave", slack_conv_leave, "channels:manage", false },
    { "conversations.list", slack_conv_list, "channels:read", false },
    { "conversations.members", slack_conv_members, "channels:read", false },
    { "conversations.open", slack_conv_open, "im:write", false },
    { "conversations.rename", slack_conv_rename, "channels:manage", false },
    { "conversations.replies", slack_conv_replies, "channels:history", false },
    { "conversations.setPurpose", slack_conv_purpose, "channels:manage", false },
    { "conversations.setTopic", slack_conv_topic, "channels:manage", false },
    { "conversations.unarchive", slack_conv_unarchive, "channels:manage", false },
    { "pins.add", slack_pins_add, "pins:write", false },
    { "pins.list", slack_pins_list, "pins:read", false },
    { "pins.remove", slack_pins_remove, "pins:write", false },
    { "reactions.add", slack_reactions_add, "reactions:write", false },
    { "reactions.get", slack_reactions_get, "reactions:read", false },
    { "reactions.remove", slack_reactions_remove, "reactions:write", false },
    { "team.info", slack_team_info, "team:read", false },
    { "usergroups.list", slack_usergroups_list, "usergroups:read", false },
    { "usergroups.users.list", slack_usergroups_users_list, "usergroups:read", false },
    { "users.conversations", slack_users_conversations, "channels:read", false },
    { "users.info", slack_users_info, "users:read", false },
    { "users.list", slack_users_list, "users:read", false },
    { "users.lookupByEmail", slack_users_by_email, "users:read.email", false },
    { "views.open", slack_api_views_open, NULL, false },
    { "views.publish", slack_api_views_publish, NULL, false },
    { "views.push", slack_api_views_push, NULL, false },
    { "views.update", slack_api_views_update, NULL, false },
};

const char SLACK_SCOPES[] =
    "app_mentions:read,bookmarks:read,bookmarks:write,channels:history,channels:join,channels:manage,channels:read,"
    "chat:write,commands,groups:history,groups:read,groups:write,im:history,im:read,im:write,mpim:write,pins:read,"
    "pins:write,reactions:read,reactions:write,team:read,usergroups:read,users:read,users:read.email";

const struct slack_method *slack_method_find(const char *name)
{
    for (size_t i = 0; i < SW_COUNT(METHODS); i++)
        if (sw_equal(METHODS[i].name, name))
            return &METHODS[i];
    return NULL;
}

/* The granted scopes without one. */
static json_t *scopes_without_new(const char *scope)
{
    SW_AUTO_FREE char *copy = sw_strdup(SLACK_SCOPES);
    char *save = NULL;
    json_t *left = json_string("");
    for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
        if (sw_equal(word, scope))
            continue;
        json_t *longer = json_sprintf("%s%s%s", json_string_value(left), json_string_length(left) ? "," : "", word);
        json_decref(left);
        left = longer;
    }
    return left;
}

json_t *slack_api_fault_new(const char *method, const char *error)
{
    const struct slack_method *row = slack_method_find(method);
    json_t *answer = slack_api_error_new(error);
    if (!sw_equal(error, "missing_scope") || !row || !row->scope)
        return answer;
    (void)jx_set_string(answer, "needed", row->scope);
    (void)jx_set_take(answer, "provided", scopes_without_new(row->scope));
    return answer;
}
