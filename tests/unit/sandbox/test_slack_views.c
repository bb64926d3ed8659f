/* SPDX-License-Identifier: Apache-2.0
 * Views: what a modal must look like, and the stack of one person. */
#include "deploy/sandbox/slack/slack_views.h"

#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_blocks.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>

#define TITLE "\"type\":\"modal\",\"title\":{\"type\":\"plain_text\",\"text\":\"T\"}"
#define SUBMIT "\"submit\":{\"type\":\"plain_text\",\"text\":\"Go\"}"
#define LABEL "\"type\":\"input\",\"label\":{\"type\":\"plain_text\",\"text\":\"L\"}"

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, 0, &error);
    if (!json)
        fail_msg("%s: %s", text, error.text);
    return json;
}

/* expected NULL: nothing is wrong. */
static void assert_verdict(const char *type, const char *text, const char *expected)
{
    JX_AUTO json_t *view = parse(text);
    JX_AUTO json_t *problems = json_array();
    bool valid = slack_view_validate(view, type, problems);
    const char *first = json_string_value(json_array_get(problems, 0));
    assert_int_equal(valid, expected == NULL);
    if (expected || first)
        assert_string_equal(first ? first : "", expected ? expected : "");
}

static void test_what_a_view_must_have(void **state)
{
    (void)state;
    assert_verdict("modal", "{" TITLE ",\"blocks\":[]}", NULL);
    assert_verdict("home", "{\"type\":\"home\",\"blocks\":[{\"type\":\"divider\"}]}", NULL);
    assert_verdict("modal", "{\"type\":\"modal\",\"blocks\":[]}", "missing required field: title [json-pointer:/view]");
    assert_verdict("modal", "{" TITLE "}", "missing required field: blocks [json-pointer:/view]");
    assert_verdict("modal", "{\"type\":\"home\",\"blocks\":[]}", "unsupported type: home [json-pointer:/view/type]");
    assert_verdict("modal", "{" TITLE ",\"blocks\":[],\"colour\":1}",
                   "invalid additional property: colour [json-pointer:/view]");
    assert_verdict("modal", "[]", "must provide an object [json-pointer:/view]");
}

static void test_inputs(void **state)
{
    static const char *const ELEMENTS[] = {
        "{\"type\":\"plain_text_input\",\"multiline\":true,\"min_length\":1,\"max_length\":9,\"initial_value\":\"\"}",
        "{\"type\":\"users_select\",\"initial_user\":\"U1\"}",
        "{\"type\":\"multi_users_select\",\"max_selected_items\":3}",
        "{\"type\":\"datepicker\",\"initial_date\":\"2026-01-31\"}",
        "{\"type\":\"timepicker\",\"initial_time\":\"23:59\"}",
        "{\"type\":\"checkboxes\",\"options\":[{\"text\":{\"type\":\"mrkdwn\",\"text\":\"x\"},\"value\":\"x\"}]}",
        "{\"type\":\"static_select\",\"options\":[{\"text\":{\"type\":\"plain_text\",\"text\":\"x\"},\"value\":\"x\"}]"
        "}",
    };
    char text[600];
    (void)state;
    for (size_t i = 0; i < SW_COUNT(ELEMENTS); i++) {
        (void)snprintf(text, sizeof(text), "{" TITLE "," SUBMIT ",\"blocks\":[{" LABEL ",\"element\":%s}]}",
                       ELEMENTS[i]);
        assert_verdict("modal", text, NULL);
    }
    assert_verdict("modal", "{" TITLE "," SUBMIT ",\"blocks\":[{" LABEL "}]}",
                   "missing required field: element [json-pointer:/view/blocks/0]");
    assert_verdict("modal", "{" TITLE ",\"blocks\":[{" LABEL ",\"element\":{\"type\":\"datepicker\"}}]}",
                   "missing required field: submit [json-pointer:/view]");
}

static void test_a_stack_of_three(void **state)
{
    struct slack_world *world = slack_world_new();
    struct slack_views *views = slack_views_new();
    const struct slack_user *alice = slack_user_find("alice");
    const struct slack_user *bob = slack_user_find("bob");
    const struct slack_user *found = NULL;
    JX_AUTO json_t *view = parse("{" TITLE ",\"blocks\":[{\"type\":\"divider\"}],\"external_id\":\"e\"}");
    (void)state;
    uint64_t before = slack_views_changed(views, alice);
    json_t *root = slack_views_push(views, world, alice, view);
    assert_true(slack_views_changed(views, alice) > before);
    assert_int_equal(slack_views_changed(views, bob), 0);
    assert_ptr_equal(slack_views_find(views, NULL, "e", &found), root);
    assert_ptr_equal(found, alice);
    assert_non_null(jx_string(json_array_get(json_object_get(root, "blocks"), 0), "block_id"));
    assert_non_null(slack_views_push(views, world, alice, view));
    json_t *top = slack_views_push(views, world, alice, view);
    assert_string_equal(jx_string(top, "root_view_id"), jx_string(root, "id"));
    assert_null(slack_views_push(views, world, alice, view));
    slack_views_pop(views, world, alice);
    assert_int_equal(slack_views_depth(views, alice), 2);
    slack_views_clear(views, world, alice);
    slack_views_pop(views, world, alice);
    assert_null(slack_views_at(views, alice, 0));
    slack_views_free(views);
    slack_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_view_must_have),
        cmocka_unit_test(test_inputs),
        cmocka_unit_test(test_a_stack_of_three),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
