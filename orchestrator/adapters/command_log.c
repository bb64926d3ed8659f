/* SPDX-License-Identifier: Apache-2.0
 * The reading thread, its queue, and the port's table. The consumer belongs to begin() until the thread runs, then to
 * the thread until it has ended. */
#include "orchestrator/adapters/command_log_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"
#include "common/rt/queue.h"
#include "common/rt/thread.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum {
    MAX_RECORDS = 256,
    MAX_BYTES = 1024 * 1024,
    POLL_MS = 1000,
    PUSH_MS = 100,
    ASK_MS = 1500,
    ROOM_MS = 20,
    RECHECK_MS = 250,
    TELL_MS = 5000
};

struct command_log {
    struct command_log_options options;
    char *brokers, *config_path, *client_id, *topic, *group;
    struct sw_metric *records, *position_gauge;

    struct kafka_consumer *consumer;
    int64_t told_offset, told_ms; /* of the position, for lag monitors */
    struct log_cursor position;   /* behind the last record that was queued */
    struct sw_queue *queue;
    struct sw_thread thread;
    _Atomic bool stopping;
    _Atomic int64_t queued_bytes;

    pthread_mutex_t lock;
    struct sw_status health; /* under lock */
};

static void wake(const struct command_log *log)
{
    if (log->options.wake)
        log->options.wake(log->options.self);
}

static void set_health(struct command_log *log, struct sw_status status)
{
    pthread_mutex_lock(&log->lock);
    log->health = status;
    pthread_mutex_unlock(&log->lock);
}

/* ---- the thread ---- */

/* False when the log ends. */
static bool queue_take(struct command_log *log, struct log_record *record)
{
    while (!log->stopping) {
        bool room = log->queued_bytes == 0 || log->queued_bytes + (int64_t)record->value_bytes <= MAX_BYTES;
        if (!room) {
            (void)nanosleep(&(struct timespec){ .tv_nsec = ROOM_MS * 1000000L }, NULL); /* the engine is behind */
            continue;
        }
        log->queued_bytes += (int64_t)record->value_bytes; /* before the owner can subtract it */
        if (!sw_failed(sw_queue_push(log->queue, record, PUSH_MS)))
            return true;
        log->queued_bytes -= (int64_t)record->value_bytes;
    }
    log_record_free(record);
    return false;
}

static struct sw_status take_message(struct command_log *log, struct kafka_message *message)
{
    struct log_cursor next = log->position;
    struct log_record *record = command_log_record_new(message);
    if (!record)
        return sw_fail(SW_CODE_NO_MEMORY, "record at offset %lld: out of memory", (long long)message->offset);
    next.next_offset = record->offset + 1;
    (void)sw_copy(next.last_hash, sizeof next.last_hash, record->hash); /* the same size */
    if (!queue_take(log, record))
        return sw_ok();
    log->position = next;
    sw_metric_add(log->records, 1);
    sw_metric_set(log->position_gauge, (double)next.next_offset);
    wake(log);
    return sw_ok();
}

/* One poll. A message that comes together with news of a broker error is not trusted: the check begins again before
 * it, at the position. */
static struct sw_status read_one(struct command_log *log, bool *ret_troubled)
{
    struct kafka_message message = { 0 };
    struct sw_status status, error;
    bool came = kafka_poll(log->consumer, POLL_MS, &message, &error);
    *ret_troubled = kafka_consumer_troubled(log->consumer) || sw_failed(error);
    status = came && !*ret_troubled ? take_message(log, &message) : sw_ok();
    kafka_message_release(&message);
    return error.class == SW_PERMANENT ? error : status;
}

/* ok: it is the same log, reading goes on at the position. Bad news are kept for health(). */
static struct sw_status check_again(struct command_log *log)
{
    struct log_cursor start;
    struct sw_status status = command_log_identify(log->consumer, log->options.topic, &log->position, &start);
    (void)kafka_consumer_troubled(log->consumer); /* of the check itself: it would have failed */
    return status;
}

/* Nothing reads it here: the cursor is in Postgres. */
static void tell_position(struct command_log *log)
{
    int64_t now_ms = sw_monotonic_ms();
    if (!log->group || log->told_offset == log->position.next_offset || now_ms - log->told_ms < TELL_MS)
        return;
    log->told_ms = now_ms;
    struct sw_status status = kafka_commit(log->consumer, log->options.topic, 0, log->position.next_offset);
    if (sw_failed(status))
        sw_debug("the position could not be told", sw_e(&status));
    else
        log->told_offset = log->position.next_offset;
}

static void run(void *self)
{
    struct command_log *log = self;
    bool troubled = false;
    while (!log->stopping) {
        tell_position(log);
        bool checking = troubled;
        struct sw_status status = checking ? check_again(log) : read_one(log, &troubled);
        if (checking && !sw_failed(status))
            troubled = false;
        if (status.class == SW_PERMANENT || status.class == SW_BUG) {
            set_health(log, sw_wrap(status, "command log"));
            wake(log);
            return;
        }
        if (sw_failed(status)) {
            troubled = true;
            sw_debug("the command log cannot be read now", sw_e(&status));
            (void)nanosleep(&(struct timespec){ .tv_nsec = RECHECK_MS * 1000000L }, NULL);
        }
    }
}

/* ---- the port ---- */

static void stop(void *self)
{
    struct command_log *log = self;
    struct log_record *record;
    log->stopping = true;
    if (log->consumer)
        kafka_wake(log->consumer);
    sw_thread_join(&log->thread);
    kafka_consumer_free(log->consumer);
    log->consumer = NULL;
    while ((record = sw_queue_pop(log->queue, 0)))
        log_record_free(record);
    log->queued_bytes = 0;
}

static struct sw_status check_topic(const struct command_log *log)
{
    int32_t partitions = 0;
    struct sw_status status = kafka_partition_count(&log->options.kafka, log->options.topic, ASK_MS, &partitions);
    if (status.code == SW_CODE_NOT_FOUND) /* the gateway, or an operator, is about to make it */
        return sw_fail(SW_CODE_KAFKA, "%s", status.text);
    SW_TRY(status);
    if (partitions != 1)
        return sw_fail(SW_CODE_CONFIG,
                       "topic \"%s\" has %d partitions, commands need exactly one for their order "
                       "HINT: create it anew with one partition, or choose another SLIPWAY_TOPIC_PREFIX",
                       log->options.topic, (int)partitions);
    return sw_ok();
}

static struct sw_status open_at(struct command_log *log, const struct log_cursor *cursor, bool *ret_new_log)
{
    struct log_cursor start = { 0 };
    SW_TRY(check_topic(log));
    SW_TRY(kafka_consumer_new(&(struct kafka_consumer_options){ .kafka = log->options.kafka,
                                                                .group = log->group,
                                                                .auto_offset_reset = "error" },
                              &log->consumer));
    struct sw_status status = command_log_identify(log->consumer, log->options.topic, cursor, &start);
    log->position = *cursor;
    *ret_new_log = status.code == SW_CODE_LOG_IDENTITY && log->options.accept_new_log;
    if (*ret_new_log) {
        sw_warn("another command log is accepted", sw_e(&status), sw_i("from_offset", start.next_offset));
        status = kafka_assign(log->consumer, log->options.topic, 0, start.next_offset);
    }
    if (*ret_new_log || !*cursor->cluster_id)
        log->position = start;
    return status;
}

static struct sw_status begin(void *self, const struct log_cursor *cursor, struct log_cursor *ret_cursor,
                              bool *ret_new_log)
{
    struct command_log *log = self;
    bool new_log = false;
    stop(log);
    log->stopping = false;
    set_health(log, sw_ok());
    struct sw_status status = open_at(log, cursor, &new_log);
    struct log_cursor position = log->position;
    if (!sw_failed(status))
        status = sw_thread_start(&log->thread, "command-log", run, log);
    if (sw_failed(status)) {
        stop(log);
        return status;
    }
    sw_info("reading the command log", sw_s("cluster", position.cluster_id), sw_i("offset", position.next_offset));
    *ret_cursor = position;
    *ret_new_log = new_log;
    return sw_ok();
}

static struct log_record *pull(void *self)
{
    struct command_log *log = self;
    struct log_record *record = sw_queue_pop(log->queue, 0);
    if (record)
        log->queued_bytes -= (int64_t)record->value_bytes;
    return record;
}

static struct sw_status health(void *self)
{
    struct command_log *log = self;
    pthread_mutex_lock(&log->lock);
    struct sw_status status = log->health;
    pthread_mutex_unlock(&log->lock);
    return status;
}

/* ---- life ---- */

static bool copy_options(struct command_log *log)
{
    struct command_log_options *options = &log->options;
    options->kafka.brokers = log->brokers = sw_strdup(options->kafka.brokers);
    options->kafka.config_path = log->config_path = sw_strdup(options->kafka.config_path);
    options->kafka.client_id = log->client_id = sw_strdup(options->kafka.client_id);
    options->topic = log->topic = sw_strdup(options->topic);
    options->group = log->group = sw_strdup(options->group);
    log->queue = sw_queue_new(MAX_RECORDS);
    return log->brokers && log->topic && log->queue;
}

struct sw_status command_log_new(const struct command_log_options *options, struct command_log **ret_log)
{
    struct command_log *log = calloc(1, sizeof *log);
    if (!log)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    log->options = *options;
    pthread_mutex_init(&log->lock, NULL);
    if (!copy_options(log)) {
        command_log_free(log);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    log->records = sw_counter("slipway_log_records_total", NULL, "Records read from the command log.");
    log->position_gauge = sw_gauge("slipway_log_position", NULL, "Offset up to which the command log was read.");
    *ret_log = log;
    return sw_ok();
}

void command_log_free(struct command_log *log)
{
    if (!log)
        return;
    if (log->queue)
        stop(log);
    sw_queue_free(log->queue, NULL);
    free(log->brokers);
    free(log->config_path);
    free(log->client_id);
    free(log->topic);
    free(log->group);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

struct log_port command_log_port(struct command_log *log)
{
    return (struct log_port){ .begin = begin, .pull = pull, .health = health, .stop = stop, .self = log };
}
