/* SPDX-License-Identifier: Apache-2.0
 * slack_response_url: what an app posts to /commands/... and /actions/... */
#ifndef DEPLOY_SANDBOX_SLACK_RESPONSE_URL_H
#define DEPLOY_SANDBOX_SLACK_RESPONSE_URL_H

#include "deploy/sandbox/slack/slack.h"
#include "deploy/sandbox/slack/slack_hooks.h"
#include "deploy/sandbox/slack/slack_messages.h"

void slack_response_url_serve(struct slack *slack, struct httpd_exchange *exchange);

/* Shows a message of the app as an answer to a gesture: privately unless it says in_channel. With the lock. NULL and an
 * error code when it is refused; NULL alone when there is nothing to show. */
struct slack_message *slack_response_show(struct slack *slack, struct slack_hook *hook, const json_t *message,
                                          const char *via, const char **ret_error);

#endif
