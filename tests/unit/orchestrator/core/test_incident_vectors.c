/* SPDX-License-Identifier: Apache-2.0
 * What is said, what it answers and what others hear: tables of whole dialogues, and what holds whatever was said. */
#include "tests/unit/orchestrator/core/incident_bench.h"

/* ---- who hears what ---- */

/* "card@channel" of the posts of the last turn, in order. */
static void list_posts(const struct bench *bench, struct sw_buf *posts)
{
    for (size_t i = 0; i < bench->update.effect_count; i++) {
        const json_t *order = bench->update.effects[i].order;
        if (order && sw_equal(jx_string(order, "verb"), "post"))
            sw_buf_printf(posts, "%s%s@%s", posts->length ? " " : "", jx_string_or(order, "card", ""),
                          jx_string_or(order, "channel", ""));
    }
}

static bool say_word(struct bench *bench, const char *word)
{
    char verb[64];
    (void)snprintf(verb, sizeof verb, "%.*s", (int)strcspn(word, " "), word);
    bool done = bench_done(bench, verb, word + strlen(verb) + (word[strlen(verb)] == ' '));
    bench->now_ms += BENCH_MINUTE;
    return done;
}

static void say_all(struct bench *bench, const char *said)
{
    char all[256], *rest = all;
    (void)sw_copy(all, sizeof all, said);
    for (char *word; (word = strsep(&rest, ";"));) {
        bool done = say_word(bench, word);
        if (rest && !done)
            fail_msg("%s: %s", word, bench_reply(bench)->text);
    }
}

static const struct {
    const char *name;
    int priority;
    const char *said, *posts;
} HEARD[] = {
    { "K10: a high one is cancelled", 2, "cancel",
      "cancelled@C42 announce_cancelled@CMAIN announce_cancelled@CNOTIFY" },
    { "K10: a low one", 4, "cancel", "cancelled@C42 announce_cancelled@CMAIN" },
    { "K11: a high one is restarted", 2, "mitigate;restart",
      "restarted@C42 announce_restarted@CMAIN announce_restarted@CNOTIFY" },
    { "K11: a low one", 3, "mitigate;restart", "restarted@C42 announce_restarted@CMAIN" },
    { "resolved, high", 1, "resolve", "resolved@C42 announce_resolved@CMAIN announce_resolved@CNOTIFY" },
    { "resolved, low", 3, "resolve", "resolved@C42 announce_resolved@CMAIN" },
    { "not resolved after all", 1, "resolve;unresolve", "unresolved@C42 unresolved@CMAIN unresolved@CNOTIFY" },
    { "not cancelled after all", 3, "cancel;uncancel", "uncancelled@C42 uncancelled@CMAIN" },
    { "raised", 3, "priority 1", "announce_raised@CMAIN announce_raised@CNOTIFY" },
    { "lowered", 1, "priority 3", "" },
    { "an update of a high one", 1, "notify x", "comm_update@CNOTIFY" },
    { "an update of a low one", 3, "notify x", "" },
    { "completed", 4, "resolve;complete", "completed@C42" },
    { "mitigated is told by comms", 1, "mitigate", "" },
    { "a note", 1, "note x", "" },
};

static void test_who_hears_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(HEARD); i++) {
        struct bench bench;
        SW_AUTO_BUF struct sw_buf posts = { 0 };
        bench_open_with(&bench, BENCH_INCIDENTS);
        assert_true(
            bench_declare_as(&bench, "declare", json_pack("{ss si}", "title", "x", "priority", HEARD[i].priority)));
        bench_answer_orders(&bench);
        bench.channel = "C42";
        say_all(&bench, HEARD[i].said);
        list_posts(&bench, &posts);
        if (!sw_equal(sw_buf_string(&posts), HEARD[i].posts))
            fail_msg("%s: %s", HEARD[i].name, sw_buf_string(&posts));
        bench_close(&bench);
    }
}

/* ---- what is answered ---- */

static const struct {
    const char *name, *said;
    const char *code;  /* of the last answer; "": it is done */
    const char *words; /* somewhere in it */
} ANSWERS[] = {
    { "H8: blocked", "blocked x;resolve", "E-BLOCKED", "blockers" },
    { "H8: completed", "priority 4;resolve;complete;resolve", "E-OVER", "" },
    { "H14: a review is needed", "resolve;complete", "E-REVIEW", "review" },
    { "H23: acknowledged twice", "ack;ack", "E-ALREADY", "acknowledged" },
    { "H25: mitigated when cancelled", "cancel;mitigate", "E-OVER", "" },
    { "H25: mitigated twice", "mitigate;mitigate", "E-ALREADY", "mitigated" },
    { "H29: ready twice",
      "point;comms;assign;summary s;genesis 1 hour ago;detected 1 hour ago;component c;resolve;"
      "ready;ready",
      "E-REVIEW", "under way" },
    { "H31: ready too early", "mitigate;ready", "E-OPEN", "not over yet" },
    { "H35: restarted while it goes on", "ack;restart", "E-OPEN", "nothing to restart" },
    { "H35: restarted when archived", "cancel;archive;restart", "E-OVER", "" },
    { "H38: one blocker of two", "blocked a;blocked b;unblock 1", "", "1 blocker is left" },
    { "H38: the last one", "blocked a;unblock 1", "", "Nothing blocks it any more" },
    { "H38: a blocker that there is not", "blocked a;unblock 7", "E-BLOCKER", "no blocker 7" },
    { "H38: one that has ended", "blocked a;blocked b;unblock 1;unblock 1", "E-BLOCKER", "no blocker 1" },
    { "C17: words with an apostrophe", "blocked I don't want to get dressed", "", "I don't want to get dressed" },
    { "C19: blanks around the arrow", "blocked something with spaces   =>   result with spaces   ", "",
      "something with spaces now: result with spaces" },
    { "an arrow alone", "blocked => x", "E-BLOCKER", "Who" },
    { "C10: with a reason", "priority 1 because", "", "P1" },
    { "C10: no such number", "priority 12", "E-PRIORITY", "priorities" },
    { "the same priority", "priority 2", "", "already" },
    { "H50: garbage", "mitigate garbage", "E-TIME", "garbage" },
    { "a day that there is not", "mitigate feb 30", "E-TIME", "february has no day 30." },
    { "what reads in two ways", "mitigate 3/4/2024", "E-TIME", "a month and a day." },
    { "another language", "mitigate gestern um 4", "E-TIME", "\"gestern\" is not understood." },
    { "another writing", "mitigate 昨日", "E-TIME", "times are read in English" },
    { "with what to type", "mitigate x", "E-TIME", "Type \"15 minutes ago\"," },
    { "resolved and garbage", "resolve later", "E-TIME", "\"later\"" },
    { "an action item without a title", "ai => more", "E-TEXT", "What is to be done" },
    { "a month that there is not", "report site 2026-13", "E-MONTH", "2026-13" },
    { "a month with a day", "report 2026-11-03", "E-MONTH", "2026-11-03" },
    { "figures of nothing", "report nosuch", "E-SERVICE", "`nosuch`" },
    { "figures of two", "report site shop", "E-SERVICE", "`shop`" },
    { "figures of a service", "report site 2026-12", "", "site in 2026-12" },
    { "changes of nothing", "changes nosuch", "E-SERVICE", "`nosuch`" },
    { "H43: no such component", "component a;component_remove b", "E-NOT-FOUND", "`b`" },
    { "no such affected", "affected_remove b", "E-NOT-FOUND", "`b`" },
    { "a factor that is a word", "factor haste", "", "haste" },
    { "a change that is none", "pr just words", "E-URL", "" },
    { "the review is not needed", "priority 4;resolve;next", "E-NO-REVIEW", "complete" },
    { "archived too early", "resolve;archive", "E-OPEN", "complete" },
    { "cancelled while it is reviewed",
      "point;comms;assign;summary s;genesis 1 hour ago;detected 1 hour ago;component c;resolve;ready;cancel",
      "E-REVIEW", "under way" },
    { "a word that there is not", "unknown", "E-VERB", "help" },
};

static bool says(const struct proto_reply *reply, const char *words)
{
    return (reply->text && strstr(reply->text, words)) || (reply->why && strstr(reply->why, words)) ||
           (reply->hint && strstr(reply->hint, words));
}

static void test_what_is_answered(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(ANSWERS); i++) {
        struct bench bench;
        bench_start(&bench);
        say_all(&bench, ANSWERS[i].said);
        const struct proto_reply *reply = bench_reply(&bench);
        if (!sw_equal(reply->code, ANSWERS[i].code) || !says(reply, ANSWERS[i].words))
            fail_msg("%s: %s %s", ANSWERS[i].name, reply->code, reply->text);
        assert_string_equal(reply->reaction, *ANSWERS[i].code ? "exclamation" : "ok_hand");
        bench_close(&bench);
    }
}

/* ---- times ---- */

static void test_what_resolving_fills_in(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        int acknowledged, mitigated; /* minutes after the declaration; everything is said a minute apart */
    } CASES[] = { { "resolve", 0, 0 },
                  { "ack;note x;resolve", 0, 2 },
                  { "ack;mitigate;note x;resolve", 0, 1 } }; /* H7 */
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct bench bench;
        bench_start(&bench);
        say_all(&bench, CASES[i].said);
        assert_int_equal(incident_time(bench.wf, "acknowledged"), BENCH_NOW + CASES[i].acknowledged * BENCH_MINUTE);
        assert_int_equal(incident_time(bench.wf, "mitigated"), BENCH_NOW + CASES[i].mitigated * BENCH_MINUTE);
        bench_close(&bench);
    }
}

/* One count everywhere: from the genesis once it is known, else from the declaration; and which of them is said. */
static void test_how_long_it_lasted(void **state)
{
    (void)state;
    static const struct {
        const char *said, *words;
        int seconds;
    } CASES[] = { { "note x;note x;resolve", "It lasted 2 m 00 s from its declaration.", 120 },
                  { "genesis 13:50;note x;resolve", "It lasted 32 m 00 s from its beginning.", 32 * 60 } };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct bench bench;
        struct proto_view view = { 0 };
        bench_start(&bench);
        say_all(&bench, CASES[i].said);
        for (size_t place = 0; place < 2; place++) {
            const json_t *post = place ? bench_order(&bench, "post", "announce_resolved", "CMAIN")
                                       : bench_order(&bench, "post", "resolved", "C42");
            if (!strstr(jx_string_or(post, "text", ""), CASES[i].words))
                fail_msg("%s", jx_string_or(post, "text", ""));
        }
        assert_false(sw_failed(INCIDENT_KIND.view(bench.wf, &view)));
        assert_int_equal(jx_i64_or(view.detail, "duration_s", 0), CASES[i].seconds);
        proto_view_release(&view);
        bench_close(&bench);
    }
}

/* "Understood in your zone" is for what was said. */
static void test_a_zone_is_named_with_a_time_that_was_said(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        bool zone;
    } CASES[] = { { "resolve", false },    { "resolve 1 minute ago", true },
                  { "ack", false },        { "ack 14:20", true },
                  { "mitigate", false },   { "mitigate now", true },
                  { "genesis 1:00", true } };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct bench bench;
        bench_start(&bench);
        bench.now_ms += 2 * BENCH_MINUTE;
        say_all(&bench, CASES[i].said);
        assert_int_equal(jx_string(bench_reply(&bench)->data, "zone") != NULL, CASES[i].zone);
        bench_close(&bench);
    }
}

static void test_what_going_back_takes_away(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    say_all(&bench, "mitigate;resolve;unresolve"); /* H10 */
    assert_int_equal(incident_time(bench.wf, "resolved"), 0);
    assert_int_equal(incident_time(bench.wf, "mitigated"), BENCH_NOW);
    say_all(&bench, "restart"); /* H34 */
    assert_int_equal(incident_time(bench.wf, "mitigated"), 0);
    assert_int_equal(incident_time(bench.wf, "acknowledged"), BENCH_NOW);
    bench_close(&bench);
}

static void test_what_was_wrong_can_be_corrected(void **state)
{
    (void)state;
    static const char REVIEW[] = "point;comms;assign;summary s;genesis 5 hours ago;detected 4 hours ago;component c;"
                                 "mitigate;resolve;ready";
    static const char *const SAID[] = { "ack 30 minutes ago",
                                        "mitigate 9 minutes ago",
                                        "resolve 5 minutes ago",
                                        "genesis 6 hours ago",
                                        "detected 3 hours ago",
                                        "title Another",
                                        "summary Another",
                                        "priority 1",
                                        "unset point",
                                        "component_remove c",
                                        "undo" };
    struct bench bench;
    bench_start(&bench);
    bench.now_ms += 60 * BENCH_MINUTE;
    say_all(&bench, REVIEW);
    for (size_t i = 0; i < SW_COUNT(SAID); i++) {
        JX_AUTO json_t *before = json_incref(bench.wf->facts);
        if (!say_word(&bench, SAID[i]))
            fail_msg("%s: %s", SAID[i], bench_reply(&bench)->text);
        assert_false(json_equal(before, bench.wf->facts));
        assert_int_equal(bench.wf->state, INCIDENT_READY_FOR_REVIEW);
    }
    bench_close(&bench);
}

/* ---- whatever was said ---- */

static uint32_t draw(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

static bool done_if(struct bench *bench, const char *verb)
{
    return bench->wf->state != INCIDENT_ARCHIVED && bench_done(bench, verb, "");
}

/* Whatever has happened, three words end it; and none of its states refuses everything. */
static void test_every_incident_can_be_ended(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "", "1", "2", "now", "5 minutes ago", "p4", "a, b", "x => y", "#3 z", "point"
    };
    uint32_t random = 4711;
    for (int i = 0; i < 300; i++) {
        struct bench bench;
        bench_start(&bench);
        for (uint32_t words = draw(&random) % 30; words > 0; words--) {
            const struct incident_verb *verb = incident_verb_at(draw(&random) % incident_verb_count());
            bench.now_ms += draw(&random) % 100000;
            (void)bench_say(&bench, verb->name, TEXTS[draw(&random) % SW_COUNT(TEXTS)]);
        }
        enum incident_state from = (enum incident_state)bench.wf->state;
        if (!done_if(&bench, "complete"))
            (void)done_if(&bench, "cancel");
        (void)done_if(&bench, "archive");
        if (bench.wf->state != INCIDENT_ARCHIVED)
            fail_msg("walk %d ends in %s", i, incident_state_name(from));
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_hears_of_it),
        cmocka_unit_test(test_what_is_answered),
        cmocka_unit_test(test_what_resolving_fills_in),
        cmocka_unit_test(test_how_long_it_lasted),
        cmocka_unit_test(test_a_zone_is_named_with_a_time_that_was_said),
        cmocka_unit_test(test_what_going_back_takes_away),
        cmocka_unit_test(test_what_was_wrong_can_be_corrected),
        cmocka_unit_test(test_every_incident_can_be_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
