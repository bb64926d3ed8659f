/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* cmocka wants those before it */
#include <cmocka.h>

static void test_edits_are_counted(void **state)
{
    (void)state;
    assert_int_equal(sw_edit_distance("deploy", "deploy", 3), 0);
    assert_int_equal(sw_edit_distance("deploy", "deply", 3), 1);
    assert_int_equal(sw_edit_distance("deploy", "depploy", 3), 1);
    assert_int_equal(sw_edit_distance("deploy", "depkoy", 3), 1);
    assert_int_equal(sw_edit_distance("deploy", "delpoy", 3), 1); /* neighbours swapped */
    assert_int_equal(sw_edit_distance("kitten", "sitting", 3), 3);
    assert_int_equal(sw_edit_distance("", "abc", 3), 3);
}

static void test_what_is_farther_than_the_limit_is_one_more_than_it(void **state)
{
    (void)state;
    assert_int_equal(sw_edit_distance("kitten", "sitting", 2), 3);
    assert_int_equal(sw_edit_distance("abcdef", "uvwxyz", 2), 3);
    assert_int_equal(sw_edit_distance("a", "abcdef", 2), 3);  /* their lengths say it */
    assert_int_equal(sw_edit_distance("abcd", "badc", 2), 2); /* two swaps: a row in between is dearer than its end */
}

static void test_the_nearest_is_found_if_it_is_near(void **state)
{
    static const char *const WORDS[] = { "status", "queue", "cancel" };
    (void)state;
    assert_string_equal(sw_nearest("satus", WORDS, 3), "status");
    assert_string_equal(sw_nearest("cancle", WORDS, 3), "cancel");
    assert_null(sw_nearest("banana", WORDS, 3));
}

static void test_what_is_printed_is_cut_between_characters(void **state)
{
    (void)state;
    char text[8];
    assert_true(sw_print(text, sizeof text, "%s", "abcdefg"));
    assert_false(sw_print(text, sizeof text, "%s", "abcdeéf")); /* the eighth byte would be the second of é */
    assert_string_equal(text, "abcdeé");
    assert_false(sw_print(text, sizeof text, "%s", "abcdef😀"));
    assert_string_equal(text, "abcdef");
    assert_true(sw_print(text, sizeof text, "`%.4s`", "abcé"));
    assert_string_equal(text, "`abc`");
    assert_true(sw_print(text, sizeof text,
                         "a\xFF"
                         "b%s",
                         ""));
    assert_string_equal(text, "ab");
}

static void test_capitals(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        { "", "" },
        { "site is down, 2nd time", "SITE IS DOWN, 2ND TIME" },
        { "café is  down", "café IS  DOWN" },
        { "это db", "это DB" },
        { "can’t pay — 🔥 東 x", "CAN’T PAY — 🔥 東 X" },
        { "see https://a.example/b now", "SEE https://a.example/b NOW" },
        { "ask (<@U1>) <now>", "ASK (<@U1>) <NOW>" },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        char *capitals = sw_capitals_new(ROWS[i][0]);
        assert_string_equal(capitals, ROWS[i][1]);
        free(capitals);
    }
}

static void test_capitals_do_not_matter(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
    } ROWS[] = {
        { "", "", 0 },         { "a", "A", 0 },         { "Bob", "alice", 1 },      { "alice", "Bob", -1 },
        { "a", "ab", -1 },     { "ÜBUNG", "übung", 0 }, { "Ærø", "æRØ", 0 },        { "×", "÷", -1 },
        { "ŁÓDŹ", "łódź", 0 }, { "Ÿ", "ÿ", 0 },         { "ΑΘΉΝΑΣ", "αθήνας", 0 },  { "Москва", "МОСКВА", 0 },
        { "Ёлка", "ёЛКА", 0 }, { "Київ", "КИЇВ", 0 },   { "東京", "東京", 0 },      { "东", "東", -1 },
        { "ı", "I", 1 },       { "\xFF", "\xFF", 0 },   { "\xC3", "\xC3\xA9", -1 }, { "z", "é", -1 },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        print_message("  %s %s\n", ROWS[i].a, ROWS[i].b);
        assert_int_equal(sw_compare_folded(ROWS[i].a, ROWS[i].b), ROWS[i].order);
        assert_int_equal(sw_compare_folded(ROWS[i].b, ROWS[i].a), -ROWS[i].order);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edits_are_counted),
        cmocka_unit_test(test_what_is_farther_than_the_limit_is_one_more_than_it),
        cmocka_unit_test(test_the_nearest_is_found_if_it_is_near),
        cmocka_unit_test(test_what_is_printed_is_cut_between_characters),
        cmocka_unit_test(test_capitals),
        cmocka_unit_test(test_capitals_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
