/* SPDX-License-Identifier: Apache-2.0
 * slack_event: what happens in the workspace, told to the app: the one place where every event passes.
 *
 * slack_event_emit() puts an event into its envelope, notes it in slack->deliveries and hands it to a transport: a
 * signed POST to the gateway, and on failure three more, almost at once, after a minute and after five. The inner
 * objects are made by slack_act.c and its like. */
#ifndef DEPLOY_SANDBOX_SLACK_EVENT_H
#define DEPLOY_SANDBOX_SLACK_EVENT_H

#include "deploy/sandbox/slack/slack.h"

struct httpd_exchange;

/* With the lock. `inner` is taken: {"type":...}. Dropped when the app has not subscribed to its type. */
void slack_event_emit(struct slack *slack, json_t *inner);
/* The same for an event that a test makes up: options url, scale of the retry schedule, event_id. Without the lock. */
void slack_event_send(struct slack *slack, struct httpd_exchange *exchange, const json_t *args);

#endif
