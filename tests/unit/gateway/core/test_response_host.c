/* SPDX-License-Identifier: Apache-2.0
 * Which response_urls may be called: the list of ways in which others were talked into calling another host. */
#include "gateway/core/response_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char LIST[] = "hooks.slack.com, hooks.slack-gov.com,http://127.0.0.1:3080/";

static const char *const ALLOWED[] = {
    "https://hooks.slack.com/commands/T1/2/3",
    "https://hooks.slack.com:443/actions/T1/2/3?a=b",
    "https://hooks.slack-gov.com/app/x",
    "http://127.0.0.1:3080/commands/x",
};

static const char *const REFUSED[] = {
    "",
    "hooks.slack.com/commands/x",
    "http://hooks.slack.com/commands/x",
    "ftp://hooks.slack.com/x",
    "file:///etc/passwd",
    "HTTPS://hooks.slack.com/x",
    "https://hooks.slack.com",
    "https://hooks.slack.com?x=/",
    "https://hooks.slack.com.evil.example/commands/x",
    "https://evil-hooks.slack.com/x",
    "https://hooks.slack.com:8443/x",
    "https://hooks.slack.com:4430/x",
    "https://hooks.slack.com@evil.example/x",
    "https://user:pass@hooks.slack.com/x",
    "https://evil.example/https://hooks.slack.com/x",
    "https://evil.example?https://hooks.slack.com/x",
    "https://[::1]/x",
    "https://hooks.slack.com./x",
    "https://HOOKS.SLACK.COM/x",
    "https://hooks.slack.com/x#fragment",
    "https://hooks.slack.com\\@evil.example/x",
    "https://hooks.slack.com/x y",
    "https://hooks.slack.com/x\r\nHost: evil",
    "https://127.0.0.1:3080/x",
    "http://127.0.0.1:3081/x",
    "http://127.0.0.1:30800/x",
    "http://127.0.0.1/x",
    "http://127.0.0.1:3080@evil.example/x",
    "https:///x",
    "https://,/x",
};

static void test_slack_and_configured_origins_are_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ALLOWED / sizeof *ALLOWED; i++) {
        print_message("  %s\n", ALLOWED[i]);
        assert_true(response_host_allowed(LIST, ALLOWED[i]));
    }
}

static void test_everything_else_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        print_message("  %s\n", REFUSED[i]);
        assert_false(response_host_allowed(LIST, REFUSED[i]));
    }
}

static void test_a_long_url_is_refused(void **state)
{
    (void)state;
    char url[RESPONSE_URL_MAX + 2];
    memset(url, 'a', sizeof url);
    memcpy(url, "https://hooks.slack.com/", 24);
    url[RESPONSE_URL_MAX] = '\0';
    assert_true(response_host_allowed(LIST, url));
    url[RESPONSE_URL_MAX] = 'a';
    url[RESPONSE_URL_MAX + 1] = '\0';
    assert_false(response_host_allowed(LIST, url));
}

static void test_an_empty_list_allows_nothing(void **state)
{
    (void)state;
    assert_false(response_host_allowed("", ALLOWED[0]));
    assert_false(response_host_allowed(" , ,", ALLOWED[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slack_and_configured_origins_are_allowed),
        cmocka_unit_test(test_everything_else_is_refused),
        cmocka_unit_test(test_a_long_url_is_refused),
        cmocka_unit_test(test_an_empty_list_allows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
