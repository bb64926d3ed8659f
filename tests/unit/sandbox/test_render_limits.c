/* SPDX-License-Identifier: Apache-2.0
 * What the gateway sends, judged by the simulator's Block Kit: the greatest, the strangest and random views and
 * replies stay within every limit of Slack. */
#include "gateway/core/render_message.h"
#include "gateway/core/render_reply.h"

#include "tests/unit/sandbox/render_judge.h"

enum { MAX_VIEWS = 50, TAIL_SIZE = 20000 };

static const int64_t NOW = 1767225600000;

static void fill_step(struct proto_step_view *step, size_t i, const char *filler)
{
    FILL(step->name, filler);
    FILL(step->status, filler);
    FILL(step->error, filler);
    step->state = (enum proto_step_state)(i % PROTO_STEP_STATE_COUNT);
    step->attempt = step->attempts = INT32_MAX;
    step->started_at_ms = i % 3 ? 1 : NOW;
    step->finished_at_ms = i % 2 ? NOW * 1000 : 0;
    step->retry_at_ms = i % 5 ? 0 : NOW * 100;
    step->has_exit_code = true;
    step->exit_code = INT32_MIN;
    step->tail = malloc(TAIL_SIZE);
    assert_non_null(step->tail);
    fill(step->tail, TAIL_SIZE, filler);
}

static void fill_lists(struct proto_view *view, const char *filler)
{
    char text[PROTO_REF_SIZE];
    FILL(text, filler);
    view->ahead = json_array();
    view->params = json_object();
    for (int i = 0; i < 100; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "P%d", i);
        assert_int_equal(json_array_append_new(view->ahead, json_string(text)), 0);
        assert_int_equal(json_object_set_new(view->params, name, json_string(text)), 0);
    }
}

/* As many requests to break the glass as are kept, each with as many holds. */
static json_t *glass_new(const char *filler)
{
    static const char *const HOW[] = { "agreed", "declined", "expired", "dropped" };
    char text[PROTO_ERROR_SIZE];
    FILL(text, filler);
    json_t *past = json_array(), *holds = json_array();
    for (int i = 0; i < 32; i++)
        assert_int_equal(json_array_append_new(holds, json_pack("{ss ss ss ss}", "id", text, "by", text, "channel",
                                                                text, "reason", text)),
                         0);
    for (int i = 0; i < 9; i++)
        assert_int_equal(
            json_array_append_new(past, json_pack("{si ss ss ss ss ss ss ss sO}", "number", i, "user", text, "reason",
                                                  text, "at", "2026-01-01T00:00:05.000Z", "until",
                                                  "2026-01-01T00:15:05.000Z", "how", HOW[i % 5 % 4], "by", text,
                                                  "ended_at", "2026-01-01T00:15:05.000Z", "holds", holds)),
            0);
    json_decref(holds);
    return json_pack("{s{sO so}}", "break_glass", "request", json_array_get(past, 0), "past", past);
}

static void fill_view(struct proto_view *view, const char *state, size_t steps, const char *filler)
{
    *view = (struct proto_view){ .n = INT64_MAX,
                                 .epoch = NOW,
                                 .at_ms = NOW,
                                 .position = INT32_MAX,
                                 .workflow = "d-0123456789abc",
                                 .created_at_ms = NOW,
                                 .started_at_ms = 1,
                                 .finished_at_ms = NOW * 1000,
                                 .cancel_at_ms = NOW };
    (void)sw_copy(view->state, sizeof view->state, state);
    FILL(view->service, filler);
    FILL(view->environment, filler);
    FILL(view->ref, filler);
    FILL(view->requested_user, filler);
    FILL(view->cancel_user, filler);
    FILL(view->error_code, filler);
    FILL(view->error_text, filler);
    FILL(view->error_hint, filler);
    fill_lists(view, filler);
    view->detail = glass_new(filler);
    view->step_count = steps;
    view->steps = calloc(steps + 1, sizeof *view->steps);
    assert_non_null(view->steps);
    for (size_t i = 0; i < steps; i++)
        fill_step(&view->steps[i], i + steps, filler);
    if (steps > 0 && sw_equal(state, "failed"))
        view->steps[0].state = PROTO_STEP_FAILED; /* its output is shown */
}

static void judge_view(const char *state, size_t steps, const char *filler)
{
    struct proto_view view;
    fill_view(&view, state, steps, filler);
    JX_AUTO json_t *message = render_message_new(&view, NOW);
    judge(message);
    proto_view_release(&view);
}

static void test_the_greatest_view_in_every_state(void **state)
{
    (void)state;
    for (int i = 0; i < PROTO_DEPLOYMENT_STATE_COUNT; i++)
        for (size_t filler = 0; filler < SW_COUNT(FILLERS); filler++)
            judge_view(proto_deployment_state_name((enum proto_deployment_state)i), PROTO_MAX_STEPS, FILLERS[filler]);
}

static void test_any_number_of_steps(void **state)
{
    (void)state;
    for (size_t steps = 0; steps <= PROTO_MAX_STEPS; steps++) {
        judge_view("running", steps, "&");
        judge_view("failed", steps, "x");
    }
}

/* The same sequence in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 16;
}

static void test_random_mixtures(void **state)
{
    (void)state;
    uint32_t seed = 20260901;
    for (int round = 0; round < 200; round++) {
        char filler[200] = "";
        for (uint32_t i = next_random(&seed) % 12 + 1; i > 0; i--)
            strcat(filler, FILLERS[next_random(&seed) % SW_COUNT(FILLERS)]); /* twelve of at most 11 bytes */
        const uint32_t which = next_random(&seed) % PROTO_DEPLOYMENT_STATE_COUNT;
        print_message("  round %d\n", round);
        judge_view(proto_deployment_state_name((enum proto_deployment_state)which),
                   next_random(&seed) % (PROTO_MAX_STEPS + 1), filler);
    }
}

/* All 64 steps are there: nothing was dropped to stay within the limits. */
static void test_no_step_is_dropped(void **state)
{
    (void)state;
    struct proto_view view;
    fill_view(&view, "running", PROTO_MAX_STEPS, "&");
    for (size_t i = 0; i < view.step_count; i++)
        (void)snprintf(view.steps[i].name, sizeof view.steps[i].name, "step-%zu.", i);
    JX_AUTO json_t *message = render_message_new(&view, NOW);
    SW_AUTO_FREE char *text = json_dumps(message, 0);
    for (size_t i = 0; i < view.step_count; i++)
        assert_non_null(strstr(text, view.steps[i].name));
    assert_non_null(strstr(text, "\"cancel\""));
    proto_view_release(&view);
}

static void test_an_empty_view_is_still_a_message(void **state)
{
    (void)state;
    struct proto_view view = { 0 };
    (void)sw_copy(view.workflow, sizeof view.workflow, "d-0");
    JX_AUTO json_t *message = render_message_new(&view, NOW);
    judge(message);
}

static void judge_reply(const char *name, const char *filler, size_t views, bool texts)
{
    enum { TEXT_SIZE = 8193 };
    struct proto_reply reply = { .at_ms = NOW, .has_view = views > 0 };
    (void)sw_copy(reply.name, sizeof reply.name, name);
    if (texts) {
        char text[TEXT_SIZE];
        FILL(text, filler);
        FILL(reply.code, filler);
        reply.text = sw_strdup(text);
        reply.why = sw_strdup(text);
        reply.hint = sw_strdup(text);
    }
    reply.views = calloc(views + 1, sizeof *reply.views);
    assert_non_null(reply.views);
    reply.view_count = views;
    for (size_t i = 0; i < views; i++)
        fill_view(&reply.views[i], i % 2 ? "running" : "failed", i == 0 ? PROTO_MAX_STEPS : 1, filler);
    JX_AUTO json_t *message = render_reply_new(&reply, NOW);
    judge(message);
    proto_reply_release(&reply);
}

static void test_every_reply(void **state)
{
    (void)state;
    static const char *const NAMES[] = { "accepted", "duplicate", "status",   "refused", "not_found",
                                         "line",     "history",   "services", "done",    "a_later_one" };
    for (size_t i = 0; i < SW_COUNT(NAMES); i++) {
        judge_reply(NAMES[i], "x", 0, false);
        for (size_t filler = 0; filler < SW_COUNT(FILLERS); filler++) {
            judge_reply(NAMES[i], FILLERS[filler], 0, true);
            judge_reply(NAMES[i], FILLERS[filler], 1, false);
            judge_reply(NAMES[i], FILLERS[filler], MAX_VIEWS, true);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_greatest_view_in_every_state),
        cmocka_unit_test(test_any_number_of_steps),
        cmocka_unit_test(test_random_mixtures),
        cmocka_unit_test(test_no_step_is_dropped),
        cmocka_unit_test(test_an_empty_view_is_still_a_message),
        cmocka_unit_test(test_every_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
