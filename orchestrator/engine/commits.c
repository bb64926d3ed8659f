/* SPDX-License-Identifier: Apache-2.0
 * One commit at a time: what has gathered goes out when the one before has ended. */
#include "common/base/log.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"
#include "orchestrator/engine/engine.h"

enum { PUBLISHED_IDLE_MS = 10 * 1000 };

static struct sw_metric *commits_metric(void)
{
    static struct sw_metric *metric;
    if (!metric)
        metric = sw_counter("slipway_commits_total", NULL, "Checkpoints committed.");
    return metric;
}

static struct sw_metric *seconds_metric(void)
{
    static struct sw_metric *metric;
    if (!metric)
        metric = sw_histogram("slipway_commit_seconds", NULL, "From submitting a checkpoint to its end.",
                              SW_LATENCY_BOUNDS, SW_LATENCY_BOUND_COUNT);
    return metric;
}

static void settle_entries(struct engine *engine, const struct batch *batch)
{
    struct entry **entries = batch->entries.data;
    for (size_t i = 0; i < batch->entries.count; i++) {
        entries[i]->durable = true;
        entries[i]->committing = false;
        if (entries[i]->wf->final && !entries[i]->touched)
            world_settle(engine, entries[i]);
        else
            errands_start(engine, entries[i]);
    }
}

static void finish(struct engine *engine)
{
    struct batch *batch = engine->flying;
    const struct publisher_port *publisher = &engine->options->publisher;
    engine->flying = NULL;
    engine->progress_ms = engine->monotonic_ms;
    sw_metric_add(commits_metric(), 1);
    sw_metric_observe(seconds_metric(), (double)(engine->monotonic_ms - engine->flying_since_ms) / 1000.0);
    if (batch->published_id)
        engine->published_stored = batch->published_id;
    attempts_act(engine, batch); /* first: a step waits for nothing, and Kafka's threads are many */
    if (batch->outbox.count) {
        publisher->publish_take(publisher->self, batch->outbox.data, batch->outbox.count);
        batch->outbox.count = 0; /* the rows are the publisher's now */
    }
    settle_entries(engine, batch);
    batch_free(batch);
}

void commits_poll(struct engine *engine)
{
    struct sw_status status = sw_ok();
    const struct store_port *store = &engine->options->store;
    if (!engine->flying) {
        engine->progress_ms = engine->monotonic_ms;
        return;
    }
    if (!store->poll(store->self, &status))
        return;
    if (sw_failed(status))
        engine_fail(engine, sw_wrap(status, "checkpoint"));
    else
        finish(engine);
}

/* The published cursor rides with a commit; alone it goes only when nothing else has gone for a while. */
static void add_published(struct engine *engine)
{
    const struct publisher_port *publisher = &engine->options->publisher;
    int64_t published = publisher->published(publisher->self);
    if (published <= engine->published_stored) {
        engine->published_seen_ms = engine->monotonic_ms;
        return;
    }
    bool alone = batch_empty(engine->filling);
    if (alone && engine->monotonic_ms - engine->published_seen_ms < PUBLISHED_IDLE_MS && !engine->stopping)
        return;
    engine->filling->published_id = published;
    engine->published_seen_ms = engine->monotonic_ms;
}

static void add_cursor(struct engine *engine, struct batch *batch)
{
    if (!batch->has_cursor)
        return;
    batch->cursor_before = engine->stored_cursor;
    batch->cursor = engine->stored_cursor = engine->cursor;
}

void commits_submit(struct engine *engine)
{
    const struct store_port *store = &engine->options->store;
    if (engine->flying || sw_failed(engine->failure))
        return;
    add_published(engine);
    if (batch_empty(engine->filling))
        return;
    struct batch *next = batch_new();
    if (!next) {
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "batch: out of memory"));
        return;
    }
    engine->flying = engine->filling;
    engine->filling = next;
    engine->flying_since_ms = engine->monotonic_ms;
    add_cursor(engine, engine->flying);
    engine_fail(engine, batch_seal(engine->flying, &engine->store_batch));
    if (!sw_failed(engine->failure))
        engine_fail(engine, sw_wrap(store->submit(store->self, &engine->store_batch), "checkpoint"));
}
