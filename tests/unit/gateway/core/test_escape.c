/* SPDX-License-Identifier: Apache-2.0
 * What other people wrote cannot become a mention, a link or a broken message. */
#include "gateway/core/escape.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    enum escape_kind kind;
    const char *text;
    size_t max_units;
    const char *escaped;
} ROWS[] = {
    { ESCAPE_LINE, "", 10, "" },
    { ESCAPE_LINE, "main", 4, "main" },
    { ESCAPE_LINE, "<!channel>", 100, "&lt;!channel&gt;" },
    { ESCAPE_LINE, "a && b", 100, "a &amp;&amp; b" },
    { ESCAPE_LINE, "&amp;", 100, "&amp;amp;" },
    { ESCAPE_LINE, "a\nb\tc\x01", 100, "a b c " },
    { ESCAPE_TEXT, "a\nb", 100, "a\nb" },
    { ESCAPE_BLOCK, "a\n```b", 100, "a\nˋˋˋb" },
    { ESCAPE_TEXT, "the `word` and ```block```", 100, "the `word` and ˋˋˋblockˋˋˋ" },
    { ESCAPE_LINE, "the `word`", 100, "the ˋwordˋ" },
    { ESCAPE_LINE,
      "\xE2\x80\xAE"
      "evil\xC2\x85",
      100, " evil " },
    { ESCAPE_LINE, "bad \xFF byte", 100, "bad \xEF\xBF\xBD byte" },
    { ESCAPE_LINE, "abcdefgh", 6, "abcd…" },
    { ESCAPE_LINE, "abc&def", 8, "abc…" },      /* never half an entity */
    { ESCAPE_LINE, "ééééé", 4, "éé…" },         /* nor half a character */
    { ESCAPE_LINE, "😀😀😀", 4, "😀…" },            /* two units each */
    { ESCAPE_TEXT, "`abcdefgh`", 6, "`abc…`" }, /* nor an open code span */
    { ESCAPE_LINE, "abc", 0, "" },
    { ESCAPE_SAID, "ask <@U12AB> in <#C1>, not <!channel> or <@u1>", 100,
      "ask <@U12AB> in <#C1>, not &lt;!channel&gt; or &lt;@u1&gt;" },
    { ESCAPE_SAID, "see https://a.example/b?c=1&d=2, and `x`", 100, "see <https://a.example/b?c=1&amp;d=2>, and ˋxˋ" },
    { ESCAPE_SAID, "(http://a.example/)", 100, "(<http://a.example/>)" },
    { ESCAPE_SAID, "https:// and javascript:x", 100, "https:// and javascript:x" },
    { ESCAPE_SAID, "a <@U12345678>", 10, "a …" }, /* a mention is never cut */
    { ESCAPE_SENTENCE, "say `.help`\n<@U1>", 100, "say `.help`\n<@U1>" },
    { ESCAPE_SENTENCE, "type `.pr https://a.example/7`, or see https://b.example/", 100,
      "type `.pr https://a.example/7`, or see <https://b.example/>" },
    { ESCAPE_SENTENCE, "```https://a.example/", 100, "ˋˋˋ<https://a.example/>" },
    { ESCAPE_PLAIN, "a & b\n<c> `d`", 100, "a & b <c> `d`" },
};

static void test_each_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        struct sw_buf SW_AUTO_BUF buf = { 0 };
        print_message("  %s\n", ROWS[i].text);
        escape_put(&buf, ROWS[i].kind, ROWS[i].text, ROWS[i].max_units);
        assert_string_equal(sw_buf_string(&buf), ROWS[i].escaped);
    }
}

static void test_links_and_channels(void **state)
{
    (void)state;
    struct sw_buf SW_AUTO_BUF buf = { 0 };
    escape_put_link(&buf, "https://a.example/?x=1&y", "a|b <c>", 50);
    escape_put_link(&buf, "https://a.example/", NULL, 50);
    escape_put_link(&buf, "javascript:alert(1)", "click", 50);
    escape_put_link(&buf, "https://a b", NULL, 50);
    escape_put_channel(&buf, "C123");
    escape_put_channel(&buf, "<!channel>");
    assert_string_equal(sw_buf_string(&buf), "<https://a.example/?x=1&amp;y|a/b &lt;c&gt;><https://a.example/>click"
                                             "https://a b<#C123>`&lt;!channel&gt;`");
}

/* Entities and characters that a text may be cut in, at every length. */
static void test_no_cut_is_ever_too_long_or_invalid(void **state)
{
    (void)state;
    static const char *const TEXTS[] = { "<<<<>>>>&&&&", "é<😀>`x`&`y", "a\nb<c", "````````" };
    for (size_t i = 0; i < SW_COUNT(TEXTS); i++)
        for (int kind = ESCAPE_TEXT; kind <= ESCAPE_BLOCK; kind++)
            for (size_t max = 0; max < 60; max++) {
                struct sw_buf SW_AUTO_BUF buf = { 0 };
                escape_put(&buf, (enum escape_kind)kind, TEXTS[i], max);
                const char *text = sw_buf_string(&buf);
                assert_true(escape_units(text) <= max);
                assert_true(sw_utf8_valid(text, strlen(text)));
                assert_null(strpbrk(text, "<>"));
                for (const char *at = strchr(text, '&'); at; at = strchr(at + 1, '&'))
                    assert_true(sw_starts_with(at, "&lt;") || sw_starts_with(at, "&gt;") ||
                                sw_starts_with(at, "&amp;"));
            }
}

static void test_what_stands_before_is_kept(void **state)
{
    (void)state;
    struct sw_buf SW_AUTO_BUF buf = { 0 };
    sw_buf_puts(&buf, "step ");
    escape_put(&buf, ESCAPE_LINE, "abcdef", 4);
    assert_string_equal(sw_buf_string(&buf), "step ab…");
}

static void test_mentions_are_made_of_ids_alone(void **state)
{
    (void)state;
    static const char *const ROW[][2] = {
        { "U012AB", "<@U012AB>" }, { "W1", "<@W1>" },  { "", "" },
        { "U1>x", "`U1&gt;x`" },   { "cli", "`cli`" }, { "U", "`U`" },
    };
    for (size_t i = 0; i < SW_COUNT(ROW); i++) {
        struct sw_buf SW_AUTO_BUF buf = { 0 };
        escape_put_user(&buf, ROW[i][0]);
        assert_string_equal(sw_buf_string(&buf), ROW[i][1]);
    }
}

static void test_times_are_tokens_with_a_fallback_in_utc(void **state)
{
    (void)state;
    struct sw_buf SW_AUTO_BUF buf = { 0 };
    escape_put_time(&buf, 1767225600123, 1767225601000);
    assert_string_equal(sw_buf_string(&buf), "<!date^1767225600^{time_secs}|2026-01-01 00:00:00 UTC>");
    sw_buf_clear(&buf);
    escape_put_time(&buf, 1767225600123, 1767325601000);
    assert_non_null(strstr(sw_buf_string(&buf), "{date_short_pretty} {time}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_row),
        cmocka_unit_test(test_links_and_channels),
        cmocka_unit_test(test_no_cut_is_ever_too_long_or_invalid),
        cmocka_unit_test(test_what_stands_before_is_kept),
        cmocka_unit_test(test_mentions_are_made_of_ids_alone),
        cmocka_unit_test(test_times_are_tokens_with_a_fallback_in_utc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
