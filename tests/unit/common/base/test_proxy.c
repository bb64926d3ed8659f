/* SPDX-License-Identifier: Apache-2.0
 * HTTPS_PROXY and NO_PROXY, in the forms that people write. */
#include "common/base/proxy.h"

#include "common/base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text, *host;
    int32_t port;
    const char *user;
} GOOD[] = {
    { "http://proxy.example:3128", "proxy.example", 3128, "" },
    { "HTTP://proxy.example:3128/", "proxy.example", 3128, "" },
    { "proxy.example:8080", "proxy.example", 8080, "" },
    { "proxy.example", "proxy.example", 1080, "" },
    { "http://10.0.0.1:1", "10.0.0.1", 1, "" },
    { "http://[::1]:3128", "[::1]", 3128, "" },
    { "http://me:secret@proxy.example:3128", "proxy.example", 3128, "me:secret" },
    { "http://me:p%40ss%3A%zz@proxy.example:3128", "proxy.example", 3128, "me:p@ss:%zz" },
    { "http://me:p@ss@proxy.example:3128", "proxy.example", 3128, "me:p@ss" },
};

static void test_proxies_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(GOOD); i++) {
        struct sw_proxy proxy;
        assert_false(sw_failed(sw_proxy_parse(GOOD[i].text, &proxy)));
        assert_string_equal(proxy.host, GOOD[i].host);
        assert_int_equal(proxy.port, GOOD[i].port);
        assert_string_equal(proxy.user, GOOD[i].user);
    }
}

static void test_what_is_no_http_proxy_is_refused_without_its_password(void **state)
{
    (void)state;
    static const char *const bad[] = { "https://me:secret@proxy:1",
                                       "socks5h://me:secret@proxy:1080",
                                       "http://",
                                       "me:secret@:3128",
                                       "http://proxy:0",
                                       "http://proxy:x",
                                       "http://[::1:3128",
                                       "http://proxy:70000" };
    for (size_t i = 0; i < SW_COUNT(bad); i++) {
        struct sw_proxy proxy;
        struct sw_status status = sw_proxy_parse(bad[i], &proxy);
        assert_int_equal(status.code, SW_CODE_CONFIG);
        assert_null(strstr(status.text, "secret"));
    }
}

static void test_too_long_a_password_is_refused(void **state)
{
    (void)state;
    char text[200] = "http://";
    memset(text + 7, 'x', 120);
    memcpy(text + 127, "@proxy:1", 9);
    struct sw_proxy proxy;
    assert_int_equal(sw_proxy_parse(text, &proxy).code, SW_CODE_CONFIG);
}

static void test_hosts_without_a_proxy(void **state)
{
    (void)state;
    assert_false(sw_proxy_bypassed(NULL, "slack.com"));
    assert_false(sw_proxy_bypassed("", "slack.com"));
    assert_true(sw_proxy_bypassed("*", "slack.com"));
    assert_true(sw_proxy_bypassed("localhost, slack.com", "slack.com"));
    assert_true(sw_proxy_bypassed("localhost,SLACK.com", "wss-primary.slack.com"));
    assert_true(sw_proxy_bypassed(".slack.com", "slack.com"));
    assert_true(sw_proxy_bypassed("127.0.0.1", "127.0.0.1"));
    assert_false(sw_proxy_bypassed("slack.com", "notslack.com"));
    assert_false(sw_proxy_bypassed("wss.slack.com", "slack.com"));
    assert_false(sw_proxy_bypassed(".", "slack.com"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxies_are_read),
        cmocka_unit_test(test_what_is_no_http_proxy_is_refused_without_its_password),
        cmocka_unit_test(test_too_long_a_password_is_refused),
        cmocka_unit_test(test_hosts_without_a_proxy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
