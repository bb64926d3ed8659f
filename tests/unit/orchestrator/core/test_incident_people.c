/* SPDX-License-Identifier: Apache-2.0
 * Who is told and brought in when somebody else's word is about them. */
#include "tests/unit/orchestrator/core/incident_bench.h"

/* ---- roles that change hands ---- */

/* U1 has point; whoever speaks next takes or gives it. */
static void test_who_loses_a_role_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *speaker, *verb, *said, *user; /* user: who was mentioned */
        const char *to;                           /* NULL: nobody need be told */
    } CASES[] = {
        { "U2", "point", "", NULL, "U2" },         { "U2", "point", "", "U3", "U3" },
        { "U2", "handover", "point", "U3", "U3" }, { "U2", "unset", "point", NULL, "" },
        { "U2", "comms", "", NULL, NULL },         { "U1", "point", "", "U3", NULL },
        { "U1", "unset", "point", NULL, NULL },    { "U1", "handover", "", "U3", NULL },
        { "U2", "point", "", "U1", NULL },
    };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct bench bench;
        bench_start(&bench);
        assert_true(bench_done(&bench, "point", ""));
        bench.user = CASES[i].speaker;
        bench.origin = "modal"; /* pressed: the answer is the presser's alone */
        json_t *args = json_pack("{ss ss}", "verb", CASES[i].verb, "text", CASES[i].said);
        if (CASES[i].user)
            json_object_set_new(args, "user", json_pack("{ss ss}", "id", CASES[i].user, "kind", "human"));
        assert_false(sw_failed(bench_command_with(&bench, "incident", args)));
        const json_t *post = bench_order(&bench, "post", "role_moved", "C42");
        assert_int_equal(post != NULL, CASES[i].to != NULL);
        if (post) {
            assert_string_equal(jx_string(json_object_get(post, "data"), "from"), "U1");
            assert_string_equal(jx_string(json_object_get(post, "data"), "to"), CASES[i].to);
            assert_non_null(strstr(jx_string(post, "text"), "<@U1>, you are no longer on point"));
        }
        bench_close(&bench);
    }
}

static void test_who_loses_the_review_is_told(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_true(bench_done(&bench, "assign", ""));
    bench.user = "U2";
    assert_true(bench_done(&bench, "assign", ""));
    assert_non_null(bench_order(&bench, "post", "role_moved", "C42"));
    bench_close(&bench);
}

/* ---- blockers ---- */

static void test_who_is_waited_for_is_brought_in_and_told(void **state)
{
    (void)state;
    static const struct {
        const char *said, *people; /* "": nobody is invited or told */
    } CASES[] = {
        { "<@U2> => a new disk", "U2" },
        { "<@U2> and <@W3>, <@U2> => a new disk", "U2,W3" },
        { "<@U1>", "" }, /* the speaker knows */
        { "<@U1> or <@U2>", "U2" },
        { "the network team => ask <@U2>", "" },
        { "bob <@bob> <@U> <@U2", "" },
    };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct bench bench;
        char told[64] = "";
        bench_start(&bench);
        assert_true(bench_done(&bench, "blocked", CASES[i].said));
        const json_t *invite = bench_order(&bench, "invite", NULL, "C42");
        const json_t *post = bench_order(&bench, "post", "waits_for_you", "C42");
        const json_t *people = json_object_get(json_object_get(post, "data"), "people");
        for (size_t j = 0; j < json_array_size(people); j++)
            (void)snprintf(told + strlen(told), sizeof told - strlen(told), "%s%s", j ? "," : "",
                           json_string_value(json_array_get(people, j)));
        assert_string_equal(told, CASES[i].people);
        assert_int_equal(invite != NULL, *CASES[i].people != '\0');
        if (invite)
            assert_true(json_equal(json_object_get(invite, "users"), people));
        bench_close(&bench);
    }
}

/* ---- what is pressed ---- */

static void test_its_channel_reads_that_it_is_mitigated(void **state)
{
    (void)state;
    static const struct {
        const char *origin, *channel;
        bool told;
    } CASES[] = { { "dot", "C42", false }, /* the answer stands there */
                  { "modal", "C42", true },
                  { "modal", "CMAIN", true },
                  { "slash", "C42", true },
                  { "dot", "CMAIN", true } };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct bench bench;
        bench_start(&bench);
        bench.origin = CASES[i].origin;
        bench.channel = CASES[i].channel;
        assert_true(bench_done(&bench, "mitigate", ""));
        assert_int_equal(bench_order(&bench, "post", "mitigated", "C42") != NULL, CASES[i].told);
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_loses_a_role_is_told),
        cmocka_unit_test(test_who_loses_the_review_is_told),
        cmocka_unit_test(test_who_is_waited_for_is_brought_in_and_told),
        cmocka_unit_test(test_its_channel_reads_that_it_is_mitigated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
