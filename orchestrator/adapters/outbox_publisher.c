/* SPDX-License-Identifier: Apache-2.0
 * The list of unpublished rows, the port's table and the publisher's life. */
#include "orchestrator/adapters/outbox_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PRESET_MAX_BYTES = 4 * 1024 * 1024, GUESSED_ROW_BYTES = 2048, FLUSH_MS = 500 };

/* The rows of a few commits go to Kafka together, once the steps that those commits started run: a broker and its
 * consumers need more of a processor for a record than the next step needs to begin. */
enum { GATHER_MS = 5 };

static int64_t row_bytes(const struct outbox_row *row) { return (int64_t)(sizeof *row + strlen(row->body)); }

bool outbox_append_take(struct outbox_publisher *publisher, struct outbox_row *row)
{
    struct outbox_entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return false;
    *entry = (struct outbox_entry){ .publisher = publisher, .row = row, .bytes = row_bytes(row) };
    *(publisher->tail ? &publisher->tail->next : &publisher->head) = entry;
    publisher->tail = entry;
    if (!publisher->unsent && !publisher->failed)
        publisher->unsent = entry;
    publisher->bytes += entry->bytes;
    publisher->loaded_id = row->id;
    return true;
}

void outbox_clear(struct outbox_publisher *publisher)
{
    while (publisher->head) {
        struct outbox_entry *entry = publisher->head;
        publisher->head = entry->next;
        outbox_row_free(entry->row);
        free(entry);
    }
    publisher->tail = publisher->unsent = NULL;
    publisher->bytes = 0;
    publisher->in_flight = 0;
    publisher->failed = false;
}

/* ---- the port ---- */

/* What is about to arrive anyway need not be sent twice. */
static void let_arrive(struct kafka_producer *producer)
{
    if (!producer || kafka_producer_in_flight(producer) == 0)
        return;
    struct sw_status status = kafka_producer_flush(producer, FLUSH_MS);
    if (sw_failed(status)) /* the next begin() sends it */
        sw_debug("not everything was published in the end", sw_e(&status));
}

static struct kafka_producer *take_producer(struct outbox_publisher *publisher)
{
    pthread_mutex_lock(&publisher->lock);
    struct kafka_producer *producer = SW_TAKE(publisher->producer);
    pthread_mutex_unlock(&publisher->lock);
    return producer;
}

/* The producer is freed before the entries: it reports on what was in flight. */
static void stop(void *self)
{
    struct outbox_publisher *publisher = self;
    pthread_mutex_lock(&publisher->lock);
    publisher->stopping = true;
    pthread_cond_broadcast(&publisher->changed);
    pthread_mutex_unlock(&publisher->lock);
    sw_thread_join(&publisher->thread);
    struct kafka_producer *producer = take_producer(publisher);
    let_arrive(producer);
    kafka_producer_free(producer);
    pthread_mutex_lock(&publisher->lock);
    outbox_clear(publisher);
    pthread_mutex_unlock(&publisher->lock);
}

static struct sw_status begin(void *self, int64_t epoch, int64_t published_id, int64_t last_id)
{
    struct outbox_publisher *publisher = self;
    stop(publisher);
    publisher->stopping = false;
    publisher->published_id = publisher->loaded_id = published_id;
    publisher->last_id = last_id;
    publisher->troubled = false;
    if (last_id > published_id)
        sw_info("publishing what the outbox holds", sw_i("epoch", epoch), sw_i("rows", last_id - published_id));
    return sw_thread_start(&publisher->thread, "publisher", outbox_run, publisher);
}

/* Rows that find no room are dropped: they are committed, and read from the table when it is their turn. */
static void publish_take(void *self, struct outbox_row **rows, size_t count)
{
    struct outbox_publisher *publisher = self;
    pthread_mutex_lock(&publisher->lock);
    bool gathering = publisher->unsent != NULL;
    if (!gathering)
        publisher->send_at_ms = sw_monotonic_ms() + GATHER_MS;
    for (size_t i = 0; i < count; i++) {
        int64_t bytes = row_bytes(rows[i]);
        bool next = publisher->loaded_id == publisher->last_id;
        bool room = publisher->bytes == 0 || publisher->bytes + bytes <= publisher->options.max_bytes;
        publisher->last_id = rows[i]->id;
        publisher->taken_rows++;
        publisher->taken_bytes += bytes;
        if (!next || !room || !outbox_append_take(publisher, rows[i]))
            outbox_row_free(rows[i]);
    }
    if (!gathering) /* else it wakes by itself */
        pthread_cond_broadcast(&publisher->changed);
    pthread_mutex_unlock(&publisher->lock);
}

static int64_t published(void *self)
{
    struct outbox_publisher *publisher = self;
    pthread_mutex_lock(&publisher->lock);
    int64_t id = publisher->published_id;
    pthread_mutex_unlock(&publisher->lock);
    return id;
}

/* What is only in the table counts with the average size of rows. */
static int64_t unpublished_bytes(void *self)
{
    struct outbox_publisher *publisher = self;
    pthread_mutex_lock(&publisher->lock);
    int64_t average = publisher->taken_rows ? publisher->taken_bytes / publisher->taken_rows : GUESSED_ROW_BYTES;
    int64_t bytes = publisher->bytes + (publisher->last_id - publisher->loaded_id) * average;
    pthread_mutex_unlock(&publisher->lock);
    return bytes;
}

struct publisher_port outbox_publisher_port(struct outbox_publisher *publisher)
{
    return (struct publisher_port){ .begin = begin,
                                    .publish_take = publish_take,
                                    .published = published,
                                    .unpublished_bytes = unpublished_bytes,
                                    .stop = stop,
                                    .self = publisher };
}

bool outbox_publisher_connected(struct outbox_publisher *publisher)
{
    pthread_mutex_lock(&publisher->lock);
    bool connected = publisher->producer && kafka_producer_connected(publisher->producer);
    pthread_mutex_unlock(&publisher->lock);
    return connected;
}

/* ---- life ---- */

static bool copy_options(struct outbox_publisher *publisher)
{
    struct outbox_publisher_options *options = &publisher->options;
    const char **const fields[] = { &options->kafka.brokers, &options->topic_prefix, &options->database_url,
                                    &options->kafka.config_path, &options->kafka.client_id };
    for (size_t i = 0; i < SW_COUNT(fields); i++) {
        bool given = *fields[i] != NULL;
        *fields[i] = publisher->strings[i] = sw_strdup(*fields[i]);
        if (given && !*fields[i])
            return false;
    }
    assert(options->kafka.brokers && options->topic_prefix && options->database_url);
    return true;
}

static void init_sync(struct outbox_publisher *publisher)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&publisher->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&publisher->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct sw_status outbox_publisher_new(const struct outbox_publisher_options *options,
                                      struct outbox_publisher **ret_publisher)
{
    struct outbox_publisher *publisher = calloc(1, sizeof *publisher);
    if (!publisher)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    publisher->options = *options;
    if (publisher->options.max_bytes == 0)
        publisher->options.max_bytes = PRESET_MAX_BYTES;
    init_sync(publisher);
    if (!copy_options(publisher)) {
        outbox_publisher_free(publisher);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    for (int topic = 0; topic < PROTO_TOPIC_COUNT; topic++)
        proto_topic_name(options->topic_prefix, (enum proto_topic)topic, publisher->topics[topic]);
    publisher->published_total = sw_counter("slipway_outbox_published_total", NULL, "Rows acknowledged by Kafka.");
    publisher->retried_total = sw_counter("slipway_outbox_retried_total", NULL, "Rows sent again after a failure.");
    publisher->unpublished_rows = sw_gauge("slipway_outbox_unpublished", NULL, "Rows that Kafka has not acknowledged.");
    *ret_publisher = publisher;
    return sw_ok();
}

void outbox_publisher_free(struct outbox_publisher *publisher)
{
    if (!publisher)
        return;
    stop(publisher);
    for (size_t i = 0; i < SW_COUNT(publisher->strings); i++)
        free(publisher->strings[i]);
    pthread_cond_destroy(&publisher->changed);
    pthread_mutex_destroy(&publisher->lock);
    free(publisher);
}
