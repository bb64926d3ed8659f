/* SPDX-License-Identifier: Apache-2.0
 * The form in which an incident is declared: what it shows, and what comes back. */
#include "gateway/core/incident_dialog.h"

#include "common/base/text.h"
#include "gateway/core/incident_start.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static json_t *find_block(const json_t *view, const char *id)
{
    size_t index;
    json_t *block;
    json_array_foreach(json_object_get(view, "blocks"), index, block)
    {
        if (sw_equal(jx_string(block, "block_id"), id))
            return block;
    }
    return NULL;
}

static const char *initial(const json_t *view, const char *id)
{
    return jx_string_or(json_object_get(find_block(view, id), "element"), "initial_value", "");
}

static void test_it_shows_what_is_known(void **state)
{
    (void)state;
    JX_AUTO json_t *view = incident_dialog_new(&(struct incident_dialog){ .channel = "C1",
                                                                          .response_url = "https://x.example/1",
                                                                          .from = "d-0123456789abc",
                                                                          .title = "site failed",
                                                                          .service = "site",
                                                                          .priority = 1 });
    assert_string_equal(jx_string(view, "callback_id"), INCIDENT_DIALOG);
    assert_string_equal(initial(view, "title"), "site failed");
    assert_string_equal(initial(view, "service"), "site");
    assert_string_equal(initial(view, "priority"), "P1");
    assert_string_equal(initial(view, "environment"), "");
    assert_true(json_is_false(json_object_get(find_block(view, "title"), "optional")));
    assert_true(json_is_true(json_object_get(find_block(view, "details"), "optional")));
    assert_true(strlen(jx_string(json_object_get(view, "title"), "text")) <= 24);
}

/* Fills a field of a view as Slack sends it back. */
static void fill(json_t *view, const char *block, const char *value)
{
    json_t *values = json_object_get(json_object_get(view, "state"), "values");
    assert_int_equal(json_object_set_new(values, block,
                                         json_pack("{s{ss ss}}", "value", "type", "plain_text_input", "value", value)),
                     0);
}

static json_t *sent_view(void)
{
    json_t *view =
        json_pack("{ss s{s{s{s{ss s[{ss}]}}}}}", "private_metadata",
                  "{\"channel\":\"C1\",\"response_url\":\"https://x.example/1\",\"from\":\"d-0123456789abc\"}", "state",
                  "values", "private", "value", "type", "checkboxes", "selected_options", "value", "private");
    assert_non_null(view);
    return view;
}

static void test_what_is_sent_declares(void **state)
{
    (void)state;
    struct incident_dialog_sent sent;
    JX_AUTO json_t *view = sent_view();
    fill(view, "title", "  checkout fails ");
    fill(view, "priority", "p1");
    fill(view, "service", "site");
    fill(view, "details", "one\ntwo");
    assert_true(incident_dialog_read(view, &sent));
    assert_null(sent.errors);
    JX_AUTO json_t *expected =
        json_pack("{ss si ss sn sb ss ss ss}", "title", "checkout fails", "priority", 1, "service", "site",
                  "environment", "private", 1, "from", "d-0123456789abc", "details", "one\ntwo", "spoken", "start");
    assert_true(json_equal(sent.args, expected));
    assert_string_equal(sent.channel, "C1");
    assert_string_equal(sent.response_url, "https://x.example/1");
    incident_dialog_sent_release(&sent);
}

static void test_a_priority_is_said_as_elsewhere(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        int priority;
    } CASES[] = { { "P1", 1 },   { "p2", 2 },       { "3", 3 },      { " 2 ", 2 },    { "02", 2 },
                  { "high", 1 }, { "CRITICAL", 1 }, { "Normal", 2 }, { "backlog", 4 } };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct incident_dialog_sent sent;
        JX_AUTO json_t *view = sent_view();
        fill(view, "title", "fire");
        fill(view, "priority", CASES[i].said);
        assert_true(incident_dialog_read(view, &sent));
        assert_null(sent.errors);
        assert_int_equal(jx_i64_or(sent.args, "priority", 0), CASES[i].priority);
        incident_dialog_sent_release(&sent);
    }
}

static void expect_error(const char *block, const char *value)
{
    struct incident_dialog_sent sent;
    JX_AUTO json_t *view = sent_view();
    fill(view, "title", "fire");
    fill(view, block, value);
    assert_true(incident_dialog_read(view, &sent));
    print_message("  %s: %.40s\n", block, value);
    assert_null(sent.args);
    assert_int_equal(json_object_size(sent.errors), 1);
    assert_non_null(jx_string(sent.errors, block));
    incident_dialog_sent_release(&sent);
}

static void test_what_is_wrong_is_told_under_its_field(void **state)
{
    (void)state;
    char line[INCIDENT_FORM_TITLE_MAX + 2];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    expect_error("title", "");
    expect_error("title", "  \n ");
    expect_error("title", line);
    expect_error("priority", "urgent");
    expect_error("priority", "P0");
    expect_error("priority", "0");
    expect_error("priority", "p99");
    expect_error("priority", "1 or 2");
    expect_error("priority", "höchste");
    expect_error("service", "two words");
    expect_error("environment", "<!channel>");
}

static void test_nothing_is_needed_but_a_title(void **state)
{
    (void)state;
    struct incident_dialog_sent sent;
    JX_AUTO json_t *view = json_pack("{s{s{}}}", "state", "values");
    fill(view, "title", "fire");
    assert_true(incident_dialog_read(view, &sent));
    assert_string_equal(jx_string(sent.args, "title"), "fire");
    assert_true(json_is_null(json_object_get(sent.args, "priority")));
    assert_true(json_is_null(json_object_get(sent.args, "from")));
    assert_true(json_is_false(json_object_get(sent.args, "private")));
    assert_string_equal(sent.channel, "");
    incident_dialog_sent_release(&sent);
}

static void test_a_button_holds_what_the_form_shows(void **state)
{
    (void)state;
    struct incident_dialog dialog;
    json_t *json;
    char details[3000];
    memset(details, '"', sizeof details - 1); /* each takes two characters of JSON */
    details[sizeof details - 1] = '\0';
    SW_AUTO_FREE char *value = incident_dialog_value_new(
        &(struct incident_dialog){ .from = "d-0123456789abc", .title = "site failed", .details = details });
    assert_true(strlen(value) <= 2000);
    incident_dialog_of_value(value, &dialog, &json);
    assert_string_equal(dialog.from, "d-0123456789abc");
    assert_string_equal(dialog.title, "site failed");
    json_decref(json);
    incident_dialog_of_value("d-0123456789abc", &dialog, &json);
    assert_string_equal(dialog.from, "d-0123456789abc");
    assert_null(json);
    incident_dialog_of_value("{broken", &dialog, &json);
    assert_null(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_shows_what_is_known),
        cmocka_unit_test(test_what_is_sent_declares),
        cmocka_unit_test(test_a_priority_is_said_as_elsewhere),
        cmocka_unit_test(test_what_is_wrong_is_told_under_its_field),
        cmocka_unit_test(test_nothing_is_needed_but_a_title),
        cmocka_unit_test(test_a_button_holds_what_the_form_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
