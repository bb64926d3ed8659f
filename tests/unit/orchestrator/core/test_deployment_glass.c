/* SPDX-License-Identifier: Apache-2.0
 * Breaking the glass, the machine alone: who may, what a request keeps, what is passed, what is told of it. The whole
 * way is tests/scenario/test_break_glass.c's. */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/config.h"
#include "orchestrator/core/deployment.h"
#include "orchestrator/core/deployment_glass.h"
#include "orchestrator/core/deployment_view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_HOLDS = 64 };

struct bench {
    struct config *config;
    struct wf *wf;
    struct wf_update update;
    struct kind_reads reads;
    struct wf_hold holds[MAX_HOLDS];
    size_t hold_count;
    int64_t now_ms;
    json_t *groups; /* of who speaks */
};

static int32_t line(void *self, const char *path) { return (void)self, (void)path, 1; }

/* glass: the section as JSON; NULL: none. What is wrong with it goes to ret_errors. */
static struct config *config_of(const char *glass, struct sw_buf *ret_errors)
{
    struct config *config = NULL;
    JX_AUTO json_t *root = json_pack("{s:i s:{s:{}} s:{s:{s:[s] s:s s:s}} s:{s:{s:[{s:s s:s}]}}}", "version", 1,
                                     "environments", "staging", "services", "site", "environments", "staging", "ref",
                                     "main", "pipeline", "p", "pipelines", "p", "steps", "name", "a", "run", "true");
    if (glass)
        assert_int_equal(json_object_set_new(root, "break_glass", json_loads(glass, 0, NULL)), 0);
    const struct config_source source = { .file = "f", .dir = "/srv", .root = root, .line = line };
    struct sw_status status = config_new(&source, ret_errors, &config);
    return sw_failed(status) ? NULL : config;
}

/* As the engine answers: those that concern it. */
static json_t *holds(void *self, const struct wf *wf)
{
    struct bench *bench = self;
    json_t *list = json_array();
    for (size_t i = 0; i < bench->hold_count; i++)
        if (DEPLOYMENT_KIND.held(wf, &bench->holds[i]))
            (void)json_array_append_new(list, json_pack("{ss ss ss ss}", "id", bench->holds[i].id, "by",
                                                        bench->holds[i].origin, "channel", "C9", "reason", "a storm"));
    return list;
}

static void hold(struct bench *bench, const char *id, const char *origin)
{
    struct wf_hold *made = &bench->holds[bench->hold_count++];
    *made = (struct wf_hold){ .service = "site" };
    (void)sw_copy(made->id, sizeof made->id, id);
    (void)sw_copy(made->origin, sizeof made->origin, origin);
}

static void set_up(struct bench *bench, const char *glass)
{
    struct sw_buf errors = { 0 };
    *bench = (struct bench){ .config = config_of(glass, &errors), .now_ms = 1767225600000 };
    assert_non_null(bench->config);
    bench->reads = (struct kind_reads){ .holds = holds, .self = bench };
    bench->wf = wf_new(&DEPLOYMENT_KIND, "d-0000000000000", 0);
    bench->wf->state = PROTO_DEPLOYMENT_QUEUED;
    bench->wf->created_at_ms = bench->now_ms;
    json_decref(bench->wf->facts);
    bench->wf->facts = json_pack("{ss ss ss ss ss}", "service", "site", "environment", "staging", "ref", "main",
                                 "channel", "C1", "user", "U7");
    hold(bench, "h1", "i-0000000000001");
    sw_buf_release(&errors);
}

static void tear_down(struct bench *bench)
{
    wf_update_release(&bench->update);
    wf_free(bench->wf);
    json_decref(bench->groups);
    config_free(bench->config);
}

static struct sw_status say(struct bench *bench, const char *user, const char *name, json_t *args)
{
    struct proto_command command = { .actor = { .team = "T1", .membership = PROTO_MEMBER_FULL },
                                     .channel = "C1",
                                     .args = args };
    (void)sw_copy(command.name, sizeof command.name, name);
    (void)sw_copy(command.actor.user, sizeof command.actor.user, user);
    command.actor.groups = bench->groups;
    struct wf_input input = { .kind = WF_COMMAND,
                              .command = &command,
                              .config = bench->config,
                              .reads = &bench->reads,
                              .now_ms = bench->now_ms += 1000 };
    wf_update_release(&bench->update);
    struct sw_status status = DEPLOYMENT_KIND.step(bench->wf, &input, &bench->update);
    json_decref(args);
    return status;
}

static struct sw_status ask(struct bench *bench, const char *user, const char *reason)
{
    return say(bench, user, "break_glass", json_pack("{ss?}", "reason", reason));
}

static const struct wf_effect *effect(const struct bench *bench, enum wf_effect_kind kind)
{
    for (size_t i = 0; i < bench->update.effect_count; i++)
        if (bench->update.effects[i].kind == kind)
            return &bench->update.effects[i];
    return NULL;
}

static const char *event(const struct bench *bench)
{
    return effect(bench, WF_EVENT) ? effect(bench, WF_EVENT)->event : "";
}

static const char *code(const struct bench *bench) { return effect(bench, WF_REPLY)->reply->code; }

/* ---- tests ---- */

static void test_a_pass_is_for_the_holds_of_its_moment(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, NULL);
    assert_false(sw_failed(ask(&bench, "U1", "it mends")));
    assert_string_equal(event(&bench), "break_glass_asked");
    assert_true(effect(&bench, WF_SET_TIMER)->due_ms == bench.now_ms + 15LL * 60 * 1000);
    assert_true(DEPLOYMENT_KIND.held(bench.wf, &bench.holds[0]));
    hold(&bench, "h2", "i-0000000000002");
    assert_false(sw_failed(ask(&bench, "U2", NULL)));
    assert_string_equal(event(&bench), "break_glass_agreed");
    assert_non_null(effect(&bench, WF_CLEAR_TIMER));
    hold(&bench, "h3", "i-0000000000001");
    assert_false(DEPLOYMENT_KIND.held(bench.wf, &bench.holds[0]));
    assert_false(DEPLOYMENT_KIND.held(bench.wf, &bench.holds[1]));
    assert_true(DEPLOYMENT_KIND.held(bench.wf, &bench.holds[2]));
    assert_true(deployment_glass_concerns(deployment_glass_latest(bench.wf), "i-0000000000002"));
    assert_int_equal(bench.wf->state, PROTO_DEPLOYMENT_QUEUED);
    tear_down(&bench);
}

/* What happened, why, and behind HINT what to do, as three sentences. */
static void assert_forbidden(struct sw_status status)
{
    const char *hint = strstr(status.text, " HINT: ");
    assert_int_equal(status.code, SW_CODE_AUTH);
    assert_null(strchr(status.text, '|'));
    assert_non_null(hint);
    assert_false(sw_blank(hint + strlen(" HINT: ")));
}

static void test_nobody_is_no_person(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, NULL);
    assert_forbidden(ask(&bench, "", "a program"));
    assert_null(deployment_glass_request(bench.wf));
    tear_down(&bench);
}

static void test_who_may_is_configured(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, "{\"allow\":{\"groups\":[\"S1\"],\"users\":[\"U5\"]},\"expires\":\"1h\"}");
    assert_forbidden(ask(&bench, "U1", "it mends")); /* of what groups is not known */
    bench.groups = json_pack("[s]", "S1");
    assert_false(sw_failed(ask(&bench, "U1", "it mends")));
    assert_true(effect(&bench, WF_SET_TIMER)->due_ms == bench.now_ms + 60LL * 60 * 1000);
    json_decref(bench.groups);
    bench.groups = json_array();
    assert_forbidden(ask(&bench, "U2", NULL));
    assert_non_null(deployment_glass_request(bench.wf));
    assert_false(
        sw_failed(say(&bench, "U2", "break_glass_decline", json_pack("{si}", "request", 1)))); /* as a cancel */
    assert_false(sw_failed(ask(&bench, "U5", "it mends")));
    tear_down(&bench);
}

static void test_it_may_be_limited_to_channels(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, "{\"allow\":{\"channels\":[\"C2\"]}}");
    struct sw_status status = ask(&bench, "U1", "it mends");
    assert_forbidden(status);
    assert_non_null(strstr(status.text, "<#C2>"));
    tear_down(&bench);
}

static void test_the_configuration_is_checked(void **state)
{
    (void)state;
    static const char *const WRONG[] = { "{\"expires\":\"5s\"}",           "{\"expires\":\"25h\"}", "{\"expires\":0}",
                                         "{\"allow\":{\"users\":\"U1\"}}", "{\"allowed\":{}}",      "[]" };
    for (size_t i = 0; i < SW_COUNT(WRONG); i++) {
        SW_AUTO_BUF struct sw_buf errors = { 0 };
        assert_null(config_of(WRONG[i], &errors));
        assert_non_null(strstr(sw_buf_string(&errors), "break_glass"));
    }
}

static void test_what_came_to_nothing_makes_room(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, NULL);
    for (int i = 1; i <= 2 * GLASS_MAX_PAST; i++) {
        assert_false(sw_failed(ask(&bench, "U1", "it mends")));
        assert_false(sw_failed(say(&bench, "U2", "break_glass_decline", json_pack("{si}", "request", i))));
    }
    assert_null(deployment_glass_past(bench.wf, GLASS_MAX_PAST));
    assert_non_null(deployment_glass_past(bench.wf, 2 * GLASS_MAX_PAST));
    for (int i = 0; i < GLASS_MAX_PAST; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "n%d", i);
        hold(&bench, id, "i-0000000000001");
        assert_false(sw_failed(ask(&bench, "U1", "it mends")));
        assert_false(sw_failed(ask(&bench, "U2", NULL)));
        assert_string_equal(event(&bench), "break_glass_agreed");
    }
    hold(&bench, "last", "i-0000000000001");
    assert_false(sw_failed(ask(&bench, "U1", "it mends")));
    assert_string_equal(code(&bench), "E-TOO-MANY");
    assert_string_equal(event(&bench), "");
    assert_false(DEPLOYMENT_KIND.held(bench.wf, &bench.holds[0])); /* what was agreed to is kept */
    tear_down(&bench);
}

static void test_a_long_reason_is_refused(void **state)
{
    (void)state;
    struct bench bench;
    char reason[PROTO_REASON_MAX + 2];
    set_up(&bench, NULL);
    memset(reason, 'x', sizeof reason);
    reason[PROTO_REASON_MAX + 1] = '\0';
    assert_false(sw_failed(ask(&bench, "U1", reason)));
    assert_string_equal(code(&bench), "E-REASON");
    reason[PROTO_REASON_MAX] = '\0';
    assert_false(sw_failed(ask(&bench, "U1", reason)));
    assert_string_equal(event(&bench), "break_glass_asked");
    tear_down(&bench);
}

static void test_its_timeline_tells_all_of_it(void **state)
{
    (void)state;
    static const char *const TEXTS[] = { "Asked for: site main to staging",
                                         "Asks to break the glass past a storm (i-0000000000001): it mends",
                                         "Declined to break the glass",
                                         "Asks to break the glass past a storm (i-0000000000001): please",
                                         "Agreed to break the glass: it passes a storm (i-0000000000001)" };
    static const char *const BY[] = { "U7", "U1", "U3", "U1", "U2" };
    struct bench bench;
    set_up(&bench, NULL);
    assert_false(sw_failed(ask(&bench, "U1", "it mends")));
    assert_false(sw_failed(say(&bench, "U3", "break_glass_decline", json_pack("{si}", "request", 1))));
    assert_false(sw_failed(ask(&bench, "U1", "please")));
    assert_false(sw_failed(say(&bench, "U2", "break_glass_agree", json_pack("{si}", "request", 2))));
    JX_AUTO json_t *timeline = DEPLOYMENT_KIND.timeline(bench.wf);
    assert_int_equal(json_array_size(timeline), SW_COUNT(TEXTS));
    for (size_t i = 0; i < SW_COUNT(TEXTS); i++) {
        const json_t *entry = json_array_get(timeline, i);
        assert_string_equal(jx_string(entry, "text"), TEXTS[i]);
        assert_string_equal(jx_string(entry, "by"), BY[i]);
        assert_int_equal(jx_i64_or(entry, "id", 0), (int64_t)i + 1);
    }
    tear_down(&bench);
}

static void test_a_timer_without_a_request_does_nothing(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, NULL);
    struct wf_input input = { .kind = WF_TIMER, .timer = "glass", .reads = &bench.reads, .now_ms = bench.now_ms };
    assert_false(sw_failed(DEPLOYMENT_KIND.step(bench.wf, &input, &bench.update)));
    assert_string_equal(event(&bench), "");
    tear_down(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pass_is_for_the_holds_of_its_moment),
        cmocka_unit_test(test_nobody_is_no_person),
        cmocka_unit_test(test_who_may_is_configured),
        cmocka_unit_test(test_it_may_be_limited_to_channels),
        cmocka_unit_test(test_the_configuration_is_checked),
        cmocka_unit_test(test_what_came_to_nothing_makes_room),
        cmocka_unit_test(test_a_long_reason_is_refused),
        cmocka_unit_test(test_its_timeline_tells_all_of_it),
        cmocka_unit_test(test_a_timer_without_a_request_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
