/* SPDX-License-Identifier: Apache-2.0
 * socket_mode: Slack's requests over WebSockets that we open, for gateways without a public address.
 *
 * Keeps connections as socket_plan.h says and gives their envelopes to dispatch, as http_slack does with requests. An
 * envelope is acknowledged when Kafka has its command, or when there is nothing to publish; until then Slack may
 * deliver it again, here or to another replica, as the same command. The app's token and the URLs that Slack gives for
 * it are secrets and never logged. Threads: its own, and the hub's, on which envelopes are dispatched. */
#ifndef GATEWAY_IO_SOCKET_MODE_H
#define GATEWAY_IO_SOCKET_MODE_H

#include "common/io/http_client.h"
#include "gateway/core/socket_plan.h"
#include "gateway/io/dispatch.h"

struct socket_mode;

struct socket_mode_options {
    const char *slack_api_url;
    const char *app_token;
    int64_t connections;      /* 1 to SOCKET_LINKS_MAX */
    struct http_client *http; /* borrowed, as the next */
    struct slack_gate *gate;
    const struct dispatch *dispatch;
};

struct socket_mode_state {
    size_t live, wanted;
    bool ever;         /* there was a connection */
    int64_t without_s; /* for how long there has been none; 0: there is one */
};

/* SW_CODE_CONFIG: a proxy variable that cannot be used. */
struct sw_status socket_mode_new(const struct socket_mode_options *options,
                                 struct socket_mode **ret_socket) SW_MUST_CHECK;
struct sw_status socket_mode_start(struct socket_mode *socket) SW_MUST_CHECK;
struct socket_mode_state socket_mode_state(struct socket_mode *socket); /* any thread */
/* Closes what has nothing to acknowledge, the rest after drain_ms at the latest; ends its threads. What is answered
 * after that is not acknowledged. Idempotent. */
void socket_mode_drain(struct socket_mode *socket, int64_t drain_ms);
/* After the publisher: no answer may follow. NULL is allowed; what was started is drained first, at once. */
void socket_mode_free(struct socket_mode *socket);

#endif
