/* SPDX-License-Identifier: Apache-2.0
 * socket_mode_internal: what socket_mode*.c share. socket_mode.c has the plan, its thread and the connections;
 * socket_mode_open.c asks Slack for their URLs; socket_mode_envelopes.c has what comes through them. */
#ifndef GATEWAY_IO_SOCKET_MODE_INTERNAL_H
#define GATEWAY_IO_SOCKET_MODE_INTERNAL_H

#include "common/io/websocket.h"
#include "common/rt/thread.h"
#include "gateway/io/mailbox.h"
#include "gateway/io/socket_mode.h"

#include <stdatomic.h>

enum { SOCKET_PLACES = 3 * SOCKET_LINKS_MAX };

/* A link of the plan that was dialled. */
struct socket_place {
    uint64_t link; /* 0: free */
    uint64_t peer; /* of the hub */
    bool greeted;
    size_t busy; /* envelopes that are not answered */
};

enum socket_news_kind { SOCKET_ASKED, SOCKET_GREETED, SOCKET_TOLD_TO_GO, SOCKET_OVER, SOCKET_WAKE };

/* On its way to the plan's thread. */
struct socket_news {
    enum socket_news_kind kind;
    uint64_t link; /* ASKED */
    uint64_t peer; /* the others */
    enum slack_class class;
    int64_t retry_after_ms;
    char *url; /* a secret; NULL unless ASKED went well */
    int64_t life_ms, connections;
    enum socket_disconnect disconnect;
    char why[160];
};

/* clang-format off */
#define SOCKET_OUTCOMES(X) \
    X(ACKNOWLEDGED, "acknowledged") \
    X(UNREADABLE,   "unreadable")   /* acknowledged too: the same again would not be better */ \
    X(LEFT,         "left")         /* not taken: Slack may deliver it again */ \
    X(UNSENT,       "unsent")       /* taken, but no connection was there to say so */
/* clang-format on */
#define SOCKET_OUTCOME_(name, text) SOCKET_##name,
enum socket_outcome { SOCKET_OUTCOMES(SOCKET_OUTCOME_) SOCKET_OUTCOME_COUNT };
#undef SOCKET_OUTCOME_

struct socket_metrics {
    struct sw_metric *live, *oldest, *without, *unanswered;
    struct sw_metric *envelopes[SOCKET_TYPE_COUNT][SOCKET_OUTCOME_COUNT];
};

struct socket_mode {
    char *open_url;      /* apps.connections.open */
    char *authorization; /* a header line; a secret */
    bool plain_allowed;  /* ws:// is taken: Slack's API is at http://, so this is a simulator */
    size_t wanted;
    struct http_client *http;
    struct slack_gate *gate;
    const struct dispatch *dispatch;
    struct mailbox *mailbox;
    struct socket_metrics metrics;
    struct sw_thread thread;
    _Atomic int64_t drain_until_ms; /* 0: not draining */

    /* the plan's thread */
    struct socket_plan *plan;

    pthread_mutex_t lock;
    struct websocket_hub *hub;                 /* lock; NULL: ended */
    struct socket_place places[SOCKET_PLACES]; /* lock */
    size_t unanswered;                         /* lock */
    struct socket_counts counts;               /* lock: as the plan's thread saw them last */
};

int64_t socket_now_ms(void); /* of the plan: counts the time that a laptop sleeps */
void socket_news_put(struct mailbox *mailbox, const struct socket_news *news); /* copies; takes the url */
void socket_news_free(void *news);

/* socket_mode_open.c */
void socket_ask(struct socket_mode *socket, uint64_t link);

/* socket_mode_envelopes.c: the hub's thread */
void socket_envelope_metrics_init(struct socket_metrics *metrics);
void socket_take_text(void *self, uint64_t peer, const char *text, size_t length);

/* socket_mode.c; @locks socket->lock is held */
struct socket_place *socket_place_of(struct socket_mode *socket, uint64_t peer);

#endif
