/* SPDX-License-Identifier: Apache-2.0
 * The form that asks for the text of a word: within Slack's limits, and what a sent one says. */
#include "gateway/core/incident_ask.h"

#include "common/base/text.h"
#include "gateway/core/modal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID "i-0123456789abc"
#define URL "https://hooks.slack.com/actions/1"

static json_t *form_new(const char *verb)
{
    const struct incident_ask ask = { .row = incident_row_find(verb, strlen(verb)),
                                      .target = ID,
                                      .text = "as it was",
                                      .channel = "C1",
                                      .response_url = URL };
    json_t *view = incident_ask_new(&ask);
    assert_non_null(view);
    return view;
}

/* https://docs.slack.dev/reference/views/modal-views */
static void test_every_word_has_a_form_within_the_limits(void **state)
{
    (void)state;
    for (size_t i = 0; i < INCIDENT_TABLE_COUNT; i++) {
        JX_AUTO json_t *view = form_new(INCIDENT_TABLE[i].verb);
        const json_t *block = json_array_get(json_object_get(view, "blocks"), 0);
        assert_string_equal(jx_string(view, "callback_id"), INCIDENT_ASK_FORM);
        assert_in_range(strlen(jx_string(json_object_get(view, "title"), "text")), 1, 24);
        assert_in_range(strlen(jx_string(view, "private_metadata")), 1, 3000);
        assert_in_range(strlen(jx_string(json_object_get(block, "label"), "text")), 1, 2000);
        assert_string_equal(jx_string(json_object_get(block, "element"), "initial_value"), "as it was");
    }
}

static json_t *sent_new(const char *verb, const char *text)
{
    json_t *view = form_new(verb);
    json_t *state = json_pack("{s{s{s{ss}}}}", "values", INCIDENT_ASK_BLOCK, MODAL_ACTION, "value", text);
    assert_true(jx_set_take(view, "state", state));
    return view;
}

static void check(const char *verb, const char *text, const char *said)
{
    JX_AUTO json_t *view = sent_new(verb, text);
    struct incident_ask_sent sent;
    assert_true(incident_ask_read(view, &sent));
    assert_null(sent.wrong);
    assert_string_equal(sent.channel, "C1");
    assert_string_equal(sent.response_url, URL);
    assert_int_equal(sent.parsed.outcome, COMMAND_PUBLISH);
    assert_string_equal(sent.parsed.workflow, ID);
    assert_string_equal(jx_string(sent.parsed.args, "verb"), verb);
    assert_string_equal(jx_string(sent.parsed.args, "text"), said);
    incident_ask_sent_release(&sent);
}

static void test_what_is_said(void **state)
{
    (void)state;
    check("summary", " It <burns>.\nStill & yet. ", "It <burns>.\nStill & yet.");
    check("title", "in two\nlines", "in two lines");
}

static void check_wrong(const char *text)
{
    JX_AUTO json_t *view = sent_new("summary", text);
    struct incident_ask_sent sent;
    assert_true(incident_ask_read(view, &sent));
    assert_non_null(sent.wrong);
    incident_ask_sent_release(&sent);
}

static void test_nothing_and_too_much(void **state)
{
    (void)state;
    char *text = calloc(1, 4000);
    memset(text, 'x', 3001);
    check_wrong(" \n ");
    check_wrong(text);
    free(text);
}

static void test_a_form_of_another_version_is_told_so(void **state)
{
    (void)state;
    static const char *const metadata[] = { "", "x", "{}", "{\"verb\":\"nothing\"}" };
    for (size_t i = 0; i < SW_COUNT(metadata); i++) {
        JX_AUTO json_t *view = json_pack("{ss}", "private_metadata", metadata[i]);
        struct incident_ask_sent sent;
        assert_false(incident_ask_read(view, &sent));
        assert_string_equal(sent.channel, "");
        incident_ask_sent_release(&sent);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_word_has_a_form_within_the_limits),
        cmocka_unit_test(test_what_is_said),
        cmocka_unit_test(test_nothing_and_too_much),
        cmocka_unit_test(test_a_form_of_another_version_is_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
