/* SPDX-License-Identifier: Apache-2.0
 * From the pinned definition and a deployment's facts to what one attempt is told. */
#include "orchestrator/core/plan.h"

#include "common/base/text.h"
#include "orchestrator/core/subst.h"

#include <stdio.h>
#include <string.h>

enum { GRACE_MS = 10 * 1000 };

struct scope {
    const json_t *definition;
    const struct plan_facts *facts;
};

static bool is(const char *name, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(name, word, length) == 0;
}

static const char *lookup(void *self, const char *name, size_t length)
{
    const struct scope *scope = self;
    char param[PROTO_NAME_SIZE];
    if (is(name, length, "service") || is(name, length, "environment"))
        return jx_string(scope->definition, name[0] == 's' ? "service" : "environment");
    if (is(name, length, "ref"))
        return scope->facts->ref;
    if (is(name, length, "workflow"))
        return scope->facts->workflow;
    if (length <= 6 || memcmp(name, "param.", 6) != 0)
        return NULL;
    (void)snprintf(param, sizeof param, "%.*s", (int)(length - 6), name + 6);
    return jx_string(scope->facts->params, param);
}

static json_t *substitute(const struct scope *scope, const char *text, struct sw_status *status)
{
    SW_AUTO_FREE char *result = NULL;
    if (!sw_failed(*status))
        *status = subst_new(text, lookup, (void *)(uintptr_t)scope, &result);
    return result ? json_string(result) : NULL;
}

static json_t *substitute_list(const struct scope *scope, const json_t *list, struct sw_status *status)
{
    json_t *result = json_array();
    for (size_t i = 0; i < json_array_size(list) && !sw_failed(*status); i++)
        if (json_array_append_new(result, substitute(scope, json_string_value(json_array_get(list, i)), status)) != 0 &&
            !sw_failed(*status))
            *status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    return result;
}

static void substitute_into(const struct scope *scope, json_t *target, const json_t *source, struct sw_status *status)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)source, key, value)
    {
        if (!jx_set_take(target, key, substitute(scope, json_string_value(value), status)) && !sw_failed(*status))
            *status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
}

static bool set_param_variables(json_t *env, const json_t *params)
{
    const char *name;
    json_t *value;
    bool done = true;
    json_object_foreach((json_t *)(uintptr_t)params, name, value)
    {
        char variable[PROTO_NAME_SIZE + 16];
        (void)snprintf(variable, sizeof variable, "SLIPWAY_PARAM_%s", name); /* names of the file are short */
        done = done && jx_set_take(env, variable, json_incref(value));
    }
    return done;
}

/* What every step gets, whatever the file says. */
static bool set_own_variables(const struct scope *scope, const char *step, json_t *env)
{
    char epoch[24];
    const struct plan_facts *facts = scope->facts;
    (void)snprintf(epoch, sizeof epoch, "%lld", (long long)facts->epoch);
    return jx_set_string(env, "SLIPWAY_WORKFLOW", facts->workflow) && jx_set_string(env, "SLIPWAY_STEP", step) &&
           jx_set_string(env, "SLIPWAY_ATTEMPT", facts->attempt) && jx_set_string(env, "SLIPWAY_EPOCH", epoch) &&
           jx_set_string(env, "SLIPWAY_SERVICE", jx_string(scope->definition, "service")) &&
           jx_set_string(env, "SLIPWAY_ENVIRONMENT", jx_string(scope->definition, "environment")) &&
           jx_set_string(env, "SLIPWAY_REF", facts->ref) && set_param_variables(env, facts->params);
}

static json_t *environment_of(const struct scope *scope, const json_t *step, struct sw_status *status)
{
    json_t *env = json_object();
    substitute_into(scope, env, json_object_get(scope->definition, "env"), status);
    substitute_into(scope, env, json_object_get(step, "env"), status);
    if (!set_own_variables(scope, jx_string(step, "name"), env) && !sw_failed(*status))
        *status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    return env;
}

static json_t *argv_of(const struct scope *scope, const json_t *step, enum plan_purpose purpose,
                       struct sw_status *status)
{
    const char *shell = jx_string(step, "shell");
    if (purpose == PLAN_ASK)
        return substitute_list(scope, json_object_get(step, "probe"), status);
    if (shell)
        return json_pack("[sss]", "/bin/sh", "-euc", shell);
    return substitute_list(scope, json_object_get(step, "argv"), status);
}

static json_t *http_of(const struct scope *scope, const json_t *step, struct sw_status *status)
{
    const json_t *http = json_object_get(step, "http");
    const char *body = jx_string(http, "body");
    json_t *headers = json_object(), *json = json_object();
    substitute_into(scope, headers, json_object_get(http, "headers"), status);
    bool done = jx_set_string(json, "method", jx_string(http, "method")) &&
                jx_set_take(json, "url", substitute(scope, jx_string(http, "url"), status)) &&
                jx_set_take(json, "body", body ? substitute(scope, body, status) : json_null()) &&
                jx_set_take(json, "expect", json_incref(json_object_get(http, "expect")));
    if (!(jx_set_take(json, "headers", headers) && done) && !sw_failed(*status))
        *status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    return json;
}

static bool set_action(json_t *spec, const struct scope *scope, const json_t *step, enum plan_purpose purpose,
                       struct sw_status *status)
{
    bool http = sw_equal(jx_string(step, "kind"), "http") && purpose == PLAN_DO;
    if (http)
        return jx_set_string(spec, "kind", "http") && jx_set_take(spec, "http", http_of(scope, step, status));
    return jx_set_string(spec, "kind", purpose == PLAN_ASK ? "probe" : "run") &&
           jx_set_take(spec, "argv", argv_of(scope, step, purpose, status));
}

struct sw_status plan_spec_new(const json_t *definition, size_t index, enum plan_purpose purpose,
                               const struct plan_facts *facts, json_t **ret_spec)
{
    json_t *step = json_array_get(json_object_get(definition, "steps"), index);
    if (!step)
        return sw_fail(SW_CODE_INTERNAL, "definition has no step %zu", index);
    struct scope scope = { definition, facts };
    struct sw_status status = sw_ok();
    json_t *spec = json_object();
    bool done = jx_set_string(spec, "attempt", facts->attempt) && jx_set_string(spec, "workflow", facts->workflow) &&
                jx_set_string(spec, "step", jx_string(step, "name")) &&
                set_action(spec, &scope, step, purpose, &status) &&
                jx_set_string(spec, "dir", jx_string(step, "dir")) &&
                jx_set_take(spec, "env", environment_of(&scope, step, &status)) &&
                jx_set_take(spec, "secrets", json_incref(json_object_get(step, "secrets"))) &&
                jx_set_i64(spec, "timeout_ms", jx_i64_or(step, "timeout_ms", 0)) &&
                jx_set_i64(spec, "grace_ms", GRACE_MS) && jx_set_i64(spec, "epoch", facts->epoch);
    if (!done && !sw_failed(status))
        status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        json_decref(spec);
        return sw_wrap(status, "step \"%s\"", jx_string_or(step, "name", "?"));
    }
    *ret_spec = spec;
    return sw_ok();
}
