/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/config.h"

#include "common/base/text.h"
#include "orchestrator/core/config_check.h"

#include <regex.h>

struct config {
    json_t *root;
    char *dir;
};

bool config_matches(const char *pattern, const char *text)
{
    SW_AUTO_BUF struct sw_buf whole = { 0 };
    regex_t regex;
    sw_buf_printf(&whole, "^(%s)$", pattern ? pattern : "");
    if (whole.failed || regcomp(&regex, sw_buf_string(&whole), REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool matched = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return matched;
}

static struct sw_status judge(const struct config_source *source, struct sw_buf *ret_errors)
{
    struct config_check check = { .source = source, .errors = ret_errors };
    config_check_top(&check, source->root);
    if (check.error_count == 0)
        return sw_ok();
    if (check.error_count > CONFIG_MAX_ERRORS)
        sw_buf_printf(ret_errors, "%s: and %zu more errors\n", source->file, check.error_count - CONFIG_MAX_ERRORS);
    return sw_fail(SW_CODE_CONFIG, "%zu error%s in \"%s\"", check.error_count, check.error_count == 1 ? "" : "s",
                   source->file);
}

struct sw_status config_new(const struct config_source *source, struct sw_buf *ret_errors, struct config **ret_config)
{
    SW_TRY(judge(source, ret_errors));
    struct config *config = calloc(1, sizeof *config);
    if (!config)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    config->root = json_deep_copy(source->root);
    config->dir = sw_strdup(source->dir);
    if (!config->root || !config->dir) {
        config_free(config);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    *ret_config = config;
    return sw_ok();
}

void config_free(struct config *config)
{
    if (!config)
        return;
    json_decref(config->root);
    free(config->dir);
    free(config);
}

const char *config_dir(const struct config *config) { return config->dir; }

static const json_t *entry(const struct config *config, const char *section, const char *name)
{
    return name ? json_object_get(json_object_get(config->root, section), name) : NULL;
}

const json_t *config_service(const struct config *config, const char *name) { return entry(config, "services", name); }
const json_t *config_environment(const struct config *config, const char *name)
{
    return entry(config, "environments", name);
}
const json_t *config_pipeline(const struct config *config, const char *name)
{
    return entry(config, "pipelines", name);
}
const json_t *config_section(const struct config *config, const char *name)
{
    return json_object_get(config->root, name);
}

static json_t *describe(const char *name, json_t *service)
{
    json_t *environments = json_object_get(service, "environments"), *params = json_object_get(service, "params");
    json_t *json = json_object();
    bool done = jx_set_string(json, "name", name) &&
                jx_set_string(json, "description", jx_string(service, "description")) &&
                jx_set_string(json, "ref", jx_string(service, "ref")) &&
                jx_set_take(json, "environments", json_incref(environments)) &&
                jx_set_take(json, "params", params ? json_incref(params) : json_object());
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

json_t *config_services(const struct config *config)
{
    json_t *list = json_array();
    const char *name;
    json_t *service;
    json_object_foreach(json_object_get(config->root, "services"), name, service)
    {
        json_t *described = describe(name, service);
        if (!described || json_array_append_new(list, described) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}
