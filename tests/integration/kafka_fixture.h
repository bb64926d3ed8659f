/* SPDX-License-Identifier: Apache-2.0
 * kafka_fixture: topics of a test's own on a real broker, and what is written to and read from them. */
#ifndef TESTS_INTEGRATION_KAFKA_FIXTURE_H
#define TESTS_INTEGRATION_KAFKA_FIXTURE_H

#include "common/io/kafka.h"
#include "common/rt/clock.h"
#include "proto/topics.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline void kafka_fixture_ok(struct sw_status status)
{
    if (sw_failed(status))
        fail_msg("%s %s", sw_code_name(status.code), status.text);
}

static inline struct kafka_config kafka_fixture_config(void)
{
    return (struct kafka_config){ .brokers = getenv("SLIPWAY_TEST_KAFKA_BROKERS"), .client_id = "test" };
}

static inline int kafka_fixture_begin(void **state)
{
    (void)state;
    if (getenv("SLIPWAY_TEST_KAFKA_BROKERS"))
        return 0;
    (void)fprintf(stderr, "SLIPWAY_TEST_KAFKA_BROKERS is not set: run the integration tests by ./tests/run\n");
    return -1;
}

/* A name that no other test has. */
static inline void kafka_fixture_name(char *ret_name, size_t size, const char *what)
{
    (void)snprintf(ret_name, size, "test-%08x-%s", sw_random32(), what);
}

static inline void kafka_fixture_create(const char *name, int32_t partitions)
{
    struct kafka_config config = kafka_fixture_config();
    kafka_fixture_ok(
        kafka_create_topics(&config, &(struct kafka_topic){ .name = name, .partitions = partitions }, 1, 20000));
}

static inline void kafka_fixture_write(const char *topic, const char *const *values, size_t count)
{
    struct kafka_producer *producer;
    const struct kafka_header headers[] = {
        { "ce_specversion", "1.0" },
        { "ce_id", "cmd-1" },
        { "ce_type", "slipway.command.deploy.v1" },
        { "ce_source", "/slipway/gateway" },
        { "ce_time", "2026-01-01T00:00:00Z" },
    };
    struct kafka_producer_options options = { .kafka = kafka_fixture_config(), .delivery_timeout_ms = 10000 };
    kafka_fixture_ok(kafka_producer_new(&options, &topic, 1, &producer));
    for (size_t i = 0; i < count; i++)
        kafka_fixture_ok(kafka_produce(producer,
                                       &(struct kafka_record){ .topic = topic,
                                                               .key = "key",
                                                               .value = values[i],
                                                               .value_bytes = strlen(values[i]),
                                                               .headers = headers,
                                                               .header_count = sizeof headers / sizeof *headers },
                                       NULL, NULL));
    kafka_fixture_ok(kafka_producer_flush(producer, 10000));
    kafka_producer_free(producer);
}

#define KAFKA_FIXTURE_WAIT(condition)                                                                                  \
    do {                                                                                                               \
        int64_t deadline_ms_ = sw_monotonic_ms() + 20000;                                                              \
        bool met_ = false;                                                                                             \
        while (!(met_ = (condition)) && sw_monotonic_ms() < deadline_ms_)                                              \
            (void)poll(NULL, 0, 5);                                                                                    \
        assert_true(met_);                                                                                             \
    } while (0)

#endif
