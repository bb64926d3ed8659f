/* SPDX-License-Identifier: Apache-2.0
 * The publisher on a real Kafka and a real Postgres: every committed row arrives, in order, from memory or the table.
 */
#include "tests/integration/kafka_fixture.h"
#include "tests/integration/pg_fixture.h"

#include "common/base/text.h"
#include "orchestrator/adapters/outbox_publisher.h"

enum { FEW = 20, MANY = 400 };

static struct fixture_store leader;
static struct outbox_publisher *publisher;
static struct publisher_port port;
static struct kafka_consumer *reader;
static char prefix[64], events[PROTO_TOPIC_NAME_SIZE], replies[PROTO_TOPIC_NAME_SIZE];

static void open_publisher(int64_t max_bytes)
{
    struct outbox_publisher_options options = { .kafka = kafka_fixture_config(),
                                                .topic_prefix = prefix,
                                                .database_url = getenv("SLIPWAY_TEST_DATABASE_URL"),
                                                .max_bytes = max_bytes };
    fixture_ok(outbox_publisher_new(&options, &publisher));
    port = outbox_publisher_port(publisher);
}

static int begin_test(void **state)
{
    struct kafka_consumer_options options = { .kafka = kafka_fixture_config(), .auto_offset_reset = "earliest" };
    leader = (struct fixture_store){ 0 };
    (void)fixture_empty(state);
    fixture_open(&leader, "one", 60000);
    fixture_acquire(&leader);
    kafka_fixture_name(prefix, sizeof prefix, "");
    proto_topic_name(prefix, PROTO_TOPIC_EVENTS, events);
    proto_topic_name(prefix, PROTO_TOPIC_REPLIES, replies);
    kafka_fixture_create(events, 1); /* one partition, so that the order can be seen */
    kafka_fixture_create(replies, 1);
    fixture_ok(kafka_consumer_new(&options, &reader));
    fixture_ok(kafka_assign(reader, events, 0, KAFKA_BEGINNING));
    return 0;
}

static int end_test(void **state)
{
    (void)state;
    outbox_publisher_free(publisher);
    kafka_consumer_free(reader);
    fixture_close(&leader);
    return 0;
}

static struct outbox_row *make_row(int64_t id, enum proto_topic topic)
{
    struct outbox_row *row = calloc(1, sizeof *row);
    assert_non_null(row);
    *row = (struct outbox_row){ .id = id, .topic = topic, .key = "T1/C1", .body = malloc(64) };
    (void)snprintf(row->body, 64, "{\"id\":%lld,\"text\":\"\xc3\xa4 \\\"\"}", (long long)id);
    row->envelope = (struct proto_envelope){ .type = "slipway.deployment.started.v1",
                                             .source = "/slipway/orchestrator",
                                             .subject = "d-0123456789abc",
                                             .time_ms = 1767225600000,
                                             .seq = id,
                                             .epoch = 7 };
    (void)snprintf(row->envelope.id, sizeof row->envelope.id, "d-0123456789abc:%lld", (long long)id);
    return row;
}

/* Commits events first..last, and hands them to the publisher as the engine does, or leaves them to the table. */
static void commit_rows(int64_t first, int64_t last, bool hand_over)
{
    struct outbox_row *rows[MANY];
    size_t count = (size_t)(last - first + 1);
    for (size_t i = 0; i < count; i++)
        rows[i] = make_row(first + (int64_t)i, PROTO_TOPIC_EVENTS);
    fixture_ok(fixture_commit(&leader, &(struct store_batch){ .outbox = rows, .outbox_count = count }));
    if (hand_over)
        port.publish_take(port.self, rows, count);
    for (size_t i = 0; !hand_over && i < count; i++)
        outbox_row_free(rows[i]);
}

static void expect_event(int64_t id)
{
    struct kafka_message message = { 0 };
    struct sw_status error;
    char text[64];
    KAFKA_FIXTURE_WAIT(kafka_poll(reader, 100, &message, &error));
    struct outbox_row *row = make_row(id, PROTO_TOPIC_EVENTS);
    assert_int_equal(message.value_bytes, strlen(row->body));
    assert_memory_equal(message.value, row->body, message.value_bytes);
    assert_string_equal(message.key, "T1/C1");
    assert_string_equal(kafka_message_header(&message, "ce_id"), row->envelope.id);
    assert_string_equal(kafka_message_header(&message, "ce_type"), row->envelope.type);
    assert_string_equal(kafka_message_header(&message, "content-type"), "application/json");
    (void)snprintf(text, sizeof text, "%lld", (long long)id);
    assert_string_equal(kafka_message_header(&message, "ce_slipwayseq"), text);
    assert_string_equal(kafka_message_header(&message, "ce_slipwayepoch"), "7");
    assert_string_equal(kafka_message_header(&message, "ce_time"), "2026-01-01T00:00:00.000Z");
    outbox_row_free(row);
    kafka_message_release(&message);
}

static void expect_events(int64_t first, int64_t last)
{
    for (int64_t id = first; id <= last; id++)
        expect_event(id);
    KAFKA_FIXTURE_WAIT(port.published(port.self) == last);
    assert_int_equal(port.unpublished_bytes(port.self), 0);
}

static void test_rows_arrive_in_order_as_they_were_committed(void **state)
{
    (void)state;
    open_publisher(0);
    fixture_ok(port.begin(port.self, 7, 0, 0));
    commit_rows(1, FEW, true);
    commit_rows(FEW + 1, 2 * FEW, true);
    expect_events(1, 2 * FEW);
}

static void test_a_takeover_publishes_what_the_table_still_holds(void **state)
{
    (void)state;
    open_publisher(0);
    commit_rows(1, MANY, false);
    fixture_ok(port.begin(port.self, 7, 5, MANY));
    assert_true(port.unpublished_bytes(port.self) > 0);
    commit_rows(MANY + 1, MANY + FEW, true); /* comes behind them */
    expect_events(6, MANY + FEW);
}

static void test_rows_that_memory_has_no_room_for_come_from_the_table(void **state)
{
    (void)state;
    open_publisher(3000);
    fixture_ok(port.begin(port.self, 7, 0, 0));
    commit_rows(1, MANY, true);
    commit_rows(MANY + 1, MANY + FEW, true);
    expect_events(1, MANY + FEW);
}

static void test_a_reply_goes_to_its_own_topic(void **state)
{
    struct kafka_message message = { 0 };
    struct sw_status error;
    struct outbox_row *row = make_row(1, PROTO_TOPIC_REPLIES);
    (void)state;
    open_publisher(0);
    fixture_ok(port.begin(port.self, 7, 0, 0));
    fixture_ok(kafka_assign(reader, replies, 0, KAFKA_BEGINNING));
    port.publish_take(port.self, &row, 1);
    KAFKA_FIXTURE_WAIT(kafka_poll(reader, 100, &message, &error));
    assert_string_equal(message.topic, replies);
    kafka_message_release(&message);
}

/* Rows wait a moment for others; an end does not leave them to the next leader. */
static void test_what_still_waits_at_the_end_is_sent(void **state)
{
    (void)state;
    open_publisher(0);
    fixture_ok(port.begin(port.self, 7, 0, 0));
    commit_rows(1, 1, true);
    expect_events(1, 1);
    commit_rows(2, FEW, true);
    port.stop(port.self);
    for (int64_t id = 2; id <= FEW; id++)
        expect_event(id);
}

static void test_a_second_begin_starts_from_what_it_is_told(void **state)
{
    (void)state;
    open_publisher(0);
    fixture_ok(port.begin(port.self, 7, 0, 0));
    commit_rows(1, FEW, true);
    expect_events(1, FEW);
    port.stop(port.self);
    fixture_ok(
        port.begin(port.self, 8, FEW - 2, FEW)); /* the cursor of published rows lags behind: twice, never lost */
    expect_events(FEW - 1, FEW);
}

static int begin_group(void **state) { return kafka_fixture_begin(state) ? -1 : fixture_begin(state); }

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_test, end_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_rows_arrive_in_order_as_they_were_committed),
        TEST(test_a_takeover_publishes_what_the_table_still_holds),
        TEST(test_rows_that_memory_has_no_room_for_come_from_the_table),
        TEST(test_a_reply_goes_to_its_own_topic),
        TEST(test_what_still_waits_at_the_end_is_sent),
        TEST(test_a_second_begin_starts_from_what_it_is_told),
    };
    return cmocka_run_group_tests(tests, begin_group, fixture_end);
}
