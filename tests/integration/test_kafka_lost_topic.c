/* SPDX-License-Identifier: Apache-2.0
 * A consumer whose topic is deleted while it reads: its end takes a bounded time, whatever librdkafka waits for. */
#include "tests/integration/kafka_fixture.h"

#include <librdkafka/rdkafka.h>

enum { READ_ON_MS = 8000, END_MS = 15000 };

static void delete_topic(const char *topic)
{
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    assert_int_equal(
        rd_kafka_conf_set(conf, "bootstrap.servers", kafka_fixture_config().brokers, reason, sizeof reason),
        RD_KAFKA_CONF_OK);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    assert_non_null(client);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_DeleteTopic_t *request = rd_kafka_DeleteTopic_new(topic);
    rd_kafka_DeleteTopics(client, &request, 1, NULL, queue);
    rd_kafka_event_t *answer = rd_kafka_queue_poll(queue, 20000);
    assert_non_null(answer);
    assert_int_equal(rd_kafka_event_error(answer), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(answer);
    rd_kafka_DeleteTopic_destroy(request);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
}

static void read_on(struct kafka_consumer *reader, int64_t for_ms)
{
    struct kafka_message message;
    struct sw_status error;
    for (const int64_t until_ms = sw_monotonic_ms() + for_ms; sw_monotonic_ms() < until_ms;)
        if (kafka_poll(reader, 100, &message, &error))
            kafka_message_release(&message);
}

static void test_its_end_is_bounded(void **state)
{
    static const char *const VALUES[] = { "a" };
    char topic[PROTO_TOPIC_NAME_SIZE];
    const char *const topics[] = { topic };
    struct kafka_consumer *reader;
    struct kafka_message message;
    struct sw_status error;
    (void)state;
    kafka_fixture_name(topic, sizeof topic, "lost");
    kafka_fixture_create(topic, 3);
    kafka_fixture_write(topic, VALUES, 1);
    const struct kafka_consumer_options options = { .kafka = kafka_fixture_config(),
                                                    .group = topic,
                                                    .auto_offset_reset = "earliest" };
    kafka_fixture_ok(kafka_consumer_new(&options, &reader));
    kafka_fixture_ok(kafka_subscribe(reader, topics, 1));
    KAFKA_FIXTURE_WAIT(kafka_poll(reader, 100, &message, &error));
    kafka_message_release(&message);
    delete_topic(topic);
    read_on(reader, READ_ON_MS);
    const int64_t began_ms = sw_monotonic_ms();
    kafka_consumer_free(reader);
    assert_true(sw_monotonic_ms() - began_ms < END_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_its_end_is_bounded) };
    return cmocka_run_group_tests(tests, kafka_fixture_begin, NULL);
}
