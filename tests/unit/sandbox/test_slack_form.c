/* SPDX-License-Identifier: Apache-2.0
 * Forms and arguments: decoding, encoding, and reading one argument from whatever encoding brought it. */
#include "deploy/sandbox/slack/slack_form.h"

#include "common/base/text.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <string.h>

static json_t *parse_new(const char *form)
{
    json_t *args = NULL;
    struct sw_status status = slack_form_parse(form, strlen(form), &args);
    if (sw_failed(status))
        fail_msg("%s: %s", form, status.text);
    return args;
}

static void test_decoding(void **state)
{
    (void)state;
    JX_AUTO json_t *args = parse_new("text=a+b%26c%3Dd&empty=&bare&utf8=%C3%A9&text=last&&slash=/weather");
    assert_string_equal(jx_string(args, "text"), "last");
    assert_string_equal(jx_string(args, "empty"), "");
    assert_string_equal(jx_string(args, "bare"), "");
    assert_string_equal(jx_string(args, "utf8"), "\xC3\xA9");
    assert_string_equal(jx_string(args, "slash"), "/weather");
}

static void test_refusals(void **state)
{
    static const char *const BAD[] = { "a=%", "a=%4", "a=%G1", "a=%00", "a=%FF", "%=a" };
    (void)state;
    for (size_t i = 0; i < SW_COUNT(BAD); i++) {
        json_t *args = NULL;
        struct sw_status status = slack_form_parse(BAD[i], strlen(BAD[i]), &args);
        assert_int_equal(status.code, SW_CODE_INVALID);
        assert_null(args);
    }
}

static void test_round_trip(void **state)
{
    static const char TEXT[] = "a b&c=d%~ \xC3\xA9\n<@U1>";
    SW_AUTO_BUF struct sw_buf form = { 0 };
    (void)state;
    slack_form_append(&form, "text", TEXT);
    slack_form_append(&form, "x", "");
    JX_AUTO json_t *args = parse_new(sw_buf_string(&form));
    assert_string_equal(jx_string(args, "text"), TEXT);
    assert_string_equal(jx_string(args, "x"), "");
}

static void test_arguments_of_both_encodings(void **state)
{
    json_error_t error;
    bool bad = true;
    JX_AUTO json_t *json =
        json_loads("{\"limit\":7,\"on\":true,\"off\":false,\"blocks\":[1],\"n\":null,\"e\":\"\"}", 0, &error);
    JX_AUTO json_t *form = parse_new("limit=7&on=1&off=0&yes=true&blocks=%5B1%5D&broken=%5B");
    (void)state;
    assert_int_equal(slack_arg_i64(json, "limit", 0), 7);
    assert_int_equal(slack_arg_i64(form, "limit", 0), 7);
    assert_int_equal(slack_arg_i64(form, "absent", 3), 3);
    assert_true(slack_arg_bool(json, "on", false) && slack_arg_bool(form, "on", false));
    assert_false(slack_arg_bool(json, "off", true) || slack_arg_bool(form, "off", true));
    assert_true(slack_arg_bool(form, "yes", false));
    assert_null(slack_arg_string(json, "e"));
    JX_AUTO json_t *from_json = slack_arg_json_new(json, "blocks", &bad);
    assert_false(bad);
    JX_AUTO json_t *from_form = slack_arg_json_new(form, "blocks", &bad);
    assert_false(bad);
    assert_true(json_equal(from_json, from_form));
    assert_null(slack_arg_json_new(json, "n", &bad));
    assert_false(bad);
    assert_null(slack_arg_json_new(form, "broken", &bad));
    assert_true(bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_arguments_of_both_encodings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
