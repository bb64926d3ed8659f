/* SPDX-License-Identifier: Apache-2.0
 * What HTTP would carry as a form becomes an object, as Slack does it: the fields of a command, the payload of a click,
 * the body of an event. The acknowledgement becomes what an HTTP answer would have been. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_form.h"
#include "deploy/sandbox/slack/slack_socket_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERSONS_TRIES = 3 };

/* ---- from HTTP's request to an envelope ---- */

static bool read_form(const struct slack_outgoing *outgoing, struct slack_socket_envelope *envelope)
{
    JX_AUTO json_t *form = NULL;
    bool bad = false;
    if (sw_failed(slack_form_parse(outgoing->body, strlen(outgoing->body), &form)))
        return false;
    envelope->payload = slack_arg_json_new(form, "payload", &bad);
    envelope->type = envelope->payload ? "interactive" : "slash_commands";
    const char *kind = jx_string_or(envelope->payload, "type", "");
    envelope->accepts_payload =
        !envelope->payload || sw_equal(kind, "view_submission") || sw_equal(kind, "block_suggestion");
    if (!envelope->payload)
        envelope->payload = SW_TAKE(form);
    envelope->allowed = PERSONS_TRIES;
    return !bad;
}

static const char *header_of(const struct slack_outgoing *outgoing, const char *name)
{
    for (const char *const *line = outgoing->headers; line && *line; line++)
        if (sw_starts_with(*line, name))
            return *line + strlen(name);
    return NULL;
}

static bool read_event(const struct slack_outgoing *outgoing, struct slack_socket_envelope *envelope)
{
    int64_t retry = 0;
    const char *number = header_of(outgoing, "X-Slack-Retry-Num: "),
               *reason = header_of(outgoing, "X-Slack-Retry-Reason: ");
    envelope->type = "events_api";
    envelope->allowed = 1;
    if (number && sw_parse_i64(number, 0, INT32_MAX, &retry))
        envelope->retry = (int32_t)retry;
    (void)sw_copy(envelope->reason, sizeof envelope->reason, reason ? reason : ""); /* Slack's words fit */
    return !sw_failed(jx_parse(outgoing->body, strlen(outgoing->body), &envelope->payload));
}

static void name(struct slack_socket_envelope *envelope)
{
    (void)snprintf(envelope->id, sizeof envelope->id, "%08x-%04x-4%03x-a%03x-%08x%04x", sw_random32(),
                   sw_random32() & 0xffff, sw_random32() & 0xfff, sw_random32() & 0xfff, sw_random32(),
                   sw_random32() & 0xffff); /* fits */
}

static void envelope_free(struct slack_socket_envelope *envelope)
{
    json_decref(envelope->payload);
    free(envelope);
}

static struct slack_socket_envelope *envelope_new(const struct slack_outgoing *outgoing)
{
    struct slack_socket_envelope *envelope = calloc(1, sizeof *envelope);
    const bool json = sw_starts_with(outgoing->content_type, "application/json");
    if (!envelope)
        return NULL;
    if (!(json ? read_event(outgoing, envelope) : read_form(outgoing, envelope))) {
        envelope_free(envelope);
        return NULL;
    }
    name(envelope);
    envelope->begun_ms = envelope->tried_ms = sw_monotonic_ms();
    return envelope;
}

/* ---- sending; @locks socket->lock is held ---- */

/* Any one, but another than the last when there is one. */
static uint64_t choose(struct slack_socket *socket, uint64_t last)
{
    uint64_t chosen = 0;
    uint32_t seen = 0;
    for (size_t i = 0; i < SLACK_SOCKET_PLACES; i++) {
        const struct slack_socket_connection *connection = &socket->connections[i];
        if (!connection->peer || !connection->open || connection->peer == last)
            continue;
        if (sw_random32() % ++seen == 0)
            chosen = connection->peer;
    }
    const struct slack_socket_connection *same = last && !chosen ? slack_socket_find(socket, last) : NULL;
    return same && same->open ? last : chosen;
}

static void deliver(struct slack_socket *socket, struct slack_socket_envelope *envelope, uint64_t peer, int64_t now_ms)
{
    json_t *message = json_pack("{s:s,s:s,s:O,s:b}", "envelope_id", envelope->id, "type", envelope->type, "payload",
                                envelope->payload, "accepts_response_payload", envelope->accepts_payload);
    envelope->peer = peer;
    envelope->tries++;
    envelope->tried_ms = now_ms;
    const int32_t retry = envelope->retry + envelope->tries - 1;
    (void)jx_set_i64(message, "retry_attempt", retry);
    (void)jx_set_string(message, "retry_reason", retry > 0 ? envelope->reason : "");
    socket->counts.sent++;
    socket->counts.repeated += envelope->tries > 1;
    slack_socket_say(socket, peer, message);
}

void slack_socket_orphan(struct slack_socket *socket, uint64_t peer)
{
    for (struct slack_socket_envelope *envelope = socket->envelopes; envelope; envelope = envelope->next) {
        if (envelope->peer != peer)
            continue;
        envelope->peer = 0;
        envelope->tried_ms = sw_monotonic_ms();
        (void)sw_copy(envelope->reason, sizeof envelope->reason, "connection_failed"); /* fits */
    }
}

/* True when no try is left, or none can be made. */
static bool push_one(struct slack_socket *socket, struct slack_socket_envelope *envelope, int64_t now_ms)
{
    const bool late = now_ms - envelope->tried_ms >= SLACK_GATEWAY_TIMEOUT_MS;
    if (envelope->peer && !late)
        return false;
    if (envelope->tries >= envelope->allowed)
        return true;
    if (envelope->peer)
        (void)sw_copy(envelope->reason, sizeof envelope->reason, "timeout"); /* fits */
    const uint64_t peer = choose(socket, envelope->peer);
    if (peer)
        deliver(socket, envelope, peer, now_ms);
    return !peer && late;
}

struct slack_socket_envelope *slack_socket_push(struct slack_socket *socket, int64_t now_ms)
{
    struct slack_socket_envelope *failed = NULL, **at = &socket->envelopes;
    while (*at) {
        struct slack_socket_envelope *envelope = *at;
        if (!push_one(socket, envelope, now_ms)) {
            at = &envelope->next;
            continue;
        }
        *at = envelope->next;
        envelope->next = failed;
        failed = envelope;
        socket->counts.failed++;
    }
    return failed;
}

/* ---- results ---- */

void slack_socket_fail(struct slack_socket *socket, struct slack_socket_envelope *failed)
{
    (void)socket;
    while (failed) {
        struct slack_socket_envelope *envelope = failed;
        const bool unanswered = envelope->peer != 0;
        failed = envelope->next;
        const struct slack_gateway_result result = { .error = unanswered ? "operation_timeout" : "dispatch_failed",
                                                     .reason = unanswered ? "timeout" : "connection_failed",
                                                     .content_type = "",
                                                     .body = "",
                                                     .ms = sw_monotonic_ms() - envelope->begun_ms };
        envelope->done(envelope->context, &result);
        envelope_free(envelope);
    }
}

static struct slack_socket_envelope *take_acknowledged(struct slack_socket *socket, const char *id)
{
    pthread_mutex_lock(&socket->lock);
    struct slack_socket_envelope **at = &socket->envelopes;
    while (*at && !sw_equal((*at)->id, id))
        at = &(*at)->next;
    struct slack_socket_envelope *envelope = *at;
    if (envelope) {
        *at = envelope->next;
        socket->counts.acknowledged++;
    }
    pthread_mutex_unlock(&socket->lock);
    return envelope;
}

void slack_socket_text(void *self, uint64_t peer, const char *text, size_t length)
{
    struct slack_socket *socket = self;
    JX_AUTO json_t *ack = NULL;
    struct sw_status status = jx_parse(text, length, &ack);
    (void)peer; /* any connection of the app may acknowledge */
    struct slack_socket_envelope *envelope =
        sw_failed(status) ? NULL : take_acknowledged(socket, jx_string(ack, "envelope_id"));
    if (!envelope) {
        sw_info("an acknowledgement of nothing that waits for one");
        return;
    }
    const json_t *payload = envelope->accepts_payload ? json_object_get(ack, "payload") : NULL;
    SW_AUTO_FREE char *body = payload ? json_dumps(payload, JSON_COMPACT) : NULL;
    const struct slack_gateway_result result = { .status = 200,
                                                 .content_type = "application/json",
                                                 .body = body ? body : "",
                                                 .ms = sw_monotonic_ms() - envelope->begun_ms };
    envelope->done(envelope->context, &result);
    envelope_free(envelope);
}

bool slack_socket_take(void *self, const struct slack_outgoing *outgoing, slack_gateway_done *done, void *context)
{
    struct slack_socket *socket = self;
    pthread_mutex_lock(&socket->lock);
    struct slack_socket_envelope *envelope = socket->enabled && !socket->stopped ? envelope_new(outgoing) : NULL;
    struct slack_socket_envelope *failed = NULL;
    if (envelope) {
        envelope->done = done;
        envelope->context = context;
        envelope->next = socket->envelopes;
        socket->envelopes = envelope;
        failed = slack_socket_push(socket, sw_monotonic_ms());
    }
    pthread_mutex_unlock(&socket->lock);
    slack_socket_fail(socket, failed);
    return envelope != NULL;
}
