/* SPDX-License-Identifier: Apache-2.0
 * slack_gate: whether a request is Slack's, fresh, and seen before; which secrets a response_url is sealed with. Holds
 * the signing secrets, which can be replaced while it runs, and the cache of requests that Kafka has acknowledged.
 * Threads: any. */
#ifndef GATEWAY_IO_SLACK_GATE_H
#define GATEWAY_IO_SLACK_GATE_H

#include "common/io/httpd.h"
#include "gateway/core/slack_signature.h"

struct slack_gate;

enum { SLACK_REQUEST_ID_SIZE = 4 + 2 * SLACK_MAC_BYTES + 1 };

struct slack_pass {
    char request[SLACK_REQUEST_ID_SIZE]; /* the request's identity: "sig:<signature>" or "env:<hash of its envelope>" */
    bool replayed;                       /* exactly this request has been acknowledged before */
};

/* Copies the secrets. previous: NULL or "" when there is none. SW_CODE_CONFIG when current is blank. */
struct sw_status slack_gate_new(const char *current, const char *previous, struct slack_gate **ret_gate) SW_MUST_CHECK;
struct sw_status slack_gate_replace(struct slack_gate *gate, const char *current, const char *previous) SW_MUST_CHECK;
void slack_gate_free(struct slack_gate *gate);

/* SLACK_SIGNED fills ret_pass. Failures are counted and logged with their reason, nothing else of the request; except
 * SLACK_NO_HEADERS: it may be a certificate probe, and the caller counts it if it is none. */
enum slack_verdict slack_gate_check(struct slack_gate *gate, const struct httpd_exchange *exchange,
                                    struct slack_pass *ret_pass);
void slack_gate_count(enum slack_verdict verdict);
/* Socket Mode has no signatures: the connection, opened with the app's token, is the proof. */
struct slack_pass slack_gate_pass_envelope(struct slack_gate *gate, const char *envelope_id);
/* The request with this identity is on Kafka: from now on it is a replay. */
void slack_gate_remember(struct slack_gate *gate, const char request[SLACK_REQUEST_ID_SIZE]);
/* Seals a response_url for its way through Kafka, bound to the command's id. free() it; NULL when out of memory. */
char *slack_gate_seal_new(struct slack_gate *gate, const char *command_id, const char *response_url);

#endif
