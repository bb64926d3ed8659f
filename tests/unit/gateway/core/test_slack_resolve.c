/* SPDX-License-Identifier: Apache-2.0
 * Dot-words as Slack sends them, and what they say. */
#include "gateway/core/slack_resolve.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *look_up(void *self, const char *channel_id)
{
    (void)self;
    return sw_equal(channel_id, "C67NTMT65") ? "tumblr-breaking-420" : NULL;
}

static const struct {
    const char *typed, *resolved;
} ROWS[] = {
    { "", "" },
    { ".start the site is slow", ".start the site is slow" },
    { ".summary one\n  two  three\n", ".summary one\n  two  three\n" },
    { ".point <@U1234|sally>", ".point <@U1234>" },
    { "<@U1234>", "<@U1234>" },
    { "<#C39NTSKE45|vip-breaking-701>", "#vip-breaking-701" },
    { "<#C67NTMT65>", "#tumblr-breaking-420" },
    { "<#C67NTMT65|>", "#tumblr-breaking-420" }, /* a private channel's label is empty */
    { "<#C00000000>", "<#C00000000>" },
    { "<#C0000000000000000000000000000000000000000>", "<#C0000000000000000000000000000000000000000>" },
    { "<!here> <!channel> <!group> <!everyone>", "@here @channel @group @everyone" },
    { "<!here|here>", "@here" },
    { "<!subteam^S1|@team> <!subteam^S2>", "@team <!subteam^S2>" },
    { "<!date^1392734382^{date}|Feb 18>", "Feb 18" },
    { "<https://example.com/issues/7567|#7567>", "#7567 (https://example.com/issues/7567)" },
    { "<https://example.com/a|https://example.com/a>", "https://example.com/a" },
    { "<https://example.com/a|see https://example.com/a>", "see https://example.com/a" },
    { "<https://example.com/?a=1&amp;b=2>", "https://example.com/?a=1&b=2" },
    { "<https://example.com/?a=1&amp;b=2|https://example.com/?a=1&amp;b=2>", "https://example.com/?a=1&b=2" },
    { "<http://example.com|example.com>", "example.com" },
    { "<mailto:a@b.c|a@b.c>", "a@b.c" },
    { "<mailto:a@b.c>", "a@b.c" },
    { "<mailto:a@b.c|Ann>", "Ann (a@b.c)" },
    { "<tel:+4930123|030 123>", "030 123 (tel:+4930123)" },
    { "a &amp;lt; b", "a &lt; b" },
    { ".blocked x =&gt; y", ".blocked x => y" },
    { "&lt;https://e.com&gt;", "<https://e.com>" }, /* typed signs are no markup */
    { "&lt;!here&gt;", "<!here>" },
    { "a < b", "a < b" },
    { "<>", "<>" },
    { "<@>", "<@>" },
    { "<a b>", "<a b>" },
    { "<https://e.com", "<https://e.com" },
    { "&quot;", "&quot;" },
    { "&am", "&am" },
};

static void test_each_row(void **state)
{
    (void)state;
    const struct slack_channel_names channels = { look_up, NULL };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        char *resolved = NULL;
        print_message("  %s\n", ROWS[i].typed);
        assert_false(sw_failed(slack_resolve(ROWS[i].typed, &channels, &resolved)));
        assert_string_equal(resolved, ROWS[i].resolved);
        free(resolved);
    }
}

static void test_without_a_look_up(void **state)
{
    (void)state;
    char *resolved = NULL;
    assert_false(sw_failed(slack_resolve("<#C67NTMT65>", NULL, &resolved)));
    assert_string_equal(resolved, "<#C67NTMT65>");
    free(resolved);
}

static void test_12000_bytes_and_no_more(void **state)
{
    (void)state;
    char *text = malloc(12002), *resolved = NULL;
    memset(text, '<', 12001);
    text[12000] = '\0';
    assert_false(sw_failed(slack_resolve(text, NULL, &resolved)));
    assert_int_equal(strlen(resolved), 12000);
    free(resolved);
    text[12000] = '<';
    text[12001] = '\0';
    assert_int_equal(slack_resolve(text, NULL, &resolved).code, SW_CODE_TOO_LARGE);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_row),
        cmocka_unit_test(test_without_a_look_up),
        cmocka_unit_test(test_12000_bytes_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
