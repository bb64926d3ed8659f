/* SPDX-License-Identifier: Apache-2.0
 * From what a person said to what will be deployed. Every refusal says what happened, why, and what to do. */
#include "orchestrator/core/config.h"

#include "common/base/text.h"
#include "orchestrator/core/config_check.h"
#include "orchestrator/core/config_refuse.h"
#include "orchestrator/core/subst.h"

#include <string.h>

void config_choice_release(struct config_choice *choice)
{
    json_decref(choice->params);
    *choice = (struct config_choice){ 0 };
}

static const char *only_key(const json_t *object)
{
    return json_object_size(object) == 1 ? json_object_iter_key(json_object_iter((json_t *)(uintptr_t)object)) : NULL;
}

static bool choose_service(const struct config *config, const struct config_request *request,
                           struct config_choice *choice, struct config_refusal *refusal)
{
    const json_t *services = config_section(config, "services");
    const char *name = request->service;
    if (!name)
        name = jx_string(config_section(config, "default"), "service");
    if (!name)
        name = only_key(services);
    if (!name)
        return config_refuse_missing(refusal, "E-SERVICE-MISSING", "Which service?", "services", services);
    if (!json_object_get(services, name))
        return config_refuse_unknown(refusal, "E-SERVICE-UNKNOWN", "service", name, services);
    (void)sw_copy(choice->service, sizeof choice->service, name); /* names of the file fit */
    return true;
}

static bool has_environment(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (sw_equal(json_string_value(json_array_get(list, i)), name))
            return true;
    return false;
}

static bool choose_environment(const struct config *config, const struct config_request *request,
                               struct config_choice *choice, struct config_refusal *refusal)
{
    const json_t *list = json_object_get(config_service(config, choice->service), "environments");
    const json_t *preset = config_section(config, "default");
    const char *name = request->environment;
    if (!name && sw_equal(jx_string(preset, "service"), choice->service))
        name = jx_string(preset, "environment");
    if (!name && json_array_size(list) == 1)
        name = json_string_value(json_array_get(list, 0));
    if (!name)
        return config_refuse_environment_missing(refusal, choice->service, list);
    if (!has_environment(list, name))
        return config_refuse_environment_unknown(refusal, choice->service, name, list);
    (void)sw_copy(choice->environment, sizeof choice->environment, name);
    return true;
}

static bool choose_ref(const struct config *config, const struct config_request *request, struct config_choice *choice,
                       struct config_refusal *refusal)
{
    const char *ref = request->ref ? request->ref : jx_string(config_service(config, choice->service), "ref");
    if (!ref)
        return config_refuse(refusal, "E-REF-MISSING",
                             "Which version of `%s`?||It has no default.||Say one: `/deploy %s main`.", choice->service,
                             choice->service);
    if (!config_ref_valid(ref))
        return config_refuse(
            refusal, "E-REF-INVALID",
            "`%.60s` is not a valid ref.||A ref begins with a letter or digit and has only letters, digits "
            "and `._/@+-`, at most 200.||Check for a typo.",
            ref);
    (void)sw_copy(choice->ref, sizeof choice->ref, ref);
    return true;
}

static bool choose_param(const char *name, const json_t *rule, const struct config_request *request,
                         struct config_choice *choice, struct config_refusal *refusal)
{
    const char *given = jx_string(request->params, name);
    const char *value = given ? given : jx_string(rule, "default");
    if (!value)
        return config_refuse(refusal, "E-PARAM-MISSING",
                             "`%s` needs the parameter `%s`.||It has no default.||Add `%s=...`, which must match `%s`.",
                             choice->service, name, name, jx_string_or(rule, "pattern", ""));
    if (!config_matches(jx_string(rule, "pattern"), value))
        return config_refuse(
            refusal, "E-PARAM-INVALID",
            "`%s=%.60s` is not allowed.||The value must match `%s`.||Correct it and send the command again.", name,
            value, jx_string_or(rule, "pattern", ""));
    return jx_set_string(choice->params, name, value);
}

static bool choose_params(const struct config *config, const struct config_request *request,
                          struct config_choice *choice, struct config_refusal *refusal)
{
    json_t *rules = json_object_get(config_service(config, choice->service), "params");
    const char *name;
    json_t *value;
    choice->params = json_object();
    json_object_foreach((json_t *)(uintptr_t)request->params, name, value)
    {
        if (!json_object_get(rules, name))
            return config_refuse_unknown(refusal, "E-PARAM-UNKNOWN", "parameter", name, rules);
    }
    json_object_foreach(rules, name, value)
    {
        if (!choose_param(name, value, request, choice, refusal))
            return false;
    }
    return true;
}

static const char *lane_name(void *self, const char *name, size_t length)
{
    const struct config_choice *choice = self;
    if (length == strlen("service") && memcmp(name, "service", length) == 0)
        return choice->service;
    return length == strlen("environment") && memcmp(name, "environment", length) == 0 ? choice->environment : "";
}

static bool choose_lane(const struct config *config, struct config_choice *choice, struct config_refusal *refusal)
{
    const char *lane = jx_string_or(config_service(config, choice->service), "lane", "main");
    SW_AUTO_FREE char *resolved = NULL;
    if (sw_failed(subst_new(lane, lane_name, choice, &resolved)) ||
        !sw_copy(choice->lane, sizeof choice->lane, resolved))
        return config_refuse(refusal, "E-LANE",
                             "The lane of `%s` cannot be worked out.||Its name would be too long.||Shorten `lane` in "
                             "slipway.yaml.",
                             choice->service);
    return true;
}

static void choose_channel(const struct config *config, const struct config_request *request,
                           struct config_choice *choice)
{
    const char *home = jx_string(config_service(config, choice->service), "channel");
    (void)sw_copy(choice->channel, sizeof choice->channel, home ? home : request->channel); /* both were measured */
}

bool config_resolve(const struct config *config, const struct config_request *request, struct config_choice *ret_choice,
                    struct config_refusal *ret_refusal)
{
    struct config_choice choice = { 0 };
    bool chosen =
        choose_service(config, request, &choice, ret_refusal) &&
        choose_environment(config, request, &choice, ret_refusal) &&
        config_may(config, choice.service, choice.environment, request->actor, request->channel, ret_refusal) &&
        choose_ref(config, request, &choice, ret_refusal) && choose_params(config, request, &choice, ret_refusal) &&
        choose_lane(config, &choice, ret_refusal);
    if (!chosen) {
        config_choice_release(&choice);
        return false;
    }
    choose_channel(config, request, &choice);
    *ret_choice = choice;
    return true;
}
