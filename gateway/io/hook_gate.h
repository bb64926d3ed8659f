/* SPDX-License-Identifier: Apache-2.0
 * hook_gate: whether a webhook is from who it says: the secrets of the sources, and the proofs that each can give.
 *
 *   signed     X-Slipway-Signature: sha256=<hex of HMAC-SHA256(secret, timestamp "." body)>, with X-Slipway-Timestamp:
 *              Unix seconds, at most 5 minutes off. Every source may, and all but the two below must.
 *   bearer     Authorization: Bearer <secret>; alertmanager and grafana, which cannot sign everywhere.
 *   grafana's  X-Grafana-Alerting-Signature: <hex of HMAC-SHA256(secret, body)>, or of timestamp ":" body with
 *              X-Grafana-Alerting-Signature-Timestamp; when the header is there, it is the one that counts.
 *
 * Threads: any; the secrets can be replaced while it runs. */
#ifndef GATEWAY_IO_HOOK_GATE_H
#define GATEWAY_IO_HOOK_GATE_H

#include "common/io/httpd.h"
#include "gateway/core/hook_read.h"

struct hook_gate;

struct hook_secret {
    char source[HOOK_SOURCE_SIZE];
    char *secret;
};

/* clang-format off */
#define HOOK_VERDICTS(X) \
    X(GOOD, "good") \
    X(UNKNOWN, "unknown_source")  /* it has no secret */ \
    X(NO_PROOF, "no_proof")       /* none of the headers */ \
    X(STALE, "stale")             /* the timestamp is more than 5 minutes off, or none */ \
    X(WRONG, "wrong")             /* another secret, or a changed body */
/* clang-format on */
#define HOOK_VERDICT_ENUM_(name, text) HOOK_##name,
enum hook_verdict { HOOK_VERDICTS(HOOK_VERDICT_ENUM_) HOOK_VERDICT_COUNT };
#undef HOOK_VERDICT_ENUM_
const char *hook_verdict_name(enum hook_verdict verdict);

/* The secrets are copied. */
struct sw_status hook_gate_new(const struct hook_secret *secrets, size_t count,
                               struct hook_gate **ret_gate) SW_MUST_CHECK;
struct sw_status hook_gate_replace(struct hook_gate *gate, const struct hook_secret *secrets,
                                   size_t count) SW_MUST_CHECK;
enum hook_verdict hook_gate_check(struct hook_gate *gate, const char *source, const struct httpd_exchange *exchange);
size_t hook_gate_sources(struct hook_gate *gate); /* how many have a secret */
void hook_gate_free(struct hook_gate *gate);

#endif
