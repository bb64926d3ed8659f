/* SPDX-License-Identifier: Apache-2.0
 * slack_driver: the API under /sandbox/v1: act as a person, and read what happened. For the page and for tests. */
#ifndef DEPLOY_SANDBOX_SLACK_DRIVER_H
#define DEPLOY_SANDBOX_SLACK_DRIVER_H

#include "deploy/sandbox/slack/slack.h"
#include "deploy/sandbox/slack/slack_channels.h"
#include "deploy/sandbox/slack/slack_messages.h"

/* path: what follows "/sandbox/v1/". */
void slack_driver_serve(struct slack *slack, struct httpd_exchange *exchange, const char *path);

/* Gestures; each keeps the exchange and answers it when the gateway has. args: the JSON body. */
void slack_command_type(struct slack *slack, struct httpd_exchange *exchange, const json_t *args);
void slack_click_press(struct slack *slack, struct httpd_exchange *exchange, const json_t *args);

/* args.user and args.channel by id or name, alice and #general when absent. False when one is unknown. With the lock.
 */
bool slack_driver_where(struct slack *slack, const json_t *args, const struct slack_user **ret_user,
                        struct slack_channel **ret_channel);

#endif
