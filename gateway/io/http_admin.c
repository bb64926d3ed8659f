/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/http_admin.h"

#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/json/jx.h"
#include "common/rt/metrics.h"

#include <stdatomic.h>
#include <string.h>

enum { MAX_BODY_BYTES = 1024, MAX_CONNECTIONS = 64 };

struct http_admin {
    struct httpd *httpd;
    char *gateway;
    struct kafka_producer *producer;
    struct publisher *publisher;
    struct socket_mode *socket;
    struct sw_metric *in_flight, *pending, *connected;
    _Atomic bool draining;
};

static json_t *describe_socket(const struct socket_mode_state *state)
{
    return json_pack("{s:I,s:I,s:I}", "connections", (json_int_t)state->live, "wanted", (json_int_t)state->wanted,
                     "without_s", (json_int_t)state->without_s);
}

static void answer_ready(struct http_admin *admin, struct httpd_exchange *exchange)
{
    JX_AUTO json_t *json = json_object();
    const struct socket_mode_state state =
        admin->socket ? socket_mode_state(admin->socket) : (struct socket_mode_state){ .live = 1, .ever = true };
    const bool connected = kafka_producer_connected(admin->producer), draining = admin->draining;
    bool filled = jx_set_string(json, "status",
                                draining                      ? "draining"
                                : !state.ever                 ? "connecting"
                                : connected && state.live > 0 ? "ready"
                                                              : "degraded") &&
                  jx_set_string(json, "kafka", connected ? "connected" : "unreachable") &&
                  jx_set_string(json, "gateway", admin->gateway) &&
                  jx_set_i64(json, "pending", (int64_t)publisher_pending(admin->publisher)) &&
                  (!admin->socket || jx_set_take(json, "socket_mode", describe_socket(&state)));
    SW_AUTO_FREE char *body = filled ? jx_dump_new(json) : NULL;
    httpd_answer_json(exchange, draining || !state.ever ? 503 : 200, body ? body : "{}");
}

static void answer_metrics(struct http_admin *admin, struct httpd_exchange *exchange)
{
    struct sw_buf buf = { 0 };
    sw_metric_set(admin->in_flight, (double)kafka_producer_in_flight(admin->producer));
    sw_metric_set(admin->pending, (double)publisher_pending(admin->publisher));
    sw_metric_set(admin->connected, kafka_producer_connected(admin->producer) ? 1 : 0);
    sw_metrics_print(&buf);
    httpd_answer(exchange, &(struct httpd_answer){ .status = 200,
                                                   .content_type = "text/plain; version=0.0.4; charset=utf-8",
                                                   .body = sw_buf_string(&buf),
                                                   .length = buf.length });
    sw_buf_release(&buf);
}

static void handle(void *self, struct httpd_exchange *exchange)
{
    const char *path = httpd_path(exchange);
    const char *const allow[] = { "Allow", "GET, HEAD", NULL };
    const bool reads = strcmp(httpd_method(exchange), "GET") == 0 || strcmp(httpd_method(exchange), "HEAD") == 0;
    if (!reads)
        httpd_answer(exchange, &(struct httpd_answer){ .status = 405, .body = "", .headers = allow });
    else if (strcmp(path, "/healthz") == 0)
        httpd_answer_json(exchange, 200, "{\"status\":\"alive\"}");
    else if (strcmp(path, "/readyz") == 0)
        answer_ready(self, exchange);
    else if (strcmp(path, "/metrics") == 0)
        answer_metrics(self, exchange);
    else
        httpd_answer_text(exchange, 404, "there are /healthz, /readyz and /metrics\n");
}

static void register_metrics(struct http_admin *admin)
{
    admin->in_flight = sw_gauge("slipway_kafka_in_flight", NULL, "records handed to Kafka and not reported yet");
    admin->pending = sw_gauge("slipway_publish_pending", NULL, "commands whose fate is not known yet");
    admin->connected = sw_gauge("slipway_kafka_connected", NULL, "1 while a broker is reached");
}

struct sw_status http_admin_start(const struct http_admin_options *options, struct http_admin **ret_admin)
{
    struct http_admin *admin = calloc(1, sizeof *admin);
    if (!admin)
        return sw_fail(SW_CODE_NO_MEMORY, "http admin: out of memory");
    admin->producer = options->producer;
    admin->publisher = options->publisher;
    admin->socket = options->socket;
    admin->gateway = sw_strdup(options->gateway);
    register_metrics(admin);
    const struct httpd_options httpd = { .listen = options->listen,
                                         .max_body_bytes = MAX_BODY_BYTES,
                                         .max_connections = MAX_CONNECTIONS,
                                         .handle = handle,
                                         .self = admin };
    struct sw_status status =
        admin->gateway ? httpd_start(&httpd, &admin->httpd) : sw_fail(SW_CODE_NO_MEMORY, "http admin: out of memory");
    if (sw_failed(status))
        http_admin_free(admin);
    else
        *ret_admin = admin;
    return status;
}

uint16_t http_admin_port(const struct http_admin *admin) { return httpd_port(admin->httpd); }

void http_admin_set_draining(struct http_admin *admin) { admin->draining = true; }

void http_admin_free(struct http_admin *admin)
{
    if (!admin)
        return;
    if (admin->httpd)
        httpd_free(admin->httpd);
    free(admin->gateway);
    free(admin);
}
