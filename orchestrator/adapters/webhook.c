/* SPDX-License-Identifier: Apache-2.0
 * Signed posts to an address of the configuration. */
#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/rt/clock.h"
#include "orchestrator/adapters/report_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sw_status sign(struct web *web, const struct webhook *webhook, const char *body)
{
    char timestamp[24], value[2 * CRYPTO_SHA256_BYTES + 4] = "v1=";
    uint8_t mac[CRYPTO_SHA256_BYTES];
    SW_CLEANUP(web_secret_free) char *secret = NULL;
    if (!webhook->secret)
        return sw_ok();
    SW_TRY(web_secret(webhook->secrets_dir, webhook->secret, &secret));
    (void)snprintf(timestamp, sizeof timestamp, "%lld", (long long)(sw_wall_ms() / 1000));
    const struct crypto_part parts[] = {
        { "v1:", 3 }, { timestamp, strlen(timestamp) }, { ":", 1 }, { body, strlen(body) }
    };
    crypto_hmac_sha256(secret, parts, SW_COUNT(parts), mac);
    for (size_t i = 0; i < sizeof mac; i++)
        (void)snprintf(value + 3 + 2 * i, 3, "%02x", mac[i]);
    SW_TRY(web_add_header(web, "X-Slipway-Timestamp", timestamp));
    return web_add_header(web, "X-Slipway-Signature", value);
}

struct sw_status webhook_post(const struct webhook *webhook, const json_t *body, int64_t *ret_retry_after_ms)
{
    WEB_AUTO struct web web = { 0 };
    SW_AUTO_FREE char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    if (!text)
        return sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", webhook->name);
    SW_TRY(web_open(&web, webhook->name, webhook->url));
    SW_TRY(sign(&web, webhook, text));
    SW_TRY(web_add_header(&web, "Idempotency-Key", webhook->idempotency_key));
    struct sw_status status = web_send(&web, "POST", "", text, NULL);
    *ret_retry_after_ms = web.retry_after_ms;
    return status;
}
