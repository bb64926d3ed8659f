/* SPDX-License-Identifier: Apache-2.0
 * http_slack: POST /slack/events, the single endpoint for slash commands, interactivity and events; what comes for
 * /hooks/ is given to hooks.h.
 *
 * In this order: size (httpd) -> signature -> encoding and content type -> parse -> dispatch. Statuses: 401 for every
 * signature failure with one constant body, 415, 413, 400 signed but unparsable, 405, 404; everything else is 200, also
 * what cannot be routed, since failing deliveries make Slack switch the app off. */
#ifndef GATEWAY_IO_HTTP_SLACK_H
#define GATEWAY_IO_HTTP_SLACK_H

#include "gateway/io/dispatch.h"
#include "gateway/io/hooks.h"

struct http_slack_options {
    const char *listen;
    struct slack_gate *gate; /* borrowed, as the next */
    const struct dispatch *dispatch;
    struct hooks *hooks; /* takes what comes for /hooks/ */
};

struct http_slack;

struct sw_status http_slack_start(const struct http_slack_options *options,
                                  struct http_slack **ret_slack) SW_MUST_CHECK;
uint16_t http_slack_port(const struct http_slack *slack);
void http_slack_drain(struct http_slack *slack, int64_t drain_ms);
void http_slack_free(struct http_slack *slack);

#endif
