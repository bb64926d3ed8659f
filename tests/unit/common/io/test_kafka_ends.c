/* SPDX-License-Identifier: Apache-2.0
 * The ends of partitions, asked of librdkafka's mock cluster, which answers as it is told to. */
#include "common/io/kafka.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { PARTITIONS = 3, API_LIST_OFFSETS = 2, LONG_MS = 20000, SHORT_MS = 300 };

static rd_kafka_t *host;
static rd_kafka_mock_cluster_t *cluster;
static struct kafka_consumer *consumer;

static int begin(void **state)
{
    char reason[128];
    (void)state;
    host = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason, sizeof reason);
    assert_non_null(host);
    cluster = rd_kafka_mock_cluster_new(host, 1);
    assert_int_equal(rd_kafka_mock_topic_create(cluster, "ends", PARTITIONS, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
    const struct kafka_consumer_options options = { .kafka = { .brokers = rd_kafka_mock_cluster_bootstraps(cluster),
                                                               .client_id = "test" },
                                                    .auto_offset_reset = "latest" };
    return sw_failed(kafka_consumer_new(&options, &consumer)) ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    kafka_consumer_free(consumer);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(host);
    return 0;
}

static struct sw_status ask(int64_t timeout_ms, struct kafka_watermarks *ret_marks)
{
    return kafka_watermarks_of(consumer, "ends", (const int32_t[]){ 0, 1, 2 }, PARTITIONS, timeout_ms, ret_marks);
}

static void refuse(size_t times, rd_kafka_resp_err_t error)
{
    for (size_t i = 0; i < times; i++)
        rd_kafka_mock_push_request_errors(cluster, API_LIST_OFFSETS, 1, error);
}

/* As in the moments after a topic was made, and while a broker is replaced. */
static void test_a_leader_that_moves_is_asked_again(void **state)
{
    static const rd_kafka_resp_err_t MOVES[] = { RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                                 RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
                                                 RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART };
    (void)state;
    for (size_t i = 0; i < SW_COUNT(MOVES); i++) {
        struct kafka_watermarks marks[PARTITIONS] = { { 7, 7 }, { 7, 7 }, { 7, 7 } };
        refuse(2, MOVES[i]);
        struct sw_status status = ask(LONG_MS, marks);
        if (sw_failed(status))
            fail_msg("%s: %s", rd_kafka_err2name(MOVES[i]), status.text);
        for (int n = 0; n < PARTITIONS; n++)
            assert_int_equal(marks[n].high, 0);
    }
}

static void test_it_is_not_asked_for_longer_than_the_caller_waits(void **state)
{
    struct kafka_watermarks marks[PARTITIONS] = { { 7, 7 } };
    (void)state;
    refuse(1000, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
    assert_int_equal(ask(SHORT_MS, marks).code, SW_CODE_KAFKA);
    assert_int_equal(marks[0].high, 7);
}

static void test_what_another_try_does_not_mend_is_told_at_once(void **state)
{
    struct kafka_watermarks marks[PARTITIONS];
    (void)state;
    refuse(1, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    assert_int_equal(ask(LONG_MS, marks).code, SW_CODE_KAFKA); /* the next try would have been answered */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_leader_that_moves_is_asked_again),
        TEST(test_it_is_not_asked_for_longer_than_the_caller_waits),
        TEST(test_what_another_try_does_not_mend_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
