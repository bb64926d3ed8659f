/* SPDX-License-Identifier: Apache-2.0
 * Faults: which calls they strike, how often, and the rate limits by tier. */
#include "deploy/sandbox/slack/slack_faults.h"

#include "common/base/text.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

static int64_t add(struct slack_faults *faults, const char *text)
{
    json_error_t error;
    int64_t id = 0;
    JX_AUTO json_t *fault = json_loads(text, 0, &error);
    struct sw_status status = slack_faults_add(faults, fault, &id);
    if (sw_failed(status))
        fail_msg("%s: %s", text, status.text);
    return id;
}

static enum slack_fault_kind strike(struct slack_faults *faults, const char *method, double dice)
{
    return slack_faults_strike(faults, method, "C1", 1000, dice).kind;
}

static void test_pattern_and_count(void **state)
{
    struct slack_faults *faults = slack_faults_new();
    (void)state;
    (void)add(faults, "{\"method\":\"chat.*\",\"kind\":\"http_503_html\",\"count\":2}");
    assert_int_equal(strike(faults, "auth.test", 0), SLACK_FAULT_NONE);
    assert_int_equal(strike(faults, "chat.update", 0), SLACK_FAULT_HTML_503);
    assert_int_equal(strike(faults, "chat.postMessage", 0), SLACK_FAULT_HTML_503);
    assert_int_equal(strike(faults, "chat.postMessage", 0), SLACK_FAULT_NONE);
    slack_faults_free(faults);
}

static void test_probability(void **state)
{
    struct slack_faults *faults = slack_faults_new();
    (void)state;
    (void)add(faults, "{\"kind\":\"lost_reply\",\"probability\":0.25}");
    assert_int_equal(strike(faults, "auth.test", 0.24), SLACK_FAULT_LOST_REPLY);
    assert_int_equal(strike(faults, "auth.test", 0.25), SLACK_FAULT_NONE);
    slack_faults_free(faults);
}

static void test_details_and_removal(void **state)
{
    struct slack_faults *faults = slack_faults_new();
    (void)state;
    int64_t limit = add(faults, "{\"kind\":\"rate_limit\",\"retry_after\":7}");
    (void)add(faults, "{\"kind\":\"slow\",\"ms\":250}");
    assert_int_equal(slack_faults_strike(faults, "x", NULL, 0, 0).retry_after_s, 7);
    assert_true(slack_faults_remove(faults, limit));
    assert_false(slack_faults_remove(faults, limit));
    assert_int_equal(slack_faults_strike(faults, "x", NULL, 0, 0).delay_ms, 250);
    assert_true(slack_faults_remove(faults, 0));
    assert_int_equal(strike(faults, "x", 0), SLACK_FAULT_NONE);
    slack_faults_free(faults);
}

static void test_refusals(void **state)
{
    static const char *const BAD[] = { "{}", "{\"kind\":\"gremlin\"}", "{\"kind\":\"slow\",\"ms\":-1}",
                                       "{\"kind\":\"down\",\"count\":0}", "{\"kind\":\"down\",\"probability\":2}" };
    struct slack_faults *faults = slack_faults_new();
    (void)state;
    for (size_t i = 0; i < SW_COUNT(BAD); i++) {
        json_error_t error;
        int64_t id = 0;
        JX_AUTO json_t *fault = json_loads(BAD[i], 0, &error);
        assert_int_equal(slack_faults_add(faults, fault, &id).code, SW_CODE_INVALID);
    }
    slack_faults_free(faults);
}

static void test_tiers_limit_posts_by_channel(void **state)
{
    struct slack_faults *faults = slack_faults_new();
    (void)state;
    (void)add(faults, "{\"kind\":\"tiers\"}");
    for (int i = 0; i < 4; i++) /* the burst */
        assert_int_equal(slack_faults_strike(faults, "chat.postMessage", "C1", 1000, 0).kind, SLACK_FAULT_NONE);
    struct slack_fault_verdict verdict = slack_faults_strike(faults, "chat.postMessage", "C1", 1000, 0);
    assert_int_equal(verdict.kind, SLACK_FAULT_RATE_LIMIT);
    assert_in_range(verdict.retry_after_s, 1, 2);
    assert_int_equal(slack_faults_strike(faults, "chat.postMessage", "C2", 1000, 0).kind, SLACK_FAULT_NONE);
    assert_int_equal(slack_faults_strike(faults, "chat.postMessage", "C1", 2000, 0).kind, SLACK_FAULT_NONE);
    slack_faults_free(faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pattern_and_count),
        cmocka_unit_test(test_probability),
        cmocka_unit_test(test_details_and_removal),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_tiers_limit_posts_by_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
