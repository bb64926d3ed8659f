/* SPDX-License-Identifier: Apache-2.0
 * Each step of each order meets each of Slack's refusals: it ends with the reason and what to do, or it is tried again;
 * and whatever it meets, other orders go on. Virtual time, no Slack. */
#include "tests/unit/gateway/core/relay_task_fixture.h"

/* An order and the steps that it takes on a good day, up to the receipt. */
static const struct kind {
    const char *json, *scope;
    enum relay_verb steps[2];
    size_t count;
} KINDS[] = {
    { "{'key':'a','verb':'post','channel':'C9','text':'x','pin':true}", "pins:write", { RELAY_SAY, RELAY_PIN }, 2 },
    { "{'key':'a','verb':'ephemeral','channel':'C9','user':'U1','text':'x'}", "chat:write", { RELAY_WHISPER }, 1 },
    { "{'key':'a','verb':'update','channel':'C9','ts':'1.2','text':'x'}", "chat:write", { RELAY_REVISE }, 1 },
    { "{'key':'a','verb':'create_channel','name':'inc-42'}", "channels:manage", { RELAY_CREATE, RELAY_PURPOSE }, 2 },
    { "{'key':'a','verb':'invite','channel':'C9','users':['U1']}", "channels:manage", { RELAY_INVITE }, 1 },
    { "{'key':'a','verb':'topic','channel':'C9','topic':'x'}", "channels:manage", { RELAY_TOPIC }, 1 },
    { "{'key':'a','verb':'archive','channel':'C9'}", "channels:manage", { RELAY_ARCHIVE }, 1 },
    { "{'key':'a','verb':'unarchive','channel':'C9'}", "channels:manage", { RELAY_UNARCHIVE }, 1 },
    { "{'key':'a','verb':'join','channel':'C9'}", "channels:join", { RELAY_JOIN }, 1 },
    { "{'key':'a','verb':'react','channel':'C9','ts':'1.2','name':'eyes'}", "reactions:write", { RELAY_REACT }, 1 },
};

/* words: of the reason, for people. */
static const struct refusal {
    const char *code, *words;
} REFUSALS[] = {
    { "missing_scope", "give it the scope and install it again" },
    { "not_in_channel", "invite it there" },
    { "channel_not_found", "Slipway was not invited" },
    { "is_archived", "the channel is archived" },
    { "name_taken", "exists already" },
    { "ratelimited", "" },
    { "internal_error", "" },
};

static const char OTHER_ORDER[] = "{'key':'b','verb':'react','channel':'C8','ts':'8.8','name':'eyes'}";
static const char OTHER_POST[] = "{'key':'b','verb':'post','channel':'C8','text':'y'}";

static void succeed(struct fixture *fixture, enum relay_verb verb)
{
    if (verb == RELAY_SAY)
        said_as(fixture, "C9", "20.1");
    else if (verb == RELAY_CREATE)
        (void)channel_is(fixture, "C42");
    else if (verb == RELAY_SEEK)
        (void)found(fixture, NULL, NULL);
    else
        ok(fixture);
}

/* Slack's answer, as slack_api.c hands it on: with the scope that it names. */
static enum relay_news meet(struct fixture *fixture, const struct refusal *refusal, const char *scope)
{
    struct relay_outcome outcome = { .class = slack_class_of(200, refusal->code), .retry_after_ms = 20000 };
    const bool named = sw_equal(refusal->code, "missing_scope");
    sw_copy(outcome.code, sizeof outcome.code, refusal->code);
    (void)snprintf(outcome.error, sizeof outcome.error, named ? "%s (%s)" : "%s", refusal->code, named ? scope : "");
    return done(fixture, outcome);
}

/* The other one is carried out, whatever the first one has met. */
static void go_on_with_the_other(struct fixture *fixture, enum relay_verb verb)
{
    expect_step(fixture, verb, "b");
    succeed(fixture, verb);
    expect_step(fixture, RELAY_RECEIPT, "b");
    ok(fixture);
}

static void check_result(struct fixture *fixture, const struct kind *kind, const struct refusal *refusal, bool beside)
{
    expect_step(fixture, RELAY_RECEIPT, "a");
    const struct relay_result *result = fixture->order.result;
    assert_string_equal(result->code, refusal->code);
    assert_int_equal(result->beside, beside);
    if (!strstr(result->text, refusal->words))
        fail_msg("%s: %s", refusal->code, result->text);
    assert_true(!sw_equal(refusal->code, "missing_scope") || strstr(result->text, kind->scope));
    ok(fixture);
}

/* Until the step is handed out again, and through to a receipt without an error. */
static void recover(struct fixture *fixture, enum relay_verb verb)
{
    for (int looks = 0; looks < 3; looks++) {
        fixture->now_ms += 20000;
        assert_true(next(fixture));
        assert_string_equal(fixture->order.key, "a");
        if (fixture->order.verb == verb)
            break;
        assert_int_equal(fixture->order.verb, RELAY_SEEK); /* a post that may be there is looked for */
        succeed(fixture, RELAY_SEEK);
    }
    assert_int_equal(fixture->order.verb, verb);
    succeed(fixture, verb);
    for (assert_true(next(fixture)); fixture->order.verb != RELAY_RECEIPT; assert_true(next(fixture)))
        succeed(fixture, fixture->order.verb);
    assert_string_equal(fixture->order.result->code, "");
    ok(fixture);
}

static bool joins(enum relay_verb verb, const struct refusal *refusal)
{
    return sw_equal(refusal->code, "not_in_channel") && verb != RELAY_JOIN && verb != RELAY_CREATE;
}

/* What comes between the refusal and the end: Slipway tries to join, or looks whether the channel is its own. */
static void try_otherwise(struct fixture *fixture, enum relay_verb verb, const struct refusal *refusal)
{
    if (joins(verb, refusal)) {
        expect_step(fixture, RELAY_JOIN, "a");
        assert_int_equal(refuse(fixture, SLACK_REFUSED, "missing_scope"), RELAY_NEWS_REFUSED);
    } else if (verb == RELAY_CREATE && sw_equal(refusal->code, "name_taken")) {
        expect_step(fixture, RELAY_FIND, "a");
        assert_int_equal(channel_is(fixture, ""), RELAY_NEWS_REFUSED);
    }
}

static void run(const struct kind *kind, size_t at, const struct refusal *refusal)
{
    void *state;
    const enum relay_verb verb = kind->steps[at];
    const bool posts = verb == RELAY_REACT; /* the other one is not of the same method, which may be limited */
    assert_int_equal(set_up(&state), 0);
    struct fixture *fixture = state;
    print_message("  %s: %s\n", relay_verb_name(verb), refusal->code);
    order(fixture, 1, kind->json);
    order(fixture, 2, posts ? OTHER_POST : OTHER_ORDER);
    for (size_t i = 0; i < at; i++) {
        expect_step(fixture, kind->steps[i], "a");
        succeed(fixture, kind->steps[i]);
    }
    expect_step(fixture, verb, "a");
    const enum relay_news news = meet(fixture, refusal, kind->scope);
    const bool transient = !*refusal->words, beside = verb == RELAY_PIN || verb == RELAY_PURPOSE;
    if (transient) {
        assert_int_equal(news, RELAY_NEWS_RETRY);
        go_on_with_the_other(fixture, posts ? RELAY_SAY : RELAY_REACT);
        recover(fixture, verb);
    } else {
        try_otherwise(fixture, verb, refusal);
        check_result(fixture, kind, refusal, beside);
        go_on_with_the_other(fixture, posts ? RELAY_SAY : RELAY_REACT);
    }
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), 2);
    assert_int_equal(tear_down(&state), 0);
}

static void test_every_step_meets_every_refusal(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(KINDS); i++)
        for (size_t at = 0; at < KINDS[i].count; at++)
            for (size_t k = 0; k < SW_COUNT(REFUSALS); k++)
                run(&KINDS[i], at, &REFUSALS[k]);
}

/* The live message and what is deleted have no receipt that could say so: the operator is told, once. */
static void test_a_live_message_that_is_refused_is_parked(void **state)
{
    static const char *const CODES[] = { "missing_scope", "channel_not_found", "is_archived" };
    struct fixture *fixture = *state;
    post_root(fixture);
    for (size_t i = 0; i < SW_COUNT(CODES); i++) {
        fixture->now_ms += 5000;
        tell(fixture, (struct said){ .n = 2 + (int64_t)i });
        expect_order(fixture, RELAY_UPDATE, NULL);
        assert_int_equal(meet(fixture, &(struct refusal){ CODES[i], "" }, "chat:write"), RELAY_NEWS_PARKED);
        expect_nothing(fixture);
    }
    tell(fixture, (struct said){ .n = 9, .name = "surplus", .ts = "10.1", .surplus = "10.2" });
    for (int i = 0; i < 2; i++) { /* the edit that was parked, and the deletion */
        fixture->now_ms += 5000;
        if (next(fixture))
            (void)meet(fixture, &REFUSALS[0], "chat:write");
    }
    expect_nothing(fixture);
    assert_int_equal(committable(fixture), fixture->offset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_step_meets_every_refusal),
        TEST(test_a_live_message_that_is_refused_is_parked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
