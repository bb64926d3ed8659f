/* SPDX-License-Identifier: Apache-2.0
 * The words behind a command. */
#include "common/base/phrase.h"

#include "common/base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef char *text_to_text(const char *);

static void check(text_to_text *function, const char *given, const char *wanted)
{
    char *found = function(given);
    print_message("  \"%s\"\n", given);
    assert_string_equal(found, wanted);
    free(found);
}

static void test_title_case(void **state)
{
    (void)state;
    check(sw_title_case_new, "hElLo WoRlD", "Hello World");
    check(sw_title_case_new, "  hello    world  ", "  Hello    World  ");
    check(sw_title_case_new, "low-emission", "Low-emission");
    check(sw_title_case_new, "one\ntwo", "One\nTwo");
    check(sw_title_case_new, "", "");
    check(sw_title_case_new, "été", "été");
}

static void test_brackets_and_backquotes(void **state)
{
    (void)state;
    check(sw_unbracket_new, "<https://e.com>", "https://e.com");
    check(sw_unbracket_new, "<https://e.com", "<https://e.com");
    check(sw_unbracket_new, "https://e.com>", "https://e.com>");
    check(sw_unbracket_new, "", "");
    check(sw_unbracket_new, "<", "<");
    check(sw_unbracket_new, "<>", "");
    check(sw_without_backquotes_new, "fix `main` and ```all```", "fix main and all");
    check(sw_without_backquotes_new, "", "");
}

static void test_arrows(void **state)
{
    (void)state;
    static const struct {
        const char *text, *left, *right; /* left NULL: refused */
    } ROWS[] = {
        { "   something with spaces   =>   result with spaces   ", "something with spaces", "result with spaces" },
        { "I don't want to get dressed", "I don't want to get dressed", NULL },
        { "a=>b", "a", "b" },
        { "a =>b", "a", "b" },
        { "foo bar=>baz", "foo bar", "baz" },
        { "a => b => c", "a", "b => c" },
        { "x =>", "x", NULL }, /* no reason was given; the arrow is no part of the name */
        { "x => ", "x", NULL },
        { "a = > b", "a = > b", NULL },
        { "=>x", NULL, NULL },
        { " => x", NULL, NULL },
        { "", NULL, NULL },
        { "  ", NULL, NULL },
        { "vendor => one\ntwo", "vendor", "one\ntwo" },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        char *left = NULL, *right = NULL;
        print_message("  \"%s\"\n", ROWS[i].text);
        struct sw_status status = sw_split_arrow(ROWS[i].text, &left, &right);
        assert_int_equal(status.code, ROWS[i].left ? SW_CODE_NONE : SW_CODE_INVALID);
        if (ROWS[i].left)
            assert_string_equal(left, ROWS[i].left);
        if (ROWS[i].right)
            assert_string_equal(right, ROWS[i].right);
        else
            assert_null(right);
        free(left);
        free(right);
    }
}

static void test_comma_lists(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
        const char *items[4];
    } ROWS[] = {
        { "nasa,lockheed, gmc,  fairchild", 4, { "nasa", "lockheed", "gmc", "fairchild" } },
        { "orange,apple, pair, pair,plum", 5, { "orange", "apple", "pair", "pair" } }, /* the fifth has no room */
        { " auth service ", 1, { "auth service" } },
        { ",,", 0, { NULL } },
        { " , ,", 0, { NULL } },
        { "", 0, { NULL } },
        { "a,,b", 2, { "a", "b" } },
        { "a\n,\tb ", 2, { "a", "b" } },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        char text[64];
        const char *items[4] = { NULL };
        (void)snprintf(text, sizeof text, "%s", ROWS[i].text);
        assert_int_equal(sw_split_commas(text, items, SW_COUNT(items)), ROWS[i].count);
        for (size_t j = 0; j < SW_COUNT(items) && j < ROWS[i].count; j++)
            assert_string_equal(items[j], ROWS[i].items[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_title_case),
        cmocka_unit_test(test_brackets_and_backquotes),
        cmocka_unit_test(test_arrows),
        cmocka_unit_test(test_comma_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
