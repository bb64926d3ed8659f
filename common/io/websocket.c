/* SPDX-License-Identifier: Apache-2.0
 * The hub. Nothing of libwebsockets but lws_cancel_service() may be called from another thread: what others want goes
 * into a list of orders, and the hub's thread is woken to obey them. */
#include "common/io/websocket_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PRESET_PEERS = 32,
    PRESET_MESSAGE_BYTES = 1024 * 1024,
    PRESET_QUEUED_BYTES = 4 * 1024 * 1024,
    PRESET_PING_S = 10,
    PRESET_HANGUP_S = 25,
    PRESET_CONNECT_S = 10,
    RX_BYTES = 64 * 1024,
    OWN_FDS = 16, /* its pipe, its listener */
    HOST_SIZE = 64,
};

/* ---- its log ---- */

/* Whatever stands behind a "?" may be a ticket. */
static void log_line(int level, const char *line)
{
    char text[256];
    size_t used = 0;
    for (size_t i = 0; line[i] && line[i] != '\n' && used < sizeof text - 1; i++) {
        text[used++] = line[i];
        if (line[i] == '?')
            i += strcspn(line + i, " '\"\n") - 1;
    }
    text[used] = '\0';
    (void)level; /* what matters is told by `closed` too, and logged by whoever handles it */
    sw_debug("libwebsockets", sw_s("says", text));
}

/* ---- orders ---- */

uint64_t websocket_next_id(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    uint64_t id = ++hub->last_id;
    pthread_mutex_unlock(&hub->lock);
    return id;
}

void websocket_unqueue(struct websocket_hub *hub, struct websocket_message *message)
{
    pthread_mutex_lock(&hub->lock);
    assert(hub->queued_bytes >= message->length);
    hub->queued_bytes -= message->length;
    pthread_mutex_unlock(&hub->lock);
    free(message);
}

/* @locks hub->lock is held: the context lives until its thread has seen that the hub stops. */
static void wake(struct websocket_hub *hub)
{
    if (!hub->stopping)
        lws_cancel_service(hub->context);
}

static struct sw_status give_order(struct websocket_hub *hub, const struct websocket_order *wanted)
{
    struct websocket_order *order = malloc(sizeof *order);
    if (!order)
        return sw_fail(SW_CODE_NO_MEMORY, "websocket: out of memory");
    *order = *wanted;
    order->next = NULL;
    pthread_mutex_lock(&hub->lock);
    *hub->last = order;
    hub->last = &order->next;
    wake(hub);
    pthread_mutex_unlock(&hub->lock);
    return sw_ok();
}

static struct websocket_order *take_order(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    struct websocket_order *order = hub->first;
    if (order)
        hub->first = order->next;
    if (!hub->first)
        hub->last = &hub->first;
    pthread_mutex_unlock(&hub->lock);
    return order;
}

static void obey_one(struct websocket_hub *hub, struct websocket_order *order)
{
    struct websocket_peer *peer = websocket_peer_find(hub, order->id);
    switch (order->verb) {
    case WEBSOCKET_OPEN:
        websocket_connect(hub, order->id, order->url);
        break;
    case WEBSOCKET_SEND:
        if (peer && !peer->close_code)
            websocket_peer_send(peer, SW_TAKE(order->message));
        break;
    case WEBSOCKET_CLOSE:
        if (peer)
            websocket_peer_close(peer, order->code);
        break;
    case WEBSOCKET_DROP:
        if (peer)
            websocket_peer_drop(peer);
        break;
    }
}

static void order_free(struct websocket_hub *hub, struct websocket_order *order)
{
    if (order->url)
        explicit_bzero(order->url, strlen(order->url));
    free(order->url);
    if (order->message)
        websocket_unqueue(hub, order->message);
    free(order);
}

void websocket_obey(struct websocket_hub *hub)
{
    for (struct websocket_order *order; (order = take_order(hub));) {
        obey_one(hub, order);
        order_free(hub, order);
    }
}

/* ---- what other threads call ---- */

struct sw_status websocket_open(struct websocket_hub *hub, const char *url, uint64_t *ret_id)
{
    SW_TRY(websocket_url_check(url));
    if (hub->serves)
        return sw_fail(SW_CODE_INVALID, "a server opens no connections");
    struct websocket_order order = { .verb = WEBSOCKET_OPEN, .id = websocket_next_id(hub), .url = sw_strdup(url) };
    if (!order.url)
        return sw_fail(SW_CODE_NO_MEMORY, "websocket: out of memory");
    *ret_id = order.id;
    struct sw_status status = give_order(hub, &order);
    if (sw_failed(status))
        free(order.url);
    return status;
}

static struct sw_status reserve(struct websocket_hub *hub, size_t length)
{
    pthread_mutex_lock(&hub->lock);
    const bool fits = hub->queued_bytes + length <= hub->options.max_queued_bytes;
    if (fits)
        hub->queued_bytes += length;
    pthread_mutex_unlock(&hub->lock);
    return fits ? sw_ok() : sw_fail(SW_CODE_FULL, "websocket: more than %zu bytes wait", hub->options.max_queued_bytes);
}

struct sw_status websocket_send(struct websocket_hub *hub, uint64_t id, const char *text)
{
    const size_t length = strlen(text);
    struct websocket_message *message = malloc(sizeof *message + LWS_PRE + length);
    struct sw_status status = message ? reserve(hub, length) : sw_fail(SW_CODE_NO_MEMORY, "websocket: out of memory");
    if (sw_failed(status)) {
        free(message);
        return status;
    }
    message->length = length;
    memcpy(message->data + LWS_PRE, text, length);
    status = give_order(hub, &(struct websocket_order){ .verb = WEBSOCKET_SEND, .id = id, .message = message });
    if (sw_failed(status))
        websocket_unqueue(hub, message);
    return status;
}

void websocket_close(struct websocket_hub *hub, uint64_t id, uint16_t code)
{
    struct sw_status status =
        give_order(hub, &(struct websocket_order){ .verb = WEBSOCKET_CLOSE, .id = id, .code = code });
    if (sw_failed(status))
        sw_warn("a connection stays open", sw_e(&status));
}

void websocket_drop(struct websocket_hub *hub, uint64_t id)
{
    struct sw_status status = give_order(hub, &(struct websocket_order){ .verb = WEBSOCKET_DROP, .id = id });
    if (sw_failed(status))
        sw_warn("a connection stays open", sw_e(&status));
}

/* ---- life ---- */

static bool stopping(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    bool stop = hub->stopping;
    pthread_mutex_unlock(&hub->lock);
    return stop;
}

static void begin_to_stop(struct websocket_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    wake(hub);
    hub->stopping = true;
    pthread_mutex_unlock(&hub->lock);
}

static void run(void *self)
{
    struct websocket_hub *hub = self;
    while (!stopping(hub) && lws_service(hub->context, 0) >= 0)
        ;
    begin_to_stop(hub);                /* it may have ended by itself */
    lws_context_destroy(hub->context); /* ends every peer */
}

static struct sw_status listen_on(struct websocket_hub *hub)
{
    char host[HOST_SIZE];
    int64_t port = 0;
    const char *address = hub->options.listen, *colon = strrchr(address, ':');
    if (!colon || (size_t)(colon - address) >= sizeof host || !sw_parse_i64(colon + 1, 0, UINT16_MAX, &port))
        return sw_fail(SW_CODE_CONFIG, "\"%s\" is not of the form address:port", address);
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = '\0';
    const struct lws_context_creation_info info = { .port = (int)port,
                                                    .iface = sw_equal(host, "0.0.0.0") || !*host ? NULL : host,
                                                    .protocols = hub->protocols,
                                                    .vhost_name = "server",
                                                    .http_proxy_address = "",
                                                    .retry_and_idle_policy = &hub->liveness,
                                                    .options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                                                               LWS_SERVER_OPTION_DISABLE_IPV6 |
                                                               LWS_SERVER_OPTION_VALIDATE_UTF8 };
    struct lws_vhost *server = lws_create_vhost(hub->context, &info);
    if (!server)
        return sw_fail(SW_CODE_CONFIG, "cannot listen on %s", address);
    hub->port = (uint16_t)lws_get_vhost_listen_port(server);
    return sw_ok();
}

static void preset(struct websocket_options *options)
{
    options->max_peers = options->max_peers ? options->max_peers : PRESET_PEERS;
    options->max_message_bytes = options->max_message_bytes ? options->max_message_bytes : PRESET_MESSAGE_BYTES;
    options->max_queued_bytes = options->max_queued_bytes ? options->max_queued_bytes : PRESET_QUEUED_BYTES;
    options->ping_s = options->ping_s ? options->ping_s : PRESET_PING_S;
    options->hangup_s = options->hangup_s ? options->hangup_s : PRESET_HANGUP_S;
    options->connect_s = options->connect_s ? options->connect_s : PRESET_CONNECT_S;
}

static struct sw_status make_context(struct websocket_hub *hub)
{
    const struct websocket_options *options = &hub->options;
    const struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .user = hub,
        .gid = -1,
        .uid = -1,
        .timeout_secs = (unsigned int)options->connect_s,
        .connect_timeout_secs = (unsigned int)options->connect_s,
        .fd_limit_per_thread = (unsigned int)options->max_peers + OWN_FDS,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | (hub->serves ? 0 : LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
    };
    lws_set_log_level(0, log_line);
    hub->context = lws_create_context(&info);
    if (!hub->context)
        return sw_fail(SW_CODE_NO_MEMORY, "websocket: libwebsockets cannot start");
    SW_TRY(hub->serves ? listen_on(hub) : websocket_outside_init(hub));
    lws_set_log_level(LLL_ERR | LLL_WARN, log_line);
    return sw_ok();
}

static struct sw_status start(struct websocket_hub *hub)
{
    hub->user_agent = sw_strdup(hub->options.user_agent ? hub->options.user_agent : "slipway/" SLIPWAY_VERSION);
    hub->peers = calloc((size_t)hub->options.max_peers, sizeof *hub->peers);
    if (!hub->user_agent || !hub->peers)
        return sw_fail(SW_CODE_NO_MEMORY, "websocket: out of memory");
    hub->liveness = (lws_retry_bo_t){ .secs_since_valid_ping = hub->options.ping_s,
                                      .secs_since_valid_hangup = hub->options.hangup_s };
    hub->protocols[0] =
        (struct lws_protocols){ .name = "slipway", .callback = websocket_callback, .rx_buffer_size = RX_BYTES };
    SW_TRY(make_context(hub));
    return sw_thread_start(&hub->thread, "websocket", run, hub);
}

struct sw_status websocket_hub_new(const struct websocket_options *options, struct websocket_hub **ret_hub)
{
    struct websocket_hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return sw_fail(SW_CODE_NO_MEMORY, "websocket: out of memory");
    hub->options = *options; /* its texts are used before this returns alone */
    hub->serves = options->listen != NULL;
    preset(&hub->options);
    hub->last = &hub->first;
    pthread_mutex_init(&hub->lock, NULL);
    struct sw_status status = start(hub);
    if (sw_failed(status))
        websocket_hub_free(hub);
    else
        *ret_hub = hub;
    return status;
}

uint16_t websocket_hub_port(const struct websocket_hub *hub) { return hub->port; }

/* One that came too late for the thread. */
static void forget_order(struct websocket_hub *hub, struct websocket_order *order)
{
    const struct sw_status why = sw_fail(SW_CODE_CLOSED, "the hub has ended");
    if (order->verb == WEBSOCKET_OPEN)
        hub->options.events.closed(hub->options.events.self, order->id, &why);
    order_free(hub, order);
}

void websocket_hub_free(struct websocket_hub *hub)
{
    if (!hub)
        return;
    if (hub->thread.running) {
        begin_to_stop(hub);
        sw_thread_join(&hub->thread);
    } else if (hub->context) {
        (void)lws_protocol_init(hub->context); /* without it, vhosts that never served are not freed */
        lws_context_destroy(hub->context);
    }
    for (struct websocket_order *order; (order = take_order(hub));)
        forget_order(hub, order);
    pthread_mutex_destroy(&hub->lock);
    free(hub->peers);
    free(hub->user_agent);
    free(hub);
}
