/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/hook_gate.h"

#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/rt/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WINDOW_S = 300, HEX_SIZE = 2 * CRYPTO_SHA256_BYTES };

struct hook_gate {
    pthread_rwlock_t lock;
    struct hook_secret *secrets;
    size_t count;
};

#define VERDICT_NAME_(name, text) [HOOK_##name] = (text),
static const char *const VERDICTS[] = { HOOK_VERDICTS(VERDICT_NAME_) };

const char *hook_verdict_name(enum hook_verdict verdict) { return VERDICTS[verdict]; }

/* ---- proofs ---- */

/* NULL when the header is absent; "" when it is there twice, which proves nothing. */
static const char *header(const struct httpd_exchange *exchange, const char *name)
{
    size_t count = 0;
    const char *value = httpd_header(exchange, name, &count);
    return count > 1 ? "" : value;
}

static int32_t hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;
    return at ? (int32_t)(at - digits) : -1;
}

static bool read_hex(const char *text, uint8_t ret_mac[CRYPTO_SHA256_BYTES])
{
    if (strlen(text) != HEX_SIZE)
        return false;
    for (size_t i = 0; i < CRYPTO_SHA256_BYTES; i++) {
        int32_t high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        ret_mac[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool fresh(const char *timestamp)
{
    int64_t at_s, now_s = sw_wall_ms() / 1000;
    return timestamp && sw_parse_i64(timestamp, 0, INT64_C(100000000000), &at_s) && now_s - at_s <= WINDOW_S &&
           at_s - now_s <= WINDOW_S;
}

/* What a signature is made of: [timestamp, joint,] body. */
struct signed_parts {
    const char *timestamp, *joint; /* NULL: the body alone */
    const char *signature;         /* hex */
};

static enum hook_verdict check_mac(const char *secret, const struct signed_parts *parts,
                                   const struct httpd_exchange *exchange)
{
    uint8_t given[CRYPTO_SHA256_BYTES], made[CRYPTO_SHA256_BYTES];
    size_t length, first = parts->timestamp ? 0 : 2;
    const void *body = httpd_body(exchange, &length);
    const char *timestamp = parts->timestamp ? parts->timestamp : "", *joint = parts->joint ? parts->joint : "";
    const struct crypto_part all[] = { { timestamp, strlen(timestamp) }, { joint, strlen(joint) }, { body, length } };
    if (parts->timestamp && !fresh(parts->timestamp))
        return HOOK_STALE;
    if (!read_hex(parts->signature, given))
        return HOOK_WRONG;
    crypto_hmac_sha256(secret, all + first, SW_COUNT(all) - first, made);
    return crypto_equal(given, made, sizeof made) ? HOOK_GOOD : HOOK_WRONG;
}

/* Digests are compared, so that the time tells nothing about the secret's length either. */
static enum hook_verdict check_bearer(const char *secret, const char *authorization)
{
    uint8_t given[CRYPTO_SHA256_BYTES], wanted[CRYPTO_SHA256_BYTES];
    if (strncasecmp(authorization, "Bearer ", 7) != 0)
        return HOOK_WRONG;
    const char *token = authorization + 7 + strspn(authorization + 7, " ");
    crypto_sha256(token, strlen(token), given);
    crypto_sha256(secret, strlen(secret), wanted);
    return crypto_equal(given, wanted, sizeof wanted) ? HOOK_GOOD : HOOK_WRONG;
}

static enum hook_verdict check_ours(const char *secret, const char *signature, const struct httpd_exchange *exchange)
{
    const char *timestamp = header(exchange, "X-Slipway-Timestamp");
    if (!sw_starts_with(signature, "sha256="))
        return HOOK_WRONG;
    return check_mac(
        secret,
        &(struct signed_parts){ .timestamp = timestamp ? timestamp : "", .joint = ".", .signature = signature + 7 },
        exchange);
}

static enum hook_verdict check_grafana(const char *secret, const char *signature, const struct httpd_exchange *exchange)
{
    return check_mac(secret,
                     &(struct signed_parts){ .timestamp = header(exchange, "X-Grafana-Alerting-Signature-Timestamp"),
                                             .joint = ":",
                                             .signature = signature },
                     exchange);
}

static enum hook_verdict check_proof(const char *source, const char *secret, const struct httpd_exchange *exchange)
{
    const char *ours = header(exchange, "X-Slipway-Signature");
    const char *grafana = header(exchange, "X-Grafana-Alerting-Signature");
    const char *authorization = header(exchange, "Authorization");
    bool is_grafana = sw_equal(source, "grafana");
    if (ours)
        return check_ours(secret, ours, exchange);
    if (grafana && is_grafana)
        return check_grafana(secret, grafana, exchange);
    if (authorization && (is_grafana || sw_equal(source, "alertmanager")))
        return check_bearer(secret, authorization);
    return HOOK_NO_PROOF;
}

/* @locks gate->lock is held */
static const char *secret_of(const struct hook_gate *gate, const char *source)
{
    for (size_t i = 0; i < gate->count; i++)
        if (sw_equal(gate->secrets[i].source, source))
            return gate->secrets[i].secret;
    return NULL;
}

enum hook_verdict hook_gate_check(struct hook_gate *gate, const char *source, const struct httpd_exchange *exchange)
{
    pthread_rwlock_rdlock(&gate->lock);
    const char *secret = secret_of(gate, source);
    enum hook_verdict verdict = secret ? check_proof(source, secret, exchange) : HOOK_UNKNOWN;
    pthread_rwlock_unlock(&gate->lock);
    return verdict;
}

size_t hook_gate_sources(struct hook_gate *gate)
{
    pthread_rwlock_rdlock(&gate->lock);
    size_t count = gate->count;
    pthread_rwlock_unlock(&gate->lock);
    return count;
}

/* ---- life ---- */

static void secrets_free(struct hook_secret *secrets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (secrets[i].secret)
            crypto_wipe(secrets[i].secret, strlen(secrets[i].secret));
        free(secrets[i].secret);
    }
    free(secrets);
}

struct sw_status hook_gate_replace(struct hook_gate *gate, const struct hook_secret *secrets, size_t count)
{
    struct hook_secret *copies = calloc(count + 1, sizeof *copies);
    bool copied = copies != NULL;
    for (size_t i = 0; copied && i < count; i++) {
        memcpy(copies[i].source, secrets[i].source, sizeof copies[i].source);
        copies[i].secret = sw_strdup(secrets[i].secret);
        copied = copies[i].secret != NULL;
    }
    if (!copied) {
        if (copies)
            secrets_free(copies, count);
        return sw_fail(SW_CODE_NO_MEMORY, "secrets of hooks: out of memory");
    }
    pthread_rwlock_wrlock(&gate->lock);
    secrets_free(gate->secrets, gate->count);
    gate->secrets = copies;
    gate->count = count;
    pthread_rwlock_unlock(&gate->lock);
    return sw_ok();
}

struct sw_status hook_gate_new(const struct hook_secret *secrets, size_t count, struct hook_gate **ret_gate)
{
    struct hook_gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return sw_fail(SW_CODE_NO_MEMORY, "hooks: out of memory");
    pthread_rwlock_init(&gate->lock, NULL);
    struct sw_status status = hook_gate_replace(gate, secrets, count);
    if (sw_failed(status))
        hook_gate_free(gate);
    else
        *ret_gate = gate;
    return status;
}

void hook_gate_free(struct hook_gate *gate)
{
    if (!gate)
        return;
    secrets_free(gate->secrets, gate->count);
    pthread_rwlock_destroy(&gate->lock);
    free(gate);
}
