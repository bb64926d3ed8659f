/* SPDX-License-Identifier: Apache-2.0
 * slack_api: the Web API: one row a method (slack_api_table.c), one function each, grouped by family in slack_api_*.c.
 *
 * A method runs under the lock of `struct slack` and returns its whole answer. */
#ifndef DEPLOY_SANDBOX_SLACK_API_H
#define DEPLOY_SANDBOX_SLACK_API_H

#include "deploy/sandbox/slack/slack.h"
#include "deploy/sandbox/slack/slack_channels.h"
#include "deploy/sandbox/slack/slack_messages.h"

struct slack_call {
    struct slack *slack;
    const char *method;
    const json_t *args;
    json_t *warnings; /* of the answer; an array of strings */
};

typedef json_t *slack_method_fn(struct slack_call *call); /* a new reference */

json_t *slack_api_ok_new(void);
json_t *slack_api_error_new(const char *error);
json_t *slack_api_result_new(const char *error);                     /* ok when there is none */
json_t *slack_api_missing_new(const char *argument);                 /* invalid_arguments, naming it */
json_t *slack_api_problems_new(const char *error, json_t *problems); /* as "[ERROR] ..." in response_metadata */
json_t *slack_api_channel_new(const struct slack_channel *channel);  /* {"ok":true,"channel":...} */
/* A cursor page that is the last one. */
void slack_api_last_page(json_t *answer);
const struct slack_user *slack_api_app(void); /* who calls: the app's bot user */

/* The channel of args.channel, or NULL and an answer. A private channel is hidden from those who are not in it. */
enum slack_access {
    SLACK_FACTS, /* one need not be in a public channel */
    SLACK_READ,
    SLACK_WRITE, /* not when it is archived */
    SLACK_POST,  /* the same; takes names and the ids of users too, and does not hide private channels */
};
struct slack_channel *slack_api_channel(struct slack_call *call, enum slack_access access, json_t **ret_answer);
/* The message of args.channel and args[name]; refusal: the error when it is not the app's own, NULL: any will do. */
struct slack_message *slack_api_message(struct slack_call *call, enum slack_access access, const char *name,
                                        const char *refusal, json_t **ret_answer);

/* Lists by cursor: slack_page_wants() for each entry in turn, add those it wants, slack_page_end(). */
struct slack_page {
    int64_t skip, limit, seen;
};
json_t *slack_page_begin(struct slack_call *call, struct slack_page *ret_page); /* NULL, or the refusal */
bool slack_page_wants(struct slack_page *page);
void slack_page_end(const struct slack_page *page, json_t *answer);

/* What chat.* and response_url have in common: text, blocks and metadata, checked. NULL, or the refusal. Release it. */
struct slack_draft {
    struct slack_content content;
    json_t *blocks;
    json_t *metadata;
    char *text; /* cut to 40,000 characters */
};
json_t *slack_draft_read(const json_t *args, struct slack_draft *ret_draft);
void slack_draft_release(struct slack_draft *draft);

slack_method_fn slack_api_test, slack_auth_test, slack_team_info;
slack_method_fn slack_users_info, slack_users_list, slack_users_by_email, slack_users_conversations,
    slack_usergroups_list, slack_usergroups_users_list;
slack_method_fn slack_chat_post, slack_chat_update, slack_chat_delete, slack_chat_ephemeral, slack_chat_permalink;
slack_method_fn slack_conv_history, slack_conv_replies;
slack_method_fn slack_conv_info, slack_conv_list, slack_conv_open, slack_conv_members;
slack_method_fn slack_conv_create, slack_conv_archive, slack_conv_unarchive, slack_conv_rename, slack_conv_topic,
    slack_conv_purpose;
slack_method_fn slack_conv_join, slack_conv_leave, slack_conv_invite, slack_conv_kick;
slack_method_fn slack_reactions_add, slack_reactions_remove, slack_reactions_get;
slack_method_fn slack_pins_add, slack_pins_remove, slack_pins_list;
slack_method_fn slack_bookmarks_add, slack_bookmarks_remove, slack_bookmarks_list;
slack_method_fn slack_apps_connections_open;
slack_method_fn slack_api_views_open, slack_api_views_push, slack_api_views_update, slack_api_views_publish;

#define SLACK_APP_SCOPE "connections:write"

struct slack_method {
    const char *name;
    slack_method_fn *run;
    const char *scope; /* what the token must carry; NULL: nothing. SLACK_APP_SCOPE: an app's token, no bot's */
    bool open;         /* no token needed */
};
const struct slack_method *slack_method_find(const char *name); /* NULL: unknown */

extern const char SLACK_SCOPES[]; /* all that the app was granted, with commas */
/* {"ok":false,"error":...} of a fault; missing_scope tells which one, as Slack does. */
json_t *slack_api_fault_new(const char *method, const char *error);

#endif
