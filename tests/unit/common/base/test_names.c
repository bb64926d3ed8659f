/* SPDX-License-Identifier: Apache-2.0
 * How people are named. */
#include "common/base/names.h"

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

static void test_arguments_for_people(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *argument;
    } ROWS[] = {
        { "<@U123ABC456>", "U123ABC456" },
        { "<@W987XYZ654>", "W987XYZ654" },
        { "U123ABC456", "U123ABC456" },
        { " <@U123ABC456> ", "U123ABC456" },
        { "<@U123ABC456|sally>", "U123ABC456" },
        { "@U123ABC456", "U123ABC456" },
        { "alice", "alice" },
        { "@alice", "@alice" },
        { "<@U123ABC456> and me", "<@U123ABC456> and me" },
        { "<@U12>", "<@U12>" },
        { "<@U123ABC456", "<@U123ABC456" },
        { "<@U12345678901234567890>", "<@U12345678901234567890>" },
        { "<@>", "<@>" },
        { "<", "<" },
        { "", "" },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++)
        check(sw_user_argument_new, ROWS[i].typed, ROWS[i].argument);
}

static void test_names_that_ping_nobody(void **state)
{
    (void)state;
    static const struct {
        const char *name, *quiet;
    } ROWS[] = {
        { "a", "a" },
        { "xi", "x.i" },
        { "john", "j.ohn" },
        { "matt smith", "m.att smit.h" },
        { " ab", "a.b" },
        { "", "" },
        { "  ", "" },
        { "a b", "a. .b" },
        { "élan", "é.lan" },
        { "李明", "李.明" },
        { "é", "é" },
        { "ana lucía", "a.na lucí.a" },
        { "zoë noë", "z.oë no.ë" },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++)
        check(sw_quiet_name_new, ROWS[i].name, ROWS[i].quiet);
}

static void test_leads(void **state)
{
    (void)state;
    static const struct {
        const char *point, *comms, *leads;
    } ROWS[] = {
        { "ezra", "ezra", "e.zra on point and comms" },
        { "ezra", NULL, "e.zra on point" },
        { NULL, "peter", "p.eter on comms" },
        { "ezra", "peter", "e.zra on point, p.eter on comms" },
        { NULL, NULL, "" },
        { " ", "", "" },
        { "ezra ", "ezra", "e.zra on point and comms" },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        char *leads = sw_leads_new(ROWS[i].point, ROWS[i].comms);
        assert_string_equal(leads, ROWS[i].leads);
        free(leads);
    }
}

static void test_sorting_keeps_equals_in_order(void **state)
{
    (void)state;
    const char *names[] = { "bob", "Charlie", "alice", "Bob", "charlie", "BOB", "" };
    static const char *const SORTED[] = { "", "alice", "bob", "Bob", "BOB", "Charlie", "charlie" };
    sw_names_sort(names, SW_COUNT(names));
    for (size_t i = 0; i < SW_COUNT(SORTED); i++)
        assert_string_equal(names[i], SORTED[i]);
    sw_names_sort(names, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arguments_for_people),
        cmocka_unit_test(test_names_that_ping_nobody),
        cmocka_unit_test(test_leads),
        cmocka_unit_test(test_sorting_keeps_equals_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
