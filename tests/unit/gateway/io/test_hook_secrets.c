/* SPDX-License-Identifier: Apache-2.0
 * The secrets of webhooks: which variables name a source, and what is wrong with them. */
#include "gateway/io/hook_secrets.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECRET "0123456789abcdef"

static const char *lookup(void *self, const char *name)
{
    for (char *const *variable = self; *variable; variable++)
        if (sw_starts_with(*variable, name) && (*variable)[strlen(name)] == '=')
            return *variable + strlen(name) + 1;
    return NULL;
}

static struct sw_status read_file(void *self, const char *path, char **ret_text)
{
    (void)self;
    if (!sw_equal(path, "/secret"))
        return sw_fail(SW_CODE_CONFIG, "there is no such file");
    *ret_text = sw_strdup(SECRET "-of-a-file\n");
    return sw_ok();
}

static struct sw_status load(const char *const *environment, struct hook_secrets *ret_secrets)
{
    char *variables[8] = { NULL };
    for (size_t i = 0; environment[i]; i++)
        variables[i] = (char *)(uintptr_t)environment[i]; /* read alone */
    const struct sw_settings_source source = { .lookup = lookup, .read_file = read_file, .self = variables };
    return hook_secrets_load(variables, &source, ret_secrets);
}

static void test_values_and_files(void **state)
{
    (void)state;
    struct hook_secrets secrets;
    static const char *const environment[] = { "PATH=/bin",
                                               "SLIPWAY_HOOK_SECRET_GRAFANA=" SECRET,
                                               "SLIPWAY_HOOK_SECRET_MY_MONITOR_FILE=/secret",
                                               "SLIPWAY_HOOK_SECRET_GRAFANA_FILE=/secret",
                                               "SLIPWAY_LISTEN=x",
                                               NULL };
    assert_false(sw_failed(load(environment, &secrets)));
    assert_int_equal(secrets.count, 2);
    assert_string_equal(secrets.list[0].source, "grafana");
    assert_string_equal(secrets.list[0].secret, SECRET);
    assert_string_equal(secrets.list[1].source, "my-monitor");
    assert_string_equal(secrets.list[1].secret, SECRET "-of-a-file");
    hook_secrets_release(&secrets);
}

static void test_what_is_wrong_names_the_variable_and_not_the_secret(void **state)
{
    (void)state;
    static const char *const wrong[] = { "SLIPWAY_HOOK_SECRET_A=short!",
                                         "SLIPWAY_HOOK_SECRET_A=", "SLIPWAY_HOOK_SECRET_A_FILE=/nowhere",
                                         "SLIPWAY_HOOK_SECRET_A.B=" SECRET };
    for (size_t i = 0; i < SW_COUNT(wrong); i++) {
        struct hook_secrets secrets;
        struct sw_status status = load((const char *const[]){ wrong[i], NULL }, &secrets);
        assert_int_equal(status.code, SW_CODE_CONFIG);
        assert_non_null(strstr(status.text, "SLIPWAY_HOOK_SECRET_A"));
        assert_null(strstr(status.text, "short!"));
        assert_null(strstr(status.text, SECRET));
    }
}

static void test_none_is_fine(void **state)
{
    (void)state;
    struct hook_secrets secrets;
    assert_false(sw_failed(load((const char *const[]){ "PATH=/bin", NULL }, &secrets)));
    assert_int_equal(secrets.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_and_files),
        cmocka_unit_test(test_what_is_wrong_names_the_variable_and_not_the_secret),
        cmocka_unit_test(test_none_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
