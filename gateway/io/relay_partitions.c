/* SPDX-License-Identifier: Apache-2.0
 * Which partitions are ours, where their logs begin and end, and what is committed of them. */
#include "gateway/io/relay_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"

enum { ASK_TIMEOUT_MS = 1000, ASK_AGAIN_MS = 500, RESUME_BELOW = RELAY_MAX_UNSENT / 2 };

static struct relay_part *find_part(struct relay *relay, int32_t number)
{
    for (size_t i = 0; i < relay->part_count; i++)
        if (relay->parts[i].number == number)
            return &relay->parts[i];
    return NULL;
}

static void commit_part(struct relay *relay, struct relay_part *part, bool again)
{
    int64_t offset;
    if (!relay_plan_offset(relay->plan, part->number, &offset) || offset < part->committed ||
        (offset == part->committed && !again))
        return;
    struct sw_status status = kafka_commit(relay->consumer, relay->events_topic, part->number, offset);
    if (sw_failed(status))
        sw_debug("the relay's position was not committed", sw_i("partition", part->number), sw_e(&status));
    else
        part->committed = offset;
}

/* ---- told by the consumer, inside kafka_poll() ---- */

static void assigned(void *self, const char *topic, int32_t number)
{
    struct relay *relay = self;
    if (!sw_equal(topic, relay->events_topic) || find_part(relay, number) || relay->part_count == RELAY_MAX_PARTITIONS)
        return;
    relay->parts[relay->part_count++] = (struct relay_part){ .number = number, .committed = -1 };
    relay_plan_assign(relay->plan, number, relay_now_ms(relay));
    sw_debug("the relay reads a partition", sw_i("partition", number));
}

static void revoked(void *self, const char *topic, int32_t number)
{
    struct relay *relay = self;
    struct relay_part *part = sw_equal(topic, relay->events_topic) ? find_part(relay, number) : NULL;
    if (!part)
        return;
    commit_part(relay, part, false);
    relay_plan_revoke(relay->plan, number);
    *part = relay->parts[--relay->part_count];
    sw_debug("the relay gave a partition back", sw_i("partition", number));
}

struct kafka_rebalance relay_rebalance_of(struct relay *relay)
{
    return (struct kafka_rebalance){ .assigned = assigned, .revoked = revoked, .self = relay };
}

/* ---- bounds ---- */

static struct sw_status know_part(struct relay *relay, struct relay_part *part, const struct kafka_watermarks *marks)
{
    int64_t committed;
    SW_TRY(kafka_committed(relay->consumer, relay->events_topic, part->number, ASK_TIMEOUT_MS, &committed));
    /* A position beyond the end is of another log: reading begins anew. */
    int64_t start = committed > marks->low && committed <= marks->high ? committed : marks->low;
    relay_plan_bounds(relay->plan, part->number, start, marks->high);
    part->known = true;
    return sw_ok();
}

static struct sw_status ask_part(struct relay *relay, struct relay_part *part)
{
    struct kafka_watermarks marks;
    SW_TRY(kafka_watermarks(relay->consumer, relay->events_topic, part->number, ASK_TIMEOUT_MS, &marks));
    return know_part(relay, part, &marks);
}

/* Those that are new, as after a rebalance, with few questions; what is not known then is asked for one by one. */
static void ask_together(struct relay *relay, int64_t now_ms)
{
    int32_t numbers[RELAY_MAX_PARTITIONS];
    struct kafka_watermarks marks[RELAY_MAX_PARTITIONS];
    size_t count = 0;
    for (size_t i = 0; i < relay->part_count; i++) {
        if (relay->parts[i].known || relay->parts[i].ask_at_ms)
            continue;
        relay->parts[i].ask_at_ms = now_ms;
        numbers[count++] = relay->parts[i].number;
    }
    if (count < 2)
        return;
    struct sw_status status =
        kafka_watermarks_of(relay->consumer, relay->events_topic, numbers, count, ASK_TIMEOUT_MS, marks);
    for (size_t i = 0; i < count && !sw_failed(status); i++)
        status = know_part(relay, find_part(relay, numbers[i]), &marks[i]);
    if (sw_failed(status))
        sw_debug("not all ends of partitions are known at once", sw_e(&status));
}

void relay_ask_bounds(struct relay *relay, int64_t now_ms)
{
    ask_together(relay, now_ms);
    for (size_t i = 0; i < relay->part_count; i++) {
        struct relay_part *part = &relay->parts[i];
        if (part->known || now_ms < part->ask_at_ms)
            continue;
        struct sw_status status = ask_part(relay, part);
        part->ask_at_ms = relay_now_ms(relay) + ASK_AGAIN_MS; /* not before the others had their turn */
        if (part->known)
            continue;
        sw_warn("the relay does not know yet where a partition ends", sw_i("partition", part->number), sw_e(&status));
        return; /* the others later: each question may take its whole timeout */
    }
}

void relay_commit(struct relay *relay, bool again)
{
    for (size_t i = 0; i < relay->part_count; i++)
        commit_part(relay, &relay->parts[i], again);
}

/* ---- not more than can be held ---- */

static void pause_part(struct relay *relay, struct relay_part *part, bool pause)
{
    if (part->paused == pause)
        return;
    struct sw_status status = pause ? kafka_pause(relay->consumer, relay->events_topic, part->number)
                                    : kafka_resume(relay->consumer, relay->events_topic, part->number);
    if (sw_failed(status))
        sw_warn("the relay cannot pause or resume a partition", sw_i("partition", part->number), sw_e(&status));
    else
        part->paused = pause;
}

void relay_throttle(struct relay *relay, size_t unsent)
{
    const bool pause = relay->paused ? unsent >= RESUME_BELOW : unsent >= RELAY_MAX_UNSENT;
    if (pause != relay->paused)
        sw_warn(pause ? "the relay reads no further: too much is unsent" : "the relay reads on",
                sw_i("unsent", (int64_t)unsent));
    relay->paused = pause;
    for (size_t i = 0; i < relay->part_count; i++)
        pause_part(relay, &relay->parts[i], pause);
}
