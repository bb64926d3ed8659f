/* SPDX-License-Identifier: Apache-2.0
 * What the simulator signs is what Slack would sign: the vector of Slack's documentation. And the paths of /site/. */
#include "deploy/sandbox/slack/slack_files.h"
#include "deploy/sandbox/slack/slack_gateway.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

static void test_published_vector(void **state)
{
    static const char BODY[] =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
        "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2F"
        "hooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
        "47445629121.803a0bc887a14d10d2c447fce8b6703c";
    char signature[SLACK_SIGNATURE_SIZE];
    (void)state;
    slack_sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", BODY, signature);
    assert_string_equal(signature, "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
}

static void test_site_paths(void **state)
{
    (void)state;
    assert_true(slack_site_path_ok("staging/"));
    assert_true(slack_site_path_ok("staging/index.html"));
    assert_true(slack_site_path_ok("staging/a..b/c"));
    assert_false(slack_site_path_ok("../secrets"));
    assert_false(slack_site_path_ok("staging/../../etc/passwd"));
    assert_false(slack_site_path_ok("staging/.epoch"));
    assert_false(slack_site_path_ok("/etc/passwd"));
    assert_false(slack_site_path_ok("staging//x"));
    assert_false(slack_site_path_ok(".releases/x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_vector),
        cmocka_unit_test(test_site_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
