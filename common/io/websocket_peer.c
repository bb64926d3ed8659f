/* SPDX-License-Identifier: Apache-2.0
 * What happens to a connection. libwebsockets tells an end in several ways, depending on how far the connection had
 * come; whichever comes first ends the peer, the others then find none. */
#include "common/io/websocket_internal.h"

#include "common/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { UNACCEPTABLE = 1003, TOO_BIG = 1009, TARGET_SIZE = 2048 };

/* ---- places ---- */

struct websocket_peer *websocket_peer_find(struct websocket_hub *hub, uint64_t id)
{
    for (int32_t i = 0; i < hub->options.max_peers; i++)
        if (hub->peers[i].id == id)
            return &hub->peers[i];
    return NULL;
}

struct websocket_peer *websocket_peer_new(struct websocket_hub *hub, uint64_t id)
{
    struct websocket_peer *peer = websocket_peer_find(hub, 0);
    if (!peer)
        return NULL;
    *peer = (struct websocket_peer){ .id = id, .hub = hub, .text = { .max_bytes = hub->options.max_message_bytes } };
    peer->last = &peer->first;
    peer->why = sw_ok();
    return peer;
}

void websocket_peer_end(struct websocket_peer *peer, const struct sw_status *why)
{
    struct websocket_hub *hub = peer->hub;
    const uint64_t id = peer->id;
    const struct sw_status told = sw_failed(peer->why) ? peer->why : *why; /* the cause, not its consequence */
    for (struct websocket_message *message; (message = peer->first);) {
        peer->first = message->next;
        websocket_unqueue(hub, message);
    }
    if (peer->wsi)
        lws_set_opaque_user_data(peer->wsi, NULL);
    sw_buf_release(&peer->text);
    peer->id = 0;
    hub->options.events.closed(hub->options.events.self, id, &told);
}

/* ---- orders ---- */

void websocket_peer_send(struct websocket_peer *peer, struct websocket_message *message)
{
    message->next = NULL;
    *peer->last = message;
    peer->last = &message->next;
    if (peer->open)
        lws_callback_on_writable(peer->wsi);
}

void websocket_peer_close(struct websocket_peer *peer, uint16_t code)
{
    if (!peer->open) {
        websocket_peer_drop(peer);
        return;
    }
    peer->close_code = code;
    lws_callback_on_writable(peer->wsi);
}

void websocket_peer_drop(struct websocket_peer *peer)
{
    if (!sw_failed(peer->why))
        peer->why = sw_fail(SW_CODE_CLOSED, "closed by us");
    lws_set_timeout(peer->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

/* ---- coming in ---- */

/* Ends the connection from within a callback: libwebsockets sends the close frame and waits for the peer's. */
static int close_with(struct websocket_peer *peer, uint16_t code, struct sw_status why)
{
    if (!sw_failed(peer->why))
        peer->why = why;
    lws_close_reason(peer->wsi, code, NULL, 0);
    return -1;
}

static int take_piece(struct websocket_peer *peer, const void *data, size_t length)
{
    const struct websocket_events *events = &peer->hub->options.events;
    if (lws_frame_is_binary(peer->wsi))
        return close_with(peer, UNACCEPTABLE, sw_fail(SW_CODE_INVALID, "the peer sent a binary message"));
    sw_buf_append(&peer->text, data, length);
    if (peer->text.failed)
        return close_with(peer, TOO_BIG,
                          sw_fail(SW_CODE_TOO_LARGE, "the peer sent more than %zu bytes", peer->text.max_bytes));
    if (!lws_is_final_fragment(peer->wsi) || lws_remaining_packet_payload(peer->wsi) > 0)
        return 0;
    if (!peer->close_code)
        events->text(events->self, peer->id, sw_buf_string(&peer->text), peer->text.length);
    sw_buf_clear(&peer->text);
    return 0;
}

static int note_close_frame(struct websocket_peer *peer, const unsigned char *data, size_t length)
{
    if (sw_failed(peer->why))
        return 0;
    if (length < 2)
        peer->why = sw_fail(SW_CODE_CLOSED, "the peer closed the connection");
    else
        peer->why = sw_fail(SW_CODE_CLOSED, "the peer closed the connection with code %d", data[0] << 8 | data[1]);
    return 0;
}

/* ---- going out ---- */

static int write_next(struct websocket_peer *peer)
{
    struct websocket_message *message = peer->first;
    if (!message)
        return peer->close_code ? close_with(peer, peer->close_code, sw_fail(SW_CODE_CLOSED, "closed by us")) : 0;
    peer->first = message->next;
    if (!peer->first)
        peer->last = &peer->first;
    int written = lws_write(peer->wsi, message->data + LWS_PRE, message->length, LWS_WRITE_TEXT);
    websocket_unqueue(peer->hub, message);
    if (written < 0)
        return -1;
    if (peer->first || peer->close_code)
        lws_callback_on_writable(peer->wsi);
    return 0;
}

static int add_user_agent(const struct websocket_hub *hub, struct lws *wsi, unsigned char **at, size_t room)
{
    return lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_USER_AGENT, (const unsigned char *)hub->user_agent,
                                        (int)strlen(hub->user_agent), at, *at + room);
}

/* ---- ends and beginnings ---- */

static int begin(struct websocket_peer *peer)
{
    const struct websocket_events *events = &peer->hub->options.events;
    peer->open = true;
    events->opened(events->self, peer->id);
    if (peer->first || peer->close_code)
        lws_callback_on_writable(peer->wsi);
    return 0;
}

static int end(struct websocket_peer *peer)
{
    const struct sw_status why = sw_fail(SW_CODE_CLOSED, "the connection was lost");
    websocket_peer_end(peer, &why);
    return 0;
}

static int end_unconnected(struct websocket_peer *peer, const char *text)
{
    const struct sw_status why = sw_fail(SW_CODE_IO, "%s", text ? text : "cannot connect");
    websocket_peer_end(peer, &why);
    return 0;
}

/* Why a certificate is not trusted; afterwards libwebsockets says "SSL error" and no more. */
static int note_certificate(struct websocket_peer *peer, X509_STORE_CTX *store)
{
    const int error = X509_STORE_CTX_get_error(store);
    if (peer && error != X509_V_OK && !sw_failed(peer->why))
        peer->why = sw_fail(SW_CODE_IO, "the peer's certificate: %s", X509_verify_cert_error_string(error));
    return 0;
}

/* A server's peer before the handshake is answered; anything but 0 refuses it. */
static int admit(struct websocket_hub *hub, struct lws *wsi)
{
    char target[TARGET_SIZE];
    const struct websocket_events *events = &hub->options.events;
    const uint64_t id = websocket_next_id(hub);
    int length = lws_hdr_copy(wsi, target, sizeof target - 1, WSI_TOKEN_GET_URI);
    if (length < 0 || !events->admit)
        return 1;
    if (lws_hdr_copy(wsi, target + length + 1, (int)sizeof target - length - 1, WSI_TOKEN_HTTP_URI_ARGS) > 0)
        target[length] = '?';
    struct websocket_peer *peer = websocket_peer_new(hub, id);
    if (!peer)
        return 1;
    peer->wsi = wsi;
    if (!events->admit(events->self, id, target)) {
        sw_buf_release(&peer->text);
        peer->id = 0;
        return 1;
    }
    lws_set_opaque_user_data(wsi, peer);
    return 0;
}

static int call_peer(struct websocket_peer *peer, int reason, void *data, size_t length)
{
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        return begin(peer);
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return take_piece(peer, data, length);
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return write_next(peer);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        return note_close_frame(peer, data, length);
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        return end_unconnected(peer, data);
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLIENT_CLOSED:
    case LWS_CALLBACK_WSI_DESTROY:
        return end(peer);
    default:
        return 0;
    }
}

int websocket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *data, size_t length)
{
    struct websocket_hub *hub = lws_context_user(lws_get_context(wsi));
    struct websocket_peer *peer = lws_get_opaque_user_data(wsi);
    switch ((int)reason) {
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        websocket_obey(hub);
        return 0;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return admit(hub, wsi);
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_user_agent(hub, wsi, data, length);
    case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
        return note_certificate(peer, user);
    case LWS_CALLBACK_HTTP:
        return lws_callback_http_dummy(wsi, reason, user, data, length); /* 404: nothing but WebSocket here */
    default:
        return peer ? call_peer(peer, (int)reason, data, length) : 0;
    }
}
