/* SPDX-License-Identifier: Apache-2.0
 * slack_server: puts the simulator together and takes requests to their parts by path. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/io/zones.h"
#include "deploy/sandbox/slack/slack.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_delay.h"
#include "deploy/sandbox/slack/slack_driver.h"
#include "deploy/sandbox/slack/slack_faults.h"
#include "deploy/sandbox/slack/slack_files.h"
#include "deploy/sandbox/slack/slack_gateway.h"
#include "deploy/sandbox/slack/slack_hooks.h"
#include "deploy/sandbox/slack/slack_journal.h"
#include "deploy/sandbox/slack/slack_request.h"
#include "deploy/sandbox/slack/slack_response_url.h"
#include "deploy/sandbox/slack/slack_socket.h"
#include "deploy/sandbox/slack/slack_stream.h"
#include "deploy/sandbox/slack/slack_triggers.h"
#include "deploy/sandbox/slack/slack_views.h"
#include "deploy/sandbox/slack/slack_world.h"

#include <stdio.h>
#include <string.h>

enum { MAX_BODY_BYTES = 1024 * 1024, THREADS = 4, SWEEP_MS = 1000 };

void slack_lock(struct slack *slack) { pthread_mutex_lock(&slack->lock); }

void slack_unlock(struct slack *slack)
{
    struct slack_stream_batch *batch = slack_stream_take(slack);
    pthread_mutex_unlock(&slack->lock);
    slack_stream_send(batch);
}

void slack_answer_json(struct httpd_exchange *exchange, int32_t status, json_t *body)
{
    SW_AUTO_FREE char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    httpd_answer_json(exchange, status, text ? text : "{\"ok\":false,\"error\":\"out of memory\"}");
}

void slack_answer_error(struct httpd_exchange *exchange, int32_t status, const char *error)
{
    slack_answer_json(exchange, status, slack_api_error_new(error));
}

static void handle(void *self, struct httpd_exchange *exchange)
{
    struct slack *slack = self;
    const char *path = httpd_path(exchange);
    if (sw_starts_with(path, "/api/"))
        slack_request_serve(slack, exchange, path + strlen("/api/"));
    else if (sw_starts_with(path, "/commands/") || sw_starts_with(path, "/actions/"))
        slack_response_url_serve(slack, exchange);
    else if (sw_starts_with(path, "/sandbox/v1/"))
        slack_driver_serve(slack, exchange, path + strlen("/sandbox/v1/"));
    else if (sw_starts_with(path, "/site/"))
        slack_site_serve(slack->settings->site_dir, exchange, path + strlen("/site/"));
    else if (sw_equal(path, "/healthz"))
        httpd_answer_text(exchange, 200, "ok\n");
    else if (slack_method_find(path + 1))
        slack_request_serve(slack, exchange, path + 1); /* clients without a path in their base URL */
    else if (!slack_page_serve(exchange, path))
        httpd_answer_text(exchange, 404, "not found\n");
}

/* Pages that have waited long enough hear that all is well. */
static void sweep(void *self)
{
    struct slack *slack = self;
    slack_lock(slack);
    slack_unlock(slack);
    if (!slack_delay_stopping(slack->delay))
        slack_delay_add(slack->delay, SWEEP_MS, sweep, slack);
}

static void set_public_url(struct slack *slack)
{
    const char *listen = slack->settings->listen;
    const char *colon = strrchr(listen, ':');
    int host = colon ? (int)(colon - listen) : 0;
    if (slack->settings->public_url)
        (void)sw_copy(slack->public_url, sizeof(slack->public_url), slack->settings->public_url);
    else if (sw_starts_with(listen, "0.0.0.0:") || host == 0)
        (void)snprintf(slack->public_url, sizeof(slack->public_url), "http://127.0.0.1:%u", httpd_port(slack->httpd));
    else
        (void)snprintf(slack->public_url, sizeof(slack->public_url), "http://%.*s:%u", host, listen,
                       httpd_port(slack->httpd));
    size_t length = strlen(slack->public_url);
    if (length > 0 && slack->public_url[length - 1] == '/')
        slack->public_url[length - 1] = '\0';
}

static struct sw_status start_server(struct slack *slack)
{
    const struct httpd_options options = { .listen = slack->settings->listen,
                                           .threads = THREADS,
                                           .max_body_bytes = MAX_BODY_BYTES,
                                           .handle = handle,
                                           .self = slack };
    struct sw_status status = httpd_start(&options, &slack->httpd);
    if (sw_failed(status))
        return sw_wrap(status, "SLIPWAY_SANDBOX_LISTEN");
    slack_lock(slack);
    set_public_url(slack);
    slack_unlock(slack);
    slack_delay_add(slack->delay, SWEEP_MS, sweep, slack);
    return sw_ok();
}

struct sw_status slack_start(const struct slack_settings *settings, struct slack **ret_slack)
{
    struct slack *slack = calloc(1, sizeof(*slack));
    if (!slack)
        return sw_fail(SW_CODE_NO_MEMORY, "simulator");
    slack->settings = settings;
    pthread_mutex_init(&slack->lock, NULL);
    slack->world = slack_world_new();
    slack->journal = slack_journal_new();
    slack->faults = slack_faults_new();
    slack->hooks = slack_hooks_new();
    slack->stream = slack_stream_new();
    slack->triggers = slack_triggers_new();
    slack->views = slack_views_new();
    slack->deliveries = json_array();
    struct sw_status status = zones_new(NULL, &slack->zones);
    if (!sw_failed(status))
        status = slack_delay_new(&slack->delay);
    if (!sw_failed(status))
        status = slack_gateway_new(settings->gateway_urls, settings->signing_secret, &slack->gateway);
    if (!sw_failed(status))
        status = slack_socket_new(settings->socket_listen, settings->listen, settings->socket_life_s, slack->delay,
                                  &slack->socket);
    if (!sw_failed(status)) {
        slack_gateway_route(slack->gateway, slack_socket_take, slack->socket);
        status = start_server(slack);
    }
    if (sw_failed(status)) {
        slack_free(slack);
        return status;
    }
    *ret_slack = slack;
    return sw_ok();
}

/* Who could still call whom decides the order: the delay's last work may post to the gateway, whose last results ask
 * the delay whether it stops; both answer exchanges of the server. */
void slack_free(struct slack *slack)
{
    if (!slack)
        return;
    if (slack->httpd)
        httpd_drain(slack->httpd, 0);
    slack_delay_stop(slack->delay);
    if (slack->socket)
        slack_socket_stop(slack->socket);
    slack_gateway_free(slack->gateway);
    slack_delay_free(slack->delay);
    httpd_free(slack->httpd);
    slack_socket_free(slack->socket);
    slack_stream_free(slack->stream);
    slack_hooks_free(slack->hooks);
    slack_faults_free(slack->faults);
    slack_journal_free(slack->journal);
    slack_views_free(slack->views);
    slack_triggers_free(slack->triggers);
    slack_world_free(slack->world);
    zones_free(slack->zones);
    json_decref(slack->deliveries);
    pthread_mutex_destroy(&slack->lock);
    free(slack);
}
