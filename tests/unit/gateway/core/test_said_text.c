/* SPDX-License-Identifier: Apache-2.0
 * What people said, as people read it again. */
#include "gateway/core/said_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text, *said;
} VECTORS[] = {
    { "", "" },
    { "  a  b \n", "a  b" },
    { "a\r\n\r\nb", "a\n\nb" },
    { "<@U0123ABCD|ann> in <#C0123|ops>, see <https://a.example/b?c&amp;d>",
      "<@U0123ABCD> in #ops, see https://a.example/b?c&d" },
    { "<!here> <https://a.example|the graph>", "@here the graph (https://a.example)" },
    { "1 &lt; 2 &amp;&amp; 3 &gt; 2, &amp;lt;", "1 < 2 && 3 > 2, &lt;" },
    { "1 < 2 and 3 > 2", "1 < 2 and 3 > 2" },
    { "a\xC2\xA0"
      "b\xE2\x80\x8B"
      "c",
      "a bc" },
    { "<", "<" },
    { "<>", "<>" },
    { "<|>", "<|>" },
    { "<!>", "<!>" },
    { "<@>", "<@>" },
};

static void test_markup_is_resolved(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(VECTORS); i++) {
        SW_AUTO_FREE char *said = NULL;
        assert_false(sw_failed(said_text_resolve(VECTORS[i].text, &said)));
        assert_string_equal(said, VECTORS[i].said);
    }
}

static void test_what_is_too_long_is_refused(void **state)
{
    (void)state;
    char text[4002], *said = NULL;
    memset(text, 'x', sizeof text);
    text[4001] = '\0';
    assert_int_equal(said_text_resolve(text, &said).code, SW_CODE_TOO_LARGE);
    text[4000] = '\0';
    assert_false(sw_failed(said_text_resolve(text, &said)));
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markup_is_resolved),
        cmocka_unit_test(test_what_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
