/* SPDX-License-Identifier: Apache-2.0
 * http_admin: /healthz, /readyz and /metrics of the gateway, on a port of their own.
 *
 * Ready means "will answer people", and stays so while Kafka is away: taking every replica out of service would give
 * people dispatch_failed instead of a clear sentence. The body says how Kafka is. With Socket Mode it becomes ready
 * with the first connection, so that a rollout with a wrong token stops; a connection that is lost later makes it
 * "degraded" and no more: Slack's outage is no reason to take replicas out of service. Threads: its own. */
#ifndef GATEWAY_IO_HTTP_ADMIN_H
#define GATEWAY_IO_HTTP_ADMIN_H

#include "common/io/kafka.h"
#include "gateway/io/publisher.h"
#include "gateway/io/socket_mode.h"

struct http_admin_options {
    const char *listen;
    const char *gateway;             /* this instance's id */
    struct kafka_producer *producer; /* borrowed, as the next */
    struct publisher *publisher;
    struct socket_mode *socket; /* NULL: not in use */
};

struct http_admin;

struct sw_status http_admin_start(const struct http_admin_options *options,
                                  struct http_admin **ret_admin) SW_MUST_CHECK;
uint16_t http_admin_port(const struct http_admin *admin);
void http_admin_set_draining(struct http_admin *admin); /* not ready any more */
void http_admin_free(struct http_admin *admin);

#endif
