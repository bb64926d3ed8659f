/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/api.h"

#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"
#include "orchestrator/app/page.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BODY_BYTES = 1024, MAX_CONNECTIONS = 128, ALIVE_WITHIN_MS = 30000 };

struct api {
    struct httpd *httpd;
    char *token;
    struct mailbox *mailbox;
    _Atomic int role;
    _Atomic bool ready, draining;
    _Atomic int64_t epoch, passed_ms; /* when the loop was last seen */
};

/* ---- health ---- */

static const char *role_name(int role)
{
    return role == LEADER_ACTIVE ? "active" : role == LEADER_STANDBY ? "standby" : "stopped";
}

static void answer_json(struct httpd_exchange *exchange, int32_t status, json_t *json)
{
    SW_AUTO_FREE char *body = jx_dump_new(json);
    json_decref(json);
    httpd_answer_json(exchange, status, body ? body : "{}");
}

static void answer_health(const struct api *api, struct httpd_exchange *exchange)
{
    bool alive = sw_monotonic_ms() - api->passed_ms < ALIVE_WITHIN_MS;
    httpd_answer_json(exchange, alive ? 200 : 503, alive ? "{\"status\":\"alive\"}" : "{\"status\":\"stuck\"}");
}

static void answer_ready(const struct api *api, struct httpd_exchange *exchange)
{
    json_t *json = json_object();
    bool ready = api->ready && !api->draining;
    (void)jx_set_string(json, "status", api->draining ? "draining" : ready ? "ready" : "starting"); /* best effort */
    (void)jx_set_string(json, "role", role_name(api->role));
    (void)jx_set_i64(json, "epoch", api->epoch);
    answer_json(exchange, ready ? 200 : 503, json);
}

static void answer_metrics(struct httpd_exchange *exchange)
{
    struct sw_buf buf = { 0 };
    sw_metrics_print(&buf);
    httpd_answer(exchange, &(struct httpd_answer){ .status = 200,
                                                   .content_type = "text/plain; version=0.0.4; charset=utf-8",
                                                   .body = sw_buf_string(&buf),
                                                   .length = buf.length });
    sw_buf_release(&buf);
}

/* ---- questions ---- */

static bool permitted(const struct api *api, const struct httpd_exchange *exchange)
{
    static const char SCHEME[] = "Bearer ";
    const char *given = httpd_header(exchange, "Authorization", NULL);
    if (!api->token)
        return true;
    if (!given || !sw_starts_with(given, SCHEME) || strlen(given + strlen(SCHEME)) != strlen(api->token))
        return false;
    return crypto_equal(given + strlen(SCHEME), api->token, strlen(api->token));
}

static void ask_loop(struct api *api, struct httpd_exchange *exchange)
{
    static const char *const CHALLENGE[] = { "WWW-Authenticate", "Bearer", NULL };
    static const char BODY[] = "{\"error\":{\"code\":\"E-AUTH\",\"text\":\"send SLIPWAY_API_TOKEN as bearer token\"}}";
    const struct letter letter = { .kind = LETTER_QUESTION, .exchange = exchange };
    if (!permitted(api, exchange)) {
        httpd_answer(exchange, &(struct httpd_answer){ .status = 401,
                                                       .content_type = "application/json",
                                                       .body = BODY,
                                                       .length = strlen(BODY),
                                                       .headers = CHALLENGE });
        return;
    }
    httpd_keep(exchange);
    if (!mailbox_put(api->mailbox, &letter))
        httpd_answer_json(exchange, 503, "{\"error\":{\"code\":\"E-FULL\",\"text\":\"busy; ask again\"}}");
}

static void handle(void *self, struct httpd_exchange *exchange)
{
    struct api *api = self;
    const char *path = httpd_path(exchange), *method = httpd_method(exchange);
    static const char *const ALLOW[] = { "Allow", "GET, HEAD", NULL };
    if (!sw_equal(method, "GET") && !sw_equal(method, "HEAD"))
        httpd_answer(exchange, &(struct httpd_answer){ .status = 405, .body = "", .headers = ALLOW });
    else if (sw_equal(path, "/healthz"))
        answer_health(api, exchange);
    else if (sw_equal(path, "/readyz"))
        answer_ready(api, exchange);
    else if (sw_equal(path, "/metrics"))
        answer_metrics(exchange);
    else if (!page_serve(exchange, path))
        ask_loop(api, exchange);
}

/* ---- life ---- */

struct sw_status api_start(const struct api_options *options, struct api **ret_api)
{
    struct api *api = calloc(1, sizeof *api);
    if (!api)
        return sw_fail(SW_CODE_NO_MEMORY, "api: out of memory");
    api->token = sw_strdup(options->token);
    api->mailbox = options->mailbox;
    api->passed_ms = sw_monotonic_ms();
    const struct httpd_options httpd = { .listen = options->listen,
                                         .max_body_bytes = MAX_BODY_BYTES,
                                         .max_connections = MAX_CONNECTIONS,
                                         .handle = handle,
                                         .self = api };
    struct sw_status status = httpd_start(&httpd, &api->httpd);
    if (sw_failed(status)) {
        api_free(api);
        return status;
    }
    *ret_api = api;
    return sw_ok();
}

uint16_t api_port(const struct api *api) { return httpd_port(api->httpd); }

void api_set_state(struct api *api, enum leader_role role, bool ready, int64_t epoch)
{
    api->role = (int)role;
    api->ready = ready;
    api->epoch = epoch;
    api->passed_ms = sw_monotonic_ms();
}

void api_set_draining(struct api *api) { api->draining = true; }

void api_free(struct api *api)
{
    if (!api)
        return;
    if (api->httpd)
        httpd_free(api->httpd);
    if (api->token)
        crypto_wipe(api->token, strlen(api->token));
    free(api->token);
    free(api);
}
