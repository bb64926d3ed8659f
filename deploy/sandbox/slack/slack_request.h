/* SPDX-License-Identifier: Apache-2.0
 * slack_request: one HTTP request to /api/<method>: arguments, token, fault, method, journal, answer. */
#ifndef DEPLOY_SANDBOX_SLACK_REQUEST_H
#define DEPLOY_SANDBOX_SLACK_REQUEST_H

#include "deploy/sandbox/slack/slack.h"

void slack_request_serve(struct slack *slack, struct httpd_exchange *exchange, const char *method);

/* The body of a request by its Content-Type: JSON object or form. NULL and an error code ("invalid_json") on failure.
 */
json_t *slack_request_body_new(const struct httpd_exchange *exchange, const char **ret_error);

#endif
