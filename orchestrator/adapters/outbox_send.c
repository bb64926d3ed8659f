/* SPDX-License-Identifier: Apache-2.0
 * The sending thread. Rows go out in the order of their ids; after a failed delivery (a fatal error of the producer, a
 * topic that is not there) it waits until nothing is in flight any more, and then sends again, in order. */
#include "orchestrator/adapters/outbox_internal.h"

#include "common/base/log.h"
#include "common/rt/clock.h"

#include <string.h>
#include <time.h>

enum { IDLE_MS = 1000, RETRY_MS = 250, MAX_IN_FLIGHT = 4096, WAKE_EVERY = 256 };

/* A day, because a row that is given up lets those behind it overtake: an outage is waited out in order. */
enum { PRESET_DELIVERY_MS = 24 * 3600 * 1000 };

/* @locks: called with the lock held. */
static void wait_for(struct outbox_publisher *publisher, int64_t timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + timeout_ms % 1000 * 1000000;
    until.tv_sec += (time_t)(timeout_ms / 1000 + ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    if (!publisher->stopping)
        (void)pthread_cond_timedwait(&publisher->changed, &publisher->lock, &until); /* the caller looks again */
}

/* @locks: called with the lock held. */
static void note_trouble(struct outbox_publisher *publisher, const struct sw_status *status)
{
    if (!publisher->troubled)
        sw_warn("events cannot be published now, tried again until they are", sw_e(status));
    publisher->troubled = true;
}

/* Removes what is acknowledged from the front of the list. Called with the lock held; true when published advanced. */
static bool advance(struct outbox_publisher *publisher)
{
    bool advanced = false;
    while (publisher->head && publisher->head->state == OUTBOX_ACKED) {
        struct outbox_entry *entry = publisher->head;
        publisher->head = entry->next;
        if (!publisher->head)
            publisher->tail = NULL;
        publisher->bytes -= entry->bytes;
        publisher->published_id = entry->row->id;
        outbox_row_free(entry->row);
        free(entry);
        advanced = true;
    }
    return advanced;
}

/* Whether the sending thread has something to do now. Not for every report: at full speed it would run for each. */
static bool worth_waking(const struct outbox_publisher *publisher)
{
    return publisher->failed || publisher->in_flight % WAKE_EVERY == 0;
}

/* On the producer's thread. */
static void on_delivered(void *context, struct sw_status status, int32_t partition, int64_t offset)
{
    struct outbox_entry *entry = context;
    struct outbox_publisher *publisher = entry->publisher;
    (void)partition, (void)offset;
    pthread_mutex_lock(&publisher->lock);
    publisher->in_flight--;
    entry->state = sw_failed(status) ? OUTBOX_FAILED : OUTBOX_ACKED;
    publisher->failed = publisher->failed || sw_failed(status);
    bool advanced = advance(publisher);
    if (sw_failed(status) && !publisher->stopping)
        note_trouble(publisher, &status);
    if (worth_waking(publisher))
        pthread_cond_broadcast(&publisher->changed);
    pthread_mutex_unlock(&publisher->lock);
    sw_metric_add(publisher->published_total, !sw_failed(status));
    if (advanced && publisher->options.wake)
        publisher->options.wake(publisher->options.self);
}

static struct sw_status produce(struct outbox_publisher *publisher, struct outbox_entry *entry)
{
    struct proto_headers headers;
    struct kafka_header native[PROTO_MAX_HEADERS];
    const struct outbox_row *row = entry->row;
    proto_envelope_headers(&row->envelope, &headers);
    for (size_t i = 0; i < headers.count; i++)
        native[i] = (struct kafka_header){ headers.headers[i].name, headers.headers[i].value };
    return kafka_produce(publisher->producer,
                         &(struct kafka_record){ .topic = publisher->topics[row->topic],
                                                 .partition = -1,
                                                 .key = row->key,
                                                 .value = row->body,
                                                 .value_bytes = strlen(row->body),
                                                 .headers = native,
                                                 .header_count = headers.count },
                         on_delivered, entry);
}

/* Everything that waits, as far as the producer takes it. Called with the lock held: the entry could otherwise be
 * acknowledged and freed before it is marked as sent. kafka_produce() does not block and calls nothing back. */
static void send_waiting(struct outbox_publisher *publisher)
{
    while (publisher->unsent && publisher->in_flight < MAX_IN_FLIGHT) {
        struct outbox_entry *entry = publisher->unsent;
        struct sw_status status = produce(publisher, entry);
        if (sw_failed(status)) {
            if (status.code != SW_CODE_FULL)
                note_trouble(publisher, &status);
            wait_for(publisher, RETRY_MS);
            return;
        }
        entry->state = OUTBOX_SENT;
        publisher->in_flight++;
        publisher->unsent = entry->next;
    }
}

/* After a failure, once nothing is in flight: from the first unacknowledged one on, also what was acknowledged behind
 * it, so that what a consumer sees last of each is in order. The head is unacknowledged: advance() removed the rest.
 * Called with the lock held. */
static void begin_again(struct outbox_publisher *publisher)
{
    int64_t again = 0;
    for (struct outbox_entry *entry = publisher->head; entry; entry = entry->next) {
        again += entry->state != OUTBOX_WAITING;
        entry->state = OUTBOX_WAITING;
    }
    publisher->failed = false;
    publisher->unsent = publisher->head;
    sw_metric_add(publisher->retried_total, again);
    wait_for(publisher, RETRY_MS);
}

/* ---- the table ---- */

static bool wants_table(const struct outbox_publisher *publisher)
{
    return publisher->loaded_id < publisher->last_id && publisher->bytes < publisher->options.max_bytes / 2 &&
           !publisher->failed;
}

/* Called with the lock held; gives it up while it reads. Nobody else changes loaded_id as long as it is behind. */
static void load_chunk(struct outbox_publisher *publisher)
{
    struct outbox_row *rows[OUTBOX_CHUNK];
    size_t count = 0, taken = 0;
    int64_t after_id = publisher->loaded_id, last_id = publisher->last_id;
    pthread_mutex_unlock(&publisher->lock);
    struct sw_status status = outbox_table_read(publisher, after_id, last_id, rows, &count);
    if (!sw_failed(status) && count == 0)
        status = sw_fail(SW_CODE_DB, "rows %lld to %lld of the outbox are missing", (long long)after_id + 1,
                         (long long)last_id);
    pthread_mutex_lock(&publisher->lock);
    if (sw_failed(status))
        note_trouble(publisher, &status);
    while (taken < count && outbox_append_take(publisher, rows[taken]))
        taken++;
    for (size_t i = taken; i < count; i++)
        outbox_row_free(rows[i]);
    if (taken == 0)
        wait_for(publisher, RETRY_MS);
}

/* ---- the thread ---- */

static struct sw_status make_producer(struct outbox_publisher *publisher)
{
    struct kafka_producer *producer = NULL;
    const char *const topics[] = { publisher->topics[PROTO_TOPIC_EVENTS], publisher->topics[PROTO_TOPIC_REPLIES] };
    int64_t delivery_ms = publisher->options.delivery_timeout_ms;
    struct kafka_producer_options options = { .kafka = publisher->options.kafka,
                                              .delivery_timeout_ms = delivery_ms ? delivery_ms : PRESET_DELIVERY_MS,
                                              .max_messages = 2 * MAX_IN_FLIGHT };
    SW_TRY(kafka_producer_new(&options, topics, SW_COUNT(topics), &producer));
    pthread_mutex_lock(&publisher->lock);
    publisher->producer = producer;
    pthread_mutex_unlock(&publisher->lock);
    return sw_ok();
}

static void look_at_brokers(struct outbox_publisher *publisher)
{
    struct sw_status away = sw_fail(SW_CODE_KAFKA, "no broker can be reached");
    if (publisher->in_flight > 0 && !kafka_producer_connected(publisher->producer))
        note_trouble(publisher, &away);
}

static void work(struct outbox_publisher *publisher)
{
    look_at_brokers(publisher);
    sw_metric_set(publisher->unpublished_rows, (double)(publisher->last_id - publisher->published_id));
    if (publisher->failed && publisher->in_flight == 0)
        begin_again(publisher);
    else if (wants_table(publisher))
        load_chunk(publisher);
    bool blocked = publisher->failed || publisher->in_flight >= MAX_IN_FLIGHT;
    int64_t gather_ms = publisher->send_at_ms - sw_monotonic_ms();
    if (publisher->unsent && !blocked && gather_ms > 0)
        wait_for(publisher, gather_ms);
    else if (publisher->unsent && !blocked)
        send_waiting(publisher);
    else if (blocked || !wants_table(publisher))
        wait_for(publisher, IDLE_MS);
}

static bool clear_trouble(struct outbox_publisher *publisher)
{
    bool over = publisher->troubled && publisher->published_id == publisher->last_id;
    if (over)
        publisher->troubled = false;
    return over;
}

void outbox_run(void *self)
{
    struct outbox_publisher *publisher = self;
    struct sw_status status = make_producer(publisher);
    if (sw_failed(status))
        sw_error("nothing can be published", sw_e(&status));
    pthread_mutex_lock(&publisher->lock);
    while (!publisher->stopping && publisher->producer) {
        work(publisher);
        if (clear_trouble(publisher))
            sw_info("everything is published again", sw_i("id", publisher->published_id));
    }
    if (publisher->producer && !publisher->failed)
        send_waiting(publisher); /* what was still waiting for company */
    pthread_mutex_unlock(&publisher->lock);
    pg_free(publisher->pg);
    publisher->pg = NULL;
}
