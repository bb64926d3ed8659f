/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_delay.h"
#include "deploy/sandbox/slack/slack_people.h"
#include "deploy/sandbox/slack/slack_socket_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARN_MS = 10000, DEBUG_LIFE_MS = 360 * 1000 };

/* ---- connections; @locks socket->lock is held ---- */

struct slack_socket_connection *slack_socket_find(struct slack_socket *socket, uint64_t peer)
{
    for (size_t i = 0; i < SLACK_SOCKET_PLACES; i++)
        if (socket->connections[i].peer == peer)
            return &socket->connections[i];
    return NULL;
}

size_t slack_socket_count_open(const struct slack_socket *socket)
{
    size_t count = 0;
    for (size_t i = 0; i < SLACK_SOCKET_PLACES; i++)
        count += socket->connections[i].peer && socket->connections[i].open;
    return count;
}

void slack_socket_say(struct slack_socket *socket, uint64_t peer, json_t *message)
{
    SW_AUTO_FREE char *text = json_dumps(message, JSON_COMPACT);
    struct sw_status status = text ? websocket_send(socket->hub, peer, text) : sw_fail(SW_CODE_NO_MEMORY, "no memory");
    if (sw_failed(status))
        sw_warn("a connection of socket mode hears nothing", sw_e(&status));
    json_decref(message);
}

void slack_socket_disconnect(struct slack_socket *socket, struct slack_socket_connection *connection,
                             const char *reason)
{
    slack_socket_say(socket, connection->peer,
                     json_pack("{s:s,s:s,s:{s:s}}", "type", "disconnect", "reason", reason, "debug_info", "host",
                               "applink-sandbox"));
    connection->warned = true;
    if (sw_equal(reason, "warning"))
        return;
    connection->open = false;
    socket->counts.refreshed++;
    websocket_close(socket->hub, connection->peer, WEBSOCKET_NORMAL);
}

static void greet(struct slack_socket *socket, struct slack_socket_connection *connection)
{
    connection->open = true;
    connection->since_ms = sw_monotonic_ms();
    slack_socket_say(socket, connection->peer,
                     json_pack("{s:s,s:I,s:{s:s},s:{s:s,s:i,s:I}}", "type", "hello", "num_connections",
                               (json_int_t)slack_socket_count_open(socket), "connection_info", "app_id", SLACK_APP_ID,
                               "debug_info", "host", "applink-sandbox", "build_number", 1,
                               "approximate_connection_time",
                               (json_int_t)(connection->life_ms > 1000 ? connection->life_ms / 1000 : 1)));
}

/* Ten seconds before its end it is warned, or, when it does not live so long, after two thirds of its life. */
static void age(struct slack_socket *socket, struct slack_socket_connection *connection, int64_t now_ms)
{
    const int64_t end_ms = connection->since_ms + connection->life_ms;
    const int64_t ahead_ms = connection->life_ms > 3 * WARN_MS ? WARN_MS : connection->life_ms / 3;
    if (now_ms >= end_ms)
        slack_socket_disconnect(socket, connection, "refresh_requested");
    else if (now_ms >= end_ms - ahead_ms && !connection->warned)
        slack_socket_disconnect(socket, connection, "warning");
}

/* ---- the hub's thread ---- */

static bool use_ticket(struct slack_socket *socket, const char *target)
{
    const char *ticket = strstr(target, "ticket=");
    for (size_t i = 0; ticket && i < SLACK_SOCKET_TICKETS; i++) {
        char *good = socket->tickets[i];
        if (!*good || strncmp(ticket + strlen("ticket="), good, strlen(good)) != 0)
            continue;
        *good = '\0';
        return true;
    }
    return false;
}

static bool admit(void *self, uint64_t peer, const char *target)
{
    struct slack_socket *socket = self;
    pthread_mutex_lock(&socket->lock);
    struct slack_socket_connection *connection = slack_socket_find(socket, 0);
    const bool admitted = connection && sw_starts_with(target, "/link/") && use_ticket(socket, target);
    if (admitted)
        *connection = (struct slack_socket_connection){
            .peer = peer, .life_ms = strstr(target, "debug_reconnects=true") ? DEBUG_LIFE_MS : socket->life_ms
        };
    pthread_mutex_unlock(&socket->lock);
    return admitted;
}

static void tick(void *self)
{
    struct slack_socket *socket = self;
    const int64_t now_ms = sw_monotonic_ms();
    pthread_mutex_lock(&socket->lock);
    for (size_t i = 0; i < SLACK_SOCKET_PLACES; i++)
        if (socket->connections[i].peer && socket->connections[i].open)
            age(socket, &socket->connections[i], now_ms);
    struct slack_socket_envelope *failed = slack_socket_push(socket, now_ms);
    pthread_mutex_unlock(&socket->lock);
    slack_socket_fail(socket, failed);
    if (!slack_delay_stopping(socket->delay))
        slack_delay_add(socket->delay, SLACK_SOCKET_TICK_MS, tick, socket);
}

static void opened(void *self, uint64_t peer)
{
    struct slack_socket *socket = self;
    pthread_mutex_lock(&socket->lock);
    struct slack_socket_connection *connection = slack_socket_find(socket, peer);
    const bool starts = !socket->ticking;
    socket->enabled = socket->ticking = true;
    if (slack_socket_count_open(socket) >= SLACK_SOCKET_MAX)
        slack_socket_disconnect(socket, connection, "too_many_websockets");
    else
        greet(socket, connection);
    struct slack_socket_envelope *failed = slack_socket_push(socket, sw_monotonic_ms());
    pthread_mutex_unlock(&socket->lock);
    slack_socket_fail(socket, failed);
    if (starts && !slack_delay_stopping(socket->delay))
        slack_delay_add(socket->delay, SLACK_SOCKET_TICK_MS, tick, socket);
}

static void closed(void *self, uint64_t peer, const struct sw_status *why)
{
    struct slack_socket *socket = self;
    sw_debug("a connection of socket mode has ended", sw_e(why));
    pthread_mutex_lock(&socket->lock);
    struct slack_socket_connection *connection = slack_socket_find(socket, peer);
    if (connection)
        *connection = (struct slack_socket_connection){ 0 };
    slack_socket_orphan(socket, peer);
    struct slack_socket_envelope *failed = slack_socket_push(socket, sw_monotonic_ms());
    pthread_mutex_unlock(&socket->lock);
    slack_socket_fail(socket, failed);
}

/* ---- URLs ---- */

/* Of "127.0.0.1:3080" or "[::1]:3080". */
static size_t host_length(const char *host) { return host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/"); }

void slack_socket_url(struct slack_socket *socket, const char *public_url, char ret_url[SLACK_SOCKET_URL_SIZE])
{
    const bool tls = sw_starts_with(public_url, "https://");
    const char *host = public_url + strlen(tls ? "https://" : "http://");
    pthread_mutex_lock(&socket->lock);
    char *ticket = socket->tickets[socket->next_ticket++ % SLACK_SOCKET_TICKETS];
    (void)snprintf(ticket, SLACK_SOCKET_TICKET_SIZE, "%08x%08x%08x%08x", sw_random32(), sw_random32(), sw_random32(),
                   sw_random32()); /* fits */
    (void)snprintf(ret_url, SLACK_SOCKET_URL_SIZE, "%s://%.*s:%d/link/?ticket=%s&app_id=%s", tls ? "wss" : "ws",
                   (int)host_length(host), host, socket->port, ticket, SLACK_APP_ID); /* fits */
    pthread_mutex_unlock(&socket->lock);
}

/* ---- life ---- */

struct sw_status slack_socket_new(const char *listen, const char *beside, int64_t life_s, struct slack_delay *delay,
                                  struct slack_socket **ret_socket)
{
    char address[256];
    const char *colon = strrchr(beside, ':');
    (void)snprintf(address, sizeof address, "%.*s:0", colon ? (int)(colon - beside) : 0, beside); /* fits */
    struct slack_socket *socket = calloc(1, sizeof *socket);
    if (!socket)
        return sw_fail(SW_CODE_NO_MEMORY, "socket mode: out of memory");
    pthread_mutex_init(&socket->lock, NULL);
    socket->delay = delay;
    socket->life_ms = life_s * 1000;
    const struct websocket_options options = {
        .listen = listen ? listen : address,
        .max_peers = SLACK_SOCKET_PLACES,
        .events = { .admit = admit, .opened = opened, .text = slack_socket_text, .closed = closed, .self = socket },
    };
    struct sw_status status = sw_wrap(websocket_hub_new(&options, &socket->hub), "SLIPWAY_SANDBOX_SOCKET_LISTEN");
    if (sw_failed(status)) {
        slack_socket_free(socket);
        return status;
    }
    socket->port = websocket_hub_port(socket->hub);
    *ret_socket = socket;
    return sw_ok();
}

void slack_socket_stop(struct slack_socket *socket)
{
    pthread_mutex_lock(&socket->lock);
    socket->stopped = true;
    struct slack_socket_envelope *failed = SW_TAKE(socket->envelopes);
    pthread_mutex_unlock(&socket->lock);
    slack_socket_fail(socket, failed);
    if (socket->hub)
        websocket_hub_free(socket->hub); /* its thread may still be in an event */
    socket->hub = NULL;
}

void slack_socket_free(struct slack_socket *socket)
{
    if (!socket)
        return;
    slack_socket_stop(socket);
    pthread_mutex_destroy(&socket->lock);
    free(socket);
}
