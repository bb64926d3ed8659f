/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/hooks.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"
#include "gateway/core/slack_media.h"
#include "gateway/io/ingress_metrics.h"
#include "proto/workflow_id.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRESET_ANSWER_MS = 4000, NAME_HEX = 32, NAME_SIZE = 96 };

static const char PREFIX[] = "/hooks/";

/* clang-format off */
#define REFUSALS(X) \
    X(METHOD, "method") X(TOO_LARGE, "too_large") X(MEDIA, "media_type") X(UNREADABLE, "unreadable") X(KAFKA, "kafka")
/* clang-format on */
#define REFUSAL_ENUM_(name, text) REFUSED_##name,
enum refusal { REFUSALS(REFUSAL_ENUM_) REFUSAL_COUNT };
#undef REFUSAL_ENUM_

struct hooks {
    char *gateway;
    struct hook_gate *gate;
    struct publisher *publisher;
    int64_t answer_within_ms;
    struct sw_metric *firing, *resolved, *verdicts[HOOK_VERDICT_COUNT], *refusals[REFUSAL_COUNT];
};

/* One request on its way. Freed when the last word about each of its alerts has been said. */
struct batch {
    struct hooks *hooks;
    struct httpd_exchange *exchange;
    int64_t received_us;
    char source[HOOK_SOURCE_SIZE];
    char name[NAME_SIZE]; /* hook:<source>:<hex>; the commands' ids go on with :<n> */
    size_t count;
    atomic_size_t confirmed, left; /* left: one more while it is being submitted */
    atomic_bool answered;
};

/* ---- answers ---- */

static void answer(struct httpd_exchange *exchange, int32_t status, const char *body)
{
    ingress_count(INGRESS_HOOK, status, httpd_received_us(exchange));
    httpd_answer_json(exchange, status, body);
}

static void refuse(struct hooks *hooks, struct httpd_exchange *exchange, enum refusal why, int32_t status,
                   const char *body)
{
    sw_metric_add(hooks->refusals[why], 1);
    answer(exchange, status, body);
}

/* Whoever gave a proof may know what is wrong with the body. */
static void refuse_body(struct hooks *hooks, struct httpd_exchange *exchange, const char *source,
                        const struct sw_status *why)
{
    JX_AUTO json_t *json = json_pack("{ss}", "error", why->text);
    SW_AUTO_FREE char *body = json ? jx_dump_new(json) : NULL;
    const bool large = why->code == SW_CODE_TOO_LARGE;
    sw_warn("a webhook could not be read", sw_s("source", source), sw_e(why));
    refuse(hooks, exchange, large ? REFUSED_TOO_LARGE : REFUSED_UNREADABLE, large ? 413 : 400,
           body ? body : "{\"error\":\"unreadable request\"}");
}

/* ---- what becomes of the alerts ---- */

static void batch_unref(struct batch *batch)
{
    if (atomic_fetch_sub(&batch->left, 1) == 1)
        free(batch);
}

static void answer_once(struct batch *batch, bool taken)
{
    char body[64];
    if (atomic_exchange(&batch->answered, true))
        return;
    if (taken) {
        (void)snprintf(body, sizeof body, "{\"alerts\":%zu}", batch->count); /* fits */
        answer(batch->exchange, 200, body);
        return;
    }
    sw_warn("a webhook is left to be sent again", sw_s("source", batch->source), sw_s("request", batch->name));
    refuse(batch->hooks, batch->exchange, REFUSED_KAFKA, 503, "{\"error\":\"not taken, send it again\"}");
}

static void told(void *context, enum publisher_news news)
{
    struct batch *batch = context;
    switch (news) {
    case PUBLISHER_HANDING:
        return;
    case PUBLISHER_UNSURE: /* the last word follows; the sender does not wait for it */
        answer_once(batch, false);
        return;
    case PUBLISHER_CONFIRMED:
        if (atomic_fetch_add(&batch->confirmed, 1) + 1 == batch->count)
            answer_once(batch, true);
        break;
    case PUBLISHER_NOTHING_STARTED:
    case PUBLISHER_NEVER_CONFIRMED:
        answer_once(batch, false);
        break;
    case PUBLISHER_NEWS_COUNT:
        assert(false);
    }
    batch_unref(batch);
}

/* Sources name groups by long texts, commands by their digests. */
static bool shorten_groups(const json_t *alerts)
{
    char hex[2 * CRYPTO_SHA256_BYTES + 1];
    for (size_t i = 0; i < json_array_size(alerts); i++) {
        json_t *alert = json_array_get(alerts, i);
        const char *group = jx_string(alert, "group");
        if (!group)
            continue;
        crypto_sha256_hex(group, strlen(group), hex);
        hex[NAME_HEX] = '\0';
        if (!jx_set_string(alert, "group", hex))
            return false;
    }
    return true;
}

/* The workflow is the one that the alert begins, if it begins one. */
static void submit(struct batch *batch, json_t *alert, size_t index)
{
    struct hooks *hooks = batch->hooks;
    struct proto_command command = { .name = "alert", .origin = "hook", .at_ms = sw_wall_ms() };
    uint8_t digest[CRYPTO_SHA256_BYTES];
    const bool firing = sw_equal(jx_string(alert, "status"), "firing");
    (void)snprintf(command.id, sizeof command.id, "%s:%zu", batch->name, index + 1); /* fits */
    (void)sw_copy(command.gateway, sizeof command.gateway, hooks->gateway);          /* short */
    crypto_sha256(command.id, strlen(command.id), digest);
    proto_workflow_id('i', digest, command.workflow);
    command.args = json_incref(alert);
    sw_metric_add(firing ? hooks->firing : hooks->resolved, 1);
    publisher_submit(hooks->publisher, &command, batch->received_us + hooks->answer_within_ms * 1000, told, batch);
    proto_command_release(&command);
}

/* A signed time is part of it: a source of our own shape may say the same twice, and mean it. */
static void name_batch(struct batch *batch)
{
    char hex[2 * CRYPTO_SHA256_BYTES + 1];
    uint8_t digest[CRYPTO_SHA256_BYTES];
    size_t length;
    const void *body = httpd_body(batch->exchange, &length);
    const char *at = httpd_header(batch->exchange, "X-Slipway-Timestamp", NULL);
    if (!at)
        at = httpd_header(batch->exchange, "X-Grafana-Alerting-Signature-Timestamp", NULL);
    const struct crypto_part parts[] = { { at ? at : "", at ? strlen(at) : 0 }, { ".", 1 }, { body, length } };
    crypto_hmac_sha256(batch->source, parts, SW_COUNT(parts), digest);
    crypto_sha256_hex(digest, sizeof digest, hex);
    (void)snprintf(batch->name, sizeof batch->name, "hook:%s:%.*s", batch->source, NAME_HEX, hex); /* fits */
}

static void publish(struct hooks *hooks, struct httpd_exchange *exchange, const char *source, const json_t *alerts)
{
    size_t index;
    json_t *alert;
    struct batch *batch = shorten_groups(alerts) ? calloc(1, sizeof *batch) : NULL;
    if (!batch) {
        refuse(hooks, exchange, REFUSED_KAFKA, 503, "{\"error\":\"not taken, send it again\"}");
        return;
    }
    batch->hooks = hooks;
    batch->exchange = exchange;
    batch->received_us = httpd_received_us(exchange);
    batch->count = json_array_size(alerts);
    (void)sw_copy(batch->source, sizeof batch->source, source); /* the same size */
    atomic_init(&batch->left, batch->count + 1);
    name_batch(batch);
    httpd_keep(exchange);
    sw_info("alerts", sw_s("source", source), sw_s("request", batch->name), sw_i("count", (int64_t)batch->count));
    json_array_foreach(alerts, index, alert) { submit(batch, alert, index); }
    batch_unref(batch);
}

/* ---- stages ---- */

static bool check_proof(struct hooks *hooks, struct httpd_exchange *exchange, char ret_source[HOOK_SOURCE_SIZE])
{
    const char *name = httpd_path(exchange) + strlen(PREFIX);
    enum hook_verdict verdict = HOOK_UNKNOWN;
    bool named = hook_source_read(name, strlen(name), ret_source);
    if (named)
        verdict = hook_gate_check(hooks->gate, ret_source, exchange);
    if (verdict == HOOK_GOOD)
        return true;
    sw_metric_add(hooks->verdicts[verdict], 1);
    sw_info("a webhook was refused", sw_s("source", named ? ret_source : ""),
            sw_s("reason", hook_verdict_name(verdict)));
    answer(exchange, 401, "{\"error\":\"invalid request\"}");
    return false;
}

static bool check_media(struct hooks *hooks, struct httpd_exchange *exchange)
{
    if (slack_media_of(httpd_header(exchange, "Content-Type", NULL)) == SLACK_MEDIA_JSON &&
        slack_encoding_plain(httpd_header(exchange, "Content-Encoding", NULL)))
        return true;
    refuse(hooks, exchange, REFUSED_MEDIA, 415, "{\"error\":\"unsupported media type\"}");
    return false;
}

static bool check_frame(struct hooks *hooks, struct httpd_exchange *exchange)
{
    size_t length;
    (void)httpd_body(exchange, &length); /* its length alone */
    if (!sw_equal(httpd_method(exchange), "POST")) {
        static const char *const allow[] = { "Allow", "POST", NULL };
        static const char body[] = "{\"error\":\"method not allowed\"}";
        sw_metric_add(hooks->refusals[REFUSED_METHOD], 1);
        ingress_count(INGRESS_HOOK, 405, httpd_received_us(exchange));
        httpd_answer(exchange, &(struct httpd_answer){ .status = 405,
                                                       .content_type = "application/json",
                                                       .body = body,
                                                       .length = strlen(body),
                                                       .headers = allow });
        return false;
    }
    if (length <= HOOK_BODY_MAX)
        return true;
    refuse(hooks, exchange, REFUSED_TOO_LARGE, 413, "{\"error\":\"more than 256 KiB\"}");
    return false;
}

void hooks_take(struct hooks *hooks, struct httpd_exchange *exchange)
{
    char source[HOOK_SOURCE_SIZE];
    size_t length;
    JX_AUTO json_t *body = NULL, *alerts = NULL;
    if (!check_frame(hooks, exchange) || !check_proof(hooks, exchange, source) || !check_media(hooks, exchange))
        return;
    const char *text = httpd_body(exchange, &length);
    struct sw_status status = jx_parse(text, length, &body);
    if (!sw_failed(status))
        status = hook_read(source, body, &alerts);
    if (sw_failed(status))
        refuse_body(hooks, exchange, source, &status);
    else if (json_array_size(alerts) == 0)
        answer(exchange, 200, "{\"alerts\":0}");
    else
        publish(hooks, exchange, source, alerts);
}

bool hooks_serves(const char *path) { return sw_starts_with(path, PREFIX); }

/* ---- life ---- */

static struct sw_metric *refused(const char *reason)
{
    char labels[64];
    (void)snprintf(labels, sizeof labels, "reason=\"%s\"", reason); /* ours are short */
    return sw_counter("slipway_hooks_refused_total", labels, "webhooks that were not taken, by reason");
}

static void register_metrics(struct hooks *hooks)
{
#define REFUSAL_NAME_(name, text) text,
    static const char *const names[] = { REFUSALS(REFUSAL_NAME_) };
    static const char help[] = "alerts in webhooks, by status";
    for (size_t i = 0; i < REFUSAL_COUNT; i++)
        hooks->refusals[i] = refused(names[i]);
    for (size_t i = HOOK_GOOD + 1; i < HOOK_VERDICT_COUNT; i++)
        hooks->verdicts[i] = refused(hook_verdict_name((enum hook_verdict)i));
    hooks->firing = sw_counter("slipway_alerts_total", "status=\"firing\"", help);
    hooks->resolved = sw_counter("slipway_alerts_total", "status=\"resolved\"", help);
}

struct sw_status hooks_new(const struct hooks_options *options, struct hooks **ret_hooks)
{
    struct hooks *hooks = calloc(1, sizeof *hooks);
    if (hooks)
        hooks->gateway = sw_strdup(options->gateway);
    if (!hooks || !hooks->gateway) {
        free(hooks);
        return sw_fail(SW_CODE_NO_MEMORY, "hooks: out of memory");
    }
    hooks->gate = options->gate;
    hooks->publisher = options->publisher;
    hooks->answer_within_ms = options->answer_within_ms ? options->answer_within_ms : PRESET_ANSWER_MS;
    register_metrics(hooks);
    *ret_hooks = hooks;
    return sw_ok();
}

void hooks_free(struct hooks *hooks)
{
    if (!hooks)
        return;
    free(hooks->gateway);
    free(hooks);
}
