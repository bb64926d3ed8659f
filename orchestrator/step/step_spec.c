/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/step/step_spec.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/io/fsio.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { SECRET_MAX_BYTES = 64 * 1024 };

static struct sw_status read_fields(struct step_spec *spec)
{
    SW_TRY(jx_need_string(spec->json, "attempt", &spec->attempt));
    SW_TRY(jx_need_string(spec->json, "kind", &spec->kind));
    SW_TRY(jx_need_string(spec->json, "dir", &spec->dir));
    SW_TRY(jx_need_object(spec->json, "env", &spec->env));
    SW_TRY(jx_need_i64(spec->json, "timeout_ms", &spec->timeout_ms));
    spec->grace_ms = jx_i64_or(spec->json, "grace_ms", 10000);
    if (sw_equal(spec->kind, "http"))
        return jx_need_object(spec->json, "http", &spec->http);
    SW_TRY(jx_need_array(spec->json, "argv", &spec->argv));
    size_t count = json_array_size(spec->argv);
    if (count == 0 || count > STEP_MAX_ARGV)
        return sw_fail(SW_CODE_INVALID, "argv: %zu items, allowed are 1 to %d", count, STEP_MAX_ARGV);
    for (size_t i = 0; i < count; i++)
        if (!json_is_string(json_array_get(spec->argv, i)))
            return sw_fail(SW_CODE_INVALID, "argv[%zu]: not a text", i);
    return sw_ok();
}

struct sw_status step_spec_parse(const char *text, size_t length, struct step_spec *ret_spec)
{
    struct step_spec spec = { 0 };
    SW_TRY(sw_wrap(jx_parse(text, length, &spec.json), "spec"));
    struct sw_status status = read_fields(&spec);
    if (sw_failed(status)) {
        step_spec_release(&spec);
        return sw_wrap(status, "spec");
    }
    *ret_spec = spec;
    return sw_ok();
}

static struct sw_status read_secret(const char *dir, const char *name, struct step_secret *ret_secret)
{
    char path[4096];
    size_t length = 0;
    if (!*name || strchr(name, '/') || *name == '.')
        return sw_fail(SW_CODE_CONFIG, "\"%s\" is no name of a secret", name);
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    struct sw_status status = fsio_read(AT_FDCWD, path, SECRET_MAX_BYTES, &ret_secret->value, &length);
    if (sw_failed(status))
        return sw_fail(SW_CODE_CONFIG, "secret \"%s\": %s HINT: put it into SLIPWAY_SECRETS_DIR", name, status.text);
    while (length > 0 && strchr("\r\n", ret_secret->value[length - 1]))
        ret_secret->value[--length] = '\0';
    ret_secret->name = sw_strdup(name);
    return ret_secret->name ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}

struct sw_status step_spec_read_secrets(struct step_spec *spec, const char *secrets_dir)
{
    const json_t *names = json_object_get(spec->json, "secrets");
    size_t count = json_array_size(names);
    spec->secrets = calloc(count + 1, sizeof *spec->secrets);
    if (!spec->secrets)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        SW_TRY(read_secret(secrets_dir, name ? name : "", &spec->secrets[i]));
        spec->secret_count = i + 1;
    }
    return sw_ok();
}

void step_spec_release(struct step_spec *spec)
{
    for (size_t i = 0; i < spec->secret_count; i++) {
        explicit_bzero(spec->secrets[i].value, strlen(spec->secrets[i].value));
        free(spec->secrets[i].value);
        free(spec->secrets[i].name);
    }
    free(spec->secrets);
    json_decref(spec->json);
    *spec = (struct step_spec){ 0 };
}

static struct sw_status add(struct step_environment *environment, const char *name, const char *value)
{
    struct sw_buf entry = { 0 };
    sw_buf_printf(&entry, "%s=%s", name, value);
    char *text = sw_buf_take(&entry);
    if (!text || environment->count == STEP_MAX_ENV) {
        free(text);
        return sw_fail(SW_CODE_TOO_LARGE, "the environment has more than %d variables, or is too long", STEP_MAX_ENV);
    }
    environment->entries[environment->count++] = text;
    return sw_ok();
}

static struct sw_status add_all(struct step_environment *environment, const struct step_spec *spec,
                                const char *status_path, const char *path, const char *home)
{
    const char *name;
    json_t *value;
    if (!json_object_get(spec->env, "PATH"))
        SW_TRY(add(environment, "PATH", path));
    if (!json_object_get(spec->env, "HOME"))
        SW_TRY(add(environment, "HOME", home));
    json_object_foreach((json_t *)(uintptr_t)spec->env, name, value)
    {
        SW_TRY(add(environment, name, json_is_string(value) ? json_string_value(value) : ""));
    }
    for (size_t i = 0; i < spec->secret_count; i++)
        SW_TRY(add(environment, spec->secrets[i].name, spec->secrets[i].value));
    return add(environment, "SLIPWAY_STATUS", status_path);
}

struct sw_status step_environment_init(const struct step_spec *spec, const char *status_path, const char *path,
                                       const char *home, struct step_environment *ret_environment)
{
    *ret_environment = (struct step_environment){ 0 };
    struct sw_status status = add_all(ret_environment, spec, status_path, path, home);
    if (sw_failed(status))
        step_environment_release(ret_environment);
    return status;
}

void step_environment_release(struct step_environment *environment)
{
    for (size_t i = 0; i < environment->count; i++) {
        explicit_bzero(environment->entries[i], strlen(environment->entries[i]));
        free(environment->entries[i]);
    }
    *environment = (struct step_environment){ 0 };
}
