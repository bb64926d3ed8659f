/* SPDX-License-Identifier: Apache-2.0
 * slack_world: the workspace: its people, its channels and every message with all the versions that it had.
 *
 * Not thread-safe: callers hold the lock of `struct slack`. Out of memory ends the process; this is a simulator. */
#ifndef DEPLOY_SANDBOX_SLACK_WORLD_H
#define DEPLOY_SANDBOX_SLACK_WORLD_H

#include "common/json/jx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLACK_TEAM_ID "T0SANDBOX01"
#define SLACK_TEAM_DOMAIN "slipway-sandbox"
#define SLACK_APP_ID "A0SLIPWAY01"
#define SLACK_BOT_ID "B0SLIPWAY01"
#define SLACK_BOT_USER "U0SLIPWAY01"

enum { SLACK_MAX_CHANNELS = 64, SLACK_ID_SIZE = 32, SLACK_TS_SIZE = 24 };

struct slack_user {
    const char *id;
    const char *name;
    const char *real_name;
    bool is_bot;
    bool is_restricted; /* a guest */
    bool is_slackbot;
};

struct slack_channel {
    char id[SLACK_ID_SIZE];
    char name[SLACK_ID_SIZE];
    const char *topic;
    bool is_im;
    bool is_archived;
    bool has_bot;
    const struct slack_user *im_user; /* of a direct message */
};

struct slack_message {
    json_t *body;    /* as Slack returns it: type user bot_id text ts blocks metadata thread_ts ... */
    json_t *history; /* versions, oldest first: {at, via, text, blocks, metadata} */
    char channel[SLACK_ID_SIZE];
    char ts[SLACK_TS_SIZE];
    char audience[SLACK_ID_SIZE]; /* the one who sees it when it is ephemeral, else "" */
    bool deleted;
    uint64_t changed; /* the world's sequence number of the latest change */
};

struct slack_world;

struct slack_world *slack_world_new(void);
void slack_world_free(struct slack_world *world);
void slack_world_reset(struct slack_world *world);           /* forgets messages and direct messages */
uint64_t slack_world_epoch(const struct slack_world *world); /* another one after each reset and start */
uint64_t slack_world_sequence(const struct slack_world *world);

const struct slack_user *slack_users(size_t *ret_count);
const struct slack_user *slack_user_find(const char *id_or_name); /* with or without @; NULL when unknown */
struct slack_channel *slack_channels(struct slack_world *world, size_t *ret_count);
struct slack_channel *slack_channel_find(struct slack_world *world, const char *id_or_name);
struct slack_channel *slack_channel_open_im(struct slack_world *world, const struct slack_user *user);

/* What a post, an edit or a reply says. Nothing is taken over; NULL leaves a part out (post) or as it was (edit). */
struct slack_content {
    const char *text;
    json_t *blocks;
    json_t *metadata;
    const char *thread_ts;
    const char *user;     /* the author; NULL: the app */
    const char *audience; /* ephemeral for this user; NULL: everybody */
    const char *via;      /* for the history: the method or endpoint */
};

struct slack_message *slack_message_post(struct slack_world *world, const char *channel,
                                         const struct slack_content *content);
void slack_message_edit(struct slack_world *world, struct slack_message *message, const struct slack_content *content);
void slack_message_delete(struct slack_world *world, struct slack_message *message, const char *via);
void slack_message_touch(struct slack_world *world, struct slack_message *message); /* changed in another way */
/* Deleted ones are not found. audience NULL: only what everybody sees. */
struct slack_message *slack_message_find(struct slack_world *world, const char *channel, const char *ts);
/* All messages, oldest first, deleted ones too. */
struct slack_message *slack_message_at(struct slack_world *world, size_t index); /* NULL beyond the end */

/* For the driver API and the page. */
json_t *slack_message_json_new(const struct slack_message *message, bool with_history);
json_t *slack_user_json_new(const struct slack_user *user);
json_t *slack_channel_json_new(const struct slack_channel *channel);

#endif
