/* SPDX-License-Identifier: Apache-2.0
 * settings: what the environment says to slipway-orchestrator. */
#ifndef ORCHESTRATOR_APP_SETTINGS_H
#define ORCHESTRATOR_APP_SETTINGS_H

#include "common/base/settings.h"

#include <stdint.h>

struct settings {
    char *kafka_brokers, *kafka_config, *kafka_create_topics, *topic_prefix;
    char *database_url, *migrate, *config, *secrets_dir, *listen, *api_token, *state_dir, *on_new_log, *log_level;
    int64_t lease_ttl_ms, deadman_ms, retention_days;
};

struct sw_status settings_load(const struct sw_settings_source *source, struct settings *ret_settings) SW_MUST_CHECK;
void settings_release(struct settings *settings);
char *settings_reference_new(void);

#endif
