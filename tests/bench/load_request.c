/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/load_request.h"

#include "common/io/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void load_request_secret(struct load_request *request, const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file || !fgets(request->secret, sizeof request->secret, file)) {
        perror(path);
        exit(1);
    }
    request->secret[strcspn(request->secret, "\n")] = '\0';
    fclose(file);
}

static void sign(const struct load_request *request, const char *stamp, const char *body, size_t length,
                 char ret_hex[2 * CRYPTO_SHA256_BYTES + 1])
{
    const struct crypto_part parts[] = { { "v0:", 3 }, { stamp, strlen(stamp) }, { ":", 1 }, { body, length } };
    uint8_t mac[CRYPTO_SHA256_BYTES];
    crypto_hmac_sha256(request->secret, parts, sizeof parts / sizeof *parts, mac);
    for (size_t i = 0; i < sizeof mac; i++) {
        ret_hex[2 * i] = "0123456789abcdef"[mac[i] >> 4];
        ret_hex[2 * i + 1] = "0123456789abcdef"[mac[i] & 15];
    }
    ret_hex[2 * CRYPTO_SHA256_BYTES] = '\0';
}

const char *load_request_next(struct load_request *request, size_t *ret_length)
{
    char body[2048], stamp[24], hex[2 * CRYPTO_SHA256_BYTES + 1];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    (void)snprintf(stamp, sizeof stamp, "%lld", (long long)now.tv_sec);
    int length = snprintf(body, sizeof body,
                          "token=verification&team_id=T0SANDBOX01&team_domain=sandbox&channel_id=C0DEPLOYS01&"
                          "channel_name=deploys&user_id=U0ALICE0001&user_name=alice&command=%s&text=%s&"
                          "api_app_id=A0SLIPWAY01&is_enterprise_install=false&response_url=%s&trigger_id=%lld.%d.%llu",
                          request->command, request->text, request->response_url, (long long)now.tv_sec, (int)getpid(),
                          (unsigned long long)request->number++);
    sign(request, stamp, body, (size_t)length, hex);
    int total = snprintf(request->bytes, sizeof request->bytes,
                         "POST /slack/events HTTP/1.1\r\nHost: bench\r\nContent-Type: "
                         "application/x-www-form-urlencoded\r\nX-Slack-Request-Timestamp: %s\r\n"
                         "X-Slack-Signature: v0=%s\r\nContent-Length: %d\r\n\r\n%s",
                         stamp, hex, length, body);
    *ret_length = (size_t)total;
    return request->bytes;
}
