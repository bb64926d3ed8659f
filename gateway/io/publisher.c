/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/publisher.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"
#include "common/rt/thread.h"
#include "proto/envelope.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PRESET_TICK_MS = 50, DRAIN_TICK_MS = 10 };

/* A record before it is handed over. */
struct wire {
    struct proto_envelope envelope;
    char *value;
};

struct pending {
    struct publisher *publisher;
    publisher_told_fn *told;
    void *context;
    int64_t deadline_us;

    /* under publisher->lock */
    struct pending *previous, *next;
    struct wire *waiting; /* not handed over yet */
    bool silent;          /* the last word has been told; the delivery report only frees it */
    bool unsure;          /* has been told so */
    bool telling;         /* another thread tells right now; it will also see to what comes meanwhile */
    bool ended;           /* `end` is known */
    enum publisher_news end;
};

struct publisher {
    char *topic;
    struct publisher_bus bus;
    int64_t tick_ms;
    struct sw_thread timer;
    struct sw_metric *results[PUBLISHER_NEWS_COUNT];

    pthread_mutex_t lock;
    pthread_cond_t stop_cond; /* it is to stop */
    pthread_cond_t wake_cond; /* it is to stop, or the list is not empty any more */
    bool stop;
    struct pending *first;
    size_t count;
};

#define NEWS_NAME_(name, text) [PUBLISHER_##name] = (text),
static const char *const NAMES[] = { PUBLISHER_NEWS(NEWS_NAME_) };

const char *publisher_news_name(enum publisher_news news) { return NAMES[news]; }

/* ---- the list; @locks publisher->lock is held ---- */

static void link_pending(struct publisher *publisher, struct pending *pending)
{
    pending->next = publisher->first;
    if (publisher->first)
        publisher->first->previous = pending;
    else
        pthread_cond_signal(&publisher->wake_cond);
    publisher->first = pending;
    publisher->count++;
}

static void unlink_pending(struct publisher *publisher, struct pending *pending)
{
    *(pending->previous ? &pending->previous->next : &publisher->first) = pending->next;
    if (pending->next)
        pending->next->previous = pending->previous;
    publisher->count--;
}

/* ---- records ---- */

static void wire_release(struct wire *wire)
{
    free(wire->value);
    wire->value = NULL;
}

static struct sw_status wire_init(struct wire *wire, const struct proto_command *command)
{
    JX_AUTO json_t *json = proto_command_encode(command);
    *wire = (struct wire){ .envelope = { .time_ms = command->at_ms } };
    proto_type_join("command", command->name, 1, wire->envelope.type);
    bool fits = sw_copy(wire->envelope.id, sizeof wire->envelope.id, command->id) &&
                sw_copy(wire->envelope.source, sizeof wire->envelope.source, "/slipway/gateway") &&
                sw_copy(wire->envelope.subject, sizeof wire->envelope.subject, command->workflow);
    assert(fits); /* the command's fields have the same sizes */
    wire->value = json ? jx_dump_new(json) : NULL;
    if (!wire->value)
        return sw_fail(SW_CODE_NO_MEMORY, "command \"%s\": out of memory", command->id);
    if (strlen(wire->value) <= PROTO_MAX_RECORD_BYTES)
        return sw_ok();
    wire_release(wire);
    return sw_fail(SW_CODE_TOO_LARGE, "command \"%s\": larger than %d bytes", command->id, PROTO_MAX_RECORD_BYTES);
}

/* ---- telling ---- */

static void tell(struct pending *pending, enum publisher_news news)
{
    sw_metric_add(pending->publisher->results[news], 1);
    pending->told(pending->context, news);
}

static void pending_free(struct pending *pending)
{
    if (pending->waiting)
        wire_release(pending->waiting);
    free(pending->waiting);
    free(pending);
}

/* The last that is told about it. */
static void end_pending(struct pending *pending, enum publisher_news news)
{
    struct publisher *publisher = pending->publisher;
    pthread_mutex_lock(&publisher->lock);
    pending->ended = true;
    pending->end = news;
    const bool other_tells = pending->telling, silent = pending->silent;
    pthread_mutex_unlock(&publisher->lock);
    if (other_tells)
        return;
    if (!silent)
        tell(pending, news);
    pthread_mutex_lock(&publisher->lock);
    unlink_pending(publisher, pending);
    pthread_mutex_unlock(&publisher->lock);
    pending_free(pending);
}

static void delivered(void *context, struct sw_status status, int32_t partition, int64_t offset)
{
    (void)partition;
    (void)offset;
    const bool never_sent = status.code == SW_CODE_TIMEOUT || status.code == SW_CODE_CLOSED;
    if (sw_failed(status))
        sw_warn("a command was not delivered", sw_e(&status));
    end_pending(context, !sw_failed(status) ? PUBLISHER_CONFIRMED
                         : never_sent       ? PUBLISHER_NOTHING_STARTED
                                            : PUBLISHER_NEVER_CONFIRMED);
}

/* ---- handing over ---- */

static void hand_over(struct pending *pending, struct wire *wire)
{
    struct publisher *publisher = pending->publisher;
    struct proto_headers headers;
    proto_envelope_headers(&wire->envelope, &headers);
    struct kafka_header kafka_headers[PROTO_MAX_HEADERS];
    for (size_t i = 0; i < headers.count; i++)
        kafka_headers[i] = (struct kafka_header){ headers.headers[i].name, headers.headers[i].value };
    const struct kafka_record record = {
        .topic = publisher->topic,
        .partition = 0, /* the commands' topic has exactly one */
        .key = *wire->envelope.subject ? wire->envelope.subject : wire->envelope.id,
        .value = wire->value,
        .value_bytes = strlen(wire->value),
        .headers = kafka_headers,
        .header_count = headers.count,
    };
    struct sw_status status = publisher->bus.produce(publisher->bus.self, &record, delivered, pending);
    if (!sw_failed(status))
        return; /* pending may be gone already */
    sw_warn("a command was not accepted for delivery", sw_s("command", wire->envelope.id), sw_e(&status));
    end_pending(pending, PUBLISHER_NOTHING_STARTED);
}

static void add(struct publisher *publisher, struct pending *pending)
{
    pthread_mutex_lock(&publisher->lock);
    link_pending(publisher, pending);
    pthread_mutex_unlock(&publisher->lock);
}

/* Moves the record into the pending entry, where the timer finds it. */
static struct wire *keep_wire(struct wire *wire)
{
    struct wire *kept = malloc(sizeof *kept);
    if (kept)
        *kept = *wire;
    return kept;
}

static void hand_over_or_wait(struct publisher *publisher, struct pending *pending, struct wire *wire)
{
    bool connected = publisher->bus.connected(publisher->bus.self);
    pending->waiting = connected ? NULL : keep_wire(wire);
    const bool waits = pending->waiting != NULL;
    if (connected)
        tell(pending, PUBLISHER_HANDING);
    add(publisher, pending); /* from here on the timer may tell about it, and end it when it waits */
    if (waits)
        return;
    if (connected)
        hand_over(pending, wire);
    else
        end_pending(pending, PUBLISHER_NOTHING_STARTED); /* no memory to wait in */
    wire_release(wire);
}

void publisher_submit(struct publisher *publisher, const struct proto_command *command, int64_t deadline_us,
                      publisher_told_fn *told, void *context)
{
    struct wire wire;
    struct pending *pending = calloc(1, sizeof *pending);
    struct sw_status status = wire_init(&wire, command);
    if (sw_failed(status) || !pending) {
        sw_error("a command could not be encoded", sw_s("command", command->id), sw_e(&status));
        free(pending);
        wire_release(&wire);
        sw_metric_add(publisher->results[PUBLISHER_NOTHING_STARTED], 1);
        told(context, PUBLISHER_NOTHING_STARTED);
        return;
    }
    *pending = (struct pending){ .publisher = publisher, .told = told, .context = context, .deadline_us = deadline_us };
    hand_over_or_wait(publisher, pending, &wire);
}

/* ---- the timer ---- */

enum due { DUE_NOTHING, DUE_HAND_OVER, DUE_GIVE_UP, DUE_UNSURE };

static enum due due_of(const struct pending *pending, int64_t now_us, bool connected)
{
    bool late = now_us >= pending->deadline_us;
    if (pending->waiting)
        return late ? DUE_GIVE_UP : connected ? DUE_HAND_OVER : DUE_NOTHING;
    return late && !pending->unsure ? DUE_UNSURE : DUE_NOTHING;
}

/* Finds one that something is due for and claims it. */
static enum due claim(struct publisher *publisher, bool connected, struct pending **ret_pending, struct wire **ret_wire)
{
    enum due due = DUE_NOTHING;
    int64_t now_us = sw_monotonic_us();
    pthread_mutex_lock(&publisher->lock);
    for (struct pending *pending = publisher->first; pending && due == DUE_NOTHING; pending = pending->next) {
        due = due_of(pending, now_us, connected);
        if (due == DUE_NOTHING)
            continue;
        *ret_pending = pending;
        *ret_wire = SW_TAKE(pending->waiting);
        pending->unsure = pending->telling = due == DUE_UNSURE;
    }
    pthread_mutex_unlock(&publisher->lock);
    return due;
}

/* What was claimed with `telling`. */
static void tell_claimed(struct pending *pending, enum publisher_news news)
{
    struct publisher *publisher = pending->publisher;
    tell(pending, news);
    pthread_mutex_lock(&publisher->lock);
    pending->telling = false;
    pending->silent = news == PUBLISHER_NEVER_CONFIRMED;
    bool ended = pending->ended;
    pthread_mutex_unlock(&publisher->lock);
    if (ended)
        end_pending(pending, pending->end);
}

static void act(struct pending *pending, enum due due, struct wire *wire)
{
    switch (due) {
    case DUE_HAND_OVER:
        tell(pending, PUBLISHER_HANDING);
        hand_over(pending, wire);
        break;
    case DUE_GIVE_UP:
        end_pending(pending, PUBLISHER_NOTHING_STARTED);
        break;
    case DUE_UNSURE:
        tell_claimed(pending, PUBLISHER_UNSURE);
        break;
    case DUE_NOTHING:
        break;
    }
    if (wire)
        wire_release(wire);
    free(wire);
}

static void tick(struct publisher *publisher)
{
    struct pending *pending = NULL;
    struct wire *wire = NULL;
    bool connected = publisher->bus.connected(publisher->bus.self);
    for (enum due due; (due = claim(publisher, connected, &pending, &wire)) != DUE_NOTHING;)
        act(pending, due, wire);
}

/* Nothing is pending most of the time. @locks publisher->lock is held */
static void wait_for_work(struct publisher *publisher)
{
    while (!publisher->stop && !publisher->first)
        pthread_cond_wait(&publisher->wake_cond, &publisher->lock);
}

/* True when the thread must end. */
static bool wait_a_tick(struct publisher *publisher)
{
    struct timespec until;
    pthread_mutex_lock(&publisher->lock);
    wait_for_work(publisher);
    (void)clock_gettime(CLOCK_MONOTONIC, &until); /* cannot fail for this clock */
    until.tv_nsec += publisher->tick_ms * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (!publisher->stop && pthread_cond_timedwait(&publisher->stop_cond, &publisher->lock, &until) == 0)
        ;
    bool stop = publisher->stop;
    pthread_mutex_unlock(&publisher->lock);
    return stop;
}

static void run_timer(void *self)
{
    while (!wait_a_tick(self))
        tick(self);
}

/* ---- life ---- */

static bool bus_connected(void *self) { return kafka_producer_connected(self); }
static struct sw_status bus_produce(void *self, const struct kafka_record *record, kafka_delivered_fn *done,
                                    void *context)
{
    return kafka_produce(self, record, done, context);
}

struct publisher_bus publisher_bus_of(struct kafka_producer *producer)
{
    return (struct publisher_bus){ .produce = bus_produce, .connected = bus_connected, .self = producer };
}

static void register_metrics(struct publisher *publisher)
{
    for (size_t i = 0; i < PUBLISHER_NEWS_COUNT; i++) {
        char labels[64];
        (void)snprintf(labels, sizeof labels, "result=\"%s\"", NAMES[i]); /* the names are short */
        publisher->results[i] = sw_counter("slipway_publish_total", labels, "commands by what became of them");
    }
}

static void init_lock(struct publisher *publisher)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&publisher->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&publisher->stop_cond, &attributes);
    pthread_cond_init(&publisher->wake_cond, NULL);
    pthread_condattr_destroy(&attributes);
}

struct sw_status publisher_new(const struct publisher_options *options, struct publisher **ret_publisher)
{
    struct publisher *publisher = calloc(1, sizeof *publisher);
    if (!publisher)
        return sw_fail(SW_CODE_NO_MEMORY, "publisher: out of memory");
    init_lock(publisher);
    register_metrics(publisher);
    publisher->bus = options->bus;
    publisher->tick_ms = options->tick_ms ? options->tick_ms : PRESET_TICK_MS;
    publisher->topic = sw_strdup(options->topic);
    struct sw_status status = publisher->topic ? sw_thread_start(&publisher->timer, "publisher", run_timer, publisher)
                                               : sw_fail(SW_CODE_NO_MEMORY, "publisher: out of memory");
    if (sw_failed(status))
        publisher_free(publisher);
    else
        *ret_publisher = publisher;
    return status;
}

size_t publisher_pending(struct publisher *publisher)
{
    pthread_mutex_lock(&publisher->lock);
    size_t count = publisher->count;
    pthread_mutex_unlock(&publisher->lock);
    return count;
}

struct sw_status publisher_drain(struct publisher *publisher, int64_t timeout_ms)
{
    const int64_t until_ms = sw_monotonic_ms() + timeout_ms;
    const struct timespec pause = { .tv_nsec = DRAIN_TICK_MS * 1000000L };
    while (publisher_pending(publisher) > 0) {
        if (sw_monotonic_ms() >= until_ms)
            return sw_fail(SW_CODE_TIMEOUT, "%zu commands are not delivered yet", publisher_pending(publisher));
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL); /* a shorter pause is as good */
    }
    return sw_ok();
}

/* Claims one that has not been told its last word. */
static struct pending *claim_any(struct publisher *publisher, struct wire **ret_wire)
{
    pthread_mutex_lock(&publisher->lock);
    struct pending *pending = publisher->first;
    while (pending && (pending->silent || pending->telling))
        pending = pending->next;
    if (pending) {
        *ret_wire = SW_TAKE(pending->waiting);
        pending->telling = *ret_wire == NULL;
    }
    pthread_mutex_unlock(&publisher->lock);
    return pending;
}

static void stop_timer(struct publisher *publisher)
{
    pthread_mutex_lock(&publisher->lock);
    publisher->stop = true;
    pthread_cond_signal(&publisher->stop_cond);
    pthread_cond_signal(&publisher->wake_cond);
    pthread_mutex_unlock(&publisher->lock);
    sw_thread_join(&publisher->timer);
}

void publisher_give_up(struct publisher *publisher)
{
    struct wire *wire;
    struct pending *pending;
    stop_timer(publisher);
    while ((pending = claim_any(publisher, &wire))) {
        if (wire)
            act(pending, DUE_GIVE_UP, wire);
        else
            tell_claimed(pending, PUBLISHER_NEVER_CONFIRMED);
    }
}

void publisher_free(struct publisher *publisher)
{
    if (!publisher)
        return;
    publisher_give_up(publisher);
    while (publisher->first)
        end_pending(publisher->first, PUBLISHER_NEVER_CONFIRMED);
    pthread_cond_destroy(&publisher->stop_cond);
    pthread_cond_destroy(&publisher->wake_cond);
    pthread_mutex_destroy(&publisher->lock);
    free(publisher->topic);
    free(publisher);
}
