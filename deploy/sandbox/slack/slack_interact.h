/* SPDX-License-Identifier: Apache-2.0
 * slack_interact: interactivity: clicks, shortcuts, submitted and closed views, as the form with one `payload` field.
 */
#ifndef DEPLOY_SANDBOX_SLACK_INTERACT_H
#define DEPLOY_SANDBOX_SLACK_INTERACT_H

#include "deploy/sandbox/slack/slack.h"
#include "deploy/sandbox/slack/slack_channels.h"
#include "deploy/sandbox/slack/slack_gateway.h"
#include "deploy/sandbox/slack/slack_messages.h"

struct httpd_exchange;

/* What all of them carry, with a trigger_id of the person. With the lock. */
json_t *slack_interact_payload_new(struct slack *slack, const char *type, const struct slack_user *user);
/* Adds channel and a response_url whose original is the message; NULL: none. With the lock. */
void slack_interact_add_place(struct slack *slack, json_t *payload, const struct slack_user *user,
                              const struct slack_channel *channel, const struct slack_message *message);
/* Takes the payload. Without the lock; `done` as in slack_gateway_post(). url NULL: the next gateway. */
void slack_interact_send(struct slack *slack, json_t *payload, const char *url, slack_gateway_done *done,
                         void *context);
/* The same for a driver request that wants to hear nothing but how it went: keeps the exchange and answers it. */
void slack_interact_send_and_tell(struct slack *slack, struct httpd_exchange *exchange, json_t *payload,
                                  const char *url);
/* {"ok":...,"status":...,"ms":...,"body":...,"error":...} */
json_t *slack_interact_result_new(const struct slack_gateway_result *result);
void slack_interact_action_ts(char ret_ts[SLACK_TS_SIZE]);

/* POST shortcuts: a global one, or of a message when channel and ts are given. */
void slack_shortcut_use(struct slack *slack, struct httpd_exchange *exchange, const json_t *args);

#endif
