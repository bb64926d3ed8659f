/* SPDX-License-Identifier: Apache-2.0
 * What the gateway itself says: private, with the id first, sure only of what is sure, everything escaped. */
#include "gateway/core/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ID "d-0123456789abc"

static const struct answer_subject SUBJECT = { "/deploy", ID, "/check_status", "7F3A" };

/* Of a private answer; the reference is dropped by the caller. */
static const char *text_of(const json_t *answer)
{
    assert_string_equal(jx_string(answer, "response_type"), "ephemeral");
    return jx_string(answer, "text");
}

static json_t *taken(const char *typed)
{
    struct command_names names;
    struct command_parsed parsed;
    command_names_preset(&names);
    command_parse(&names, COMMAND_DEPLOY, typed, &parsed);
    json_t *answer = answer_taken(&parsed, &SUBJECT);
    command_parsed_release(&parsed);
    return answer;
}

static void test_the_id_is_the_first_code_word(void **state)
{
    (void)state;
    JX_AUTO json_t *answer = taken("site main to staging");
    const char *first = strchr(text_of(answer), '`');
    assert_memory_equal(first, "`" ID "`", strlen(ID) + 2);
    assert_string_equal(text_of(answer),
                        "Got it: deployment `" ID "` of *site* to *staging*, version `main`. Its place "
                        "in line follows here; `/check_status " ID "` tells its state at any time.");
}

static void test_what_was_not_said_is_left_out(void **state)
{
    (void)state;
    JX_AUTO json_t *answer = taken("");
    assert_non_null(strstr(text_of(answer), "deployment `" ID "`. Its place"));
}

static void test_questions_and_verbs_have_their_words(void **state)
{
    (void)state;
    JX_AUTO json_t *glass = taken("break-glass " ID " it mends");
    assert_string_equal(text_of(glass), "Got it: break-glass of `" ID "`. The answer follows here.");
    JX_AUTO json_t *cancel = taken("cancel " ID), *status = taken("status " ID), *line = taken("queue");
    assert_string_equal(text_of(cancel), "Got it: cancel of `" ID "`. The answer follows here.");
    assert_string_equal(text_of(status), "Looking up `" ID "`. The answer follows here.");
    assert_string_equal(text_of(line), "Looking; the answer follows here.");
}

static void test_what_people_typed_is_escaped(void **state)
{
    (void)state;
    JX_AUTO json_t *answer = taken("status &lt;!channel&gt;");
    assert_null(strchr(text_of(answer), '<'));
    JX_AUTO json_t *target = taken("cancel &lt;!here&gt;&amp;");
    assert_non_null(strstr(text_of(target), "`&lt;!here&gt;&amp;`"));
    struct command_error error = { .what = "<!channel>", .why = "a & b", .hint = "c", .code = "E-X" };
    JX_AUTO json_t *wrong = answer_wrong(&error);
    assert_string_equal(text_of(wrong), "&lt;!channel&gt;\na &amp; b\nc\nE-X");
}

static void test_nothing_was_started_is_said_only_when_sure(void **state)
{
    (void)state;
    JX_AUTO json_t *none = answer_nothing_started(&SUBJECT), *unsure = answer_unsure(&SUBJECT);
    JX_AUTO json_t *late = answer_confirmed_late(&SUBJECT), *never = answer_never_confirmed(&SUBJECT);
    assert_string_equal(text_of(none),
                        ":warning: Could not queue `/deploy`: the command bus is unavailable. Nothing was started. "
                        "Ref 7F3A. Try again in a minute.\nE-BUS-DOWN");
    assert_non_null(strstr(text_of(unsure), "not confirmed yet"));
    assert_non_null(strstr(text_of(unsure), "`" ID "`"));
    assert_non_null(strstr(text_of(late), "it was queued"));
    assert_non_null(strstr(text_of(never), "not confirmed"));
    assert_null(strstr(text_of(unsure), "Nothing was started"));
    assert_null(strstr(text_of(never), "Nothing was started"));
}

static void test_a_message_with_buttons_keeps_them(void **state)
{
    (void)state;
    JX_AUTO json_t *answer = answer_beside_original(answer_nothing_started(&SUBJECT));
    assert_true(json_is_false(json_object_get(answer, "replace_original")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_id_is_the_first_code_word),
        cmocka_unit_test(test_what_was_not_said_is_left_out),
        cmocka_unit_test(test_questions_and_verbs_have_their_words),
        cmocka_unit_test(test_what_people_typed_is_escaped),
        cmocka_unit_test(test_nothing_was_started_is_said_only_when_sure),
        cmocka_unit_test(test_a_message_with_buttons_keeps_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
