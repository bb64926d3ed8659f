/* SPDX-License-Identifier: Apache-2.0
 * What one section says of another: every name that is used must be there. Runs on any tree: what has the wrong form is
 * told elsewhere, and has no names here. */
#include "orchestrator/core/config_check.h"

#include "common/base/text.h"
#include "orchestrator/core/subst.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

static void check_known(struct config_check *check, const char *path, const char *what, const char *name,
                        const json_t *section)
{
    if (!name || json_object_get(section, name))
        return;
    const char *names[64], *near, *key;
    size_t count = 0;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)section, key, value)
    {
        if (count < SW_COUNT(names))
            names[count++] = key;
    }
    near = sw_nearest(name, names, count);
    if (near)
        config_error(check, path, "no %s \"%s\" HINT: did you mean \"%s\"?", what, name, near);
    else
        config_error(check, path, "no %s \"%s\" HINT: it must stand under %ss", what, name, what);
}

static void check_environments(struct config_check *check, const char *path, const json_t *service, const json_t *root)
{
    const json_t *list = json_object_get(service, "environments");
    char inner[CONFIG_PATH_SIZE];
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        (void)snprintf(inner, sizeof inner, "%s.environments[%zu]", path, i);
        check_known(check, inner, "environment", name, json_object_get(root, "environments"));
    }
}

static void check_lane(struct config_check *check, const char *path, const json_t *service, const json_t *root)
{
    const char *lane = jx_string(service, "lane");
    const json_t *lanes = json_object_get(root, "lanes");
    char inner[CONFIG_PATH_SIZE];
    (void)snprintf(inner, sizeof inner, "%s.lane", path);
    if (!lane || subst_has_names(lane))
        return; /* lanes by service or environment come into being with them */
    if (lanes)
        check_known(check, inner, "lane", lane, lanes);
    else if (!sw_equal(lane, "main"))
        config_error(check, inner, "no lane \"%s\" HINT: without a lanes block there is only main", lane);
}

static void check_param_presets(struct config_check *check, const char *path, const json_t *service)
{
    const char *name;
    json_t *param;
    char inner[CONFIG_PATH_SIZE];
    json_object_foreach(json_object_get(service, "params"), name, param)
    {
        const char *preset = jx_string(param, "default");
        (void)snprintf(inner, sizeof inner, "%s.params.%s.default", path, name);
        if (preset && jx_string(param, "pattern") && !config_matches(jx_string(param, "pattern"), preset))
            config_error(check, inner, "\"%s\" does not match the pattern", preset);
    }
}

struct param_names {
    const json_t *params;
};

static const char *declared_name(void *self, const char *name, size_t length)
{
    const struct param_names *names = self;
    char param[PROTO_NAME_SIZE];
    if (length < 7 || memcmp(name, "param.", 6) != 0)
        return "";
    (void)snprintf(param, sizeof param, "%.*s", (int)(length - 6), name + 6);
    return json_object_get(names->params, param) ? "" : NULL;
}

/* Every ${param.NAME} in a text anywhere below the node must be declared by the service. */
static void check_params_below(struct config_check *check, const char *path, const char *service, const json_t *node,
                               const json_t *params)
{
    SW_AUTO_FREE char *ignored = NULL;
    struct param_names names = { params };
    const char *key;
    json_t *member;
    size_t index;
    if (json_is_string(node) && sw_failed(subst_new(json_string_value(node), declared_name, &names, &ignored)))
        config_error(check, path, "\"%s\" uses a parameter that service \"%s\" does not declare",
                     json_string_value(node), service);
    json_object_foreach((json_t *)(uintptr_t)node, key, member)
    {
        if (!sw_equal(key, "run") || !json_is_string(member)) /* a shell's own ${...} */
            check_params_below(check, path, service, member, params);
    }
    json_array_foreach((json_t *)(uintptr_t)node, index, member)
    {
        check_params_below(check, path, service, member, params);
    }
}

static void check_service(struct config_check *check, const char *name, const json_t *service, const json_t *root)
{
    char path[CONFIG_PATH_SIZE], inner[CONFIG_PATH_SIZE + 64];
    const char *pipeline = jx_string(service, "pipeline");
    (void)snprintf(path, sizeof path, "services.%s", name);
    (void)snprintf(inner, sizeof inner, "%s.pipeline", path);
    check_known(check, inner, "pipeline", pipeline, json_object_get(root, "pipelines"));
    check_environments(check, path, service, root);
    check_lane(check, path, service, root);
    check_param_presets(check, path, service);
    (void)snprintf(inner, sizeof inner, "pipelines.%s", pipeline);
    check_params_below(check, inner, name, json_object_get(json_object_get(root, "pipelines"), pipeline),
                       json_object_get(service, "params"));
}

static void check_default(struct config_check *check, const json_t *root)
{
    const json_t *preset = json_object_get(root, "default"), *services = json_object_get(root, "services");
    const char *service = jx_string(preset, "service"), *environment = jx_string(preset, "environment");
    if (!preset)
        return;
    check_known(check, "default.service", "service", service, services);
    const json_t *list = json_object_get(json_object_get(services, service), "environments");
    for (size_t i = 0; environment && i < json_array_size(list); i++)
        if (sw_equal(json_string_value(json_array_get(list, i)), environment))
            return;
    if (environment && list)
        config_error(check, "default.environment", "service \"%s\" has no environment \"%s\"", service, environment);
}

void config_check_references(struct config_check *check, const json_t *root)
{
    const char *name;
    json_t *service;
    json_object_foreach(json_object_get(root, "services"), name, service) { check_service(check, name, service, root); }
    check_default(check, root);
    config_check_incident_references(check, root);
}
