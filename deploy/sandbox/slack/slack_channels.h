/* SPDX-License-Identifier: Apache-2.0
 * slack_channels: public and private channels and direct messages: members, topic, purpose, pins, bookmarks.
 *
 * Only state: what a change makes Slack send is the matter of slack_act.h. Under the lock of `struct slack`. */
#ifndef DEPLOY_SANDBOX_SLACK_CHANNELS_H
#define DEPLOY_SANDBOX_SLACK_CHANNELS_H

#include "deploy/sandbox/slack/slack_people.h"
#include "deploy/sandbox/slack/slack_world.h"

enum { SLACK_MAX_CHANNELS = 2000, SLACK_NAME_CHARACTERS = 80, SLACK_NAME_SIZE = 4 * SLACK_NAME_CHARACTERS + 1 };

enum slack_channel_kind { SLACK_PUBLIC, SLACK_PRIVATE, SLACK_IM, SLACK_MPIM };

/* A topic or a purpose. */
struct slack_note {
    char *value; /* never NULL */
    const char *creator;
    int64_t set_s;
};

struct slack_channel {
    char id[SLACK_ID_SIZE];
    char name[SLACK_NAME_SIZE];
    enum slack_channel_kind kind;
    const char *creator; /* the id of a user */
    int64_t created_s;
    struct slack_note topic, purpose;
    bool is_general;
    bool is_archived;
    bool is_ext_shared; /* with another organisation */
    uint64_t members;   /* bit slack_user_index() */
    json_t *pins;       /* [{ts, user, created}], the oldest first */
    json_t *bookmarks;
    uint64_t changed; /* number of the latest change */
};

struct slack_channel *slack_channel_at(struct slack_world *world, size_t index); /* NULL beyond the end */
struct slack_channel *slack_channel_find(struct slack_world *world, const char *id_or_name);
/* NULL when there are too many already. The caller has checked the name. Nobody but the creator is in it. */
struct slack_channel *slack_channel_create(struct slack_world *world, const char *name, enum slack_channel_kind kind,
                                           const struct slack_user *creator);
/* The direct message of the app with the people of a set; made when it is not there. NULL: too many channels. */
struct slack_channel *slack_channel_open_direct(struct slack_world *world, uint64_t members);
void slack_channel_touch(struct slack_world *world, struct slack_channel *channel);
void slack_note_set(struct slack_note *note, const char *value, const struct slack_user *user);

/* NULL when a channel may be called that, or Slack's word for what is wrong. */
const char *slack_channel_name_error(struct slack_world *world, const char *name);

uint64_t slack_user_bit(const struct slack_user *user);
bool slack_channel_has(const struct slack_channel *channel, const struct slack_user *user);
bool slack_channel_has_app(const struct slack_channel *channel);
bool slack_channel_is_direct(const struct slack_channel *channel);
/* Public, or the user is in it. */
bool slack_channel_visible(const struct slack_channel *channel, const struct slack_user *user);
const struct slack_user *slack_channel_partner(const struct slack_channel *channel); /* of a direct message */
int32_t slack_channel_size(const struct slack_channel *channel);
json_t *slack_channel_members_new(const struct slack_channel *channel); /* ids */

/* As the Web API shows it to the app. */
json_t *slack_channel_json_new(const struct slack_channel *channel);
/* With members, pins and bookmarks: for the driver API and the page. */
json_t *slack_channel_wide_json_new(const struct slack_channel *channel);

#endif
