/* SPDX-License-Identifier: Apache-2.0
 * The sections of slipway.yaml, as tables of keys. Read from the bottom: config_new() checks TOP. */
#include "orchestrator/core/config_check.h"

#include "common/base/text.h"

#include <regex.h>
#include <stdio.h>

#define NAME_HELP_ "letters, digits, dots, dashes, underscores; at most 63"
#define VARIABLE_HELP_ "letters, digits and underscores, not beginning with a digit; at most 63"

static void rule_slack_id(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_string(value) || !config_name_valid(json_string_value(value)))
        config_error(check, path, "must be an id of Slack HINT: such as U0123, S0123 or C0123, not a name");
}

static void rule_slack_ids(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 256, rule_slack_id);
}

static const struct config_key ALLOW[] = {
    { "users", false, rule_slack_ids },
    { "groups", false, rule_slack_ids },
    { "channels", false, rule_slack_ids },
};

static void rule_allow(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, ALLOW, SW_COUNT(ALLOW));
}

static void rule_env(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, config_variable_valid, VARIABLE_HELP_, config_rule_scalar);
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        if (sw_starts_with(name, "SLIPWAY_"))
            config_error(check, path, "\"%s\": names that begin with SLIPWAY_ are set by Slipway", name);
    }
}

static const struct config_key ENVIRONMENT[] = { { "env", false, rule_env }, { "allow", false, rule_allow } };

static void rule_environment(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, ENVIRONMENT, SW_COUNT(ENVIRONMENT));
}

static void rule_environments(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, config_name_valid, NAME_HELP_, rule_environment);
}

static void rule_lane(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_object(value) || json_object_size(value) > 0)
        config_error(check, path, "must be an empty mapping HINT: write {}");
}

static void rule_lanes(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, config_name_valid, NAME_HELP_, rule_lane);
}

static void rule_pattern(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_text(check, path, value);
    if (!json_is_string(value))
        return;
    regex_t regex;
    int failure = regcomp(&regex, json_string_value(value), REG_EXTENDED | REG_NOSUB);
    if (failure) {
        char text[128];
        (void)regerror(failure, NULL, text, sizeof text);
        config_error(check, path, "is no extended regular expression: %s", text);
        return;
    }
    regfree(&regex);
}

static const struct config_key PARAM[] = {
    { "pattern", true, rule_pattern },
    { "default", false, config_rule_text },
    { "description", false, config_rule_text },
};

static void rule_param(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, PARAM, SW_COUNT(PARAM));
}

static void rule_params(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, config_variable_valid, VARIABLE_HELP_, rule_param);
    if (json_object_size(value) > PROTO_MAX_PARAMS)
        config_error(check, path, "more than %d parameters", PROTO_MAX_PARAMS);
}

static void rule_service_lane(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_text(check, path, value);
    if (json_is_string(value))
        config_check_names_in(check, path, json_string_value(value));
}

static void rule_service_environments(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_names(check, path, value);
    if (json_is_array(value) && json_array_size(value) == 0)
        config_error(check, path, "is empty: the service could not be deployed anywhere");
}

static const struct config_key SERVICE[] = {
    { "description", false, config_rule_text }, { "environments", true, rule_service_environments },
    { "lane", false, rule_service_lane },       { "ref", false, config_rule_ref },
    { "params", false, rule_params },           { "pipeline", true, config_rule_name },
    { "channel", false, config_rule_channel },  { "allow", false, rule_allow },
};

static void rule_service(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, SERVICE, SW_COUNT(SERVICE));
}

/* The words that stand where a service could stand in a command. */
static const char *const VERBS[] = {
    "help", "status", "why",    "cancel",  "retry", "rollback", "approve", "reject", "queue",
    "lock", "unlock", "freeze", "history", "logs",  "services", "to",      "on",     "line",
};

static bool service_name_valid(const char *name)
{
    for (size_t i = 0; i < SW_COUNT(VERBS); i++)
        if (sw_equal(name, VERBS[i]))
            return false;
    return config_name_valid(name);
}

static void rule_services(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, service_name_valid,
                     NAME_HELP_ "; not a word of the commands such as help, status or cancel", rule_service);
    if (json_is_object(value) && json_object_size(value) == 0)
        config_error(check, path, "is empty: there would be nothing to deploy");
}

static void rule_pipelines(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, config_name_valid, NAME_HELP_, config_rule_pipeline);
}

static void rule_version(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) != 1)
        config_error(check, path, "must be 1, the version of this format");
}

static const struct config_key DEFAULT[] = {
    { "service", true, config_rule_name },
    { "environment", false, config_rule_name },
};

static void rule_default(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, DEFAULT, SW_COUNT(DEFAULT));
}

static void rule_incidents(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_object(value))
        config_error(check, path, "must be a mapping");
}

static const struct config_key TOP[] = {
    { "version", true, rule_version },      { "default", false, rule_default },
    { "lanes", false, rule_lanes },         { "environments", true, rule_environments },
    { "services", true, rule_services },    { "pipelines", true, rule_pipelines },
    { "incidents", false, rule_incidents },
};

void config_check_top(struct config_check *check, const json_t *root)
{
    config_check_object(check, "", root, TOP, SW_COUNT(TOP));
    config_check_references(check, root); /* also of a file with other errors: people want all of them at once */
}
