/* SPDX-License-Identifier: Apache-2.0
 * slack_act: what is done in the workspace, by a person or by the app: the change itself, the notice that Slack leaves
 * in the channel, and the event for the app when it is in that channel.
 *
 * Callers have checked that the act is allowed, but for what an act answers itself: NULL, or Slack's error code (a
 * literal). With the lock of `struct slack`. */
#ifndef DEPLOY_SANDBOX_SLACK_ACT_H
#define DEPLOY_SANDBOX_SLACK_ACT_H

#include "deploy/sandbox/slack/slack.h"
#include "deploy/sandbox/slack/slack_channels.h"
#include "deploy/sandbox/slack/slack_messages.h"

enum { SLACK_MAX_PINS = 100, SLACK_MAX_REACTIONS = 50, SLACK_MAX_NOTE = 250 };

/* Messages: slack_act_message.c. */
struct slack_message *slack_act_post(struct slack *slack, const struct slack_channel *channel,
                                     const struct slack_content *content);
void slack_act_edit(struct slack *slack, struct slack_message *message, const struct slack_content *content);
void slack_act_delete(struct slack *slack, struct slack_message *message, const char *via);
/* already_reacted, too_many_emoji, invalid_name; no_reaction. The name comes without colons. */
const char *slack_act_react(struct slack *slack, struct slack_message *message, const struct slack_user *user,
                            const char *name);
const char *slack_act_unreact(struct slack *slack, struct slack_message *message, const struct slack_user *user,
                              const char *name);
/* already_pinned, too_many_pins, not_pinnable; no_pin. */
const char *slack_act_pin(struct slack *slack, struct slack_channel *channel, struct slack_message *message,
                          const struct slack_user *user);
const char *slack_act_unpin(struct slack *slack, struct slack_channel *channel, struct slack_message *message,
                            const struct slack_user *user);
json_t *slack_permalink_new(const struct slack *slack, const struct slack_message *message);
/* One of channel->pins, as pins.list and the events show it; NULL when its message is gone. */
json_t *slack_pin_json_new(struct slack *slack, const struct slack_channel *channel, const json_t *pin);

/* Channels: slack_act_channel.c. */
/* An error of the name; NULL and the channel. `too_many_channels` is the simulator's own. */
const char *slack_act_create(struct slack *slack, const struct slack_user *user, const char *name,
                             enum slack_channel_kind kind, struct slack_channel **ret_channel);
/* already_in_channel, cant_invite_self; who invites is NULL when the user joins. */
void slack_act_join(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                    const struct slack_user *inviter);
void slack_act_leave(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                     const struct slack_user *kicker);
/* NULL, or why this user cannot be invited to it. */
const char *slack_invite_error(const struct slack_channel *channel, const struct slack_user *inviter,
                               const struct slack_user *user);
const char *slack_act_archive(struct slack *slack, struct slack_channel *channel, const struct slack_user *user);
const char *slack_act_unarchive(struct slack *slack, struct slack_channel *channel, const struct slack_user *user);
const char *slack_act_rename(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                             const char *name);
enum slack_note_kind { SLACK_TOPIC, SLACK_PURPOSE };
/* too_long. */
const char *slack_act_note(struct slack *slack, struct slack_channel *channel, const struct slack_user *user,
                           enum slack_note_kind kind, const char *value);

/* An event about a channel, if the app is in it. `inner` is taken; event_ts is added. */
void slack_act_tell(struct slack *slack, const struct slack_channel *channel, json_t *inner);
const char *slack_channel_type(const struct slack_channel *channel); /* "channel", "group", "im", "mpim" */

#endif
