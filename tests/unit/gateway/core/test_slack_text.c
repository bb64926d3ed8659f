/* SPDX-License-Identifier: Apache-2.0
 * What people type, as Slack and their keyboards send it, made fit for parsing. */
#include "gateway/core/slack_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *typed, *normal;
} ROWS[] = {
    { "", "" },
    { "   ", "" },
    { "  site \t  main\n", "site main" },
    { "a“b”", "a\"b\"" },
    { "a‘b’", "a'b'" },
    { "—namespace=x", "--namespace=x" },
    { "site –env", "site --env" },
    { "a—b", "a—b" },
    { "a — b", "a — b" },
    { "site\xC2\xA0main\xE2\x80\xAFto", "site main to" },
    { "\xEF\xBB\xBFsi\xE2\x80\x8Bte\xE2\x81\xA0", "site" },
    { "<@U1|n>", "@U1" },
    { "<@U012ABCDEF>", "@U012ABCDEF" },
    { "<#C1|>", "#C1" },
    { "<#C123|name>", "#C123" },
    { "<!subteam^S123|@grp>", "!subteam^S123" },
    { "<!here>", "!here" },
    { "<https://a|b>", "https://a" },
    { "<https://a>", "https://a" },
    { "U=<https://a/?x=1&amp;y=2>", "U=https://a/?x=1&y=2" },
    { "<http://v1.example|v1.example>", "v1.example" },
    { "<mailto:main@v1.example|main@v1.example>", "main@v1.example" },
    { "&amp;lt;", "&lt;" },
    { "a &lt;b&gt; &amp; c", "a <b> & c" },
    { "&lt;@U1&gt;", "<@U1>" },
    { "&quot;", "&quot;" },
    { "<nonsense", "<nonsense" },
    { "<>", "<>" },
    { "<@nobody>", "<@nobody>" },
    { "a < b > c", "a < b > c" },
};

static void test_each_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        char *normal = NULL;
        print_message("  %s\n", ROWS[i].typed);
        assert_false(sw_failed(slack_text_normalise(ROWS[i].typed, &normal)));
        assert_string_equal(normal, ROWS[i].normal);
        free(normal);
    }
}

static void test_4000_bytes_and_no_more(void **state)
{
    (void)state;
    char text[4002], *normal = NULL;
    memset(text, 'a', sizeof text);
    text[4000] = '\0';
    assert_false(sw_failed(slack_text_normalise(text, &normal)));
    assert_int_equal(strlen(normal), 4000);
    free(normal);
    text[4000] = 'a';
    text[4001] = '\0';
    assert_int_equal(slack_text_normalise(text, &normal).code, SW_CODE_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_row),
        cmocka_unit_test(test_4000_bytes_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
