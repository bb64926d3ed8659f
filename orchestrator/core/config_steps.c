/* SPDX-License-Identifier: Apache-2.0
 * The steps of a pipeline: three forms (run, http, wait), one of which each step has. */
#include "orchestrator/core/config_check.h"

#include "common/base/text.h"
#include "orchestrator/core/subst.h"

#include <string.h>

static void rule_item(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_scalar(check, path, value);
}

static void rule_argv(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 256, rule_item);
    if (json_is_array(value) && json_array_size(value) == 0)
        config_error(check, path, "is empty: there is nothing to run");
}

static void rule_run(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_string(value)) {
        rule_argv(check, path, value);
        return;
    }
    const char *text = json_string_value(value);
    if (sw_blank(text))
        config_error(check, path, "is empty: there is nothing to run");
    for (const char *at = text; (at = strstr(at, "${")); at += 2)
        if (sw_starts_with(at, "${service}") || sw_starts_with(at, "${environment}") || sw_starts_with(at, "${ref}") ||
            sw_starts_with(at, "${workflow}") || sw_starts_with(at, "${param."))
            config_error(
                check, path,
                "a text for the shell cannot contain ${...} of Slipway HINT: use the environment variable, such "
                "as \"$SLIPWAY_REF\", or write a list");
}

static void rule_expect_one(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < 100 || json_integer_value(value) > 599)
        config_error(check, path, "must be an HTTP status between 100 and 599");
}

static void rule_expect(struct config_check *check, const char *path, const json_t *value)
{
    if (json_is_array(value))
        config_check_list(check, path, value, 16, rule_expect_one);
    else
        rule_expect_one(check, path, value);
}

static void rule_method(struct config_check *check, const char *path, const json_t *value)
{
    static const char *const METHODS[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };
    for (size_t i = 0; i < SW_COUNT(METHODS); i++)
        if (sw_equal(json_string_value(value), METHODS[i]))
            return;
    config_error(check, path, "must be one of GET, HEAD, POST, PUT, PATCH, DELETE");
}

static void rule_url(struct config_check *check, const char *path, const json_t *value)
{
    const char *url = json_string_value(value);
    if (!url || !(sw_starts_with(url, "http://") || sw_starts_with(url, "https://")))
        config_error(check, path, "must be a URL that begins with http:// or https://");
    else
        config_check_names_in(check, path, url);
}

static bool header_name_valid(const char *name)
{
    return *name && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == strlen(name);
}

static void rule_headers(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, header_name_valid, "letters, digits and dashes", config_rule_scalar);
}

static const struct config_key HTTP[] = {
    { "method", false, rule_method, "`GET`, `HEAD`, `POST`, `PUT`, `PATCH` or `DELETE`. Default: `GET`" },
    { "url", true, rule_url, "begins with `http://` or `https://`" },
    { "headers", false, rule_headers, "headers by name" },
    { "body", false, config_rule_scalar, "the body, as it stands" },
    { "expect", false, rule_expect, "the status, or a list of up to 16, that is a success. Default: 200" },
};

static void rule_http(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, HTTP, SW_COUNT(HTTP));
}

static void rule_attempts(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > 100)
        config_error(check, path, "must be a whole number between 1 and 100, counting the first attempt");
}

static const struct config_key RETRY[] = {
    { "attempts", true, rule_attempts, "1 to 100, counting the first" },
    { "backoff", false, config_rule_duration, "the first delay; it doubles, with 20% jitter. Default: `2s`" },
    { "max", false, config_rule_duration, "the longest delay. Default: `10m`" },
};

static void rule_retry(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, RETRY, SW_COUNT(RETRY));
}

static const struct config_key PROBE[] = {
    { "probe", true, rule_argv,
      "a command as a list: exit status 0 is \"it was done\", 1 is \"it was not\", anything else asks a human" }
};

static void rule_on_unknown(struct config_check *check, const char *path, const json_t *value)
{
    if (json_is_object(value))
        config_check_object(check, path, value, PROBE, SW_COUNT(PROBE));
    else if (!sw_equal(json_string_value(value), "retry") && !sw_equal(json_string_value(value), "hold"))
        config_error(check, path, "must be retry, hold or {probe: [command]}");
}

static void rule_step_env(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, config_variable_valid, "letters, digits and underscores", config_rule_scalar);
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        if (sw_starts_with(name, "SLIPWAY_"))
            config_error(check, path, "\"%s\": names that begin with SLIPWAY_ are set by Slipway", name);
    }
}

static void rule_secrets(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 64, config_rule_secret);
}

static const struct config_key STEP[] = {
    { "name", true, config_rule_name, "unique within the pipeline" },
    { "run", false, rule_run, "a list is executed as it stands; a text is given to `/bin/sh -euc`" },
    { "http", false, rule_http, "an HTTP call" },
    { "wait", false, config_rule_duration, "a delay" },
    { "dir", false, config_rule_text, "where it runs, relative to the file. Default: the file's directory" },
    { "env", false, rule_step_env, "variables of this step; they win over the environment's" },
    { "secrets", false, rule_secrets,
      "names of files in `SLIPWAY_SECRETS_DIR`, read when the attempt starts, given as variables, redacted in output" },
    { "timeout", false, config_rule_duration, "after it the attempt is ended and has timed out. Default: `1h`" },
    { "retry", false, rule_retry, "how often a failed attempt is tried again. Default: never" },
    { "on_unknown", false, rule_on_unknown,
      "`retry`, `hold` or `{probe: [...]}`, when nobody can tell how an attempt ended. Default: `hold`" },
};

static void check_one_form(struct config_check *check, const char *path, const json_t *step)
{
    int forms = !!json_object_get(step, "run") + !!json_object_get(step, "http") + !!json_object_get(step, "wait");
    if (forms != 1)
        config_error(check, path, "must have exactly one of run, http and wait");
}

/* What only makes sense with something that runs. */
static void check_fitting_keys(struct config_check *check, const char *path, const json_t *step)
{
    static const char *const ACTIVE_ONLY[] = { "timeout", "retry", "on_unknown", "secrets", "env", "dir" };
    for (size_t i = 0; i < SW_COUNT(ACTIVE_ONLY); i++)
        if (json_object_get(step, "wait") && json_object_get(step, ACTIVE_ONLY[i]))
            config_error(check, path, "\"%s\" does not go with wait", ACTIVE_ONLY[i]);
    for (size_t i = 3; i < SW_COUNT(ACTIVE_ONLY); i++)
        if (json_object_get(step, "http") && json_object_get(step, ACTIVE_ONLY[i]))
            config_error(check, path, "\"%s\" does not go with http", ACTIVE_ONLY[i]);
}

static void rule_step(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, STEP, SW_COUNT(STEP));
    if (!json_is_object(value))
        return;
    check_one_form(check, path, value);
    check_fitting_keys(check, path, value);
}

static void check_unique_names(struct config_check *check, const char *path, const json_t *steps)
{
    for (size_t i = 0; i < json_array_size(steps); i++)
        for (size_t j = 0; j < i; j++) {
            const char *name = jx_string(json_array_get(steps, i), "name");
            if (name && sw_equal(name, jx_string(json_array_get(steps, j), "name")))
                config_error(check, path, "two steps are named \"%s\"", name);
        }
}

static void rule_steps(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, PROTO_MAX_STEPS, rule_step);
    if (json_is_array(value) && json_array_size(value) == 0)
        config_error(check, path, "is empty: a pipeline needs a step");
    check_unique_names(check, path, value);
}

static const struct config_key PIPELINE[] = { { "steps", true, rule_steps, "1 to 64 steps, in order" } };

void config_rule_pipeline(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, PIPELINE, SW_COUNT(PIPELINE));
}

#define SECTION(path, what, keys)                                                                                      \
    {                                                                                                                  \
        path, what, keys, SW_COUNT(keys)                                                                               \
    }
const struct config_section CONFIG_STEP_SECTIONS[] = {
    SECTION("pipelines.NAME", "a pipeline", PIPELINE),
    SECTION("pipelines.NAME.steps[]", "a step: exactly one of `run`, `http` and `wait`", STEP),
    SECTION("pipelines.NAME.steps[].http", "an HTTP call", HTTP),
    SECTION("pipelines.NAME.steps[].retry", "tries after a failure", RETRY),
    SECTION("pipelines.NAME.steps[].on_unknown", "when it is a mapping", PROBE),
};
const size_t CONFIG_STEP_SECTION_COUNT = SW_COUNT(CONFIG_STEP_SECTIONS);
