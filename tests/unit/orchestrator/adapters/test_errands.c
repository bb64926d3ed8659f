/* SPDX-License-Identifier: Apache-2.0
 * Workers and their families, with made-up adapters. Every wait has a deadline. */
#include "orchestrator/adapters/errands.h"

#include "common/base/text.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { MAX_REPORTS = 512, WAIT_S = 10, QUEUE = 256 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
/* under lock */
static struct errand_report reports[MAX_REPORTS];
static size_t report_count;
static int runs, full; /* full: the listener has no room that often */
static bool gate;      /* closed: adapters wait */

static void wait_until(bool (*met)(void))
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_S;
    while (!met())
        if (pthread_cond_timedwait(&changed, &lock, &until) == ETIMEDOUT)
            fail_msg("it did not happen within %d s", WAIT_S);
}

static bool is_open(void) { return gate; }
static bool one_runs(void) { return runs == 1; }
static bool one_came(void) { return report_count >= 1; }
static bool two_came(void) { return report_count >= 2; }
static bool all_came(void) { return report_count == QUEUE + 1; }

static struct sw_status work(void *self, const char *workflow, const char *name, const json_t *spec,
                             json_t **ret_result, int64_t *ret_retry_after_ms)
{
    (void)self;
    pthread_mutex_lock(&lock);
    runs++;
    pthread_cond_broadcast(&changed);
    wait_until(is_open);
    pthread_mutex_unlock(&lock);
    if (sw_equal(name, "tracker.busy")) {
        *ret_retry_after_ms = 7000;
        return sw_fail(SW_CODE_IO, "busy");
    }
    if (!sw_equal(name, "tracker.silent"))
        *ret_result = json_pack("{ss sI}", "of", workflow, "n", (json_int_t)jx_i64_or(spec, "n", 0));
    return sw_ok();
}

static bool take(void *self, const struct errand_report *report)
{
    (void)self;
    pthread_mutex_lock(&lock);
    bool room = full == 0;
    if (room)
        reports[report_count++] = *report;
    else
        full--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return room;
}

static struct errands *errands;

static int begin(void **state)
{
    (void)state;
    const struct errands_options options = { .adapters = { { "tracker.", work, NULL } },
                                             .adapter_count = 1,
                                             .listener = { take, NULL } };
    report_count = 0;
    runs = full = 0;
    gate = true;
    return sw_failed(errands_new(&options, &errands)) ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    errands_free(errands);
    for (size_t i = 0; i < report_count; i++)
        errand_report_release(&reports[i]);
    return 0;
}

static struct sw_status start(const char *workflow, const char *name, int n)
{
    struct wf_errand errand = { .spec = json_pack("{si}", "n", n) };
    (void)sw_copy(errand.name, sizeof errand.name, name);
    const struct errands_port port = errands_port(errands);
    struct sw_status status = port.start(port.self, workflow, &errand);
    json_decref(errand.spec);
    return status;
}

static void await(bool (*met)(void))
{
    pthread_mutex_lock(&lock);
    wait_until(met);
    pthread_mutex_unlock(&lock);
}

static void set_gate(bool open)
{
    pthread_mutex_lock(&lock);
    gate = open;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void test_the_result_comes_back(void **state)
{
    (void)state;
    assert_false(sw_failed(start("i-1", "tracker.create", 42)));
    await(one_came);
    assert_string_equal(reports[0].workflow, "i-1");
    assert_string_equal(reports[0].name, "tracker.create");
    assert_false(sw_failed(reports[0].status));
    assert_string_equal(jx_string(reports[0].result, "of"), "i-1");
    assert_int_equal(jx_i64_or(reports[0].result, "n", 0), 42);
    assert_false(sw_failed(start("i-1", "tracker.silent", 1)));
    await(two_came);
    assert_int_equal(json_object_size(reports[1].result), 0);
    assert_true(json_is_object(reports[1].result));
}

static void test_a_failure_says_when_to_come_again(void **state)
{
    (void)state;
    assert_false(sw_failed(start("i-1", "tracker.busy", 1)));
    await(one_came);
    assert_int_equal(reports[0].status.class, SW_RETRY);
    assert_int_equal(reports[0].retry_after_ms, 7000);
    assert_null(reports[0].result);
}

static void test_what_is_under_way_is_adopted(void **state)
{
    (void)state;
    set_gate(false);
    assert_false(sw_failed(start("i-1", "tracker.create", 1)));
    await(one_runs);
    assert_false(sw_failed(start("i-1", "tracker.create", 2)));
    assert_false(sw_failed(start("i-2", "tracker.create", 3)));
    set_gate(true);
    await(two_came);
    assert_int_equal(runs, 2);
    assert_int_equal(jx_i64_or(reports[0].result, "n", 0), 1);
    assert_string_equal(reports[1].workflow, "i-2");
}

static void test_a_report_without_room_is_told_again(void **state)
{
    (void)state;
    full = 2;
    assert_false(sw_failed(start("i-1", "tracker.create", 1)));
    await(one_came);
    assert_int_equal(full, 0);
}

static void test_a_family_without_an_adapter_fails_for_good(void **state)
{
    (void)state;
    struct sw_status status = start("i-1", "report.draft", 1);
    assert_int_equal(status.class, SW_PERMANENT);
    assert_non_null(strstr(status.text, "report.draft"));
}

static struct sw_status start_one(int n)
{
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    (void)snprintf(workflow, sizeof workflow, "i-%d", n);
    return start(workflow, "tracker.create", n);
}

static void test_one_at_a_time_in_order_and_no_more_than_there_is_room_for(void **state)
{
    (void)state;
    set_gate(false);
    assert_false(sw_failed(start_one(0)));
    await(one_runs);
    for (int n = 1; n <= QUEUE; n++)
        assert_false(sw_failed(start_one(n)));
    struct sw_status status = start_one(QUEUE + 1);
    assert_int_equal(status.class, SW_RETRY);
    assert_int_equal(runs, 1); /* at the other side is one, whatever waits here */
    set_gate(true);
    await(all_came);
    for (int n = 0; n <= QUEUE; n++)
        assert_int_equal(jx_i64_or(reports[n].result, "n", -1), n);
    assert_false(sw_failed(start_one(QUEUE + 1))); /* what found no room is not under way */
}

static void test_what_waits_is_dropped_at_the_end(void **state)
{
    (void)state;
    set_gate(false);
    for (int i = 0; i < 5; i++) {
        char workflow[] = "i-0";
        workflow[2] = (char)('0' + i);
        assert_false(sw_failed(start(workflow, "tracker.create", i)));
    }
    await(one_runs);
    set_gate(true);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_result_comes_back),
        TEST(test_a_failure_says_when_to_come_again),
        TEST(test_what_is_under_way_is_adopted),
        TEST(test_a_report_without_room_is_told_again),
        TEST(test_a_family_without_an_adapter_fails_for_good),
        TEST(test_one_at_a_time_in_order_and_no_more_than_there_is_room_for),
        TEST(test_what_waits_is_dropped_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
