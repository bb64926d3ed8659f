/* SPDX-License-Identifier: Apache-2.0
 * slack_messages: every message with all the versions that it had, until a reset: tests judge by what it went through.
 *
 * Only state: what a change makes Slack send is the matter of slack_act.h. Under the lock of `struct slack`. Bounded:
 * the newest 50,000 messages; of one with more than 1,000 versions the first and the newest. */
#ifndef DEPLOY_SANDBOX_SLACK_MESSAGES_H
#define DEPLOY_SANDBOX_SLACK_MESSAGES_H

#include "common/json/jx.h"
#include "deploy/sandbox/slack/slack_people.h"
#include "deploy/sandbox/slack/slack_world.h"

#include <stdbool.h>
#include <stddef.h>

struct slack_message {
    json_t *body;    /* as Slack returns it: type user bot_id text ts blocks metadata thread_ts reactions ... */
    json_t *history; /* versions, oldest first: {at, via, text, blocks, metadata} */
    char channel[SLACK_ID_SIZE];
    char ts[SLACK_TS_SIZE];
    char audience[SLACK_ID_SIZE]; /* the one who sees it when it is ephemeral, else "" */
    bool deleted;
    uint64_t changed; /* the world's number of the latest change */
};

/* What a post, an edit or a reply says. Nothing is taken over; NULL leaves a part out (post) or as it was (edit). */
struct slack_content {
    const char *text;
    json_t *blocks;
    json_t *metadata;
    const char *thread_ts;
    bool broadcast;       /* a reply that stands in the channel too */
    const char *user;     /* the author; NULL: the app */
    const char *username; /* an incoming webhook of that name posts: it has no user */
    const char *subtype;  /* "channel_join" ...; NULL: an ordinary message */
    const char *audience; /* ephemeral for this user; NULL: everybody */
    const char *via;      /* for the history: the method or endpoint */
};

struct slack_message *slack_message_post(struct slack_world *world, const char *channel,
                                         const struct slack_content *content);
void slack_message_edit(struct slack_world *world, struct slack_message *message, const struct slack_content *content);
void slack_message_delete(struct slack_world *world, struct slack_message *message, const char *via);
void slack_message_touch(struct slack_world *world, struct slack_message *message); /* changed in another way */
/* Deleted ones are not found. */
struct slack_message *slack_message_find(struct slack_world *world, const char *channel, const char *ts);
/* All messages, oldest first, deleted ones too. */
struct slack_message *slack_message_at(struct slack_world *world, size_t index); /* NULL beyond the end */
const char *slack_message_author(const struct slack_message *message);           /* the id of a user, or "" */
bool slack_message_is_reply(const struct slack_message *message);                /* in a thread, not its first */

/* For the driver API and the page. */
json_t *slack_message_json_new(const struct slack_message *message, bool with_history);

#endif
