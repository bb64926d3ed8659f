/* SPDX-License-Identifier: Apache-2.0
 * publisher: commands on their way to slipway.commands, and what is known about each at which time.
 *
 * A command is handed to Kafka at once while a broker is connected; else it waits here, where it can still be taken
 * back for certain. Its submitter is told: HANDING              just before it is handed over (never when it is not)
 *   then, by the deadline, CONFIRMED, NOTHING_STARTED or UNSURE
 *   and after UNSURE, within the producer's delivery timeout, CONFIRMED, NOTHING_STARTED or NEVER_CONFIRMED.
 * Calls for one command never overlap. Threads: submit from any; told on the caller's, the producer's or the timer's
 * thread, which must not be blocked. No lock is held while producing or telling. */
#ifndef GATEWAY_IO_PUBLISHER_H
#define GATEWAY_IO_PUBLISHER_H

#include "common/base/status.h"
#include "common/io/kafka.h"
#include "proto/command.h"

struct publisher;

/* clang-format off */
#define PUBLISHER_NEWS(X) \
    X(HANDING,         "handing")         \
    X(CONFIRMED,       "confirmed")       /* Kafka has it, acks=all */ \
    X(NOTHING_STARTED, "nothing_started") /* never handed over, or taken back: sure */ \
    X(UNSURE,          "unsure")          /* handed over, not known at the deadline; one more call follows */ \
    X(NEVER_CONFIRMED, "never_confirmed") /* given up: it may be there or not */
/* clang-format on */
#define PUBLISHER_ENUM_(name, text) PUBLISHER_##name,
enum publisher_news { PUBLISHER_NEWS(PUBLISHER_ENUM_) PUBLISHER_NEWS_COUNT };
#undef PUBLISHER_ENUM_
const char *publisher_news_name(enum publisher_news news);

typedef void publisher_told_fn(void *context, enum publisher_news news);

/* The part of a kafka_producer that is used. */
struct publisher_bus {
    struct sw_status (*produce)(void *self, const struct kafka_record *record, kafka_delivered_fn *delivered,
                                void *context);
    bool (*connected)(void *self);
    void *self;
};
struct publisher_bus publisher_bus_of(struct kafka_producer *producer);

struct publisher_options {
    const char *topic;
    struct publisher_bus bus;
    int64_t tick_ms; /* 0: 50; how exactly deadlines are kept */
};

struct sw_status publisher_new(const struct publisher_options *options, struct publisher **ret_publisher) SW_MUST_CHECK;
/* deadline_us: of sw_monotonic_us(). The command is encoded before it returns. */
void publisher_submit(struct publisher *publisher, const struct proto_command *command, int64_t deadline_us,
                      publisher_told_fn *told, void *context);
size_t publisher_pending(struct publisher *publisher);
/* Waits until nothing is pending. SW_CODE_TIMEOUT when something is left. */
struct sw_status publisher_drain(struct publisher *publisher, int64_t timeout_ms) SW_MUST_CHECK;
/* At the end of the process: tells the last word about everything pending, as far as it is known. Nothing may be
 * submitted any more. Delivery reports may still come. */
void publisher_give_up(struct publisher *publisher);
/* After the producer is gone: no delivery report may follow. */
void publisher_free(struct publisher *publisher);

#endif
