/* SPDX-License-Identifier: Apache-2.0
 * What a real Kafka says about how long a topic keeps its records. */
#include "tests/integration/kafka_fixture.h"

#include "proto/topics.h"

#include <stdint.h>

static void test_the_retention_that_a_topic_was_made_with(void **state)
{
    (void)state;
    char name[PROTO_TOPIC_NAME_SIZE];
    const struct kafka_config kafka = kafka_fixture_config();
    int64_t retention_ms = 0;
    kafka_fixture_name(name, sizeof name, "kept");
    const struct kafka_topic topic = { .name = name, .partitions = 1, .retention_ms = 86400000 };
    kafka_fixture_ok(kafka_create_topics(&kafka, &topic, 1, 30000));
    kafka_fixture_ok(kafka_topic_retention(&kafka, name, 10000, &retention_ms));
    assert_int_equal(retention_ms, 86400000);
}

static void test_no_such_topic(void **state)
{
    (void)state;
    const struct kafka_config kafka = kafka_fixture_config();
    int64_t retention_ms = 7;
    assert_true(sw_failed(kafka_topic_retention(&kafka, "slipway-nosuch-topic", 10000, &retention_ms)));
    assert_int_equal(retention_ms, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_retention_that_a_topic_was_made_with),
        cmocka_unit_test(test_no_such_topic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
