/* SPDX-License-Identifier: Apache-2.0
 * slack_socket_internal: what slack_socket*.c share. slack_socket.c has the connections, slack_socket_envelopes.c what
 * they carry, slack_socket_driver.c the ways to look at them and to hurt them. */
#ifndef DEPLOY_SANDBOX_SLACK_SOCKET_INTERNAL_H
#define DEPLOY_SANDBOX_SLACK_SOCKET_INTERNAL_H

#include "common/io/websocket.h"
#include "deploy/sandbox/slack/slack_socket.h"

#include <pthread.h>

enum {
    SLACK_SOCKET_MAX = 10,    /* connections of an app */
    SLACK_SOCKET_PLACES = 32, /* those that are one too many hear it before they are closed */
    SLACK_SOCKET_TICKETS = 64,
    SLACK_SOCKET_TICKET_SIZE = 33,
    SLACK_SOCKET_ENVELOPE_SIZE = 37,
    SLACK_SOCKET_TICK_MS = 50,
};

struct slack_socket_connection {
    uint64_t peer; /* 0: free */
    bool open;     /* it was greeted, and envelopes may go by it */
    bool warned;
    int64_t since_ms, life_ms;
};

/* One delivery. Owned by the list. */
struct slack_socket_envelope {
    struct slack_socket_envelope *next;
    char id[SLACK_SOCKET_ENVELOPE_SIZE];
    const char *type; /* a literal */
    json_t *payload;
    bool accepts_payload;
    uint64_t peer;   /* 0: waits for a connection */
    int32_t tries;   /* including this one */
    int32_t allowed; /* tries */
    int32_t retry;   /* what the envelope says of earlier ones */
    char reason[32];
    int64_t tried_ms, begun_ms;
    slack_gateway_done *done;
    void *context;
};

struct slack_socket_counts {
    int64_t sent, repeated, acknowledged, failed, refreshed;
};

struct slack_socket {
    struct websocket_hub *hub; /* not to be asked once stopped, but by its own thread */
    uint16_t port;
    struct slack_delay *delay;

    pthread_mutex_t lock; /* of what follows */
    bool enabled, stopped, ticking;
    int64_t life_ms;
    char tickets[SLACK_SOCKET_TICKETS][SLACK_SOCKET_TICKET_SIZE];
    size_t next_ticket;
    struct slack_socket_connection connections[SLACK_SOCKET_PLACES];
    struct slack_socket_envelope *envelopes;
    struct slack_socket_counts counts;
};

/* ---- @locks socket->lock is held ---- */
struct slack_socket_connection *slack_socket_find(struct slack_socket *socket, uint64_t peer);
size_t slack_socket_count_open(const struct slack_socket *socket);
void slack_socket_say(struct slack_socket *socket, uint64_t peer, json_t *message); /* takes the message */
void slack_socket_disconnect(struct slack_socket *socket, struct slack_socket_connection *connection,
                             const char *reason);
/* An envelope's connection has ended: it waits for another one. */
void slack_socket_orphan(struct slack_socket *socket, uint64_t peer);
/* Sends what waits, repeats what was not acknowledged. Returns what has failed, for slack_socket_fail(). */
struct slack_socket_envelope *slack_socket_push(struct slack_socket *socket, int64_t now_ms);

/* ---- without the lock ---- */
void slack_socket_fail(struct slack_socket *socket, struct slack_socket_envelope *failed); /* tells, frees the list */
void slack_socket_text(void *self, uint64_t peer, const char *text, size_t length);

#endif
