/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/outbox_json.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_an_envelope_comes_back_as_it_was(void **state)
{
    struct proto_envelope envelope = { .id = "d-1:2",
                                       .type = "slipway.deployment.started.v1",
                                       .source = "/slipway/orchestrator",
                                       .subject = "d-1",
                                       .time_ms = 1767225600123,
                                       .traceparent = "00-1-2-01",
                                       .seq = 2,
                                       .epoch = 1767225600000 },
                          again = { 0 };
    (void)state;
    SW_AUTO_FREE char *text = outbox_json_new(&envelope);
    assert_non_null(text);
    assert_false(sw_failed(outbox_json_parse(text, &again)));
    assert_memory_equal(&envelope, &again, sizeof again);
}

static void test_absent_attributes_come_back_empty(void **state)
{
    struct proto_envelope envelope = { .id = "cmd:reply" }, again = { .traceparent = "old" };
    (void)state;
    SW_AUTO_FREE char *text = outbox_json_new(&envelope);
    assert_non_null(text);
    assert_false(sw_failed(outbox_json_parse(text, &again)));
    assert_memory_equal(&envelope, &again, sizeof again);
}

static void test_an_attribute_that_does_not_fit_is_refused(void **state)
{
    struct proto_envelope envelope;
    char text[400];
    (void)state;
    (void)snprintf(text, sizeof text, "{\"id\":\"%0200d\"}", 1);
    assert_int_equal(outbox_json_parse(text, &envelope).code, SW_CODE_INVALID);
}

static void test_topics_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < PROTO_TOPIC_COUNT; i++) {
        enum proto_topic topic;
        assert_true(outbox_topic_parse(outbox_topic_name((enum proto_topic)i), &topic));
        assert_int_equal(topic, i);
    }
    assert_false(outbox_topic_parse("nothing", &(enum proto_topic){ 0 }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_envelope_comes_back_as_it_was),
        cmocka_unit_test(test_absent_attributes_come_back_empty),
        cmocka_unit_test(test_an_attribute_that_does_not_fit_is_refused),
        cmocka_unit_test(test_topics_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
