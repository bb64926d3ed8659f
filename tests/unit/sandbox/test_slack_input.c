/* SPDX-License-Identifier: Apache-2.0
 * What is entered into a view, as view.state.values says it. */
#include "deploy/sandbox/slack/slack_input.h"

#include "common/base/text.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#define OPTIONS "\"options\":[{\"text\":{\"type\":\"plain_text\",\"text\":\"High\"},\"value\":\"1\"}]"
#define CHOSEN "{\"text\":{\"text\":\"High\",\"type\":\"plain_text\"},\"value\":\"1\"}"

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_DECODE_ANY, &error);
    if (!json)
        fail_msg("%s: %s", text, error.text);
    return json;
}

/* raw NULL: nothing was entered. expected NULL: it is refused. */
static void assert_value(const char *element_text, const char *raw_text, const char *expected)
{
    JX_AUTO json_t *element = parse(element_text);
    JX_AUTO json_t *raw = raw_text ? parse(raw_text) : NULL;
    const char *problem = NULL;
    JX_AUTO json_t *value = slack_input_value_new(element, raw, &problem);
    SW_AUTO_FREE char *text = value ? jx_dump_new(value) : NULL;
    assert_int_equal(problem == NULL, expected != NULL);
    if (!sw_equal(text, expected))
        fail_msg("%s: %s instead of %s", element_text, text ? text : "refused", expected ? expected : "refused");
}

static void test_each_kind(void **state)
{
    (void)state;
    assert_value("{\"type\":\"plain_text_input\"}", "\"x\"", "{\"type\":\"plain_text_input\",\"value\":\"x\"}");
    assert_value("{\"type\":\"plain_text_input\"}", "\"\"", "{\"type\":\"plain_text_input\",\"value\":null}");
    assert_value("{\"type\":\"plain_text_input\",\"initial_value\":\"i\"}", NULL,
                 "{\"type\":\"plain_text_input\",\"value\":\"i\"}");
    assert_value("{\"type\":\"plain_text_input\",\"initial_value\":\"i\"}", "null",
                 "{\"type\":\"plain_text_input\",\"value\":null}");
    assert_value("{\"type\":\"static_select\"," OPTIONS "}", "\"High\"",
                 "{\"selected_option\":" CHOSEN ",\"type\":\"static_select\"}");
    assert_value("{\"type\":\"radio_buttons\"," OPTIONS "}", "\"1\"",
                 "{\"selected_option\":" CHOSEN ",\"type\":\"radio_buttons\"}");
    assert_value("{\"type\":\"checkboxes\"," OPTIONS "}", "[\"1\"]",
                 "{\"selected_options\":[" CHOSEN "],\"type\":\"checkboxes\"}");
    assert_value("{\"type\":\"checkboxes\"," OPTIONS "}", NULL, "{\"selected_options\":[],\"type\":\"checkboxes\"}");
    assert_value("{\"type\":\"users_select\"}", "\"U1\"", "{\"selected_user\":\"U1\",\"type\":\"users_select\"}");
    assert_value("{\"type\":\"multi_users_select\"}", "[\"U1\",\"U2\"]",
                 "{\"selected_users\":[\"U1\",\"U2\"],\"type\":\"multi_users_select\"}");
    assert_value("{\"type\":\"datepicker\",\"initial_date\":\"2026-01-31\"}", NULL,
                 "{\"selected_date\":\"2026-01-31\",\"type\":\"datepicker\"}");
    assert_value("{\"type\":\"timepicker\"}", "\"23:59\"", "{\"selected_time\":\"23:59\",\"type\":\"timepicker\"}");
    assert_value("{\"type\":\"datetimepicker\"}", "1700000000",
                 "{\"selected_date_time\":1700000000,\"type\":\"datetimepicker\"}");
}

static void test_refusals(void **state)
{
    (void)state;
    assert_value("{\"type\":\"static_select\"," OPTIONS "}", "\"Low\"", NULL);
    assert_value("{\"type\":\"checkboxes\"," OPTIONS "}", "\"1\"", NULL);
    assert_value("{\"type\":\"multi_users_select\"}", "[1]", NULL);
    assert_value("{\"type\":\"plain_text_input\"}", "5", NULL);
    assert_value("{\"type\":\"button\"}", "\"x\"", NULL);
}

#define INPUT(id, more) "{\"type\":\"input\",\"block_id\":\"" id "\"," more "}"
#define TEXT_INPUT "\"element\":{\"type\":\"plain_text_input\",\"action_id\":\"a\",\"min_length\":2,\"max_length\":3}"

static void assert_errors(const char *values_text, const char *expected)
{
    JX_AUTO json_t *view =
        parse("{\"blocks\":[" INPUT("must", TEXT_INPUT) "," INPUT("may", "\"optional\":true," TEXT_INPUT) "]}");
    JX_AUTO json_t *values = parse(values_text);
    JX_AUTO json_t *errors = json_object();
    JX_AUTO json_t *entered = slack_input_state_new(view, values, errors);
    SW_AUTO_FREE char *text = jx_dump_new(errors);
    assert_non_null(entered);
    assert_string_equal(text, expected);
}

static void test_what_a_client_keeps(void **state)
{
    (void)state;
    assert_errors("{\"must\":\"\xC3\xA9\xC3\xA9\xC3\xA9\"}", "{}");
    assert_errors("{\"must\":{\"a\":\"xy\"},\"may\":null}", "{}");
    assert_errors("{}", "{\"must\":\"Please complete this required field.\"}");
    assert_errors("{\"must\":\"x\",\"may\":\"four\"}",
                  "{\"may\":\"Your entry is too long.\",\"must\":\"Your entry is too short.\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_what_a_client_keeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
