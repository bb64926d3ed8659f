/* SPDX-License-Identifier: Apache-2.0
 * Shared by the files of websocket: websocket.c has the hub, its orders and its thread; websocket_peer.c what happens
 * to a connection; websocket_connect.c the way out: proxies and URLs. */
#ifndef COMMON_IO_WEBSOCKET_INTERNAL_H
#define COMMON_IO_WEBSOCKET_INTERNAL_H

#include "common/base/buf.h"
#include "common/base/proxy.h"
#include "common/io/websocket.h"
#include "common/rt/thread.h"

#include <libwebsockets.h>
#include <pthread.h>

/* A message on its way out; libwebsockets wants LWS_PRE bytes of its own before it. */
struct websocket_message {
    struct websocket_message *next;
    size_t length;
    unsigned char data[];
};

/* A connection. Hub's thread. */
struct websocket_peer {
    uint64_t id; /* 0: the place is free */
    struct websocket_hub *hub;
    struct lws *wsi;
    bool open;
    uint16_t close_code; /* 0: not closing */
    struct sw_buf text;  /* the message that is coming in */
    struct websocket_message *first, **last;
    struct sw_status why;
};

enum websocket_verb { WEBSOCKET_OPEN, WEBSOCKET_SEND, WEBSOCKET_CLOSE, WEBSOCKET_DROP };

/* What another thread wants done. */
struct websocket_order {
    struct websocket_order *next;
    enum websocket_verb verb;
    uint64_t id;
    uint16_t code;
    char *url;
    struct websocket_message *message;
};

struct websocket_hub {
    struct websocket_options options;
    char *user_agent;
    struct lws_context *context;
    struct lws_vhost *direct, *through_proxy;
    struct lws_protocols protocols[2];
    lws_retry_bo_t liveness;
    struct sw_thread thread;
    uint16_t port;
    bool serves;                 /* has no way out */
    bool tls_proxy, plain_proxy; /* the proxy is for wss, for ws */
    const char *no_proxy;        /* of the environment */

    /* the thread's */
    struct websocket_peer *peers; /* max_peers places */

    pthread_mutex_t lock;
    uint64_t last_id;                      /* lock */
    struct websocket_order *first, **last; /* lock */
    size_t queued_bytes;                   /* lock */
    bool stopping;                         /* lock */
};

/* websocket.c */
void websocket_obey(struct websocket_hub *hub); /* what other threads have ordered; hub's thread */
uint64_t websocket_next_id(struct websocket_hub *hub);
void websocket_unqueue(struct websocket_hub *hub, struct websocket_message *message); /* frees it */

/* websocket_peer.c */
int websocket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *data, size_t length);
struct websocket_peer *websocket_peer_new(struct websocket_hub *hub, uint64_t id); /* NULL: no place */
struct websocket_peer *websocket_peer_find(struct websocket_hub *hub, uint64_t id);
void websocket_peer_send(struct websocket_peer *peer, struct websocket_message *message); /* takes it */
void websocket_peer_close(struct websocket_peer *peer, uint16_t code);
void websocket_peer_drop(struct websocket_peer *peer);
/* Tells that it is over, once. */
void websocket_peer_end(struct websocket_peer *peer, const struct sw_status *why);

/* websocket_connect.c */
struct sw_status websocket_outside_init(struct websocket_hub *hub) SW_MUST_CHECK; /* direct and through_proxy */
struct sw_status websocket_url_check(const char *url) SW_MUST_CHECK;
void websocket_connect(struct websocket_hub *hub, uint64_t id, char *url); /* destroys the url's text */

#endif
