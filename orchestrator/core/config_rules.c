/* SPDX-License-Identifier: Apache-2.0
 * The sections of slipway.yaml, as tables of keys. Read from the bottom: config_new() checks TOP. */
#include "orchestrator/core/config_check.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"

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
    { "users", false, rule_slack_ids, "ids of people (`U...`) who may" },
    { "groups", false, rule_slack_ids, "ids of user groups (`S...`) whose members may" },
    { "channels", false, rule_slack_ids, "ids of channels (`C...`) from which alone it may be asked for" },
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

static const struct config_key ENVIRONMENT[] = {
    { "env", false, rule_env, "variables of every step that runs here; a name that begins with `SLIPWAY_` is refused" },
    { "allow", false, rule_allow, "who may deploy here; absent or empty: every full member of the workspace" }
};

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
    { "pattern", true, rule_pattern, "an extended regular expression that the whole value matches" },
    { "default", false, config_rule_text, "the value when none is given; without it the parameter must be given" },
    { "description", false, config_rule_text, "for people who read the file" },
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
    { "description", false, config_rule_text, "shown by `/deploy services`" },
    { "environments", true, rule_service_environments, "where it can be deployed; names under `environments`" },
    { "lane", false, rule_service_lane, "its lane; may contain `${service}` and `${environment}`. Default: `main`" },
    { "ref", false, config_rule_ref, "the ref when none is given" },
    { "params", false, rule_params, "what may be given as `NAME=value`, by name; at most 16; others are refused" },
    { "pipeline", true, config_rule_name, "a name under `pipelines`" },
    { "channel", false, config_rule_channel,
      "id of the channel of the live message. Default: where the command was typed" },
    { "allow", false, rule_allow, "who may deploy it; absent or empty: every full member of the workspace" },
};

static void rule_service(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, SERVICE, SW_COUNT(SERVICE));
}

/* The words that stand where a service could stand in a command. */
static const char *const VERBS[] = {
    "help",   "status", "why",     "cancel", "retry",    "rollback", "approve", "reject", "queue",       "lock",
    "unlock", "freeze", "history", "logs",   "services", "to",       "on",      "line",   "break-glass",
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
    { "service", true, config_rule_name, "a name under `services`" },
    { "environment", false, config_rule_name, "one of its environments; may be left out when it has exactly one" },
};

static void rule_default(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, DEFAULT, SW_COUNT(DEFAULT));
}

/* Long enough to be read, short enough that the reason still holds. */
static void rule_expires(struct config_check *check, const char *path, const json_t *value)
{
    int64_t expires_ms = 0;
    bool is_duration = json_is_string(value) && sw_duration_parse(json_string_value(value), &expires_ms);
    if (!is_duration || expires_ms < 10 * 1000 || expires_ms > 24 * 3600 * 1000LL)
        config_error(check, path, "must be a duration from 10s to 24h HINT: such as 15m");
}

static const struct config_key BREAK_GLASS[] = {
    { "allow", false, rule_allow,
      "who may ask and who may agree, among those who may deploy there; absent or empty: all of them" },
    { "expires", false, rule_expires, "how long a second person has, 10s to 24h. Default: `15m`" },
};

static void rule_break_glass(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, BREAK_GLASS, SW_COUNT(BREAK_GLASS));
}

static const struct config_key TOP[] = {
    { "version", true, rule_version, "1" },
    { "default", false, rule_default, "what a bare `/deploy` starts" },
    { "lanes", false, rule_lanes,
      "lanes by name, each `{}`; a lane runs one deployment at a time. Default: one lane, `main`" },
    { "environments", true, rule_environments, "environments by name" },
    { "services", true, rule_services, "services by name; a word of the commands, such as `status`, is no name" },
    { "pipelines", true, rule_pipelines, "pipelines by name" },
    { "break_glass", false, rule_break_glass, "who may let a held deployment start, two people together" },
    { "incidents", false, config_rule_incidents, "how incidents are run; without it there are none" },
};

void config_check_top(struct config_check *check, const json_t *root)
{
    config_check_object(check, "", root, TOP, SW_COUNT(TOP));
    config_check_references(check, root); /* also of a file with other errors: people want all of them at once */
}

#define SECTION(path, what, keys)                                                                                      \
    {                                                                                                                  \
        path, what, keys, SW_COUNT(keys)                                                                               \
    }
const struct config_section CONFIG_SECTIONS[] = {
    SECTION("", "the whole file", TOP),
    SECTION("default", "what a bare `/deploy` starts", DEFAULT),
    SECTION("environments.NAME", "an environment", ENVIRONMENT),
    SECTION("services.NAME", "a service", SERVICE),
    SECTION("services.NAME.params.NAME", "a parameter", PARAM),
    SECTION("services.NAME.allow, environments.NAME.allow",
            "who may, and from where; the service's and the environment's must both agree", ALLOW),
    SECTION("break_glass", "a held deployment starts when one person says why and another one agrees", BREAK_GLASS),
    SECTION("break_glass.allow", "who may break the glass, and from where", ALLOW),
};
const size_t CONFIG_SECTION_COUNT = SW_COUNT(CONFIG_SECTIONS);
