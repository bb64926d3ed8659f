/* SPDX-License-Identifier: Apache-2.0
 * What needs no broker: a poll that waits can be ended. */
#include "common/io/kafka.h"

#include "common/rt/clock.h"
#include "common/rt/thread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LONG_MS = 60000, SHORT_MS = 20000 };

static struct kafka_consumer *consumer;

static int begin(void **state)
{
    (void)state;
    const struct kafka_consumer_options options = { .kafka = { .brokers = "127.0.0.1:1", .client_id = "test" },
                                                    .auto_offset_reset = "latest" };
    return sw_failed(kafka_consumer_new(&options, &consumer)) ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    kafka_consumer_free(consumer);
    return 0;
}

static void expect_short_poll(void)
{
    struct kafka_message message;
    struct sw_status error;
    const int64_t began_ms = sw_monotonic_ms();
    assert_false(kafka_poll(consumer, LONG_MS, &message, &error));
    assert_false(sw_failed(error));
    assert_in_range(sw_monotonic_ms() - began_ms, 0, SHORT_MS);
}

static void test_a_wake_before_the_poll_ends_it(void **state)
{
    (void)state;
    kafka_wake(consumer);
    expect_short_poll();
}

static void wake_it(void *self) { kafka_wake(self); }

static void test_another_thread_ends_a_poll(void **state)
{
    (void)state;
    struct sw_thread thread;
    assert_false(sw_failed(sw_thread_start(&thread, "waker", wake_it, consumer)));
    expect_short_poll();
    sw_thread_join(&thread);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_wake_before_the_poll_ends_it, begin, end),
        cmocka_unit_test_setup_teardown(test_another_thread_ends_a_poll, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
