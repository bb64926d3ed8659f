/* SPDX-License-Identifier: Apache-2.0
 * Systems beside Slack: which errands are outstanding, and what becomes of their outcomes. */
#include "tests/unit/orchestrator/core/incident_bench.h"

#include "orchestrator/core/config_check.h"

static void open_with_tracker(struct bench *bench)
{
    bench_open_with(bench, "{\"main\":\"CMAIN\",\"nag_grid\":0,\"status_page\":{\"webhook\":\"https://s\"}}");
    json_t *incidents = (json_t *)(uintptr_t)config_section(bench->config, "incidents");
    json_object_set_new(incidents, "tracker", json_pack("{ss}", "kind", "any")); /* adapters know what is in it */
    json_object_set_new(incidents, "report", json_pack("{ss}", "dir", "/reports"));
    bench_declare(bench, "{\"title\":\"Testing 123\",\"priority\":2}");
    bench_answer_orders(bench);
    bench->channel = "C42";
}

/* Its spec; NULL: it is not outstanding. The caller frees it. */
static json_t *errand_new(struct bench *bench, const char *name)
{
    struct wf_errand errands[KIND_MAX_ERRANDS];
    const struct kind_world world = { .config = bench->config, .now_ms = bench->now_ms, .reads = &bench->reads };
    size_t count = INCIDENT_KIND.errands(bench->wf, &world, errands);
    json_t *found = NULL;
    for (size_t i = 0; i < count; i++) {
        if (sw_equal(errands[i].name, name))
            found = json_incref(errands[i].spec);
        json_decref(errands[i].spec);
    }
    return found;
}

static bool is_outstanding(struct bench *bench, const char *name)
{
    JX_AUTO json_t *spec = errand_new(bench, name);
    return spec != NULL;
}

/* Takes the result. */
static void end_errand(struct bench *bench, const char *name, struct sw_status status, json_t *result)
{
    struct errand_report report = { .status = status, .result = result };
    (void)sw_copy(report.workflow, sizeof report.workflow, bench->wf->id);
    (void)sw_copy(report.name, sizeof report.name, name);
    assert_false(sw_failed(bench_tell(bench, (struct wf_input){ .kind = WF_ERRAND, .errand = &report })));
    json_decref(result);
}

static void test_an_issue_is_made_and_kept_in_step(void **state)
{
    (void)state;
    struct bench bench;
    open_with_tracker(&bench);
    assert_true(is_outstanding(&bench, "tracker.create"));
    assert_false(is_outstanding(&bench, "tracker.sync"));
    assert_false(bench_done(&bench, "issue", ""));
    end_errand(&bench, "tracker.create", sw_ok(), json_pack("{ss ss}", "key", "OPS-1", "url", "https://t/OPS-1"));
    assert_non_null(strstr(jx_string(bench_order(&bench, "topic", NULL, "C42"), "topic"), "OPS-1")); /* H2 */
    assert_false(is_outstanding(&bench, "tracker.create"));
    assert_true(bench_done(&bench, "issue", ""));
    JX_AUTO json_t *spec = errand_new(&bench, "tracker.sync");
    assert_string_equal(jx_string(spec, "state"), "started");
    end_errand(&bench, "tracker.sync", sw_ok(), json_pack("{sI}", "rev", (json_int_t)jx_i64_or(spec, "rev", 0)));
    assert_false(is_outstanding(&bench, "tracker.sync"));
    assert_true(bench_done(&bench, "affected", "nasa"));
    assert_true(is_outstanding(&bench, "tracker.sync")); /* every change counts, also one without a word */
    bench_close(&bench);
}

static void test_updates_and_action_items_are_carried_over_one_by_one(void **state)
{
    (void)state;
    struct bench bench;
    open_with_tracker(&bench);
    assert_true(bench_done(&bench, "notify", "one"));
    assert_true(bench_done(&bench, "notify", "two"));
    assert_true(bench_done(&bench, "ai", "fix it => a long description"));
    assert_false(is_outstanding(&bench, "tracker.comment")); /* J4: there is no issue yet, and nothing is lost */
    end_errand(&bench, "tracker.create", sw_ok(), json_pack("{ss ss}", "key", "OPS-1", "url", "https://t/OPS-1"));
    for (int i = 1; i <= 2; i++) {
        JX_AUTO json_t *spec = errand_new(&bench, "tracker.comment");
        assert_string_equal(jx_string(spec, "text"), i == 1 ? "one" : "two");
        end_errand(&bench, "tracker.comment", sw_ok(), json_pack("{sI}", "id", (json_int_t)jx_i64_or(spec, "id", 0)));
    }
    assert_false(is_outstanding(&bench, "tracker.comment"));
    JX_AUTO json_t *task = errand_new(&bench, "tracker.task");
    assert_string_equal(jx_string(task, "summary"), "fix it"); /* J7 */
    assert_string_equal(jx_string(task, "description"), "a long description");
    int64_t id = jx_i64_or(task, "id", 0);
    end_errand(&bench, "tracker.task", sw_ok(),
               json_pack("{sI ss ss}", "id", (json_int_t)id, "key", "OPS-2", "url", "https://t/OPS-2"));
    assert_string_equal(jx_string(json_object_get(incident_entry(bench.wf, id), "task"), "key"), "OPS-2"); /* H46 */
    assert_false(is_outstanding(&bench, "tracker.task"));
    bench_close(&bench);
}

static void test_components_are_pushed_when_they_change(void **state)
{
    (void)state;
    struct bench bench;
    open_with_tracker(&bench);
    end_errand(&bench, "tracker.create", sw_ok(), json_pack("{ss}", "key", "OPS-1"));
    assert_false(is_outstanding(&bench, "tracker.components"));
    assert_true(bench_done(&bench, "component", "apple")); /* H40 */
    assert_true(is_outstanding(&bench, "tracker.components"));
    end_errand(&bench, "tracker.components", sw_ok(),
               json_pack("{s[s] s[ss]}", "components", "apple", "known", "apple", "plum"));
    assert_false(is_outstanding(&bench, "tracker.components"));
    assert_true(bench_done(&bench, "component", "apple"));
    assert_false(is_outstanding(&bench, "tracker.components"));
    assert_true(bench_done(&bench, "component_remove", "apple")); /* H43 */
    assert_true(is_outstanding(&bench, "tracker.components"));
    bench_close(&bench);
}

static void test_a_report_is_drafted_once_and_renewed(void **state)
{
    (void)state;
    struct bench bench;
    open_with_tracker(&bench);
    bench_fill(&bench);
    assert_true(bench_done(&bench, "resolve", ""));
    assert_true(bench_done(&bench, "ready", ""));
    assert_false(is_outstanding(&bench, "report.draft"));
    assert_true(bench_done(&bench, "complete", ""));
    JX_AUTO json_t *spec = errand_new(&bench, "report.draft");
    assert_non_null(spec);
    end_errand(&bench, "report.draft", sw_ok(),
               json_pack("{ss sI}", "url", "https://w/1", "rev", (json_int_t)jx_i64_or(spec, "rev", 0)));
    assert_non_null(bench_order(&bench, "post", "report", "C42"));
    assert_false(is_outstanding(&bench, "report.update")); /* that it is there is no news to it */
    assert_true(bench_done(&bench, "note", "what came to light later"));
    assert_true(is_outstanding(&bench, "report.update"));
    bench_close(&bench);
}

static void test_a_priority_without_a_report_has_none(void **state)
{
    (void)state;
    struct bench bench;
    open_with_tracker(&bench);
    assert_true(bench_done(&bench, "priority", "4"));
    assert_true(bench_done(&bench, "resolve", ""));
    assert_true(bench_done(&bench, "complete", "")); /* H13 */
    assert_false(is_outstanding(&bench, "report.draft"));
    bench_close(&bench);
}

static void test_the_status_page_hears_of_states_and_updates(void **state)
{
    (void)state;
    struct bench bench;
    open_with_tracker(&bench);
    JX_AUTO json_t *spec = errand_new(&bench, "status.post");
    assert_string_equal(jx_string(spec, "state"), "started");
    end_errand(&bench, "status.post", sw_ok(), json_pack("{ss si}", "state", "started", "update", 0));
    assert_false(is_outstanding(&bench, "status.post"));
    assert_true(bench_done(&bench, "note", "x"));
    assert_false(is_outstanding(&bench, "status.post"));
    assert_true(bench_done(&bench, "notify", "We are on it"));
    assert_true(is_outstanding(&bench, "status.post"));
    bench_close(&bench);
}

static void test_errands_are_tried_soon_and_then_less_often(void **state)
{
    (void)state;
    struct bench bench;
    int told = 0;
    open_with_tracker(&bench);
    int64_t after_ms = 5000;
    for (int tries = 1; tries <= 10; tries++) {
        end_errand(&bench, "tracker.create", sw_fail(SW_CODE_IO, "the tracker is away"), NULL);
        told += bench_order(&bench, "post", "problem", "C42") != NULL;
        assert_false(is_outstanding(&bench, "tracker.create"));
        bench.now_ms += after_ms - 1;
        assert_false(is_outstanding(&bench, "tracker.create"));
        bench.now_ms += 1;
        assert_int_equal(jx_i64_or(bench.wf->facts, "errands_due", 0), bench.now_ms);
        assert_false(sw_failed(bench_timer(&bench, "errands")));
        assert_true(is_outstanding(&bench, "tracker.create"));
        after_ms = after_ms * 2 < 600000 ? after_ms * 2 : 600000;
    }
    assert_int_equal(told, 1);
    end_errand(&bench, "tracker.create", sw_ok(), json_pack("{ss}", "key", "OPS-1"));
    assert_int_equal(json_object_size(incident_part(bench.wf, "failed")), 0);
    bench_close(&bench);
}

static void test_what_failed_for_good_waits_for_a_change(void **state)
{
    (void)state;
    struct bench bench;
    open_with_tracker(&bench);
    end_errand(&bench, "tracker.create", sw_fail(SW_CODE_REFUSED, "no such project"), NULL);
    assert_non_null(bench_order(&bench, "post", "problem", "C42"));
    assert_false(is_outstanding(&bench, "tracker.create"));
    (void)bench_say(&bench, "status", "");
    const json_t *shown = json_array_get(json_object_get(bench_reply(&bench)->data, "failed_orders"), 0);
    assert_string_equal(jx_string(shown, "error"), "no such project");
    assert_true(bench_done(&bench, "title", "Another one"));
    assert_true(is_outstanding(&bench, "tracker.create"));
    end_errand(&bench, "tracker.create", sw_fail(SW_CODE_REFUSED, "no such project"), NULL);
    assert_null(bench_order(&bench, "post", "problem", NULL)); /* people know */
    assert_true(bench_done(&bench, "retry", ""));
    assert_true(is_outstanding(&bench, "tracker.create"));
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_issue_is_made_and_kept_in_step),
        cmocka_unit_test(test_updates_and_action_items_are_carried_over_one_by_one),
        cmocka_unit_test(test_components_are_pushed_when_they_change),
        cmocka_unit_test(test_a_report_is_drafted_once_and_renewed),
        cmocka_unit_test(test_a_priority_without_a_report_has_none),
        cmocka_unit_test(test_the_status_page_hears_of_states_and_updates),
        cmocka_unit_test(test_errands_are_tried_soon_and_then_less_often),
        cmocka_unit_test(test_what_failed_for_good_waits_for_a_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
