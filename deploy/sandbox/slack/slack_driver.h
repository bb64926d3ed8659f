/* SPDX-License-Identifier: Apache-2.0
 * slack_driver: the API under /sandbox/v1: act as a person, and read what happened. For the page and for tests.
 *
 * The routes are in slack_driver.c; docs/simulator.md describes each. Requests and answers are JSON; what Slack would
 * refuse is refused with status 400 and Slack's error code. */
#ifndef DEPLOY_SANDBOX_SLACK_DRIVER_H
#define DEPLOY_SANDBOX_SLACK_DRIVER_H

#include "deploy/sandbox/slack/slack.h"
#include "deploy/sandbox/slack/slack_channels.h"
#include "deploy/sandbox/slack/slack_messages.h"

/* path: what follows "/sandbox/v1/". */
void slack_driver_serve(struct slack *slack, struct httpd_exchange *exchange, const char *path);

/* args: the JSON body. Each answers the exchange. */
typedef void slack_route_fn(struct slack *slack, struct httpd_exchange *exchange, const json_t *args);

/* Gestures; each keeps the exchange and answers it when the gateway has. */
slack_route_fn slack_command_type, slack_click_press, slack_driver_submit_view;
slack_route_fn slack_driver_list_messages, slack_driver_say, slack_driver_edit, slack_driver_erase, slack_driver_react,
    slack_driver_unreact, slack_driver_pin, slack_driver_unpin;
slack_route_fn slack_driver_list_rooms, slack_driver_create_room, slack_driver_change_room;
slack_route_fn slack_driver_list_views, slack_driver_close_view;

/* args.user and args.channel by id or name, alice and #general when absent; "@slipway" is the direct message with the
 * app. False when one is unknown. With the lock. */
bool slack_driver_where(struct slack *slack, const json_t *args, const struct slack_user **ret_user,
                        struct slack_channel **ret_channel);
/* Takes `answer`, which goes out unless there is an error. */
void slack_driver_answer(struct httpd_exchange *exchange, const char *error, json_t *answer);

#endif
