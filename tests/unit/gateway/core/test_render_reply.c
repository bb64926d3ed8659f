/* SPDX-License-Identifier: Apache-2.0
 * The private answers: what each name says, in the blocks and in the plain text alike. */
#include "gateway/core/render_reply.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ID "d-0123456789abc"

static const int64_t T0 = 1767225600000;

static struct proto_step_view STEPS[] = {
    { .name = "build", .state = PROTO_STEP_SUCCEEDED, .started_at_ms = 1767225600000, .finished_at_ms = 1767225604200 },
    { .name = "test", .state = PROTO_STEP_RUNNING, .status = "7 of 18 <hosts>", .started_at_ms = 1767225604200 },
};

static struct proto_view view_in(const char *state)
{
    struct proto_view view = { .workflow = ID,
                               .service = "site",
                               .environment = "staging",
                               .ref = "main",
                               .requested_user = "UANA",
                               .created_at_ms = T0,
                               .started_at_ms = T0,
                               .steps = STEPS,
                               .step_count = SW_COUNT(STEPS) };
    (void)sw_copy(view.state, sizeof view.state, state);
    return view;
}

static struct proto_reply reply_named(const char *name)
{
    struct proto_reply reply = { .at_ms = T0 };
    (void)sw_copy(reply.name, sizeof reply.name, name);
    return reply;
}

static json_t *rendered(const struct proto_reply *reply)
{
    json_t *message = render_reply_new(reply, T0 + 10000);
    assert_non_null(message);
    assert_string_equal(jx_string(message, "response_type"), "ephemeral");
    assert_true(json_is_false(json_object_get(message, "replace_original")));
    return message;
}

static void assert_has(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("no \"%s\" in: %s", words, text);
}

/* In the plain text and in the blocks. */
static void assert_says(const json_t *message, const char *words)
{
    SW_AUTO_FREE char *blocks = json_dumps(json_object_get(message, "blocks"), 0);
    assert_has(jx_string(message, "text"), words);
    assert_has(blocks, words);
}

static void test_accepted_tells_the_id_and_the_place_in_line(void **state)
{
    (void)state;
    struct proto_reply reply = reply_named("accepted");
    struct proto_view view = view_in("queued");
    JX_AUTO json_t *ahead = json_pack("[s]", "d-1");
    view.position = 3;
    view.ahead = ahead;
    reply.views = &view;
    reply.view_count = reply.has_view = true;
    JX_AUTO json_t *message = rendered(&reply);
    assert_says(message, "Got it: deployment `" ID "` of *site* to *staging*, version `main`.");
    assert_says(message, "You are *3rd* in line; ahead: `d-1`.");
    assert_has(strchr(jx_string(message, "text"), '`'), "`" ID "`");
}

static void test_accepted_tells_what_holds_it(void **state)
{
    (void)state;
    struct proto_reply reply = reply_named("accepted");
    struct proto_view view = view_in("queued");
    view.position = 1;
    (void)strcpy(view.held_by, "i-0123456789abc");
    (void)strcpy(view.held_channel, "C042");
    (void)strcpy(view.held_reason, "incident #42: fire");
    reply.views = &view;
    reply.view_count = reply.has_view = true;
    JX_AUTO json_t *message = rendered(&reply);
    assert_says(message, "You are *1st* in line. It does not start while it is held by incident `i-0123456789abc` "
                         "(<#C042>): incident #42: fire.");
}

static void test_a_text_of_the_reply_goes_before_ours(void **state)
{
    (void)state;
    struct proto_reply reply = reply_named("duplicate");
    struct proto_view view = view_in("queued");
    reply.views = &view;
    reply.view_count = reply.has_view = true;
    JX_AUTO json_t *ours = rendered(&reply);
    assert_says(ours, "`" ID "` of *site* to *staging* was taken already");
    char text[] = "`d-2` is being cancelled already.";
    reply.text = text;
    JX_AUTO json_t *theirs = rendered(&reply);
    assert_says(theirs, "`d-2` is being cancelled already.");
    assert_null(strstr(jx_string(theirs, "text"), "taken already"));
}

static void test_status_tells_the_state_and_each_step(void **state)
{
    (void)state;
    struct proto_reply reply = reply_named("status");
    struct proto_view view = view_in("running");
    reply.views = &view;
    reply.view_count = reply.has_view = true;
    JX_AUTO json_t *message = rendered(&reply);
    assert_says(message, "running, step 2 of 2");
    assert_says(message, "`" ID "`");
    assert_says(message, "succeeded · 4.2 s");
    assert_says(message, "running for 5.8 s · 7 of 18 &lt;hosts&gt;");
    SW_AUTO_FREE char *text = json_dumps(message, 0);
    assert_null(strstr(text, "action_id"));
    assert_null(strstr(text, "http"));
}

static void test_refused_has_its_four_parts(void **state)
{
    (void)state;
    struct proto_reply reply = reply_named("refused");
    char text[] = "Deploying *site* needs more.", why[] = "only <group> may", hint[] = "Ask `ana`.";
    reply.text = text;
    reply.why = why;
    reply.hint = hint;
    (void)sw_copy(reply.code, sizeof reply.code, "E-PERMISSION");
    JX_AUTO json_t *message = rendered(&reply);
    assert_string_equal(jx_string(message, "text"),
                        "⛔ Deploying *site* needs more.\nonly &lt;group&gt; may\nAsk `ana`.\n`E-PERMISSION`");
    assert_says(message, "only &lt;group&gt; may");
    assert_says(message, "`E-PERMISSION`");
}

static void test_lists_have_a_line_for_each(void **state)
{
    (void)state;
    struct proto_view views[] = { view_in("running"), view_in("queued") };
    struct proto_reply reply = reply_named("line");
    reply.views = views;
    reply.view_count = 2;
    (void)sw_copy(views[1].workflow, sizeof views[1].workflow, "d-2");
    views[1].started_at_ms = 0;
    views[1].position = 1;
    JX_AUTO json_t *message = rendered(&reply);
    assert_says(message, "*site → staging* running, step 2 of 2 · `" ID "` · version `main` · <@UANA> · since <!date^");
    assert_says(message, "*site → staging* queued, 1st in line · `d-2`");
}

static void test_nothing_to_tell_is_said_in_words(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        { "line", "All quiet" },
        { "history", "Nothing has been deployed" },
        { "services", "Nothing can be deployed" },
        { "not_found", "no such" },
        { "done", "Done" },
        { "accepted", "Got it" },
        { "status", "not known" },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        struct proto_reply reply = reply_named(ROWS[i][0]);
        JX_AUTO json_t *message = rendered(&reply);
        assert_says(message, ROWS[i][1]);
    }
}

static void test_an_incident_is_answered_by_its_card_or_as_an_incident(void **state)
{
    (void)state;
    struct proto_view view = { .workflow = "i-0123456789abc", .kind = "incident", .state = "started" };
    JX_AUTO json_t *detail = json_pack("{si ss}", "number", 42, "title", "Checkout <fails>");
    view.detail = detail;
    struct proto_reply reply = reply_named("accepted");
    reply.views = &view;
    reply.view_count = 1;
    reply.has_view = true;
    JX_AUTO json_t *accepted = rendered(&reply);
    assert_has(jx_string(accepted, "text"), "Got it: incident #42 *Checkout &lt;fails&gt;* (`i-0123456789abc`)");
    (void)sw_copy(reply.name, sizeof reply.name, "status");
    JX_AUTO json_t *status = rendered(&reply);
    SW_AUTO_FREE char *said = json_dumps(status, 0);
    assert_has(said, "*Checkout &lt;fails&gt;* · started");
    JX_AUTO json_t *data = json_pack("{ss ss}", "role", "point", "user", "U2");
    (void)sw_copy(reply.card, sizeof reply.card, "takeover");
    reply.data = data;
    JX_AUTO json_t *card = rendered(&reply);
    SW_AUTO_FREE char *taken = json_dumps(card, 0);
    assert_has(taken, "<@U2> has *point* now");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted_tells_the_id_and_the_place_in_line),
        cmocka_unit_test(test_accepted_tells_what_holds_it),
        cmocka_unit_test(test_a_text_of_the_reply_goes_before_ours),
        cmocka_unit_test(test_status_tells_the_state_and_each_step),
        cmocka_unit_test(test_refused_has_its_four_parts),
        cmocka_unit_test(test_lists_have_a_line_for_each),
        cmocka_unit_test(test_nothing_to_tell_is_said_in_words),
        cmocka_unit_test(test_an_incident_is_answered_by_its_card_or_as_an_incident),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
