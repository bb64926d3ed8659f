/* SPDX-License-Identifier: Apache-2.0
 * What comes through the connections. An envelope's acknowledgement goes back on its own connection, or, when that one
 * has ended meanwhile, on any other: Slack knows envelopes by their ids. */
#include "gateway/io/socket_mode_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"

#include <stdio.h>

enum { MAX_UNANSWERED = 2000 };

/* One that dispatch has not answered yet. */
struct envelope {
    struct socket_mode *socket;
    uint64_t peer;
    enum socket_type type;
    bool accepts_payload;
    char id[SOCKET_ENVELOPE_ID_MAX + 1];
};

/* ---- the way back ---- */

#define NAME_(name, text) [SOCKET_##name] = (text),
static const char *const OUTCOMES[] = { SOCKET_OUTCOMES(NAME_) };

void socket_envelope_metrics_init(struct socket_metrics *metrics)
{
    char labels[96];
    for (size_t type = 0; type < SOCKET_TYPE_COUNT; type++)
        for (size_t outcome = 0; outcome < SOCKET_OUTCOME_COUNT; outcome++) {
            (void)snprintf(labels, sizeof labels, "type=\"%s\",outcome=\"%s\"",
                           socket_type_name((enum socket_type)type), OUTCOMES[outcome]); /* fits */
            metrics->envelopes[type][outcome] =
                sw_counter("slipway_socket_envelopes_total", labels, "envelopes of socket mode by what became of them");
        }
}

static void count_envelope(const struct socket_mode *socket, enum socket_type type, enum socket_outcome outcome)
{
    sw_metric_add(socket->metrics.envelopes[type][outcome], 1);
}

/* @locks socket->lock is held. Another connection stands in for one that has ended; 0: there is none. */
static uint64_t way_back(struct socket_mode *socket, uint64_t peer)
{
    uint64_t other = 0;
    for (size_t i = 0; i < SOCKET_PLACES; i++) {
        const struct socket_place *place = &socket->places[i];
        if (place->link && place->peer == peer)
            return peer;
        if (place->link && place->greeted)
            other = place->peer;
    }
    return other;
}

/* Counts the envelope as answered, sends text (NULL: nothing). False: it could not be sent. */
static bool finish(struct socket_mode *socket, const struct envelope *envelope, const char *text)
{
    bool sent = true;
    pthread_mutex_lock(&socket->lock);
    struct socket_place *place = socket_place_of(socket, envelope->peer);
    const uint64_t peer = way_back(socket, envelope->peer);
    socket->unanswered--;
    if (place)
        place->busy--;
    if (text)
        sent = socket->hub && peer && !sw_failed(websocket_send(socket->hub, peer, text));
    pthread_mutex_unlock(&socket->lock);
    return sent;
}

static void keep(void *self) { (void)self; /* an envelope is kept by not being answered */ }

static void acknowledge(struct envelope *envelope, const char *json, enum socket_outcome outcome)
{
    SW_AUTO_FREE char *ack = socket_ack_new(envelope->id, envelope->accepts_payload ? json : NULL);
    const bool sent = ack && finish(envelope->socket, envelope, ack);
    if (!ack)
        (void)finish(envelope->socket, envelope, NULL);
    if (!sent)
        sw_warn("an envelope could not be acknowledged; Slack may deliver it again", sw_s("envelope", envelope->id));
    count_envelope(envelope->socket, envelope->type, sent ? outcome : SOCKET_UNSENT);
    free(envelope);
}

static void answer(void *self, const char *json) { acknowledge(self, json, SOCKET_ACKNOWLEDGED); }
static void refuse(void *self) { acknowledge(self, NULL, SOCKET_UNREADABLE); }

static void leave(void *self)
{
    struct envelope *envelope = self;
    (void)finish(envelope->socket, envelope, NULL);
    count_envelope(envelope->socket, envelope->type, SOCKET_LEFT);
    free(envelope);
}

static const struct carrier_way WAY = { .keep = keep, .answer = answer, .refuse = refuse, .leave = leave };

/* ---- envelopes ---- */

static bool admit(struct socket_mode *socket, uint64_t peer)
{
    pthread_mutex_lock(&socket->lock);
    struct socket_place *place = socket_place_of(socket, peer);
    const bool room = place && socket->unanswered < MAX_UNANSWERED;
    if (room) {
        place->busy++;
        socket->unanswered++;
    }
    pthread_mutex_unlock(&socket->lock);
    return room;
}

static struct envelope *envelope_new(struct socket_mode *socket, uint64_t peer, const struct socket_message *message)
{
    struct envelope *envelope = calloc(1, sizeof *envelope);
    if (!envelope || !admit(socket, peer)) {
        free(envelope);
        return NULL;
    }
    envelope->socket = socket;
    envelope->peer = peer;
    envelope->type = message->type;
    envelope->accepts_payload = message->accepts_payload;
    (void)sw_copy(envelope->id, sizeof envelope->id, message->envelope); /* its length was judged */
    return envelope;
}

static void dispatch(struct socket_mode *socket, const struct socket_message *message, const struct carrier *carrier)
{
    const struct slack_slash slash = slack_slash_of(socket_field, message->payload);
    switch (message->type) {
    case SOCKET_COMMAND:
        dispatch_command(socket->dispatch, &slash, carrier);
        break;
    case SOCKET_INTERACTIVE:
        dispatch_interactive(socket->dispatch, message->payload, carrier);
        break;
    case SOCKET_EVENT:
        dispatch_event(socket->dispatch, message->payload, carrier);
        break;
    case SOCKET_OTHER:
    case SOCKET_TYPE_COUNT:
        carrier_answer(carrier, INGRESS_OTHER, NULL);
        break;
    }
}

static void take_envelope(struct socket_mode *socket, uint64_t peer, const struct socket_message *message)
{
    struct envelope *envelope = envelope_new(socket, peer, message);
    if (!envelope) {
        sw_warn("an envelope is not taken: too many wait", sw_s("envelope", message->envelope));
        count_envelope(socket, message->type, SOCKET_LEFT);
        return;
    }
    if (message->retry > 0)
        sw_count("slipway_slack_retries_total", "deliveries that Slack repeated", "reason", message->retry_reason);
    const struct carrier carrier = { .way = &WAY,
                                     .self = envelope,
                                     .received_us = sw_monotonic_us(),
                                     .pass = slack_gate_pass_envelope(socket->gate, message->envelope),
                                     .patient = true,
                                     .wordless = !message->accepts_payload,
                                     .repeated = message->retry > 0 };
    dispatch(socket, message, &carrier);
}

/* ---- messages ---- */

static void take_hello(struct socket_mode *socket, uint64_t peer, const struct socket_message *message)
{
    pthread_mutex_lock(&socket->lock);
    struct socket_place *place = socket_place_of(socket, peer);
    if (place)
        place->greeted = true;
    pthread_mutex_unlock(&socket->lock);
    socket_news_put(socket->mailbox, &(struct socket_news){ .kind = SOCKET_GREETED,
                                                            .peer = peer,
                                                            .life_ms = message->life_ms,
                                                            .connections = message->connections });
}

static void take_disconnect(struct socket_mode *socket, uint64_t peer, const struct socket_message *message)
{
    struct socket_news news = { .kind = SOCKET_TOLD_TO_GO, .peer = peer, .disconnect = message->disconnect };
    (void)sw_copy(news.why, sizeof news.why, message->reason); /* cut: for people */
    sw_count("slipway_socket_disconnects_total", "connections that Slack told to go, by reason", "reason", news.why);
    socket_news_put(socket->mailbox, &news);
}

void socket_take_text(void *self, uint64_t peer, const char *text, size_t length)
{
    struct socket_mode *socket = self;
    JX_AUTO json_t *json = NULL;
    struct socket_message message;
    struct sw_status status = jx_parse(text, length, &json);
    if (!sw_failed(status))
        status = socket_message_read(json, &message);
    if (sw_failed(status)) {
        sw_warn("a message of socket mode could not be read", sw_e(&status));
        count_envelope(socket, SOCKET_OTHER, SOCKET_UNREADABLE);
        return;
    }
    switch (message.kind) {
    case SOCKET_HELLO:
        take_hello(socket, peer, &message);
        break;
    case SOCKET_DISCONNECT:
        take_disconnect(socket, peer, &message);
        break;
    case SOCKET_ENVELOPE:
        take_envelope(socket, peer, &message);
        break;
    case SOCKET_NOTHING:
        break;
    }
}
