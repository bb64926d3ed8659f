/* SPDX-License-Identifier: Apache-2.0
 * slack_signature: whether a request is signed by Slack: v0=HMAC-SHA256(secret, "v0:" timestamp ":" raw body).
 *
 * Pure: the MAC, the constant-time comparison and the time are given. Every failure looks the same to the peer; the
 * verdict is for logs and metrics. Source: docs.slack.dev "Verifying requests from Slack". */
#ifndef GATEWAY_CORE_SLACK_SIGNATURE_H
#define GATEWAY_CORE_SLACK_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SLACK_MAC_BYTES = 32, SLACK_WINDOW_S = 300 };

struct slack_part {
    const void *data;
    size_t length;
};

struct slack_crypto {
    void (*hmac)(const char *key, const struct slack_part *parts, size_t count, uint8_t ret_mac[SLACK_MAC_BYTES]);
    bool (*equal)(const void *a, const void *b, size_t length); /* constant time */
};

/* clang-format off */
#define SLACK_VERDICTS(X) \
    X(SIGNED,        "signed") \
    X(NO_HEADERS,    "no_headers") \
    X(ONE_MISSING,   "header_missing") \
    X(REPEATED,      "header_repeated") \
    X(BAD_TIMESTAMP, "bad_timestamp") \
    X(STALE,         "stale") \
    X(BAD_SIGNATURE, "bad_signature") \
    X(MISMATCH,      "mismatch")
/* clang-format on */
#define SLACK_VERDICT_ENUM_(name, text) SLACK_##name,
enum slack_verdict { SLACK_VERDICTS(SLACK_VERDICT_ENUM_) SLACK_VERDICT_COUNT };
#undef SLACK_VERDICT_ENUM_

/* One header of a request: its value (NULL when absent) and how often it stands there. */
struct slack_header {
    const char *value;
    size_t count;
};

struct slack_signed {
    struct slack_header signature, timestamp;
    const void *body;
    size_t body_bytes;
};

struct slack_signer {
    size_t slot;                  /* index of the secret that matched */
    uint8_t mac[SLACK_MAC_BYTES]; /* what the signature said: the request's identity */
};

/* All secrets are tried, whichever matches. A blank secret never matches. ret_signer is filled when SLACK_SIGNED. */
enum slack_verdict slack_signature_check(const struct slack_crypto *crypto, const char *const *secrets, size_t count,
                                         const struct slack_signed *request, int64_t now_s,
                                         struct slack_signer *ret_signer);
const char *slack_verdict_name(enum slack_verdict verdict);

#endif
