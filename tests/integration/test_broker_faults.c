/* SPDX-License-Identifier: Apache-2.0
 * The command log and the publisher while their broker goes away and comes back. The sandbox's broker, because it can
 * be taken down without ending, and loses its log when it ends: that is the other log that must not be read. */
#include "tests/integration/kafka_fixture.h"

#include "common/base/text.h"
#include "common/io/proc.h"
#include "orchestrator/adapters/command_log.h"
#include "orchestrator/adapters/outbox_publisher.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 50 };

static char address[32], fifo[64], program[PATH_MAX];
static pid_t broker;
static struct command_log *the_log;
static struct outbox_publisher *publisher;

/* ---- the broker ---- */

static int free_port(void)
{
    struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &size), 0);
    (void)close(fd);
    return ntohs(name.sin_port);
}

static struct kafka_config config(void) { return (struct kafka_config){ .brokers = address, .client_id = "test" }; }

static void start_broker(void)
{
    struct kafka_config kafka = config();
    const char *const argv[] = { program,        "--listen", address,      "--control", fifo,          "--topic",
                                 "t.commands:1", "--topic",  "t.events:1", "--topic",   "t.replies:1", NULL };
    const char *const envp[] = { "SLIPWAY_LOG_LEVEL=error", NULL };
    int32_t partitions = 0;
    kafka_fixture_ok(proc_spawn(&(struct proc_options){ .argv = argv, .envp = envp }, &broker));
    KAFKA_FIXTURE_WAIT(kafka_partition_count(&kafka, "t.commands", 500, &partitions).code == SW_CODE_NONE);
}

static void end_broker(void)
{
    (void)kill(broker, SIGKILL);
    (void)waitpid(broker, NULL, 0);
}

static void tell_broker(const char *command)
{
    int fd = open(fifo, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, command, strlen(command)), (ssize_t)strlen(command));
    (void)close(fd);
}

static int begin_test(void **state)
{
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 32);
    (void)state;
    assert_true(length > 0);
    program[length] = '\0';
    (void)dirname(program);
    (void)strcat(program, "/../bin/slipway-broker");
    (void)snprintf(address, sizeof address, "127.0.0.1:%d", free_port());
    (void)snprintf(fifo, sizeof fifo, "/tmp/slipway-test-%d", (int)getpid());
    start_broker();
    return 0;
}

static int end_test(void **state)
{
    (void)state;
    command_log_free(SW_TAKE(the_log));
    outbox_publisher_free(SW_TAKE(publisher));
    end_broker();
    (void)unlink(fifo);
    return 0;
}

static void write_commands(const char *const *values, size_t count)
{
    struct kafka_producer *producer;
    const char *topic = "t.commands";
    struct kafka_producer_options options = { .kafka = config(), .delivery_timeout_ms = 10000 };
    kafka_fixture_ok(kafka_producer_new(&options, &topic, 1, &producer));
    for (size_t i = 0; i < count; i++) {
        struct kafka_record record = { .topic = topic, .value = values[i], .value_bytes = strlen(values[i]) };
        kafka_fixture_ok(kafka_produce(producer, &record, NULL, NULL));
    }
    kafka_fixture_ok(kafka_producer_flush(producer, 10000));
    kafka_producer_free(producer);
}

/* ---- the command log ---- */

static struct log_port begin_log(void)
{
    struct log_cursor start;
    bool new_log;
    kafka_fixture_ok(
        command_log_new(&(struct command_log_options){ .kafka = config(), .topic = "t.commands" }, &the_log));
    struct log_port port = command_log_port(the_log);
    KAFKA_FIXTURE_WAIT(port.begin(port.self, &(struct log_cursor){ 0 }, &start, &new_log).code == SW_CODE_NONE);
    return port;
}

static void expect_record(const struct log_port *port, const char *value)
{
    struct log_record *record = NULL;
    KAFKA_FIXTURE_WAIT((record = port->pull(port->self)) != NULL);
    assert_string_equal(record->value, value);
    assert_true(sw_failed(record->bad)); /* it has no headers */
    log_record_free(record);
}

static void test_a_broker_that_lost_its_log_is_not_read_any_more(void **state)
{
    static const char *const OLD[] = { "old 0", "old 1" }, *const NEW[] = { "new 0", "new 1", "new 2", "new 3" };
    (void)state;
    write_commands(OLD, 2);
    struct log_port port = begin_log();
    expect_record(&port, "old 0");
    expect_record(&port, "old 1");
    end_broker();
    start_broker();
    write_commands(NEW, 4); /* the position is within the new log, too */
    KAFKA_FIXTURE_WAIT(port.health(port.self).code == SW_CODE_LOG_IDENTITY);
    assert_null(port.pull(port.self));
}

static void test_a_broker_that_comes_back_is_read_where_it_was_left(void **state)
{
    static const char *const FIRST[] = { "0", "1" }, *const SECOND[] = { "2", "3" };
    (void)state;
    write_commands(FIRST, 2);
    struct log_port port = begin_log();
    expect_record(&port, "0");
    expect_record(&port, "1");
    for (int i = 0; i < 2; i++) {
        tell_broker("down -1\n");
        tell_broker("up -1\n");
    }
    write_commands(SECOND, 2);
    expect_record(&port, "2");
    expect_record(&port, "3");
    kafka_fixture_ok(port.health(port.self));
}

/* ---- what it does not tell ---- */

/* An orchestrator asks when it starts: it must not wait for an answer that nobody will give. */
static void test_the_embedded_broker_tells_no_retention_and_says_so_at_once(void **state)
{
    struct kafka_config kafka = config();
    int64_t retention_ms = 7, began_ms = sw_monotonic_ms();
    (void)state;
    assert_int_equal(kafka_topic_retention(&kafka, "t.commands", 20000, &retention_ms).code, SW_CODE_NOT_FOUND);
    assert_true(sw_monotonic_ms() - began_ms < 10000);
    assert_int_equal(retention_ms, 7);
}

/* ---- the publisher ---- */

static void publish_rows(const struct publisher_port *port, int64_t first, int64_t last)
{
    for (int64_t id = first; id <= last; id++) {
        struct outbox_row *row = calloc(1, sizeof *row);
        assert_non_null(row);
        *row = (struct outbox_row){ .id = id, .topic = PROTO_TOPIC_EVENTS, .key = "key", .body = malloc(16) };
        (void)snprintf(row->body, 16, "%d", (int)id);
        port->publish_take(port->self, &row, 1);
    }
}

/* The ids of the events topic as they came, up to its end. */
static size_t read_events(int64_t *ret_ids, size_t max)
{
    struct kafka_consumer *reader;
    struct kafka_consumer_options options = { .kafka = config(), .auto_offset_reset = "earliest" };
    struct kafka_message message;
    struct kafka_watermarks marks;
    struct sw_status error;
    size_t count = 0;
    kafka_fixture_ok(kafka_consumer_new(&options, &reader));
    kafka_fixture_ok(kafka_assign(reader, "t.events", 0, KAFKA_BEGINNING));
    KAFKA_FIXTURE_WAIT(kafka_watermarks(reader, "t.events", 0, 1000, &marks).code == SW_CODE_NONE);
    assert_true(marks.high <= (int64_t)max);
    while (count < (size_t)marks.high) {
        char text[16] = "";
        KAFKA_FIXTURE_WAIT(kafka_poll(reader, 100, &message, &error));
        memcpy(text, message.value, message.value_bytes);
        kafka_message_release(&message);
        assert_true(sw_parse_i64(text, 1, ROWS, &ret_ids[count++]));
    }
    kafka_consumer_free(reader);
    return count;
}

static void publish_through_an_outage(int64_t delivery_timeout_ms, int64_t outage_ms)
{
    struct outbox_publisher_options options = {
        .kafka = config(), .topic_prefix = "t.", .database_url = "", .delivery_timeout_ms = delivery_timeout_ms
    };
    kafka_fixture_ok(outbox_publisher_new(&options, &publisher));
    struct publisher_port port = outbox_publisher_port(publisher);
    kafka_fixture_ok(port.begin(port.self, 1, 0, 0));
    publish_rows(&port, 1, 10);
    KAFKA_FIXTURE_WAIT(port.published(port.self) == 10);
    tell_broker("down -1\n");
    int64_t until_ms = sw_monotonic_ms() + outage_ms;
    for (int64_t id = 11; id <= ROWS - 10 || sw_monotonic_ms() < until_ms; id++) {
        if (id <= ROWS - 10)
            publish_rows(&port, id, id); /* a few ms apart: their deliveries do not fail together */
        (void)poll(NULL, 0, 20);
    }
    assert_int_equal(port.published(port.self), 10);
    assert_true(port.unpublished_bytes(port.self) > 0);
    publish_rows(&port, ROWS - 9, ROWS);
    tell_broker("up -1\n");
    KAFKA_FIXTURE_WAIT(port.published(port.self) == ROWS);
}

static void test_an_outage_is_waited_out_in_order(void **state)
{
    int64_t ids[ROWS * 2];
    (void)state;
    publish_through_an_outage(0, 1500);
    assert_int_equal(read_events(ids, SW_COUNT(ids)), ROWS);
    for (int64_t i = 0; i < ROWS; i++)
        assert_int_equal(ids[i], i + 1);
}

/* Some rows fail and later ones arrive: those are sent once more behind them. */
static void test_after_failed_deliveries_the_last_of_each_row_is_in_order(void **state)
{
    int64_t ids[ROWS * 4], last[ROWS + 1] = { 0 };
    (void)state;
    publish_through_an_outage(1000, 1300);
    size_t count = read_events(ids, SW_COUNT(ids));
    for (size_t i = 0; i < count; i++)
        last[ids[i]] = (int64_t)i + 1;
    for (int64_t id = 1; id <= ROWS; id++)
        assert_true(last[id] > last[id - 1]); /* there, and behind its predecessor */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_test, end_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_broker_that_lost_its_log_is_not_read_any_more),
        TEST(test_a_broker_that_comes_back_is_read_where_it_was_left),
        TEST(test_the_embedded_broker_tells_no_retention_and_says_so_at_once),
        TEST(test_an_outage_is_waited_out_in_order),
        TEST(test_after_failed_deliveries_the_last_of_each_row_is_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
