/* SPDX-License-Identifier: Apache-2.0
 * slack_socket: Slack's end of Socket Mode: the WebSockets that an app opens, and what goes to it by them instead of
 * HTTP.
 *
 * From the first connection on, commands, clicks and events go to one connection each, arbitrarily chosen; without a
 * connection they wait for one as long as for an answer. What is not acknowledged in 3 s, or whose connection ends, is
 * delivered again, by another connection when there is one; a person's gesture three times in all, an event once (its
 * own schedule repeats it). Connections are told "warning" and "refresh_requested" before their time is over.
 *
 * Threads: any; results are told on the hub's or the delay's thread, without a lock. */
#ifndef DEPLOY_SANDBOX_SLACK_SOCKET_H
#define DEPLOY_SANDBOX_SLACK_SOCKET_H

#include "common/json/jx.h"
#include "deploy/sandbox/slack/slack_gateway.h"

struct slack;
struct slack_delay;
struct slack_socket;
struct httpd_exchange;

enum { SLACK_SOCKET_URL_SIZE = 400 };

/* listen: NULL: a free port at the host of `beside`. life_s: of a connection. */
struct sw_status slack_socket_new(const char *listen, const char *beside, int64_t life_s, struct slack_delay *delay,
                                  struct slack_socket **ret_socket) SW_MUST_CHECK;
/* A URL that is good for one connection. public_url: how the simulator is reached over HTTP. */
void slack_socket_url(struct slack_socket *socket, const char *public_url, char ret_url[SLACK_SOCKET_URL_SIZE]);
/* slack_gateway_route()'s: false when no app has ever connected, and HTTP is the way. */
bool slack_socket_take(void *self, const struct slack_outgoing *outgoing, slack_gateway_done *done, void *context);
/* Ends the connections; what waits has failed. After the delay has stopped. */
void slack_socket_stop(struct slack_socket *socket);
void slack_socket_free(struct slack_socket *socket); /* NULL allowed */

/* Driver: GET tells connections and counts; POST takes one of {"life_s":5}, for connections that are opened later,
 * {"disconnect":"warning"} or another reason, for all that are open, {"drop":true}; DELETE: back to HTTP. */
void slack_socket_show(struct slack *slack, struct httpd_exchange *exchange, const json_t *args);
void slack_socket_change(struct slack *slack, struct httpd_exchange *exchange, const json_t *args);
void slack_socket_off(struct slack *slack, struct httpd_exchange *exchange, const json_t *args);

#endif
