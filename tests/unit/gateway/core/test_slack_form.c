/* SPDX-License-Identifier: Apache-2.0
 * Form bodies, with every refusal; the unsigned probe; media types. */
#include "gateway/core/slack_form.h"

#include "gateway/core/slack_media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *body, *name, *value; /* value NULL: absent */
} GOOD[] = {
    { "text=a+b", "text", "a b" },
    { "text=a%20b", "text", "a b" },
    { "text=a%2Bb", "text", "a+b" },
    { "text=a%2bb", "text", "a+b" },
    { "command=/weather&text=94070", "command", "/weather" },
    { "command=/weather&text=94070", "text", "94070" },
    { "text=%C3%A9", "text", "\xC3\xA9" },
    { "text=\xC3\xA9", "text", "\xC3\xA9" },
    { "text", "text", "" },
    { "text=", "text", "" },
    { "text=a=b", "text", "a=b" },
    { "text=a;b=c", "text", "a;b=c" },
    { "te%78t=x", "text", "x" },
    { "&&text=x&", "text", "x" },
    { "", "text", NULL },
    { "other=1&other=2", "other", "1" },
};

static void test_what_is_decoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(GOOD); i++) {
        struct slack_form form;
        print_message("  %s\n", GOOD[i].body);
        assert_false(sw_failed(slack_form_parse(GOOD[i].body, strlen(GOOD[i].body), &form)));
        const char *value = slack_form_get(&form, GOOD[i].name);
        if (GOOD[i].value)
            assert_string_equal(value, GOOD[i].value);
        else
            assert_null(value);
        slack_form_release(&form);
    }
}

static void expect_refused(const char *body, size_t length)
{
    struct slack_form form;
    print_message("  %s\n", body);
    assert_int_equal(slack_form_parse(body, length, &form).code, SW_CODE_INVALID);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "text=%",
                                       "text=%1",
                                       "text=%G1",
                                       "text=%1G",
                                       "text=a%00b",
                                       "text=%FF",
                                       "text=\xFF",
                                       "text=%C3",
                                       "text=%ED%A0%80",
                                       "%=x",
                                       "command=/a&payload={}",
                                       "pay%6Coad={}&command=/a" };
    for (size_t i = 0; i < SW_COUNT(bad); i++)
        expect_refused(bad[i], strlen(bad[i]));
    expect_refused("text=a\0b", 8);
}

static void test_a_field_that_decides_stands_once(void **state)
{
    (void)state;
    static const char *const single[] = { "command", "payload",    "ssl_check",  "text",        "team_id",
                                          "user_id", "channel_id", "trigger_id", "response_url" };
    for (size_t i = 0; i < SW_COUNT(single); i++) {
        char body[80];
        (void)snprintf(body, sizeof body, "%s=a&x=1&%s=a", single[i], single[i]);
        expect_refused(body, strlen(body));
    }
}

static void test_64_fields_and_no_more(void **state)
{
    (void)state;
    char body[65 * 4 + 1] = "";
    struct slack_form form;
    for (size_t i = 0; i < 65; i++)
        memcpy(body + 4 * i, "a=1&", 4);
    assert_false(sw_failed(slack_form_parse(body, 64 * 4, &form)));
    assert_int_equal(form.count, 64);
    slack_form_release(&form);
    assert_true(sw_failed(slack_form_parse(body, 65 * 4, &form)));
}

static void test_only_the_bare_probe_is_a_probe(void **state)
{
    (void)state;
    static const char *const probes[] = { "ssl_check=1", "ssl_check=1&token=x", "token=x&ssl_check=1" };
    static const char *const others[] = { "ssl_check=1&payload={}",
                                          "ssl_check=1&command=/deploy",
                                          "ssl_check=1&ssl_check=0",
                                          "ssl_check=true",
                                          "ssl_check=0",
                                          "ssl_check=1&token=x&text=y",
                                          "ssl_check=1&token=%",
                                          "{\"ssl_check\":\"1\"}",
                                          "token=x",
                                          "" };
    for (size_t i = 0; i < SW_COUNT(probes); i++)
        assert_true(slack_form_is_ssl_check(probes[i], strlen(probes[i])));
    for (size_t i = 0; i < SW_COUNT(others); i++) {
        print_message("  %s\n", others[i]);
        assert_false(slack_form_is_ssl_check(others[i], strlen(others[i])));
    }
}

static void test_media_types_have_parameters(void **state)
{
    (void)state;
    assert_int_equal(slack_media_of("application/x-www-form-urlencoded"), SLACK_MEDIA_FORM);
    assert_int_equal(slack_media_of("Application/X-WWW-Form-Urlencoded; charset=utf-8"), SLACK_MEDIA_FORM);
    assert_int_equal(slack_media_of("application/json;charset=utf-8"), SLACK_MEDIA_JSON);
    assert_int_equal(slack_media_of("text/plain"), SLACK_MEDIA_OTHER);
    assert_int_equal(slack_media_of("application/jsonp"), SLACK_MEDIA_OTHER);
    assert_int_equal(slack_media_of(""), SLACK_MEDIA_OTHER);
    assert_int_equal(slack_media_of(NULL), SLACK_MEDIA_OTHER);
    assert_true(slack_encoding_plain(NULL) && slack_encoding_plain("identity"));
    assert_false(slack_encoding_plain("gzip") || slack_encoding_plain("identity, gzip"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_decoded),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_a_field_that_decides_stands_once),
        cmocka_unit_test(test_64_fields_and_no_more),
        cmocka_unit_test(test_only_the_bare_probe_is_a_probe),
        cmocka_unit_test(test_media_types_have_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
