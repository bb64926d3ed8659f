/* SPDX-License-Identifier: Apache-2.0
 * websocket: the project's only door to libwebsockets: WebSocket connections (RFC 6455) as a client or as a server,
 * with text messages alone.
 *
 * A hub owns one thread and its connections; events are called on that thread and must not block. Connections are named
 * by ids that are never used again, so that a call for one that has just ended does nothing. Messages come whole,
 * valid UTF-8 and at most max_message_bytes long; a peer that sends more, or binary, is closed with 1009 or 1003. A
 * peer that does not answer pings is dropped. What waits to be sent is bounded for the hub as a whole.
 *
 * Clients: ws:// and wss://; certificates and names are verified, with the system's CAs or SSL_CERT_FILE's. HTTPS_PROXY
 * (for wss), http_proxy (for ws), ALL_PROXY and NO_PROXY are honoured as by the HTTP client, see proxy.h. Names are
 * resolved on the hub's thread. URLs are taken for secrets: they are in no error and no log. */
#ifndef COMMON_IO_WEBSOCKET_H
#define COMMON_IO_WEBSOCKET_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct websocket_hub;

struct websocket_events {
    /* Server: a peer asks for target ("/link/?ticket=..."). False refuses it. NULL: nobody is admitted. */
    bool (*admit)(void *self, uint64_t id, const char *target);
    void (*opened)(void *self, uint64_t id);
    void (*text)(void *self, uint64_t id, const char *text, size_t length); /* NUL-terminated */
    /* Exactly once for each id that was admitted or that websocket_open() gave, opened or not; nothing follows. */
    void (*closed)(void *self, uint64_t id, const struct sw_status *why);
    void *self;
};

struct websocket_options {
    const char *listen;     /* "127.0.0.1:0": a server; NULL: a client, at most one in a process (its TLS is global) */
    const char *user_agent; /* of clients */
    int32_t max_peers;      /* 0: 32 */
    size_t max_message_bytes;  /* 0: 1 MiB; incoming */
    size_t max_queued_bytes;   /* 0: 4 MiB; outgoing */
    uint16_t ping_s, hangup_s; /* 0: 10 and 25: seconds since the peer's last pong */
    int32_t connect_s;         /* 0: 10: for each of the name, the connection, TLS, the handshake */
    struct websocket_events events;
};

enum { WEBSOCKET_NORMAL = 1000, WEBSOCKET_GOING_AWAY = 1001, WEBSOCKET_POLICY = 1008 };

/* SW_CODE_CONFIG: a proxy variable that cannot be used, or an address that cannot be listened on. */
struct sw_status websocket_hub_new(const struct websocket_options *options,
                                   struct websocket_hub **ret_hub) SW_MUST_CHECK;
uint16_t websocket_hub_port(const struct websocket_hub *hub); /* of the server */
/* Connections end without a handshake; `closed` is called for each. Joins the thread. */
void websocket_hub_free(struct websocket_hub *hub);

/* Any thread, also from events. Copies the URL. SW_CODE_INVALID: no ws:// or wss:// URL, or a server. */
struct sw_status websocket_open(struct websocket_hub *hub, const char *url, uint64_t *ret_id) SW_MUST_CHECK;
/* Any thread. Copies the text. SW_CODE_FULL: too much waits. Ok is no promise that the peer gets it. */
struct sw_status websocket_send(struct websocket_hub *hub, uint64_t id, const char *text) SW_MUST_CHECK;
/* Any thread. What waits is sent first. code: WEBSOCKET_NORMAL, ... */
void websocket_close(struct websocket_hub *hub, uint64_t id, uint16_t code);
/* Any thread. As if the network were gone: what a simulator does to test its peers. */
void websocket_drop(struct websocket_hub *hub, uint64_t id);

#endif
