/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/settings.h"

#include "common/base/text.h"

#include <string.h>

#define FIELD(name) .offset = offsetof(struct settings, name)

enum { MIN_RETENTION_DAYS = 1, MAX_RETENTION_DAYS = 36500 };

static const struct sw_setting ROWS[] = {
    { "SLIPWAY_KAFKA_BROKERS", SW_SETTING_STRING, FIELD(kafka_brokers), .preset = "127.0.0.1:9092",
      .help = "host:port of Kafka's brokers, separated by commas" },
    { "SLIPWAY_KAFKA_CONFIG", SW_SETTING_STRING, FIELD(kafka_config),
      .help = "file of librdkafka properties (TLS, SASL)" },
    { "SLIPWAY_KAFKA_CREATE_TOPICS", SW_SETTING_CHOICE, FIELD(kafka_create_topics), .preset = "auto",
      .choices = "auto|off", .help = "whether missing topics are created" },
    { "SLIPWAY_TOPIC_PREFIX", SW_SETTING_STRING, FIELD(topic_prefix), .preset = "slipway.",
      .help = "begins the names of topics and consumer groups" },
    { "SLIPWAY_DATABASE_URL", SW_SETTING_SECRET, FIELD(database_url), .required = true,
      .help = "libpq URI of PostgreSQL, a direct or session-pooled connection" },
    { "SLIPWAY_MIGRATE", SW_SETTING_CHOICE, FIELD(migrate), .preset = "auto", .choices = "auto|off",
      .help = "whether the schema is brought up to date at the start; off: `slipway migrate` does it" },
    { "SLIPWAY_CONFIG", SW_SETTING_STRING, FIELD(config), .preset = "/etc/slipway/slipway.yaml",
      .help = "the pipelines" },
    { "SLIPWAY_SECRETS_DIR", SW_SETTING_STRING, FIELD(secrets_dir), .preset = "/run/secrets",
      .help = "where the secrets of steps, trackers and reports lie, one file each" },
    { "SLIPWAY_ORCHESTRATOR_LISTEN", SW_SETTING_STRING, FIELD(listen), .preset = "127.0.0.1:3002",
      .help = "where the API, health, readiness and metrics are" },
    { "SLIPWAY_API_TOKEN", SW_SETTING_SECRET, FIELD(api_token),
      .help = "bearer token of the API; required when it listens beyond loopback" },
    { "SLIPWAY_STATE_DIR", SW_SETTING_STRING, FIELD(state_dir), .preset = "/var/lib/slipway",
      .help = "run directories of steps; orchestrators that may lead for each other share it" },
    { "SLIPWAY_LEASE_TTL_MS", SW_SETTING_INT, FIELD(lease_ttl_ms), .preset = "5000", .min = 500, .max = 600000,
      .help = "after how long without a beat a standby takes over" },
    { "SLIPWAY_DEADMAN_MS", SW_SETTING_INT, FIELD(deadman_ms), .preset = "120000", .min = 2000, .max = 86400000,
      .help = "after how long without a valid lease a step is killed; more than twice the lease" },
    { "SLIPWAY_ON_NEW_LOG", SW_SETTING_CHOICE, FIELD(on_new_log), .preset = "stop", .choices = "stop|accept",
      .help = "what to do when the command log is not the one that was read before" },
    { "SLIPWAY_RETENTION_DAYS", SW_SETTING_INT, FIELD(retention_days), .preset = "90", .min = MIN_RETENTION_DAYS,
      .max = MAX_RETENTION_DAYS, .help = "how long finished history is kept" },
    { "SLIPWAY_LOG_LEVEL", SW_SETTING_CHOICE, FIELD(log_level), .preset = "info", .choices = "debug|info|warn|error",
      .help = "how much is logged" },
};

static bool is_loopback(const char *listen)
{
    return sw_starts_with(listen, "127.") || sw_starts_with(listen, "[::1]") || sw_starts_with(listen, "localhost:");
}

static struct sw_status check(const struct settings *settings)
{
    if (!settings->api_token && !is_loopback(settings->listen))
        return sw_fail(SW_CODE_CONFIG,
                       "SLIPWAY_API_TOKEN is not set, but SLIPWAY_ORCHESTRATOR_LISTEN \"%s\" is reachable from other "
                       "machines. HINT: set a token, or listen on 127.0.0.1",
                       settings->listen);
    if (settings->deadman_ms < 2 * settings->lease_ttl_ms)
        return sw_fail(SW_CODE_CONFIG,
                       "SLIPWAY_DEADMAN_MS is below twice SLIPWAY_LEASE_TTL_MS: a takeover would kill running steps. "
                       "HINT: set it to %lld or more",
                       (long long)(2 * settings->lease_ttl_ms));
    return sw_ok();
}

struct sw_status settings_load(const struct sw_settings_source *source, struct settings *ret_settings)
{
    struct settings settings = { 0 };
    SW_TRY(sw_settings_load(ROWS, SW_COUNT(ROWS), source, &settings));
    struct sw_status status = check(&settings);
    if (sw_failed(status))
        settings_release(&settings);
    else
        *ret_settings = settings;
    return status;
}

void settings_release(struct settings *settings) { sw_settings_release(ROWS, SW_COUNT(ROWS), settings); }

char *settings_reference_new(void) { return sw_settings_reference_new(ROWS, SW_COUNT(ROWS)); }
