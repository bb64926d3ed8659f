/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/app/gateway.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "gateway/app/topics_maker.h"
#include "gateway/io/http_admin.h"
#include "gateway/io/http_slack.h"
#include "gateway/io/relay.h"
#include "gateway/io/replies.h"
#include "gateway/io/socket_mode.h"
#include "proto/topics.h"

#include <stdio.h>
#include <unistd.h>

enum {
    DELIVERY_TIMEOUT_MS = 30000,
    MAX_IN_FLIGHT = 10000,
    INGRESS_DRAIN_MS = 2500,
    PUBLISH_DRAIN_MS = 4000,
    FLUSH_MS = 2000,
};

struct gateway {
    char id[PROTO_NAME_SIZE]; /* host and a random part: two gateways on one host differ */
    char commands_topic[PROTO_TOPIC_NAME_SIZE], replies_topic[PROTO_TOPIC_NAME_SIZE];
    struct kafka_config kafka;
    struct topics_maker *topics;
    struct http_client *http;
    struct kafka_producer *producer;
    struct publisher *publisher;
    struct slack_gate *gate;
    struct directory *directory;
    struct replies *replies;
    struct relay *relay;
    struct slack_api *api; /* NULL without a token */
    struct intake *intake;
    struct dispatch *dispatch;
    struct socket_mode *socket; /* NULL without SLACK_APP_TOKEN */
    struct http_admin *admin;
    struct hook_gate *hook_gate;
    struct hooks *hooks;
    struct http_slack *slack;
};

static void name_instance(struct gateway *gateway)
{
    char host[40] = "";
    if (gethostname(host, sizeof host - 1) != 0 || !*host)
        (void)sw_copy(host, sizeof host, "gateway");                                           /* fits */
    (void)snprintf(gateway->id, sizeof gateway->id, "%s-%08x", host, (unsigned)sw_random32()); /* fits */
}

/* ---- starting, in this order ---- */

static struct sw_status start_kafka(struct gateway *gateway, const struct gateway_settings *settings)
{
    gateway->kafka = (struct kafka_config){ .brokers = settings->kafka_brokers,
                                            .config_path = settings->kafka_config,
                                            .client_id = gateway->id };
    proto_topic_name(settings->topic_prefix, PROTO_TOPIC_COMMANDS, gateway->commands_topic);
    proto_topic_name(settings->topic_prefix, PROTO_TOPIC_REPLIES, gateway->replies_topic);
    /* Before the producer: a broker that creates topics by itself would give them its own partition counts. */
    if (sw_equal(settings->kafka_create_topics, "auto"))
        SW_TRY(topics_maker_start(&gateway->kafka, settings->topic_prefix, &gateway->topics));
    const struct kafka_producer_options producer = { .kafka = gateway->kafka,
                                                     .delivery_timeout_ms = DELIVERY_TIMEOUT_MS,
                                                     .max_messages = MAX_IN_FLIGHT };
    const char *const topics[] = { gateway->commands_topic, gateway->replies_topic };
    SW_TRY(kafka_producer_new(&producer, topics, SW_COUNT(topics), &gateway->producer));
    return publisher_new(
        &(struct publisher_options){ .topic = gateway->commands_topic, .bus = publisher_bus_of(gateway->producer) },
        &gateway->publisher);
}

static struct sw_status start_slack_side(struct gateway *gateway, const struct gateway_settings *settings)
{
    const struct directory_options directory = { .slack_api_url = settings->slack_api_url,
                                                 .bot_token = settings->bot_token,
                                                 .http = gateway->http };
    const struct replies_options replies = { .kafka = gateway->kafka,
                                             .topic_prefix = settings->topic_prefix,
                                             .gateway = gateway->id,
                                             .response_hosts = settings->response_hosts,
                                             .signing_secret = settings->signing_secret,
                                             .previous_secret = settings->previous_secret,
                                             .slack_api_url = settings->slack_api_url,
                                             .bot_token = settings->bot_token,
                                             .http = gateway->http,
                                             .producer = gateway->producer };
    const struct relay_options relay = { .kafka = gateway->kafka,
                                         .topic_prefix = settings->topic_prefix,
                                         .gateway = gateway->id,
                                         .slack_api_url = settings->slack_api_url,
                                         .bot_token = settings->bot_token,
                                         .http = gateway->http,
                                         .producer = gateway->producer };
    SW_TRY(slack_gate_new(settings->signing_secret, settings->previous_secret, &gateway->gate));
    SW_TRY(directory_new(&directory, &gateway->directory));
    SW_TRY(replies_new(&replies, &gateway->replies));
    const struct slack_api_options api = { .url = settings->slack_api_url,
                                           .token = settings->bot_token,
                                           .http = gateway->http };
    if (settings->bot_token) {
        SW_TRY(slack_api_new(&api, &gateway->api));
        return relay_new(&relay, &gateway->relay);
    }
    sw_warn("SLACK_BOT_TOKEN is not set: commands are taken, but no channel sees a message");
    return sw_ok();
}

static void announce(void *self, const char *command_id, const char *response_url, bool expected)
{
    replies_announce(self, command_id, response_url, expected);
}

static void say(void *self, const char *command_id, const char *response_url, json_t *message)
{
    replies_say(self, command_id, response_url, message);
}

static void whisper(void *self, const struct whisper_place *place, json_t *message)
{
    whisper_say(self, place, message);
}

/* What a verified request needs, whichever way it comes in. */
static struct sw_status start_dispatch(struct gateway *gateway, const struct gateway_settings *settings)
{
    const struct intake_options intake = {
        .gateway = gateway->id,
        .response_hosts = settings->response_hosts,
        .status_command = settings->names.typed[COMMAND_CHECK_STATUS],
        .publisher = gateway->publisher,
        .gate = gateway->gate,
        .directory = gateway->directory,
        .replies = { .announce = announce, .say = say, .self = gateway->replies },
        .whisper = { .say = gateway->api ? whisper : NULL, .self = gateway->api },
        .api = gateway->api,
    };
    ingress_metrics_init();
    SW_TRY(intake_new(&intake, &gateway->intake));
    const struct dispatch_options dispatch = { .team_ids = settings->team_ids,
                                               .reactions = settings->incident_reactions,
                                               .names = settings->names,
                                               .intake = gateway->intake };
    return dispatch_new(&dispatch, &gateway->dispatch);
}

static struct sw_status make_socket(struct gateway *gateway, const struct gateway_settings *settings)
{
    const struct socket_mode_options socket = { .slack_api_url = settings->slack_api_url,
                                                .app_token = settings->app_token,
                                                .connections = settings->socket_connections,
                                                .http = gateway->http,
                                                .gate = gateway->gate,
                                                .dispatch = gateway->dispatch };
    return settings->app_token ? sw_wrap(socket_mode_new(&socket, &gateway->socket), "socket mode") : sw_ok();
}

static struct sw_status start_hooks(struct gateway *gateway, const struct gateway_settings *settings)
{
    SW_TRY(hook_gate_new(settings->hooks.list, settings->hooks.count, &gateway->hook_gate));
    const struct hooks_options hooks = { .gateway = gateway->id,
                                         .gate = gateway->hook_gate,
                                         .publisher = gateway->publisher };
    return hooks_new(&hooks, &gateway->hooks);
}

static struct sw_status start_ingress(struct gateway *gateway, const struct gateway_settings *settings)
{
    SW_TRY(start_dispatch(gateway, settings));
    SW_TRY(make_socket(gateway, settings));
    SW_TRY(start_hooks(gateway, settings));
    const struct http_admin_options admin = { .listen = settings->admin_listen,
                                              .gateway = gateway->id,
                                              .producer = gateway->producer,
                                              .publisher = gateway->publisher,
                                              .socket = gateway->socket };
    const struct http_slack_options slack = {
        .listen = settings->listen, .gate = gateway->gate, .dispatch = gateway->dispatch, .hooks = gateway->hooks
    };
    SW_TRY(sw_wrap(http_admin_start(&admin, &gateway->admin), "SLIPWAY_GATEWAY_ADMIN_LISTEN"));
    SW_TRY(sw_wrap(http_slack_start(&slack, &gateway->slack), "SLIPWAY_GATEWAY_LISTEN"));
    return gateway->socket ? socket_mode_start(gateway->socket) : sw_ok();
}

static struct sw_status start_all(struct gateway *gateway, const struct gateway_settings *settings)
{
    SW_TRY(http_client_new("slipway-gateway/" SLIPWAY_VERSION, &gateway->http));
    SW_TRY(start_kafka(gateway, settings));
    SW_TRY(start_slack_side(gateway, settings));
    SW_TRY(start_ingress(gateway, settings));
    sw_info("gateway started", sw_s("gateway", gateway->id), sw_i("port", http_slack_port(gateway->slack)),
            sw_i("admin_port", http_admin_port(gateway->admin)));
    return sw_ok();
}

struct sw_status gateway_start(const struct gateway_settings *settings, struct gateway **ret_gateway)
{
    struct gateway *gateway = calloc(1, sizeof *gateway);
    if (!gateway)
        return sw_fail(SW_CODE_NO_MEMORY, "gateway: out of memory");
    name_instance(gateway);
    struct sw_status status = start_all(gateway, settings);
    if (sw_failed(status))
        gateway_free(gateway);
    else
        *ret_gateway = gateway;
    return status;
}

struct sw_status gateway_reload(struct gateway *gateway, const struct gateway_settings *settings)
{
    SW_TRY(slack_gate_replace(gateway->gate, settings->signing_secret, settings->previous_secret));
    replies_replace_secrets(gateway->replies, settings->signing_secret, settings->previous_secret);
    return hook_gate_replace(gateway->hook_gate, settings->hooks.list, settings->hooks.count);
}

/* ---- stopping ---- */

void gateway_drain(struct gateway *gateway)
{
    http_admin_set_draining(gateway->admin);
    const int64_t until_ms = sw_monotonic_ms() + INGRESS_DRAIN_MS;
    http_slack_drain(gateway->slack, INGRESS_DRAIN_MS);
    const int64_t left_ms = until_ms - sw_monotonic_ms();
    if (gateway->socket)
        socket_mode_drain(gateway->socket, left_ms > 0 ? left_ms : 0);
    intake_drain(gateway->intake);
    struct sw_status status = publisher_drain(gateway->publisher, PUBLISH_DRAIN_MS);
    if (sw_failed(status))
        sw_warn("not everything could be delivered before the end", sw_e(&status));
    publisher_give_up(gateway->publisher); /* while answers can still be posted */
    status = kafka_producer_flush(gateway->producer, FLUSH_MS);
    if (sw_failed(status))
        sw_warn("kafka flush", sw_e(&status));
}

void gateway_free(struct gateway *gateway)
{
    if (!gateway)
        return;
    http_slack_free(gateway->slack);
    http_admin_free(gateway->admin);
    if (gateway->socket)
        socket_mode_drain(gateway->socket, 0);
    if (gateway->relay)
        relay_free(gateway->relay);
    if (gateway->replies)
        replies_free(gateway->replies);
    if (gateway->http)
        http_client_free(gateway->http);
    if (gateway->producer)
        kafka_producer_free(gateway->producer);
    publisher_free(gateway->publisher);
    socket_mode_free(gateway->socket);
    dispatch_free(gateway->dispatch);
    slack_api_unref(gateway->api);
    intake_free(gateway->intake);
    directory_free(gateway->directory);
    slack_gate_free(gateway->gate);
    hooks_free(gateway->hooks);
    hook_gate_free(gateway->hook_gate);
    topics_maker_free(gateway->topics);
    free(gateway);
}
