/* SPDX-License-Identifier: Apache-2.0
 * slack_api: the Web API: one row a method, one function each, grouped by family in slack_api_*.c.
 *
 * A method runs under the lock of `struct slack` and returns its whole answer. */
#ifndef DEPLOY_SANDBOX_SLACK_API_H
#define DEPLOY_SANDBOX_SLACK_API_H

#include "deploy/sandbox/slack/slack.h"
#include "deploy/sandbox/slack/slack_world.h"

struct slack_call {
    struct slack *slack;
    const char *method;
    const json_t *args;
    json_t *warnings; /* of the answer; an array of strings */
};

typedef json_t *slack_method_fn(struct slack_call *call); /* a new reference */

json_t *slack_api_ok_new(void);
json_t *slack_api_error_new(const char *error);
json_t *slack_api_missing_new(const char *argument); /* invalid_arguments, naming it */
/* A cursor page that is the last one. */
void slack_api_last_page(json_t *answer);

/* The channel of args.channel, or NULL and an answer. */
enum slack_access { SLACK_READ, SLACK_WRITE };
struct slack_channel *slack_api_channel(struct slack_call *call, enum slack_access access, json_t **ret_answer);

/* What chat.* and response_url have in common: text, blocks and metadata, checked. NULL, or the refusal. Release it. */
struct slack_draft {
    struct slack_content content;
    json_t *blocks;
    json_t *metadata;
    char *text; /* cut to 40,000 characters */
};
json_t *slack_draft_read(const json_t *args, struct slack_draft *ret_draft);
void slack_draft_release(struct slack_draft *draft);

slack_method_fn slack_api_test, slack_auth_test, slack_users_info, slack_users_list, slack_users_conversations,
    slack_usergroups_list, slack_usergroups_users_list;
slack_method_fn slack_chat_post, slack_chat_update, slack_chat_delete, slack_chat_ephemeral, slack_chat_permalink,
    slack_reactions_add;
slack_method_fn slack_conv_history, slack_conv_replies, slack_conv_info, slack_conv_list, slack_conv_join,
    slack_conv_open, slack_conv_members;

struct slack_method {
    const char *name;
    slack_method_fn *run;
    bool open; /* no token needed */
};
const struct slack_method *slack_method_find(const char *name); /* NULL: unknown */

#endif
