/* SPDX-License-Identifier: Apache-2.0
 * slack_socket_driver: apps.connections.open, and /sandbox/v1/socket. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_socket_internal.h"

enum { MAX_LIFE_S = 86400 };

/* With the lock of `struct slack`. */
json_t *slack_apps_connections_open(struct slack_call *call)
{
    char url[SLACK_SOCKET_URL_SIZE];
    slack_socket_url(call->slack->socket, call->slack->public_url, url);
    return json_pack("{s:b,s:s}", "ok", 1, "url", url);
}

static json_t *connections_new(const struct slack_socket *socket)
{
    json_t *list = json_array();
    for (size_t i = 0; i < SLACK_SOCKET_PLACES; i++) {
        const struct slack_socket_connection *connection = &socket->connections[i];
        if (connection->peer && connection->open)
            (void)json_array_append_new(list,
                                        json_pack("{s:I,s:I,s:I,s:b}", "id", (json_int_t)connection->peer, "age_ms",
                                                  (json_int_t)(sw_monotonic_ms() - connection->since_ms), "life_ms",
                                                  (json_int_t)connection->life_ms, "warned", connection->warned));
    }
    return list;
}

void slack_socket_show(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    struct slack_socket *socket = slack->socket;
    json_int_t waiting = 0;
    (void)args;
    pthread_mutex_lock(&socket->lock);
    for (const struct slack_socket_envelope *envelope = socket->envelopes; envelope; envelope = envelope->next)
        waiting++;
    json_t *answer = json_pack(
        "{s:b,s:b,s:i,s:o,s:I,s:{s:I,s:I,s:I,s:I,s:I}}", "ok", 1, "in_use", socket->enabled, "port", (int)socket->port,
        "connections", connections_new(socket), "waiting", waiting, "counts", "sent", (json_int_t)socket->counts.sent,
        "repeated", (json_int_t)socket->counts.repeated, "acknowledged", (json_int_t)socket->counts.acknowledged,
        "failed", (json_int_t)socket->counts.failed, "refreshed", (json_int_t)socket->counts.refreshed);
    pthread_mutex_unlock(&socket->lock);
    slack_answer_json(exchange, 200, answer);
}

static void hurt_all(struct slack_socket *socket, const char *reason)
{
    for (size_t i = 0; i < SLACK_SOCKET_PLACES; i++) {
        struct slack_socket_connection *connection = &socket->connections[i];
        if (!connection->peer || !connection->open)
            continue;
        if (reason)
            slack_socket_disconnect(socket, connection, reason);
        else
            websocket_drop(socket->hub, connection->peer);
    }
}

void slack_socket_change(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    struct slack_socket *socket = slack->socket;
    const int64_t life_s = jx_i64_or(args, "life_s", 0);
    const char *reason = jx_string(args, "disconnect");
    const bool drop = jx_bool_or(args, "drop", false);
    if ((life_s < 1 || life_s > MAX_LIFE_S) && !reason && !drop) {
        slack_answer_error(exchange, 400, "say life_s (1 to 86400), disconnect (a reason) or drop");
        return;
    }
    pthread_mutex_lock(&socket->lock);
    if (life_s)
        socket->life_ms = life_s * 1000;
    if ((reason || drop) && !socket->stopped)
        hurt_all(socket, reason);
    pthread_mutex_unlock(&socket->lock);
    slack_answer_json(exchange, 200, json_pack("{s:b}", "ok", 1));
}

void slack_socket_off(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    struct slack_socket *socket = slack->socket;
    (void)args;
    pthread_mutex_lock(&socket->lock);
    socket->enabled = false;
    pthread_mutex_unlock(&socket->lock);
    slack_answer_json(exchange, 200, json_pack("{s:b}", "ok", 1));
}
