/* SPDX-License-Identifier: Apache-2.0
 * slack_gateway: one request is one `struct delivery`, from the post until its result. */
#include "deploy/sandbox/slack/slack_gateway.h"

#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/io/http_client.h"
#include "common/rt/clock.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { MAX_GATEWAYS = 16, MAX_HEADERS = 12, HEADER_SIZE = 128 };

struct slack_gateway {
    struct http_client *client;
    char *secret;
    char *urls[MAX_GATEWAYS];
    size_t count;
    atomic_size_t turn;
    bool (*take)(void *self, const struct slack_outgoing *outgoing, slack_gateway_done *done, void *context);
    void *taker;
};

struct delivery {
    struct slack_gateway *gateway;
    char *body;
    char *url; /* the only one wanted; NULL: any */
    char lines[MAX_HEADERS][HEADER_SIZE];
    const char *headers[MAX_HEADERS + 1];
    size_t header_count;
    size_t tries; /* gateways that refused the connection, and this one */
    int64_t started_ms;
    slack_gateway_done *done;
    void *context;
};

void slack_sign(const char *secret, const char *timestamp, const char *body, char ret_signature[SLACK_SIGNATURE_SIZE])
{
    const struct crypto_part parts[] = {
        { "v0:", 3 }, { timestamp, strlen(timestamp) }, { ":", 1 }, { body, strlen(body) }
    };
    uint8_t mac[CRYPTO_SHA256_BYTES];
    crypto_hmac_sha256(secret, parts, SW_COUNT(parts), mac);
    (void)snprintf(ret_signature, SLACK_SIGNATURE_SIZE, "v0=");
    for (size_t i = 0; i < sizeof(mac); i++)
        (void)snprintf(ret_signature + 3 + 2 * i, 3, "%02x", mac[i]);
}

static void add_header(struct delivery *delivery, const char *name, const char *value)
{
    assert(delivery->header_count < MAX_HEADERS);
    char *line = delivery->lines[delivery->header_count];
    (void)snprintf(line, HEADER_SIZE, "%s%s%s", name, value[0] ? ": " : "", value);
    delivery->headers[delivery->header_count++] = line;
}

static void delivery_free(struct delivery *delivery)
{
    free(delivery->body);
    free(delivery->url);
    free(delivery);
}

static const char *error_of(const struct http_answer *answer)
{
    if (sw_failed(answer->status))
        return answer->status.code == SW_CODE_TIMEOUT ? "operation_timeout" : "dispatch_failed";
    if (answer->code >= 200 && answer->code < 300)
        return NULL;
    if (answer->code >= 400 && answer->code < 500)
        return "http_client_error";
    return answer->code >= 500 ? "http_service_error" : "dispatch_failed";
}

static const char *reason_of(const struct http_answer *answer)
{
    if (sw_failed(answer->status))
        return answer->status.code == SW_CODE_TIMEOUT ? "http_timeout" : "connection_failed";
    return answer->code >= 200 && answer->code < 300 ? NULL : "http_error";
}

static void finish(struct delivery *delivery, const struct http_answer *answer)
{
    const struct slack_gateway_result result = {
        .status = answer->code,
        .error = error_of(answer),
        .reason = reason_of(answer),
        .content_type = answer->content_type ? answer->content_type : "",
        .body = answer->body ? answer->body : "",
        .ms = sw_monotonic_ms() - delivery->started_ms,
    };
    delivery->done(delivery->context, &result);
    delivery_free(delivery);
}

static void send_to_next(struct delivery *delivery);

static void on_answer(void *context, const struct http_answer *answer)
{
    struct delivery *delivery = context;
    bool refused = sw_failed(answer->status) && !answer->maybe_sent && answer->status.code != SW_CODE_CLOSED &&
                   answer->status.code != SW_CODE_TIMEOUT;
    if (refused && !delivery->url && delivery->tries < delivery->gateway->count)
        send_to_next(delivery);
    else
        finish(delivery, answer);
}

static void send_to_next(struct delivery *delivery)
{
    struct slack_gateway *gateway = delivery->gateway;
    int64_t left_ms = SLACK_GATEWAY_TIMEOUT_MS - (sw_monotonic_ms() - delivery->started_ms);
    const struct http_request request = {
        .method = "POST",
        .url = delivery->url ? delivery->url : gateway->urls[atomic_fetch_add(&gateway->turn, 1) % gateway->count],
        .headers = delivery->headers,
        .body = delivery->body,
        .body_bytes = strlen(delivery->body),
        .timeout_ms = left_ms > 0 ? left_ms : 1,
    };
    delivery->tries++;
    struct http_answer failed = { .status = http_client_send(gateway->client, &request, on_answer, delivery),
                                  .retry_after_ms = -1 };
    if (sw_failed(failed.status))
        finish(delivery, &failed);
}

void slack_gateway_post(struct slack_gateway *gateway, const struct slack_outgoing *outgoing, slack_gateway_done *done,
                        void *context)
{
    if (gateway->take && !outgoing->url && gateway->take(gateway->taker, outgoing, done, context))
        return;
    struct delivery *delivery = calloc(1, sizeof(*delivery));
    assert(delivery);
    *delivery = (struct delivery){ .gateway = gateway,
                                   .done = done,
                                   .context = context,
                                   .started_ms = sw_monotonic_ms(),
                                   .body = sw_strdup(outgoing->body),
                                   .url = sw_strdup(outgoing->url) };
    char timestamp[24];
    char signature[SLACK_SIGNATURE_SIZE];
    (void)snprintf(timestamp, sizeof(timestamp), "%" PRId64, sw_wall_ms() / 1000 + outgoing->skew_s);
    slack_sign(gateway->secret, timestamp, outgoing->body, signature);
    add_header(delivery, "Content-Type", outgoing->content_type);
    add_header(delivery, "X-Slack-Request-Timestamp", timestamp);
    add_header(delivery, "X-Slack-Signature", signature);
    for (size_t i = 0; outgoing->headers && outgoing->headers[i]; i++)
        add_header(delivery, outgoing->headers[i], "");
    send_to_next(delivery);
}

void slack_gateway_route(struct slack_gateway *gateway,
                         bool (*take)(void *self, const struct slack_outgoing *outgoing, slack_gateway_done *done,
                                      void *context),
                         void *self)
{
    gateway->take = take;
    gateway->taker = self;
}

static struct sw_status split_urls(struct slack_gateway *gateway, const char *urls)
{
    SW_AUTO_FREE char *copy = sw_strdup(urls);
    char *save = NULL;
    for (char *url = copy ? strtok_r(copy, ", ", &save) : NULL; url; url = strtok_r(NULL, ", ", &save)) {
        if (gateway->count == MAX_GATEWAYS)
            return sw_fail(SW_CODE_CONFIG, "more than %d gateway urls", (int)MAX_GATEWAYS);
        if (!sw_starts_with(url, "http://") && !sw_starts_with(url, "https://"))
            return sw_fail(SW_CODE_CONFIG, "gateway url '%s' does not begin with http:// or https://", url);
        gateway->urls[gateway->count++] = sw_strdup(url);
    }
    return gateway->count ? sw_ok() : sw_fail(SW_CODE_CONFIG, "no gateway url");
}

struct sw_status slack_gateway_new(const char *urls, const char *secret, struct slack_gateway **ret_gateway)
{
    struct slack_gateway *gateway = calloc(1, sizeof(*gateway));
    if (!gateway)
        return sw_fail(SW_CODE_NO_MEMORY, "gateway");
    gateway->secret = sw_strdup(secret);
    struct sw_status status = split_urls(gateway, urls);
    if (!sw_failed(status))
        status = http_client_new("Slackbot 1.0 (+https://api.slack.com/robots)", &gateway->client);
    if (sw_failed(status)) {
        slack_gateway_free(gateway);
        return status;
    }
    *ret_gateway = gateway;
    return sw_ok();
}

void slack_gateway_free(struct slack_gateway *gateway)
{
    if (!gateway)
        return;
    if (gateway->client)
        http_client_free(gateway->client);
    for (size_t i = 0; i < gateway->count; i++)
        free(gateway->urls[i]);
    if (gateway->secret)
        crypto_wipe(gateway->secret, strlen(gateway->secret));
    free(gateway->secret);
    free(gateway);
}
