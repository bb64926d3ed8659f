/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/app/topics_maker.h"

#include "common/base/backoff.h"
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/thread.h"
#include "proto/topics.h"

#include <pthread.h>
#include <time.h>

enum { TRY_MS = 3000 };

static const struct sw_backoff BACKOFF = { .base_ms = 500, .max_ms = 10000, .jitter_percent = 20 };

struct topics_maker {
    struct kafka_config kafka; /* borrowed */
    char names[PROTO_TOPIC_COUNT][PROTO_TOPIC_NAME_SIZE];
    struct sw_thread thread;

    pthread_mutex_t lock;
    pthread_cond_t stop_cond;
    bool stop;
};

static struct sw_status make(const struct topics_maker *maker)
{
    struct kafka_topic topics[PROTO_TOPIC_COUNT];
    for (size_t i = 0; i < PROTO_TOPIC_COUNT; i++)
        topics[i] = (struct kafka_topic){ .name = maker->names[i],
                                          .partitions = proto_topic_partitions((enum proto_topic)i),
                                          .retention_ms = proto_topic_retention_ms((enum proto_topic)i) };
    return kafka_create_topics(&maker->kafka, topics, PROTO_TOPIC_COUNT, TRY_MS);
}

/* True when the maker must end. */
static bool wait_ms(struct topics_maker *maker, int64_t delay_ms)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until); /* cannot fail for this clock */
    until.tv_sec += delay_ms / 1000;
    until.tv_nsec += delay_ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&maker->lock);
    while (!maker->stop && pthread_cond_timedwait(&maker->stop_cond, &maker->lock, &until) == 0)
        ;
    bool stop = maker->stop;
    pthread_mutex_unlock(&maker->lock);
    return stop;
}

static void run(void *self)
{
    struct topics_maker *maker = self;
    struct sw_status status = sw_fail(SW_CODE_KAFKA, "not tried");
    for (int32_t failures = 1; sw_failed(status); failures++) {
        if (wait_ms(maker, sw_backoff_delay_ms(&BACKOFF, failures, sw_random32())))
            return;
        status = make(maker);
    }
    sw_info("the topics are there");
}

static void init(struct topics_maker *maker)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&maker->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&maker->stop_cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct sw_status topics_maker_start(const struct kafka_config *kafka, const char *prefix,
                                    struct topics_maker **ret_maker)
{
    struct topics_maker *maker = calloc(1, sizeof *maker);
    if (!maker)
        return sw_fail(SW_CODE_NO_MEMORY, "topics: out of memory");
    init(maker);
    maker->kafka = *kafka;
    for (size_t i = 0; i < PROTO_TOPIC_COUNT; i++)
        proto_topic_name(prefix, (enum proto_topic)i, maker->names[i]);
    struct sw_status status = make(maker);
    if (sw_failed(status)) {
        sw_warn("the topics cannot be made yet, trying on", sw_e(&status));
        status = sw_thread_start(&maker->thread, "topics", run, maker);
    }
    if (sw_failed(status))
        topics_maker_free(maker);
    else
        *ret_maker = maker;
    return status;
}

void topics_maker_free(struct topics_maker *maker)
{
    if (!maker)
        return;
    pthread_mutex_lock(&maker->lock);
    maker->stop = true;
    pthread_cond_signal(&maker->stop_cond);
    pthread_mutex_unlock(&maker->lock);
    sw_thread_join(&maker->thread);
    pthread_cond_destroy(&maker->stop_cond);
    pthread_mutex_destroy(&maker->lock);
    free(maker);
}
