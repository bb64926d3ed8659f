/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/slack_signature.h"

#include "common/base/text.h"

#include <string.h>

enum { TIMESTAMP_MAX_DIGITS = 11, SIGNATURE_LENGTH = 3 + 2 * SLACK_MAC_BYTES };

#define VERDICT_NAME_(name, text) [SLACK_##name] = (text),
static const char *const NAMES[] = { SLACK_VERDICTS(VERDICT_NAME_) };

const char *slack_verdict_name(enum slack_verdict verdict) { return NAMES[verdict]; }

static bool parse_timestamp(const char *text, int64_t *ret_seconds)
{
    size_t length = strlen(text);
    return length > 0 && length <= TIMESTAMP_MAX_DIGITS && strspn(text, "0123456789") == length &&
           sw_parse_i64(text, 0, INT64_MAX, ret_seconds);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The literal v0 and 64 lower-case digits, nothing behind them. */
static bool parse_signature(const char *text, uint8_t ret_mac[SLACK_MAC_BYTES])
{
    if (strlen(text) != SIGNATURE_LENGTH || memcmp(text, "v0=", 3) != 0)
        return false;
    for (size_t i = 0; i < SLACK_MAC_BYTES; i++) {
        int high = hex_digit(text[3 + 2 * i]), low = hex_digit(text[4 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        ret_mac[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

static enum slack_verdict check_headers(const struct slack_signed *request)
{
    size_t signatures = request->signature.count, timestamps = request->timestamp.count;
    if (signatures == 0 && timestamps == 0)
        return SLACK_NO_HEADERS;
    if (signatures > 1 || timestamps > 1)
        return SLACK_REPEATED;
    if (sw_blank(request->signature.value) || sw_blank(request->timestamp.value))
        return SLACK_ONE_MISSING;
    return SLACK_SIGNED;
}

/* No early exit: the time taken does not tell which secret is in use. */
static bool match_secrets(const struct slack_crypto *crypto, const char *const *secrets, size_t count,
                          const struct slack_signed *request, struct slack_signer *signer)
{
    const struct slack_part parts[] = {
        { "v0:", 3 },
        { request->timestamp.value, strlen(request->timestamp.value) },
        { ":", 1 },
        { request->body, request->body_bytes },
    };
    bool matched = false;
    for (size_t i = 0; i < count; i++) {
        uint8_t mac[SLACK_MAC_BYTES];
        if (sw_blank(secrets[i]))
            continue;
        crypto->hmac(secrets[i], parts, SW_COUNT(parts), mac);
        if (crypto->equal(mac, signer->mac, SLACK_MAC_BYTES)) {
            signer->slot = i;
            matched = true;
        }
    }
    return matched;
}

enum slack_verdict slack_signature_check(const struct slack_crypto *crypto, const char *const *secrets, size_t count,
                                         const struct slack_signed *request, int64_t now_s,
                                         struct slack_signer *ret_signer)
{
    int64_t at_s;
    struct slack_signer signer = { 0 };
    enum slack_verdict verdict = check_headers(request);
    if (verdict != SLACK_SIGNED)
        return verdict;
    if (!parse_timestamp(request->timestamp.value, &at_s))
        return SLACK_BAD_TIMESTAMP;
    if (at_s > now_s + SLACK_WINDOW_S || at_s < now_s - SLACK_WINDOW_S)
        return SLACK_STALE;
    if (!parse_signature(request->signature.value, signer.mac))
        return SLACK_BAD_SIGNATURE;
    if (!match_secrets(crypto, secrets, count, request, &signer))
        return SLACK_MISMATCH;
    *ret_signer = signer;
    return SLACK_SIGNED;
}
