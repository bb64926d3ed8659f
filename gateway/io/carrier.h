/* SPDX-License-Identifier: Apache-2.0
 * carrier: how a verified request of Slack's came in, and so how its answer goes back.
 *
 * Whoever decides about a request (dispatch, intake) sees this and not the exchange or envelope. One of the final
 * calls (carrier_answer, carrier_refuse, carrier_leave) is made exactly once; whatever stands behind the carrier may be
 * gone when it returns. A carrier is a plain value: who answers later copies it and calls carrier_keep() first, within
 * the handler's call. Answers are counted here. Threads: any. */
#ifndef GATEWAY_IO_CARRIER_H
#define GATEWAY_IO_CARRIER_H

#include "common/json/jx.h"
#include "gateway/io/ingress_metrics.h"
#include "gateway/io/slack_gate.h"

/* What one way in can do. */
struct carrier_way {
    void (*keep)(void *self);                     /* the answer comes after the handler has returned */
    void (*answer)(void *self, const char *json); /* taken; NULL: with nothing to show */
    void (*refuse)(void *self);                   /* it cannot be read; the same again would not be better */
    void (*leave)(void *self);                    /* not taken: Slack may deliver it again */
};

struct carrier {
    const struct carrier_way *way;
    void *self;
    int64_t received_us;    /* sw_monotonic_us() of the first byte */
    struct slack_pass pass; /* the request's identity, and whether it was seen before */
    /* Of envelopes: */
    bool patient;  /* answered when Kafka has it, however late; what is to be said before goes to the response_url */
    bool wordless; /* an answer carries no message; what there is to say goes to the response_url */
    bool repeated; /* an earlier delivery may have been taken, here or elsewhere */
    /* Of events: */
    bool last; /* Slack does not deliver it again */
};

void carrier_keep(const struct carrier *carrier);
/* Steals the message; NULL: an empty answer. */
void carrier_answer(const struct carrier *carrier, enum ingress_kind kind, json_t *message);
void carrier_refuse(const struct carrier *carrier, const struct sw_status *why); /* logs why */
void carrier_leave(const struct carrier *carrier, enum ingress_kind kind);

#endif
