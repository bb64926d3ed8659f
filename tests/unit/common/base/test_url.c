/* SPDX-License-Identifier: Apache-2.0
 * Addresses that people type, made comparable. */
#include "common/base/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *typed, *url; /* NULL: no URL */
} ROWS[] = {
    { "https://example.com", "https://example.com/" },
    { "HTTP://EXAMPLE.com/a b", "http://example.com/a%20b" },
    { "foo:bar", "foo:bar" },
    { "FOO:Bar", "foo:Bar" },
    { "  https://example.com/a  ", "https://example.com/a" },
    { "https://example.com/A/B?C=D#E", "https://example.com/A/B?C=D#E" },
    { "https://example.com?x=1", "https://example.com/?x=1" },
    { "https://example.com#top", "https://example.com/#top" },
    { "https://Example.com:443/a", "https://example.com/a" },
    { "https://example.com:8443/a", "https://example.com:8443/a" },
    { "http://example.com:443/", "http://example.com:443/" },
    { "https://Ann:Secret@Example.com/", "https://Ann:Secret@example.com/" },
    { "https://[2001:DB8::1]:443/", "https://[2001:db8::1]/" },
    { "https://example.com/a%20b%2Fc", "https://example.com/a%20b%2Fc" },
    { "https://example.com/é\"<>", "https://example.com/%C3%A9%22%3C%3E" },
    { "https://example.com/a|b", "https://example.com/a%7Cb" },
    { "slack://channel?team=T1&id=C1", "slack://channel/?team=T1&id=C1" },
    { "mailto:ann@example.com", "mailto:ann@example.com" },
    { "git+ssh://git@Example.com/a.git", "git+ssh://git@example.com/a.git" },
    { "file:///etc/hosts", "file:///etc/hosts" },
    { "note: the disk is full", NULL },
    { "the disk is full", NULL },
    { "example.com/a", NULL },
    { "//example.com/a", NULL },
    { "https:example.com", NULL },
    { "https://", NULL },
    { "https:///a", NULL },
    { "https://exa mple.com/", NULL },
    { "https://example.com/a\nb", NULL },
    { "javascript:alert(1)", NULL },
    { "JavaScript:alert(1)", NULL },
    { "data:text/html,x", NULL },
    { "1http://example.com", NULL },
    { "foo:", NULL },
    { ":", NULL },
    { "", NULL },
    { "   ", NULL },
};

static void test_each_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        char *url = NULL;
        struct sw_status status = sw_url_normalise(ROWS[i].typed, &url);
        print_message("  %s: %s\n", ROWS[i].typed, url ? url : status.text);
        assert_int_equal(status.code, ROWS[i].url ? SW_CODE_NONE : SW_CODE_INVALID);
        if (ROWS[i].url)
            assert_string_equal(url, ROWS[i].url);
        free(url);
    }
}

static void test_twice_is_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        char *once = NULL, *twice = NULL;
        if (!ROWS[i].url)
            continue;
        assert_false(sw_failed(sw_url_normalise(ROWS[i].typed, &once)));
        assert_false(sw_failed(sw_url_normalise(once, &twice)));
        assert_string_equal(once, twice);
        free(once);
        free(twice);
    }
}

static void test_the_longest(void **state)
{
    (void)state;
    char text[SW_URL_MAX + 2], *url = NULL;
    memset(text, '"', sizeof text);
    memcpy(text, "https://e.com/", 14);
    text[SW_URL_MAX] = '\0';
    assert_false(sw_failed(sw_url_normalise(text, &url)));
    free(url);
    text[SW_URL_MAX] = 'a';
    text[SW_URL_MAX + 1] = '\0';
    assert_int_equal(sw_url_normalise(text, &url).code, SW_CODE_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_row),
        cmocka_unit_test(test_twice_is_the_same),
        cmocka_unit_test(test_the_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
