/* SPDX-License-Identifier: Apache-2.0
 * response_urls: five posts within thirty minutes, each payload its own. */
#include "deploy/sandbox/slack/slack_hooks.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <string.h>

static void test_five_uses(void **state)
{
    struct slack_hooks *hooks = slack_hooks_new();
    const struct slack_hook template = { .user = "U1", .channel = "C1" };
    struct slack_hook *hook = slack_hooks_mint(hooks, &template, 1000);
    (void)state;
    for (int i = 0; i < SLACK_HOOK_USES; i++)
        assert_null(slack_hook_use(hook, 1000 + SLACK_HOOK_LIFE_MS));
    assert_string_equal(slack_hook_use(hook, 1000), "used_url");
    slack_hooks_free(hooks);
}

static void test_thirty_minutes(void **state)
{
    struct slack_hooks *hooks = slack_hooks_new();
    const struct slack_hook template = { .is_action = true };
    struct slack_hook *hook = slack_hooks_mint(hooks, &template, 1000);
    (void)state;
    assert_string_equal(slack_hook_use(hook, 1001 + SLACK_HOOK_LIFE_MS), "expired_url");
    assert_int_equal(hook->uses, 0);
    slack_hooks_free(hooks);
}

static void test_paths(void **state)
{
    struct slack_hooks *hooks = slack_hooks_new();
    const struct slack_hook command = { 0 };
    const struct slack_hook action = { .is_action = true };
    struct slack_hook *a = slack_hooks_mint(hooks, &command, 0);
    struct slack_hook *b = slack_hooks_mint(hooks, &action, 0);
    (void)state;
    assert_int_equal(strncmp(a->path, "/commands/T0SANDBOX01/", 22), 0);
    assert_int_equal(strncmp(b->path, "/actions/T0SANDBOX01/", 21), 0);
    assert_ptr_equal(slack_hooks_find(hooks, b->path), b);
    assert_null(slack_hooks_find(hooks, "/commands/x"));
    assert_null(slack_hooks_find(hooks, ""));
    slack_hooks_reset(hooks);
    assert_null(slack_hooks_find(hooks, "/commands/T0SANDBOX01/100001/0"));
    slack_hooks_free(hooks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_five_uses),
        cmocka_unit_test(test_thirty_minutes),
        cmocka_unit_test(test_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
