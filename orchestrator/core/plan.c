/* SPDX-License-Identifier: Apache-2.0
 * The definition, made and read. Its shape: {"version":1, "service", "environment", "dir", "env":{}, "steps":[
 * {"name", "kind", "argv":[] | "shell":"..." | "http":{} | "wait_ms":0, "dir", "env":{}, "secrets":[], "timeout_ms",
 * "attempts", "backoff_ms", "max_ms", "on_unknown", "probe":[]}]}. Texts are not substituted yet. */
#include "orchestrator/core/plan.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"

#include <stdio.h>

enum { PRESET_TIMEOUT_MS = 3600 * 1000, PRESET_BACKOFF_MS = 2000, PRESET_MAX_MS = 600 * 1000, JITTER_PERCENT = 20 };

static int64_t duration_or(const json_t *object, const char *key, int64_t preset_ms)
{
    const json_t *value = json_object_get(object, key);
    int64_t duration_ms;
    if (json_is_integer(value)) /* only 0 is valid without a unit */
        return 0;
    return json_is_string(value) && sw_duration_parse(json_string_value(value), &duration_ms) ? duration_ms : preset_ms;
}

/* Whole numbers are allowed as values and become texts. */
static json_t *as_text(json_t *value)
{
    char text[24];
    if (!json_is_integer(value))
        return json_incref(value);
    (void)snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
    return json_string(text);
}

static json_t *texts_of_list(const json_t *list)
{
    json_t *texts = json_array();
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_array_append_new(texts, as_text(json_array_get(list, i))) != 0)
            break;
    return texts;
}

static json_t *texts_of_object(const json_t *object)
{
    json_t *texts = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!jx_set_take(texts, key, as_text(value)))
            break;
    }
    return texts;
}

static bool set_dir(json_t *step, const struct config *config, const char *dir)
{
    SW_AUTO_BUF struct sw_buf path = { 0 };
    if (!dir)
        return jx_set_string(step, "dir", config_dir(config));
    sw_buf_printf(&path, "%s%s%s", *dir == '/' ? "" : config_dir(config), *dir == '/' ? "" : "/", dir);
    return jx_set_string(step, "dir", sw_buf_string(&path));
}

static json_t *http_of(const json_t *http)
{
    json_t *expect = json_object_get(http, "expect"), *body = json_object_get(http, "body");
    json_t *json = json_object();
    json_t *list = json_is_array(expect) ? json_incref(expect)
                                         : json_pack("[o]", expect ? json_incref(expect) : json_integer(200));
    bool done = jx_set_string(json, "method", jx_string_or(http, "method", "GET")) &&
                jx_set_string(json, "url", jx_string(http, "url")) &&
                jx_set_take(json, "headers", texts_of_object(json_object_get(http, "headers"))) &&
                jx_set_take(json, "body", body ? as_text(body) : json_null());
    if (jx_set_take(json, "expect", list) && done)
        return json;
    json_decref(json);
    return NULL;
}

static bool set_form(json_t *step, const json_t *source)
{
    const json_t *run = json_object_get(source, "run"), *http = json_object_get(source, "http");
    if (json_is_string(run))
        return jx_set_string(step, "kind", "run") && jx_set_string(step, "shell", json_string_value(run));
    if (run)
        return jx_set_string(step, "kind", "run") && jx_set_take(step, "argv", texts_of_list(run));
    if (http)
        return jx_set_string(step, "kind", "http") && jx_set_take(step, "http", http_of(http));
    return jx_set_string(step, "kind", "wait") && jx_set_i64(step, "wait_ms", duration_or(source, "wait", 0));
}

static bool set_policy(json_t *step, const json_t *source)
{
    const json_t *retry = json_object_get(source, "retry"), *on_unknown = json_object_get(source, "on_unknown");
    const json_t *probe = json_object_get(on_unknown, "probe");
    const char *policy = probe ? "probe" : on_unknown ? json_string_value(on_unknown) : "hold";
    return jx_set_i64(step, "timeout_ms", duration_or(source, "timeout", PRESET_TIMEOUT_MS)) &&
           jx_set_i64(step, "attempts", jx_i64_or(retry, "attempts", 1)) &&
           jx_set_i64(step, "backoff_ms", duration_or(retry, "backoff", PRESET_BACKOFF_MS)) &&
           jx_set_i64(step, "max_ms", duration_or(retry, "max", PRESET_MAX_MS)) &&
           jx_set_string(step, "on_unknown", policy) && (!probe || jx_set_take(step, "probe", texts_of_list(probe)));
}

static json_t *step_of(const struct config *config, const json_t *source)
{
    json_t *step = json_object();
    bool done = jx_set_string(step, "name", jx_string(source, "name")) && set_form(step, source) &&
                set_dir(step, config, jx_string(source, "dir")) &&
                jx_set_take(step, "env", texts_of_object(json_object_get(source, "env"))) &&
                jx_set_take(step, "secrets", texts_of_list(json_object_get(source, "secrets"))) &&
                set_policy(step, source);
    if (done)
        return step;
    json_decref(step);
    return NULL;
}

static json_t *steps_of(const struct config *config, const json_t *pipeline)
{
    const json_t *sources = json_object_get(pipeline, "steps");
    json_t *steps = json_array();
    for (size_t i = 0; i < json_array_size(sources); i++) {
        json_t *step = step_of(config, json_array_get(sources, i));
        if (!step || json_array_append_new(steps, step) != 0) {
            json_decref(steps);
            return NULL;
        }
    }
    return steps;
}

json_t *plan_definition_new(const struct config *config, const struct config_choice *choice)
{
    const json_t *service = config_service(config, choice->service);
    const json_t *environment = config_environment(config, choice->environment);
    json_t *definition = json_object();
    bool done =
        jx_set_i64(definition, "version", 1) && jx_set_string(definition, "service", choice->service) &&
        jx_set_string(definition, "environment", choice->environment) &&
        jx_set_string(definition, "dir", config_dir(config)) &&
        jx_set_take(definition, "env", texts_of_object(json_object_get(environment, "env"))) &&
        jx_set_take(definition, "steps", steps_of(config, config_pipeline(config, jx_string(service, "pipeline"))));
    if (done)
        return definition;
    json_decref(definition);
    return NULL;
}

static enum plan_step_kind kind_of(const json_t *step)
{
    const char *kind = jx_string_or(step, "kind", "");
    return sw_equal(kind, "http") ? PLAN_HTTP : sw_equal(kind, "wait") ? PLAN_WAIT : PLAN_RUN;
}

static enum plan_on_unknown policy_of(const json_t *step)
{
    const char *policy = jx_string_or(step, "on_unknown", "");
    return sw_equal(policy, "retry") ? PLAN_RETRY : sw_equal(policy, "probe") ? PLAN_PROBE : PLAN_HOLD;
}

size_t plan_step_count(const json_t *definition) { return json_array_size(json_object_get(definition, "steps")); }

struct sw_status plan_parse_step(const json_t *definition, size_t index, struct plan_step *ret_step)
{
    const json_t *json = json_array_get(json_object_get(definition, "steps"), index);
    const char *name = jx_string(json, "name");
    if (!name || !jx_string(json, "kind"))
        return sw_fail(SW_CODE_INVALID, "definition: steps[%zu] is not one of this version", index);
    struct plan_step step = { .kind = kind_of(json),
                              .attempts = (int32_t)jx_i64_or(json, "attempts", 1),
                              .backoff = { .base_ms = jx_i64_or(json, "backoff_ms", PRESET_BACKOFF_MS),
                                           .max_ms = jx_i64_or(json, "max_ms", PRESET_MAX_MS),
                                           .jitter_percent = JITTER_PERCENT },
                              .timeout_ms = jx_i64_or(json, "timeout_ms", PRESET_TIMEOUT_MS),
                              .wait_ms = jx_i64_or(json, "wait_ms", 0),
                              .on_unknown = policy_of(json) };
    (void)sw_copy(step.name, sizeof step.name, name); /* validated names fit */
    *ret_step = step;
    return sw_ok();
}

struct sw_status plan_parse(const json_t *definition, struct plan *ret_plan)
{
    struct plan plan = { .step_count = plan_step_count(definition) };
    if (plan.step_count == 0 || plan.step_count > PROTO_MAX_STEPS || jx_i64_or(definition, "version", 0) != 1)
        return sw_fail(SW_CODE_INVALID, "definition: not one of version 1 with 1 to %d steps", PROTO_MAX_STEPS);
    plan.steps = calloc(plan.step_count, sizeof *plan.steps);
    if (!plan.steps)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < plan.step_count; i++) {
        struct sw_status status = plan_parse_step(definition, i, &plan.steps[i]);
        if (sw_failed(status)) {
            plan_release(&plan);
            return status;
        }
    }
    *ret_plan = plan;
    return sw_ok();
}

void plan_release(struct plan *plan)
{
    free(plan->steps);
    *plan = (struct plan){ 0 };
}
