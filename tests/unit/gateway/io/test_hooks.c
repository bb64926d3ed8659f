/* SPDX-License-Identifier: Apache-2.0
 * Webhooks over HTTP, as their senders send them: proofs, refusals, and what is put on Kafka. */
#include "gateway/io/hooks.h"

#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/io/http_client.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"
#include "gateway/io/ingress_metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECRET "an alert is no joke"
#define ALERT "{\"key\":\"disk\",\"title\":\"The disk is full\"}"

struct world {
    struct httpd *httpd;
    struct hook_gate *gate;
    struct hooks *hooks;
    struct publisher *publisher;
    atomic_bool connected, broken; /* broken: Kafka takes it and never answers well */
    char ids[1024];                /* "hook:...;" */
    json_t *last;
};

static bool connected(void *self) { return ((struct world *)self)->connected; }

static struct sw_status produce(void *self, const struct kafka_record *record, kafka_delivered_fn *done, void *context)
{
    struct world *world = self;
    for (size_t i = 0; i < record->header_count; i++)
        if (sw_equal(record->headers[i].name, "ce_id")) {
            strncat(world->ids, record->headers[i].value, sizeof world->ids - strlen(world->ids) - 1);
            strncat(world->ids, ";", sizeof world->ids - strlen(world->ids) - 1);
        }
    json_decref(world->last);
    world->last = NULL;
    assert_false(sw_failed(jx_parse(record->value, record->value_bytes, &world->last)));
    done(context, world->broken ? sw_fail(SW_CODE_KAFKA, "no") : sw_ok(), 0, 1);
    return sw_ok();
}

static void handle(void *self, struct httpd_exchange *exchange)
{
    assert_true(hooks_serves(httpd_path(exchange)));
    hooks_take(((struct world *)self)->hooks, exchange);
}

/* A sender that is patient, unless the time that it is kept waiting is what the test is about. */
static int set_up_within(void **state, int64_t answer_within_ms)
{
    struct world *world = calloc(1, sizeof *world);
    static char secret[] = SECRET;
    const struct hook_secret secrets[] = { { "uptime", secret }, { "grafana", secret }, { "alertmanager", secret } };
    world->connected = true;
    const struct publisher_options publisher = { .topic = "commands",
                                                 .bus = { .produce = produce, .connected = connected, .self = world },
                                                 .tick_ms = 1 };
    assert_false(sw_failed(publisher_new(&publisher, &world->publisher)));
    assert_false(sw_failed(hook_gate_new(secrets, SW_COUNT(secrets), &world->gate)));
    const struct hooks_options hooks = {
        .gateway = "gateway-1", .gate = world->gate, .publisher = world->publisher, .answer_within_ms = answer_within_ms
    };
    assert_false(sw_failed(hooks_new(&hooks, &world->hooks)));
    const struct httpd_options httpd = {
        .listen = "127.0.0.1:0", .max_body_bytes = 1024 * 1024, .handle = handle, .self = world
    };
    assert_false(sw_failed(httpd_start(&httpd, &world->httpd)));
    *state = world;
    return 0;
}

static int set_up(void **state) { return set_up_within(state, 60000); }
static int set_up_hasty(void **state) { return set_up_within(state, 100); }

static int tear_down(void **state)
{
    struct world *world = *state;
    httpd_free(world->httpd);
    assert_false(sw_failed(publisher_drain(world->publisher, 1000)));
    publisher_free(world->publisher);
    hooks_free(world->hooks);
    hook_gate_free(world->gate);
    json_decref(world->last);
    free(world);
    return 0;
}

/* ---- as a sender ---- */

struct sent {
    const char *method, *path, *body;
    const char *headers[4]; /* whole lines */
};

static int32_t send_it(struct world *world, const struct sent *sent, char ret_body[512])
{
    char url[128];
    const char *lines[6] = { "Content-Type: application/json; charset=utf-8" };
    struct http_answer answer;
    size_t count = 1;
    for (size_t i = 0; i < SW_COUNT(sent->headers) && sent->headers[i]; i++)
        if (sw_starts_with(sent->headers[i], "Content-Type:"))
            lines[0] = sent->headers[i];
        else
            lines[count++] = sent->headers[i];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u%s", (unsigned)httpd_port(world->httpd), sent->path);
    const struct http_request request = { .method = sent->method ? sent->method : "POST",
                                          .url = url,
                                          .headers = lines,
                                          .body = sent->body,
                                          .body_bytes = sent->body ? strlen(sent->body) : 0 };
    assert_false(sw_failed(http_fetch(&request, &answer)));
    assert_false(sw_failed(answer.status));
    int32_t code = answer.code;
    (void)snprintf(ret_body, 512, "%.*s", (int)answer.body_bytes, answer.body_bytes ? (const char *)answer.body : "");
    http_answer_release(&answer);
    return code;
}

static void hmac_hex(const char *secret, const char *text, char ret_hex[65])
{
    uint8_t mac[CRYPTO_SHA256_BYTES];
    const struct crypto_part part = { text, strlen(text) };
    crypto_hmac_sha256(secret, &part, 1, mac);
    for (size_t i = 0; i < sizeof mac; i++)
        (void)snprintf(ret_hex + 2 * i, 3, "%02x", mac[i]);
}

struct signing {
    const char *source, *secret;
    int64_t off_s;
    const char *body, *signed_body; /* signed_body: NULL: the same */
};

static int32_t send_signed(struct world *world, const struct signing *signing, char ret_body[512])
{
    char path[64], base[2048], stamp[64], signature[128], hex[65];
    long long at_s = (long long)(sw_wall_ms() / 1000 + signing->off_s);
    (void)snprintf(path, sizeof path, "/hooks/%s", signing->source ? signing->source : "uptime");
    (void)snprintf(base, sizeof base, "%lld.%s", at_s, signing->signed_body ? signing->signed_body : signing->body);
    hmac_hex(signing->secret ? signing->secret : SECRET, base, hex);
    (void)snprintf(stamp, sizeof stamp, "X-Slipway-Timestamp: %lld", at_s);
    (void)snprintf(signature, sizeof signature, "X-Slipway-Signature: sha256=%s", hex);
    return send_it(world, &(struct sent){ .path = path, .body = signing->body, .headers = { stamp, signature } },
                   ret_body);
}

/* ---- tests ---- */

static void test_a_signed_alert_is_a_command(void **state)
{
    struct world *world = *state;
    char body[512];
    assert_int_equal(send_signed(world, &(struct signing){ .body = ALERT }, body), 200);
    assert_string_equal(body, "{\"alerts\":1}");
    assert_true(sw_starts_with(world->ids, "hook:uptime:"));
    assert_non_null(strstr(world->ids, ":1;"));
    assert_string_equal(jx_string(world->last, "origin"), "hook");
    assert_int_equal(*jx_string_or(world->last, "workflow", ""), 'i');
    assert_string_equal(jx_string(json_object_get(world->last, "args"), "key"), "disk");
    assert_string_equal(jx_string(json_object_get(world->last, "args"), "source"), "uptime");
}

/* Against a signature that somebody else made: printf '1700000000.{}' | openssl dgst -sha256 -hmac 'an alert is no
 * joke'.
 */
static void test_signatures_are_those_of_openssl(void **state)
{
    (void)state;
    char hex[65];
    hmac_hex(SECRET, "1700000000.{}", hex);
    assert_string_equal(hex, "99c3b8ac6f1a0326bdc880939356d7274f33916eb4f7d4a9f3e5b1a736e10b97");
}

static void test_each_alert_is_a_command_of_its_own(void **state)
{
    struct world *world = *state;
    char body[512];
    assert_int_equal(
        send_signed(world, &(struct signing){ .body = "[" ALERT ",{\"key\":\"b\",\"status\":\"resolved\"}]" }, body),
        200);
    assert_string_equal(body, "{\"alerts\":2}");
    assert_non_null(strstr(world->ids, ":1;hook:uptime:"));
    assert_non_null(strstr(world->ids, ":2;"));
    assert_int_equal(send_signed(world, &(struct signing){ .body = "[]" }, body), 200);
    assert_string_equal(body, "{\"alerts\":0}");
}

static void test_the_same_request_is_the_same_command(void **state)
{
    struct world *world = *state;
    static const char *const bearer = "Authorization: Bearer " SECRET;
    static const char body[] =
        "{\"alerts\":[{\"status\":\"firing\",\"fingerprint\":\"f\",\"labels\":{\"alertname\":\"x\"}}]}";
    char first[1024], said[512];
    const struct sent sent = { .path = "/hooks/alertmanager", .body = body, .headers = { bearer } };
    assert_int_equal(send_it(world, &sent, said), 200);
    (void)sw_copy(first, sizeof first, world->ids);
    world->ids[0] = '\0';
    assert_int_equal(send_it(world, &sent, said), 200);
    assert_string_equal(world->ids, first);
}

static void test_every_missing_or_wrong_proof_is_answered_alike(void **state)
{
    struct world *world = *state;
    char said[512], hex[65], grafana[128];
    hmac_hex("another secret of somebody", "{}", hex);
    (void)snprintf(grafana, sizeof grafana, "X-Grafana-Alerting-Signature: %s", hex);
    const struct signing wrong[] = { { .body = ALERT, .secret = "another secret of somebody" },
                                     { .body = ALERT, .signed_body = "{}" },
                                     { .body = ALERT, .off_s = -301 },
                                     { .body = ALERT, .off_s = 301 },
                                     { .body = ALERT, .source = "nobody" },
                                     { .body = ALERT, .source = "" } };
    const struct sent unsigned_ones[] = {
        { .path = "/hooks/uptime", .body = ALERT },
        { .path = "/hooks/uptime", .body = ALERT, .headers = { "Authorization: Bearer " SECRET } },
        { .path = "/hooks/alertmanager", .body = ALERT, .headers = { "Authorization: Bearer " SECRET "x" } },
        { .path = "/hooks/alertmanager", .body = ALERT, .headers = { "Authorization: Basic " SECRET } },
        { .path = "/hooks/grafana", .body = "{}", .headers = { grafana, "Authorization: Bearer " SECRET } },
        { .path = "/hooks/uptime",
          .body = ALERT,
          .headers = { "X-Slipway-Signature: sha256=00", "X-Slipway-Signature: sha256=00" } },
        { .path = "/hooks/uptime/x", .body = ALERT },
    };
    for (size_t i = 0; i < SW_COUNT(wrong); i++) {
        assert_int_equal(send_signed(world, &wrong[i], said), 401);
        assert_string_equal(said, "{\"error\":\"invalid request\"}");
    }
    for (size_t i = 0; i < SW_COUNT(unsigned_ones); i++) {
        assert_int_equal(send_it(world, &unsigned_ones[i], said), 401);
        assert_string_equal(said, "{\"error\":\"invalid request\"}");
    }
    assert_string_equal(world->ids, "");
}

static void test_grafana_signs_with_and_without_a_time(void **state)
{
    struct world *world = *state;
    static const char body[] =
        "{\"alerts\":[{\"status\":\"firing\",\"fingerprint\":\"f\",\"labels\":{\"alertname\":\"x\"}}]}";
    char said[512], hex[65], signature[128], stamp[96], base[256];
    hmac_hex(SECRET, body, hex);
    (void)snprintf(signature, sizeof signature, "X-Grafana-Alerting-Signature: %s", hex);
    assert_int_equal(
        send_it(world, &(struct sent){ .path = "/hooks/grafana", .body = body, .headers = { signature } }, said), 200);
    (void)snprintf(base, sizeof base, "%lld:%s", (long long)(sw_wall_ms() / 1000), body);
    (void)snprintf(stamp, sizeof stamp, "X-Grafana-Alerting-Signature-Timestamp: %.*s", (int)strcspn(base, ":"), base);
    hmac_hex(SECRET, base, hex);
    (void)snprintf(signature, sizeof signature, "X-Grafana-Alerting-Signature: %s", hex);
    const struct sent timed = { .path = "/hooks/grafana", .body = body, .headers = { signature, stamp } };
    assert_int_equal(send_it(world, &timed, said), 200);
    const struct sent untimed = { .path = "/hooks/grafana", .body = body, .headers = { signature } };
    assert_int_equal(send_it(world, &untimed, said), 401);
}

static void test_what_is_no_alert_is_told_to_who_proved_who_they_are(void **state)
{
    struct world *world = *state;
    char said[512];
    assert_int_equal(send_signed(world, &(struct signing){ .body = "{\"key\":\"k\"}" }, said), 400);
    assert_non_null(strstr(said, "title"));
    assert_int_equal(send_signed(world, &(struct signing){ .body = "no JSON" }, said), 400);
    assert_string_equal(world->ids, "");
}

static void test_other_methods_types_and_sizes(void **state)
{
    struct world *world = *state;
    char said[512];
    static const char *const bearer = "Authorization: Bearer " SECRET;
    const struct sent get = { .method = "GET", .path = "/hooks/uptime" };
    assert_int_equal(send_it(world, &get, said), 405);
    const struct sent form = { .path = "/hooks/alertmanager",
                               .body = "{}",
                               .headers = { "Content-Type: text/plain", bearer } };
    assert_int_equal(send_it(world, &form, said), 415);
    char *large = calloc(1, HOOK_BODY_MAX + 2);
    memset(large, ' ', HOOK_BODY_MAX + 1);
    const struct sent too_large = { .path = "/hooks/alertmanager", .body = large, .headers = { bearer } };
    assert_int_equal(send_it(world, &too_large, said), 413);
    free(large);
}

static void test_without_kafka_it_is_to_be_sent_again(void **state)
{
    struct world *world = *state;
    char said[512];
    world->connected = false;
    assert_int_equal(send_signed(world, &(struct signing){ .body = ALERT }, said), 503);
    world->connected = true;
    world->broken = true;
    assert_int_equal(send_signed(world, &(struct signing){ .body = ALERT }, said), 503);
    assert_int_equal(send_signed(world, &(struct signing){ .body = "[" ALERT "," ALERT "]" }, said), 503);
}

static void test_secrets_can_be_replaced(void **state)
{
    struct world *world = *state;
    char said[512];
    static char secret[] = "another secret of somebody";
    const struct hook_secret secrets[] = { { "uptime", secret } };
    assert_int_equal(hook_gate_sources(world->gate), 3);
    assert_false(sw_failed(hook_gate_replace(world->gate, secrets, 1)));
    assert_int_equal(hook_gate_sources(world->gate), 1);
    assert_int_equal(send_signed(world, &(struct signing){ .body = ALERT }, said), 401);
    assert_int_equal(send_signed(world, &(struct signing){ .body = ALERT, .secret = secret }, said), 200);
}

int main(void)
{
    sw_metrics_init("test");
    ingress_metrics_init();
#define TEST_(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST_(test_a_signed_alert_is_a_command),
        cmocka_unit_test(test_signatures_are_those_of_openssl),
        TEST_(test_each_alert_is_a_command_of_its_own),
        TEST_(test_the_same_request_is_the_same_command),
        TEST_(test_every_missing_or_wrong_proof_is_answered_alike),
        TEST_(test_grafana_signs_with_and_without_a_time),
        TEST_(test_what_is_no_alert_is_told_to_who_proved_who_they_are),
        TEST_(test_other_methods_types_and_sizes),
        cmocka_unit_test_setup_teardown(test_without_kafka_it_is_to_be_sent_again, set_up_hasty, tear_down),
        TEST_(test_secrets_can_be_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
