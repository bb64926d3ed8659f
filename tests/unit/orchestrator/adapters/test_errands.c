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

enum { MAX_REPORTS = 2048, WAIT_S = 10, QUEUE = 256 * ERRANDS_SIDE_BY_SIDE };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
/* under lock */
static struct errand_report reports[MAX_REPORTS];
static size_t report_count;
static int runs, full; /* full: the listener has no room that often */
static bool gate;      /* closed: adapters wait */
static bool slow;      /* what is asked for i-slow hangs */

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
static bool is_quick(void) { return !slow; }
static bool one_runs(void) { return runs == 1; }
static bool all_run(void) { return runs == ERRANDS_SIDE_BY_SIDE; }
static bool one_came(void) { return report_count >= 1; }
static bool two_came(void) { return report_count >= 2; }
static bool ten_came(void) { return report_count >= 10; }
static bool eleven_came(void) { return report_count >= 11; }
static bool all_came(void) { return report_count == QUEUE + ERRANDS_SIDE_BY_SIDE; }

static struct sw_status work(void *self, const char *workflow, const char *name, const json_t *spec,
                             json_t **ret_result, int64_t *ret_retry_after_ms)
{
    (void)self;
    pthread_mutex_lock(&lock);
    runs++;
    pthread_cond_broadcast(&changed);
    wait_until(is_open);
    if (sw_equal(workflow, "i-slow"))
        wait_until(is_quick);
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
    slow = false;
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
    assert_false(sw_failed(start("i-1", "tracker.sync", 3)));
    set_gate(true);
    await(two_came);
    assert_int_equal(runs, 2);
    assert_int_equal(jx_i64_or(reports[0].result, "n", 0), 1);
    assert_int_equal(jx_i64_or(reports[1].result, "n", 0), 3);
}

/* What hangs for one incident delays none of another's. */
static void test_one_that_hangs_delays_no_other(void **state)
{
    (void)state;
    slow = true;
    assert_false(sw_failed(start("i-slow", "tracker.create", 0)));
    assert_false(sw_failed(start("i-slow", "tracker.sync", 99))); /* waits for the one before it */
    await(one_runs);
    for (int n = 1; n <= 10; n++) {
        char name[32];
        (void)snprintf(name, sizeof name, "tracker.task-%d", n);
        assert_false(sw_failed(start("i-2", name, n)));
    }
    await(ten_came);
    for (int n = 0; n < 10; n++) { /* and they keep their order */
        assert_string_equal(reports[n].workflow, "i-2");
        assert_int_equal(jx_i64_or(reports[n].result, "n", 0), n + 1);
    }
    assert_int_equal(runs, 11);
    pthread_mutex_lock(&lock);
    slow = false;
    pthread_cond_broadcast(&changed);
    wait_until(eleven_came);
    pthread_mutex_unlock(&lock);
    assert_string_equal(reports[10].name, "tracker.create");
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

static void test_few_at_a_time_and_no_more_than_there_is_room_for(void **state)
{
    (void)state;
    bool seen[QUEUE + ERRANDS_SIDE_BY_SIDE] = { false };
    set_gate(false);
    for (int n = 0; n < ERRANDS_SIDE_BY_SIDE; n++)
        assert_false(sw_failed(start_one(n)));
    await(all_run);
    for (int n = ERRANDS_SIDE_BY_SIDE; n < QUEUE + ERRANDS_SIDE_BY_SIDE; n++)
        assert_false(sw_failed(start_one(n)));
    struct sw_status status = start_one(QUEUE + ERRANDS_SIDE_BY_SIDE);
    assert_int_equal(status.class, SW_RETRY);
    assert_int_equal(runs, ERRANDS_SIDE_BY_SIDE); /* at the other side are few, whatever waits here */
    set_gate(true);
    await(all_came);
    for (size_t i = 0; i < report_count; i++) {
        int64_t n = jx_i64_or(reports[i].result, "n", -1);
        assert_in_range(n, 0, QUEUE + ERRANDS_SIDE_BY_SIDE - 1);
        assert_false(seen[n]);
        seen[n] = true;
    }
    assert_false(sw_failed(start_one(QUEUE + ERRANDS_SIDE_BY_SIDE))); /* what found no room is not under way */
}

static void test_what_waits_is_dropped_at_the_end(void **state)
{
    (void)state;
    set_gate(false);
    for (int i = 0; i < 5; i++) {
        char name[] = "tracker.0";
        name[8] = (char)('0' + i);
        assert_false(sw_failed(start("i-1", name, i)));
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
        TEST(test_one_that_hangs_delays_no_other),
        TEST(test_few_at_a_time_and_no_more_than_there_is_room_for),
        TEST(test_what_waits_is_dropped_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
