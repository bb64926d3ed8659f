/* SPDX-License-Identifier: Apache-2.0
 * The incident's table: its way from declaration to archive, the ways back, and what is refused in each state. */
#include "tests/unit/orchestrator/core/incident_bench.h"

static void test_the_way_through_life(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_int_equal(bench.wf->state, INCIDENT_STARTED);
    assert_true(bench_done(&bench, "point", ""));
    assert_int_equal(bench.wf->state, INCIDENT_STARTED); /* one of the two is not enough */
    assert_true(bench_done(&bench, "comms", ""));
    assert_int_equal(bench.wf->state, INCIDENT_ACKNOWLEDGED);
    assert_true(bench_event(&bench, "acknowledged"));
    bench_fill(&bench);
    bench.now_ms += 10 * BENCH_MINUTE;
    assert_true(bench_done(&bench, "mitigate", ""));
    assert_int_equal(bench.wf->state, INCIDENT_MITIGATED);
    assert_true(bench_done(&bench, "resolve", ""));
    assert_int_equal(bench.wf->state, INCIDENT_RESOLVED);
    assert_true(bench_done(&bench, "ready", ""));
    assert_int_equal(bench.wf->state, INCIDENT_READY_FOR_REVIEW);
    assert_true(bench_done(&bench, "complete", ""));
    assert_int_equal(bench.wf->state, INCIDENT_COMPLETED);
    assert_int_equal(bench_timer_due(&bench, "archive"), bench.now_ms + 60 * BENCH_MINUTE);
    bench.now_ms += 60 * BENCH_MINUTE;
    assert_false(sw_failed(bench_timer(&bench, "archive")));
    assert_int_equal(bench.wf->state, INCIDENT_ARCHIVED);
    assert_null(bench_order(&bench, "archive", NULL, NULL)); /* the last word is answered first */
    bench.now_ms += 5000;
    assert_false(sw_failed(bench_timer(&bench, INCIDENT_ORDERS_TIMER)));
    assert_non_null(bench_order(&bench, "archive", NULL, "C42"));
    assert_false(bench.wf->final); /* until that is done */
    bench_answer_orders(&bench);
    assert_true(bench.wf->final);
    bench_close(&bench);
}

/* What is said, in order ("verb" or "verb text"), and the state in which it ends; '!' before the last: it is refused.
 */
static const struct {
    const char *name, *said;
    enum incident_state state;
} WAYS[] = {
    { "F2: nobody can acknowledge without both", "comms", INCIDENT_STARTED },
    { "F4: mitigate at once", "mitigate", INCIDENT_MITIGATED },
    { "F4: resolve at once", "resolve", INCIDENT_RESOLVED },
    { "F4: cancel at once", "cancel", INCIDENT_CANCELLED },
    { "F5: no review at once", "!ready", INCIDENT_STARTED },
    { "F5: no completion at once", "!complete", INCIDENT_STARTED },
    { "F5: no archive at once", "!archive", INCIDENT_STARTED },
    { "F7: unblocking leads back to the start", "blocked x;unblock 1", INCIDENT_STARTED },
    { "F7: to acknowledged", "ack;blocked x;unblock 1", INCIDENT_ACKNOWLEDGED },
    { "F7: to mitigated", "mitigate;blocked x;unblock 1", INCIDENT_MITIGATED },
    { "one of two blockers", "blocked x;blocked y;unblock 1", INCIDENT_BLOCKED },
    { "all blockers", "blocked x;blocked y;unblock_all", INCIDENT_STARTED },
    { "the same blocker again", "blocked x;unblock 1;blocked x", INCIDENT_BLOCKED },
    { "H8: blocked is not resolved", "blocked x;!resolve", INCIDENT_BLOCKED },
    { "blocked is not mitigated", "blocked x;!mitigate", INCIDENT_BLOCKED },
    { "roles are taken while it is blocked", "blocked x;point;comms", INCIDENT_BLOCKED },
    { "and count when it is unblocked", "blocked x;point;comms;unblock 1", INCIDENT_ACKNOWLEDGED },
    { "F10: block when mitigated", "mitigate;blocked x", INCIDENT_BLOCKED },
    { "F11: cancel when acknowledged", "ack;cancel", INCIDENT_CANCELLED },
    { "F11: cancel when mitigated", "mitigate;cancel", INCIDENT_CANCELLED },
    { "F11: cancel when resolved", "resolve;cancel", INCIDENT_CANCELLED },
    { "H32: cancel when blocked", "blocked x;cancel", INCIDENT_CANCELLED },
    { "F13: a P4 needs no review", "p 4;resolve;complete", INCIDENT_COMPLETED },
    { "F13: a P1 does", "p 1;resolve;!complete", INCIDENT_RESOLVED },
    { "F14: unresolve", "resolve;unresolve", INCIDENT_MITIGATED },
    { "F16: completed is not cancelled", "p 4;resolve;complete;!cancel", INCIDENT_COMPLETED },
    { "F17: cancelled is not restarted", "cancel;!restart", INCIDENT_CANCELLED },
    { "H11: cancelled is not unresolved", "cancel;!unresolve", INCIDENT_CANCELLED },
    { "archived stays so", "cancel;archive;!uncancel", INCIDENT_ARCHIVED },
    { "uncancel to the start", "cancel;uncancel", INCIDENT_STARTED },
    { "uncancel to blocked", "blocked x;cancel;uncancel", INCIDENT_BLOCKED },
    { "uncancel to resolved", "resolve;cancel;uncancel", INCIDENT_RESOLVED },
    { "uncancel to mitigated", "mitigate;cancel;uncancel", INCIDENT_MITIGATED },
    { "H34: restart when mitigated", "mitigate;restart", INCIDENT_ACKNOWLEDGED },
    { "H34: restart when resolved", "resolve;restart", INCIDENT_ACKNOWLEDGED },
    { "H35: restart when acknowledged", "ack;!restart", INCIDENT_ACKNOWLEDGED },
    { "H31: ready when mitigated", "mitigate;!ready", INCIDENT_MITIGATED },
    { "mitigated again", "mitigate;!mitigate", INCIDENT_MITIGATED },
    { "H50: a time that cannot be read", "!mitigate garbage", INCIDENT_STARTED },
    { "H50: and then all is possible", "mitigate garbage;mitigate", INCIDENT_MITIGATED },
    { "H51: in the review, with a priority that needs none", "resolve;next;p 4;complete", INCIDENT_COMPLETED },
    { "H51: or cancelled", "resolve;next;p 4;cancel", INCIDENT_CANCELLED },
    { "the review's pages keep nobody from unresolving", "resolve;next;unresolve", INCIDENT_MITIGATED },
    { "keep", "cancel;keep", INCIDENT_CANCELLED },
};

static bool say_word(struct bench *bench, const char *word)
{
    char verb[64];
    (void)snprintf(verb, sizeof verb, "%.*s", (int)strcspn(word, " "), word);
    const char *text = word + strlen(verb) + (word[strlen(verb)] == ' ');
    return bench_done(bench, sw_equal(verb, "p") ? "priority" : verb, text);
}

static void walk(struct bench *bench, const char *name, const char *said)
{
    char all[256], *rest = all;
    (void)sw_copy(all, sizeof all, said);
    for (char *word; (word = strsep(&rest, ";"));) {
        bool refused = *word == '!', last = !rest;
        bool done = say_word(bench, word + refused);
        if (last && done == refused)
            fail_msg("%s: \"%s\" was %s", name, word, done ? "done" : "refused");
        bench->now_ms += BENCH_MINUTE;
    }
}

static void test_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(WAYS); i++) {
        struct bench bench;
        bench_start(&bench);
        walk(&bench, WAYS[i].name, WAYS[i].said);
        if (bench.wf->state != (int32_t)WAYS[i].state)
            fail_msg("%s: it is %s", WAYS[i].name, incident_state_name((enum incident_state)bench.wf->state));
        bench_close(&bench);
    }
}

/* ---- every pair ---- */

static const char *const TO_STATE[INCIDENT_STATE_COUNT] = {
    [INCIDENT_STARTED] = "note here we are",
    [INCIDENT_ACKNOWLEDGED] = "ack",
    [INCIDENT_MITIGATED] = "mitigate",
    [INCIDENT_BLOCKED] = "blocked x",
    [INCIDENT_RESOLVED] = "resolve",
    [INCIDENT_READY_FOR_REVIEW] = "point;comms;assign;summary s;genesis now;detected now;component c;resolve;ready",
    [INCIDENT_COMPLETED] = "p 4;resolve;complete",
    [INCIDENT_CANCELLED] = "cancel",
    [INCIDENT_ARCHIVED] = "cancel;archive",
};

static bool has_row(enum incident_state state, enum incident_input input)
{
    for (size_t i = 0; i < INCIDENT_TRANSITION_COUNT; i++)
        if (INCIDENT_TRANSITIONS[i].state == state && INCIDENT_TRANSITIONS[i].input == input)
            return true;
    return false;
}

static void go_to(struct bench *bench, enum incident_state state)
{
    bench_start(bench);
    char all[256], *rest = all;
    (void)sw_copy(all, sizeof all, TO_STATE[state]);
    for (char *word; (word = strsep(&rest, ";"));)
        if (!say_word(bench, word))
            fail_msg("\"%s\": %s", word, bench_reply(bench)->text);
    bench_answer_orders(bench);
    assert_int_equal(bench->wf->state, state);
}

static void test_a_pair_without_a_row_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    for (int from = 0; from < INCIDENT_STATE_COUNT; from++) {
        struct bench bench;
        go_to(&bench, (enum incident_state)from);
        for (size_t i = 0; i < incident_verb_count(); i++) {
            const struct incident_verb *verb = incident_verb_at(i);
            if (has_row((enum incident_state)from, verb->input))
                continue;
            JX_AUTO json_t *before = json_incref(bench.wf->facts);
            if (!sw_equal(bench_say(&bench, verb->name, "1")->name, "refused"))
                fail_msg("%s in %s", verb->name, incident_state_name((enum incident_state)from));
            assert_true(json_equal(before, bench.wf->facts));
            assert_int_equal(bench.update.effect_count, 1);
            assert_string_equal(bench_reply(&bench)->reaction, "exclamation");
            assert_true(strlen(bench_reply(&bench)->text) > 10);
            assert_non_null(bench_reply(&bench)->hint);
        }
        bench_close(&bench);
    }
}

/* Apart from archived, which is the end, something leads on from every state. */
static void test_no_state_is_a_trap(void **state)
{
    (void)state;
    static const char *const ONWARD[] = { "mitigate", "resolve",   "unblock_all", "ready",    "complete",
                                          "cancel",   "unresolve", "restart",     "uncancel", "archive" };
    for (int from = 0; from < INCIDENT_STATE_COUNT; from++) {
        bool leads_on = false;
        for (size_t i = 0; i < SW_COUNT(ONWARD) && from != INCIDENT_ARCHIVED; i++) {
            struct bench bench;
            go_to(&bench, (enum incident_state)from);
            leads_on = (bench_done(&bench, ONWARD[i], "") && bench.wf->state != from) || leads_on;
            bench_close(&bench);
        }
        assert_true(leads_on || from == INCIDENT_ARCHIVED);
    }
}

/* A long random walk: every turn is answered, the state agrees with the record, ids have no gaps (bench_check). */
static void test_a_random_walk_keeps_its_word(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "", "1", "now", "5 minutes ago", "a, b", "x => y", "garbage \xc3\xbc", "#2 z"
    };
    uint32_t random = 12345;
    struct bench bench;
    bench_start(&bench);
    for (int i = 0; i < 3000; i++) {
        random = random * 1664525u + 1013904223u;
        const struct incident_verb *verb = incident_verb_at((random >> 8) % incident_verb_count());
        bench.now_ms += (random >> 4) % 100000;
        (void)bench_say(&bench, verb->name, TEXTS[(random >> 20) % SW_COUNT(TEXTS)]);
        if (i % 7 == 0)
            bench_answer_orders(&bench);
        if (bench.wf->state == INCIDENT_ARCHIVED || i % 500 == 499) {
            bench_close(&bench);
            bench_start(&bench);
        }
    }
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_way_through_life),
        cmocka_unit_test(test_ways),
        cmocka_unit_test(test_a_pair_without_a_row_is_refused_and_changes_nothing),
        cmocka_unit_test(test_no_state_is_a_trap),
        cmocka_unit_test(test_a_random_walk_keeps_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
