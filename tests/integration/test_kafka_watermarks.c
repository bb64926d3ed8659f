/* SPDX-License-Identifier: Apache-2.0
 * Where the partitions of a topic begin and end, asked of a real Kafka by a consumer that reads them. */
#include "tests/integration/kafka_fixture.h"

enum { PARTITIONS = 12, RECORDS = 3, FETCH_MS = 500 };

static char topic[PROTO_TOPIC_NAME_SIZE];
static struct kafka_consumer *reader;

static int begin_test(void **state)
{
    static const char *const VALUES[RECORDS] = { "a", "b", "c" };
    const struct kafka_consumer_options options = { .kafka = kafka_fixture_config(),
                                                    .auto_offset_reset = "earliest",
                                                    .fetch_wait_ms = FETCH_MS };
    (void)state;
    kafka_fixture_name(topic, sizeof topic, "ends");
    kafka_fixture_create(topic, PARTITIONS);
    kafka_fixture_write(topic, VALUES, RECORDS); /* of one key: they are in one partition */
    kafka_fixture_ok(kafka_consumer_new(&options, &reader));
    return 0;
}

static int end_test(void **state)
{
    (void)state;
    kafka_consumer_free(reader);
    return 0;
}

static void ask_all(struct kafka_watermarks *ret_marks)
{
    int32_t numbers[PARTITIONS];
    for (int32_t i = 0; i < PARTITIONS; i++)
        numbers[i] = i;
    kafka_fixture_ok(kafka_watermarks_of(reader, topic, numbers, PARTITIONS, 10000, ret_marks));
}

static void test_together_they_are_what_they_are_one_by_one(void **state)
{
    struct kafka_watermarks marks[PARTITIONS], one;
    int64_t records = 0;
    (void)state;
    ask_all(marks);
    for (int32_t i = 0; i < PARTITIONS; i++) {
        kafka_fixture_ok(kafka_watermarks(reader, topic, i, 10000, &one));
        assert_int_equal(marks[i].low, one.low);
        assert_int_equal(marks[i].high, one.high);
        records += marks[i].high - marks[i].low;
    }
    assert_int_equal(records, RECORDS);
}

/* One by one each question waits for the end of a fetch: more than five seconds in all. */
static void test_a_reader_does_not_wait_for_a_fetch_at_each_partition(void **state)
{
    struct kafka_watermarks marks[PARTITIONS];
    struct kafka_message message;
    struct sw_status error;
    (void)state;
    for (int32_t i = 0; i < PARTITIONS; i++)
        kafka_fixture_ok(kafka_assign(reader, topic, i, KAFKA_BEGINNING));
    for (int i = 0; i < RECORDS; i++) {
        KAFKA_FIXTURE_WAIT(kafka_poll(reader, 100, &message, &error));
        kafka_message_release(&message);
    }
    const int64_t began_ms = sw_monotonic_ms();
    ask_all(marks);
    assert_true(sw_monotonic_ms() - began_ms < PARTITIONS * FETCH_MS / 2);
}

static void test_no_such_partition(void **state)
{
    struct kafka_watermarks marks[2] = { { 7, 7 }, { 7, 7 } };
    (void)state;
    assert_true(sw_failed(kafka_watermarks_of(reader, topic, (const int32_t[]){ 0, PARTITIONS }, 2, 2000, marks)));
    assert_int_equal(marks[0].high, 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_test, end_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_together_they_are_what_they_are_one_by_one),
        TEST(test_a_reader_does_not_wait_for_a_fetch_at_each_partition),
        TEST(test_no_such_partition),
    };
    return cmocka_run_group_tests(tests, kafka_fixture_begin, NULL);
}
