/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/app/gateway_settings.h"

#include "common/base/text.h"
#include "gateway/core/socket_plan.h"

#include <unistd.h>

#define FIELD(name) .offset = offsetof(struct gateway_settings, name)

static const struct sw_setting ROWS[] = {
    { "SLACK_SIGNING_SECRET", SW_SETTING_SECRET, FIELD(signing_secret), .required = true,
      .help = "copy \"Signing Secret\" from the Slack app's Basic Information" },
    { "SLACK_SIGNING_SECRET_PREVIOUS", SW_SETTING_SECRET, FIELD(previous_secret),
      .help = "also accepted, while the secret is being changed" },
    { "SLACK_BOT_TOKEN", SW_SETTING_SECRET, FIELD(bot_token), .help = "the app's bot token (xoxb-...)" },
    { "SLACK_APP_TOKEN", SW_SETTING_SECRET, FIELD(app_token),
      .help = "the app-level token (xapp-...); when set, Slack is asked for WebSockets (Socket Mode)" },
    { "SLACK_API_URL", SW_SETTING_STRING, FIELD(slack_api_url), .preset = "https://slack.com/api/",
      .help = "where Slack's Web API is" },
    { "SLACK_RESPONSE_HOSTS", SW_SETTING_STRING, FIELD(response_hosts), .preset = "hooks.slack.com",
      .help = "hosts (https, 443) or origins that a response_url may name, separated by commas" },
    { "SLACK_TEAM_IDS", SW_SETTING_STRING, FIELD(team_ids),
      .help = "workspaces that are served, separated by commas; unset: any" },
    { "SLIPWAY_COMMAND_NAMES", SW_SETTING_STRING, FIELD(command_names),
      .preset = "deploy=/deploy,check_status=/check_status,incident=/incident",
      .help = "how the slash commands are called in this workspace" },
    { "SLIPWAY_INCIDENT_REACTIONS", SW_SETTING_STRING, FIELD(incident_reactions), .preset = "pushpin,round_pushpin",
      .help = "emoji names that incidents hear of when people react with them, separated by commas" },
    { "SLIPWAY_KAFKA_BROKERS", SW_SETTING_STRING, FIELD(kafka_brokers), .preset = "127.0.0.1:9092",
      .help = "host:port of Kafka's brokers, separated by commas" },
    { "SLIPWAY_KAFKA_CONFIG", SW_SETTING_STRING, FIELD(kafka_config),
      .help = "file of librdkafka properties (TLS, SASL)" },
    { "SLIPWAY_KAFKA_CREATE_TOPICS", SW_SETTING_CHOICE, FIELD(kafka_create_topics), .preset = "auto",
      .choices = "auto|off", .help = "whether missing topics are created" },
    { "SLIPWAY_TOPIC_PREFIX", SW_SETTING_STRING, FIELD(topic_prefix), .preset = "slipway.",
      .help = "begins the names of topics and consumer groups" },
    { "SLIPWAY_GATEWAY_LISTEN", SW_SETTING_STRING, FIELD(listen), .preset = "0.0.0.0:3000",
      .help = "where Slack's requests come in" },
    { "SLIPWAY_GATEWAY_ADMIN_LISTEN", SW_SETTING_STRING, FIELD(admin_listen), .preset = "127.0.0.1:3001",
      .help = "where health, readiness and metrics are" },
    { "SLIPWAY_SOCKET_CONNECTIONS", SW_SETTING_INT, FIELD(socket_connections), .preset = "2", .min = 1,
      .max = SOCKET_LINKS_MAX,
      .help = "WebSockets that this gateway keeps in Socket Mode; Slack allows an app ten in all" },
    { "SLIPWAY_LOG_LEVEL", SW_SETTING_CHOICE, FIELD(log_level), .preset = "info", .choices = "debug|info|warn|error",
      .help = "how much is logged" },
};

/* The three tokens of an app are easily mistaken for each other. */
static struct sw_status check_app_token(const char *token)
{
    if (!token || sw_starts_with(token, "xapp-"))
        return sw_ok();
    return sw_fail(SW_CODE_CONFIG, "SLACK_APP_TOKEN does not begin with \"xapp-\" HINT: make one under \"App-Level "
                                   "Tokens\" in the Slack app's Basic Information, with the scope connections:write");
}

struct sw_status gateway_settings_load(const struct sw_settings_source *source, struct gateway_settings *ret_settings)
{
    struct gateway_settings settings = { 0 };
    SW_TRY(sw_settings_load(ROWS, SW_COUNT(ROWS), source, &settings));
    struct sw_status status = check_app_token(settings.app_token);
    if (!sw_failed(status))
        status = sw_wrap(command_names_parse(settings.command_names, &settings.names), "SLIPWAY_COMMAND_NAMES");
    if (!sw_failed(status))
        status = hook_secrets_load(environ, source, &settings.hooks);
    if (sw_failed(status))
        gateway_settings_release(&settings);
    else
        *ret_settings = settings;
    return status;
}

void gateway_settings_release(struct gateway_settings *settings)
{
    hook_secrets_release(&settings->hooks);
    sw_settings_release(ROWS, SW_COUNT(ROWS), settings);
}

char *gateway_settings_reference_new(void) { return sw_settings_reference_new(ROWS, SW_COUNT(ROWS)); }
