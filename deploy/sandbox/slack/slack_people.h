/* SPDX-License-Identifier: Apache-2.0
 * slack_people: who is in the sandbox's workspace: a fixed cast, so that samples and tests can name them. */
#ifndef DEPLOY_SANDBOX_SLACK_PEOPLE_H
#define DEPLOY_SANDBOX_SLACK_PEOPLE_H

#include "common/json/jx.h"

#include <stdbool.h>
#include <stddef.h>

#define SLACK_TEAM_ID "T0SANDBOX01"
#define SLACK_TEAM_DOMAIN "slipway-sandbox"
#define SLACK_APP_ID "A0SLIPWAY01"
#define SLACK_BOT_ID "B0SLIPWAY01"
#define SLACK_BOT_USER "U0SLIPWAY01"

enum { SLACK_MAX_USERS = 64 }; /* a set of users fits 64 bits */

struct zones;

struct slack_user {
    const char *id;
    const char *name;
    const char *real_name;
    const char *tz;
    const char *team_id; /* NULL: ours */
    const char *bot_id;  /* of a bot */
    const char *app_id;
    bool is_bot;
    bool is_restricted; /* a guest */
    bool is_slackbot;
};

const struct slack_user *slack_users(size_t *ret_count);
const struct slack_user *slack_user_find(const char *id_or_name); /* with or without @; NULL when unknown */
const struct slack_user *slack_user_by_email(const char *email);
size_t slack_user_index(const struct slack_user *user); /* its bit in a set of members */
const char *slack_user_team(const struct slack_user *user);
bool slack_user_is_app(const struct slack_user *user); /* our own bot */
/* With the offset of the time zone that holds now; zones without the system's database: UTC's. */
json_t *slack_user_json_new(struct zones *zones, const struct slack_user *user);

struct slack_group {
    const char *id, *handle, *name, *description;
    const char *const *users; /* ids, ended by NULL */
};

const struct slack_group *slack_groups(size_t *ret_count);
const struct slack_group *slack_group_find(const char *id_or_handle);
json_t *slack_group_json_new(const struct slack_group *group, bool with_users);
json_t *slack_group_users_new(const struct slack_group *group);

#endif
