/* SPDX-License-Identifier: Apache-2.0
 * The command log on a real Kafka: every record once, from the cursor, and no other log taken for this one. */
#include "tests/integration/kafka_fixture.h"

#include "common/base/text.h"
#include "common/io/crypto.h"
#include "orchestrator/adapters/command_log.h"

#include <stdatomic.h>

static const char *const THREE[] = { "{\"a\":1}", "{\"b\":2}", "{\"c\":3}" };

static char topic[PROTO_TOPIC_NAME_SIZE];
static struct command_log *the_log;
static struct log_port port;
static _Atomic int wakes;

static void on_wake(void *self)
{
    (void)self;
    wakes++;
}

static void open_log(const char *name, bool accept_new_log)
{
    struct command_log_options options = {
        .kafka = kafka_fixture_config(), .topic = name, .accept_new_log = accept_new_log, .wake = on_wake
    };
    kafka_fixture_ok(command_log_new(&options, &the_log));
    port = command_log_port(the_log);
}

static int begin_test(void **state)
{
    (void)state;
    wakes = 0;
    kafka_fixture_name(topic, sizeof topic, "commands");
    kafka_fixture_create(topic, 1);
    open_log(topic, false);
    return 0;
}

static int end_test(void **state)
{
    (void)state;
    command_log_free(the_log);
    return 0;
}

static struct sw_status begin_at(const struct log_cursor *cursor, struct log_cursor *ret_cursor, bool *ret_new)
{
    struct sw_status status = sw_ok();
    KAFKA_FIXTURE_WAIT((status = port.begin(port.self, cursor, ret_cursor, ret_new)).class != SW_RETRY);
    return status;
}

static struct log_cursor begin_first(void)
{
    struct log_cursor cursor = { 0 }, start = { 0 };
    bool new_log = true;
    kafka_fixture_ok(begin_at(&cursor, &start, &new_log));
    assert_false(new_log);
    assert_true(*start.cluster_id);
    return start;
}

static struct log_record *next_record(void)
{
    struct log_record *record = NULL;
    KAFKA_FIXTURE_WAIT((record = port.pull(port.self)) != NULL);
    return record;
}

static void expect_record(int64_t offset, const char *value)
{
    struct log_record *record = next_record();
    assert_int_equal(record->offset, offset);
    assert_string_equal(record->value, value);
    log_record_free(record);
}

/* What the engine stores after the three records. */
static struct log_cursor behind_three(struct log_cursor start)
{
    crypto_sha256_hex(THREE[2], strlen(THREE[2]), start.last_hash);
    start.next_offset = 3;
    return start;
}

static void test_a_first_start_reads_from_the_beginning(void **state)
{
    char hash[65];
    (void)state;
    kafka_fixture_write(topic, THREE, 3);
    (void)begin_first();
    struct log_record *record = next_record();
    crypto_sha256_hex(THREE[0], strlen(THREE[0]), hash);
    assert_string_equal(record->value, THREE[0]);
    assert_string_equal(record->hash, hash);
    assert_false(sw_failed(record->bad));
    assert_string_equal(record->envelope.id, "cmd-1");
    assert_non_null(strstr(record->headers, "[\"ce_id\",\"cmd-1\"]"));
    assert_true(record->timestamp_ms > 0);
    log_record_free(record);
    expect_record(1, THREE[1]);
    expect_record(2, THREE[2]);
    assert_null(port.pull(port.self));
    KAFKA_FIXTURE_WAIT(wakes >= 3);
    kafka_fixture_ok(port.health(port.self));
}

static void test_reading_goes_on_behind_the_cursor(void **state)
{
    static const char *const FOURTH[] = { "{\"d\":4}" };
    struct log_cursor again;
    bool new_log = true;
    (void)state;
    kafka_fixture_write(topic, THREE, 3);
    struct log_cursor cursor = behind_three(begin_first());
    port.stop(port.self);
    kafka_fixture_ok(begin_at(&cursor, &again, &new_log));
    assert_false(new_log);
    assert_int_equal(again.next_offset, 3);
    kafka_fixture_write(topic, FOURTH, 1);
    expect_record(3, FOURTH[0]);
}

static void assert_refused(struct log_cursor cursor, const char *part_of_text)
{
    struct log_cursor start;
    bool new_log;
    struct sw_status status = begin_at(&cursor, &start, &new_log);
    assert_int_equal(status.code, SW_CODE_LOG_IDENTITY);
    assert_non_null(strstr(status.text, part_of_text));
    assert_non_null(strstr(status.text, "HINT"));
    assert_null(port.pull(port.self));
}

static void test_another_log_is_refused_whatever_differs(void **state)
{
    (void)state;
    kafka_fixture_write(topic, THREE, 3);
    struct log_cursor good = behind_three(begin_first()), bad = good;
    (void)sw_copy(bad.cluster_id, sizeof bad.cluster_id, "another");
    assert_refused(bad, "cluster");
    bad = good;
    bad.next_offset = 4;
    assert_refused(bad, "offsets from 0 to 3");
    bad = good;
    bad.last_hash[0] = 'x';
    assert_refused(bad, "offset 2");
}

static void test_another_log_is_read_from_its_beginning_when_accepted(void **state)
{
    struct log_cursor start, cursor = { .cluster_id = "another", .next_offset = 77, .last_hash = "hash" };
    bool new_log = false;
    (void)state;
    kafka_fixture_write(topic, THREE, 3);
    command_log_free(the_log);
    open_log(topic, true);
    kafka_fixture_ok(begin_at(&cursor, &start, &new_log));
    assert_true(new_log);
    assert_int_equal(start.next_offset, 0);
    assert_string_equal(start.last_hash, "");
    assert_string_not_equal(start.cluster_id, "another");
    expect_record(0, THREE[0]);
}

static void test_more_than_one_partition_is_refused(void **state)
{
    char two[PROTO_TOPIC_NAME_SIZE];
    struct log_cursor start;
    bool new_log;
    (void)state;
    kafka_fixture_name(two, sizeof two, "two");
    kafka_fixture_create(two, 2);
    command_log_free(the_log);
    open_log(two, true);
    struct sw_status status = begin_at(&(struct log_cursor){ 0 }, &start, &new_log);
    assert_int_equal(status.code, SW_CODE_CONFIG);
    assert_non_null(strstr(status.text, "2 partitions"));
}

/* More than the queue holds: nothing is lost while the owner does not pull, and the order stays. */
static void test_a_slow_owner_loses_nothing(void **state)
{
    enum { COUNT = 700 };
    static char text[COUNT][16];
    static const char *values[COUNT];
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(text[i], sizeof text[i], "%d", i);
        values[i] = text[i];
    }
    kafka_fixture_write(topic, values, COUNT);
    (void)begin_first();
    KAFKA_FIXTURE_WAIT(wakes >= 256); /* the queue is full */
    for (int i = 0; i < COUNT; i++)
        expect_record(i, text[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_test, end_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_first_start_reads_from_the_beginning),
        TEST(test_reading_goes_on_behind_the_cursor),
        TEST(test_another_log_is_refused_whatever_differs),
        TEST(test_another_log_is_read_from_its_beginning_when_accepted),
        TEST(test_more_than_one_partition_is_refused),
        TEST(test_a_slow_owner_loses_nothing),
    };
    return cmocka_run_group_tests(tests, kafka_fixture_begin, NULL);
}
