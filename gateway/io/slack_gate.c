/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/slack_gate.h"

#include "common/base/log.h"
#include "common/base/lru.h"
#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* Twice the window in which a signature is fresh, so that a replay meets the cache or the clock. */
enum { REPLAY_TTL_MS = 2 * SLACK_WINDOW_S * 1000, REPLAY_MAX = 16384, MAX_PARTS = 4, SECRETS = 2 };

struct slack_gate {
    struct sw_metric *slots[SECRETS];
    struct sw_metric *replays, *skew_seconds;

    pthread_rwlock_t secrets_lock;
    char *secrets[SECRETS]; /* the current one, the previous one or NULL */
    uint8_t seal_key[CRYPTO_KEY_BYTES];

    pthread_mutex_t seen_lock;
    struct sw_lru *seen;
};

static void hmac(const char *key, const struct slack_part *parts, size_t count, uint8_t ret_mac[SLACK_MAC_BYTES])
{
    struct crypto_part crypto[MAX_PARTS];
    assert(count <= MAX_PARTS);
    for (size_t i = 0; i < count; i++)
        crypto[i] = (struct crypto_part){ parts[i].data, parts[i].length };
    crypto_hmac_sha256(key, crypto, count, ret_mac);
}

static const struct slack_crypto CRYPTO = { .hmac = hmac, .equal = crypto_equal };

static void wipe_free(char *secret)
{
    if (secret)
        crypto_wipe(secret, strlen(secret));
    free(secret);
}

struct sw_status slack_gate_replace(struct slack_gate *gate, const char *current, const char *previous)
{
    if (sw_blank(current))
        return sw_fail(SW_CODE_CONFIG, "SLACK_SIGNING_SECRET is blank HINT: copy it from the app's Basic Information");
    char *first = sw_strdup(current), *second = sw_blank(previous) ? NULL : sw_strdup(previous);
    if (!first || (!second && !sw_blank(previous))) {
        wipe_free(first);
        return sw_fail(SW_CODE_NO_MEMORY, "signing secrets: out of memory");
    }
    pthread_rwlock_wrlock(&gate->secrets_lock);
    wipe_free(gate->secrets[0]);
    wipe_free(gate->secrets[1]);
    gate->secrets[0] = first;
    gate->secrets[1] = second;
    crypto_derive_key(first, "slipway response_url v1", gate->seal_key);
    pthread_rwlock_unlock(&gate->secrets_lock);
    return sw_ok();
}

static void register_metrics(struct slack_gate *gate)
{
    static const char help[] = "signed requests by the secret that matched";
    gate->slots[0] = sw_counter("slipway_signatures_total", "secret=\"current\"", help);
    gate->slots[1] = sw_counter("slipway_signatures_total", "secret=\"previous\"", help);
    gate->replays = sw_counter("slipway_replays_total", NULL, "requests that had been acknowledged before");
    gate->skew_seconds = sw_gauge("slipway_slack_clock_skew_seconds", NULL, "our clock minus Slack's, last request");
}

struct sw_status slack_gate_new(const char *current, const char *previous, struct slack_gate **ret_gate)
{
    struct slack_gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return sw_fail(SW_CODE_NO_MEMORY, "slack gate: out of memory");
    pthread_rwlock_init(&gate->secrets_lock, NULL);
    pthread_mutex_init(&gate->seen_lock, NULL);
    register_metrics(gate);
    gate->seen = sw_lru_new(REPLAY_MAX, REPLAY_TTL_MS, NULL);
    struct sw_status status = gate->seen ? slack_gate_replace(gate, current, previous)
                                         : sw_fail(SW_CODE_NO_MEMORY, "slack gate: out of memory");
    if (sw_failed(status))
        slack_gate_free(gate);
    else
        *ret_gate = gate;
    return status;
}

void slack_gate_free(struct slack_gate *gate)
{
    if (!gate)
        return;
    wipe_free(gate->secrets[0]);
    wipe_free(gate->secrets[1]);
    crypto_wipe(gate->seal_key, sizeof gate->seal_key);
    sw_lru_free(gate->seen);
    pthread_mutex_destroy(&gate->seen_lock);
    pthread_rwlock_destroy(&gate->secrets_lock);
    free(gate);
}

static struct slack_header header_of(const struct httpd_exchange *exchange, const char *name)
{
    struct slack_header header = { 0 };
    header.value = httpd_header(exchange, name, &header.count);
    return header;
}

static enum slack_verdict check_signature(struct slack_gate *gate, const struct slack_signed *request, int64_t now_s,
                                          struct slack_signer *ret_signer)
{
    pthread_rwlock_rdlock(&gate->secrets_lock);
    const char *const secrets[] = { gate->secrets[0], gate->secrets[1] };
    enum slack_verdict verdict =
        slack_signature_check(&CRYPTO, secrets, gate->secrets[1] ? 2 : 1, request, now_s, ret_signer);
    pthread_rwlock_unlock(&gate->secrets_lock);
    return verdict;
}

static bool seen_before(struct slack_gate *gate, const char *request)
{
    bool found = false;
    pthread_mutex_lock(&gate->seen_lock);
    (void)sw_lru_get(gate->seen, request, sw_monotonic_ms(), &found); /* the values are all NULL */
    pthread_mutex_unlock(&gate->seen_lock);
    if (found)
        sw_metric_add(gate->replays, 1);
    return found;
}

static void name_request(const char *prefix, const uint8_t bytes[SLACK_MAC_BYTES], char ret_name[SLACK_REQUEST_ID_SIZE])
{
    size_t used = strlen(prefix);
    memcpy(ret_name, prefix, used);
    for (size_t i = 0; i < SLACK_MAC_BYTES; i++, used += 2) /* two digits and NUL always fit */
        (void)snprintf(ret_name + used, 3, "%02x", bytes[i]);
}

void slack_gate_count(enum slack_verdict verdict)
{
    const char *reason = slack_verdict_name(verdict);
    sw_count("slipway_signature_failures_total", "requests refused for their signature", "reason", reason);
    sw_info("a request was refused", sw_s("reason", reason));
}

enum slack_verdict slack_gate_check(struct slack_gate *gate, const struct httpd_exchange *exchange,
                                    struct slack_pass *ret_pass)
{
    struct slack_signer signer;
    int64_t now_s = sw_wall_ms() / 1000, at_s = now_s;
    struct slack_signed request = { .signature = header_of(exchange, "X-Slack-Signature"),
                                    .timestamp = header_of(exchange, "X-Slack-Request-Timestamp") };
    request.body = httpd_body(exchange, &request.body_bytes);
    enum slack_verdict verdict = check_signature(gate, &request, now_s, &signer);
    if (verdict == SLACK_NO_HEADERS)
        return verdict;
    if (verdict != SLACK_SIGNED) {
        slack_gate_count(verdict);
        return verdict;
    }
    (void)sw_parse_i64(request.timestamp.value, 0, INT64_MAX, &at_s); /* judged above */
    sw_metric_set(gate->skew_seconds, (double)(now_s - at_s));
    sw_metric_add(gate->slots[signer.slot], 1);
    name_request("sig:", signer.mac, ret_pass->request);
    ret_pass->replayed = seen_before(gate, ret_pass->request);
    return SLACK_SIGNED;
}

struct slack_pass slack_gate_pass_envelope(struct slack_gate *gate, const char *envelope_id)
{
    struct slack_pass pass;
    uint8_t digest[CRYPTO_SHA256_BYTES];
    crypto_sha256(envelope_id, strlen(envelope_id), digest);
    name_request("env:", digest, pass.request);
    pass.replayed = seen_before(gate, pass.request);
    return pass;
}

void slack_gate_remember(struct slack_gate *gate, const char request[SLACK_REQUEST_ID_SIZE])
{
    pthread_mutex_lock(&gate->seen_lock);
    (void)sw_lru_put(gate->seen, request, NULL, sw_monotonic_ms()); /* forgotten is safe: the id is the same */
    pthread_mutex_unlock(&gate->seen_lock);
}

char *slack_gate_seal_new(struct slack_gate *gate, const char *command_id, const char *response_url)
{
    uint8_t key[CRYPTO_KEY_BYTES];
    pthread_rwlock_rdlock(&gate->secrets_lock);
    memcpy(key, gate->seal_key, sizeof key);
    pthread_rwlock_unlock(&gate->secrets_lock);
    char *sealed = crypto_seal_new(key, command_id, response_url);
    crypto_wipe(key, sizeof key);
    return sealed;
}
