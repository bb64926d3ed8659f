/* SPDX-License-Identifier: Apache-2.0
 * gateway_settings: the gateway's environment variables, as one table. Ownership: gateway_settings_release(). */
#ifndef GATEWAY_APP_GATEWAY_SETTINGS_H
#define GATEWAY_APP_GATEWAY_SETTINGS_H

#include "common/base/settings.h"
#include "gateway/core/command_names.h"
#include "gateway/io/hook_secrets.h"

struct gateway_settings {
    char *signing_secret, *previous_secret, *bot_token, *app_token;
    char *slack_api_url, *response_hosts, *team_ids, *command_names, *incident_reactions;
    char *kafka_brokers, *kafka_config, *kafka_create_topics, *topic_prefix;
    char *listen, *admin_listen, *log_level;
    int64_t socket_connections;
    struct command_names names; /* of command_names */
    struct hook_secrets hooks;  /* of SLIPWAY_HOOK_SECRET_<SOURCE>, which the table cannot name */
};

/* SW_CODE_CONFIG: the variable, what is wrong and what to do. */
struct sw_status gateway_settings_load(const struct sw_settings_source *source,
                                       struct gateway_settings *ret_settings) SW_MUST_CHECK;
void gateway_settings_release(struct gateway_settings *settings);
char *gateway_settings_reference_new(void); /* for --help */

#endif
