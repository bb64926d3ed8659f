/* SPDX-License-Identifier: Apache-2.0
 * What a client makes of typed text. */
#include "deploy/sandbox/slack/slack_typed.h"

#include "common/base/text.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

static void assert_typed(enum slack_typed_as as, const char *text, const char *expected)
{
    struct slack_world *world = slack_world_new();
    SW_AUTO_FREE char *typed = slack_typed_new(world, text, as);
    assert_string_equal(typed, expected);
    slack_world_free(world);
}

static void test_message(void **state)
{
    (void)state;
    assert_typed(SLACK_TYPED_MESSAGE, ".ai a => b & <c>", ".ai a =&gt; b &amp; &lt;c&gt;");
    assert_typed(SLACK_TYPED_MESSAGE, "@alice, see #general", "<@U0ALICE0001>, see <#C0GENERAL01|general>");
    assert_typed(SLACK_TYPED_MESSAGE, "#security (@bob)", "<#C0SECURITY1|> (<@U0BOB000001>)");
    assert_typed(SLACK_TYPED_MESSAGE, "@here @oncall @nobody a@bob", "<!here> <!subteam^S0ONCALL001> @nobody a@bob");
    assert_typed(SLACK_TYPED_MESSAGE, "see https://a.example/?x=1&y=2.", "see <https://a.example/?x=1&amp;y=2>.");
    assert_typed(SLACK_TYPED_MESSAGE, "", "");
    assert_typed(SLACK_TYPED_MESSAGE, "@", "@");
}

static void test_command(void **state)
{
    (void)state;
    assert_typed(SLACK_TYPED_COMMAND, "site @alice #deploys", "site <@U0ALICE0001> <#C0DEPLOYS01|deploys>");
    assert_typed(SLACK_TYPED_COMMAND, "A=<b> @here https://x.example", "A=<b> @here https://x.example");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message),
        cmocka_unit_test(test_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
