/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/engine/leader_inside.h"

#include "common/base/backoff.h"
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "orchestrator/engine/figures.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* After so many takeovers at one cursor without progress records go one to a commit; after as many more the record at
 * the cursor is parked. */
enum { CAREFUL_TRIES = 3, PARK_TRIES = 6, STANDBY_MS = 1000, STOP_WITHIN_MS = 8000 };

static const struct sw_backoff AFTER_FAILURE = { .base_ms = 100, .max_ms = 2000, .jitter_percent = 20 };

static struct sw_metric *leader_metric(void)
{
    static struct sw_metric *metric;
    if (!metric)
        metric = sw_gauge("slipway_leader", NULL, "1 while this process leads.");
    return metric;
}

struct leader *leader_new(const struct leader_options *options)
{
    struct leader *leader = calloc(1, sizeof *leader);
    if (!leader)
        return NULL;
    leader->options = *options;
    leader->config = options->config;
    sw_metric_set(leader_metric(), 0);
    figures_clear();
    return leader;
}

static void end_term(struct leader *leader)
{
    const struct leader_options *options = &leader->options;
    engine_free(leader->engine);
    leader->engine = NULL;
    options->log.stop(options->log.self);
    options->publisher.stop(options->publisher.self);
    leader->role = LEADER_STANDBY;
    leader->epoch = 0;
    sw_metric_set(leader_metric(), 0);
    figures_clear();
}

void leader_free(struct leader *leader)
{
    if (!leader)
        return;
    if (leader->engine) {
        end_term(leader);
        leader->options.store.release(leader->options.store.self);
    }
    free(leader);
}

/* ---- beginning a term ---- */

/* A log that is another one, or a database of another version, must not be tried again and again in silence. */
static void stop_for_good(struct leader *leader, struct sw_status why)
{
    leader->health = why;
    leader->role = LEADER_STOPPED;
    leader->options.store.release(leader->options.store.self);
}

static void later(struct leader *leader, int64_t monotonic_ms, const struct sw_status *why)
{
    leader->failures++;
    leader->next_try_ms = monotonic_ms + sw_backoff_delay_ms(&AFTER_FAILURE, leader->failures,
                                                             leader->options.random(leader->options.random_self));
    sw_warn("not leading; trying again", sw_e(why), sw_i("failures", leader->failures));
}

/* Tries are counted by the store at each takeover, so that a record which kills the process is found too. */
static void choose_caution(struct leader *leader, const struct store_snapshot *snapshot)
{
    struct engine *engine = leader->engine;
    if (leader->caution != ENGINE_FREELY && leader->caution_offset == snapshot->cursor.next_offset) {
        engine->caution = leader->caution;
        engine->refused = true;
    } else if (snapshot->tries >= PARK_TRIES)
        engine->caution = ENGINE_PARK_NEXT;
    else if (snapshot->tries >= CAREFUL_TRIES)
        engine->caution = ENGINE_ONE_BY_ONE;
    const char *reason = *leader->park_reason ? leader->park_reason : "crashed the orchestrator";
    (void)sw_copy(engine->park_reason, sizeof engine->park_reason, reason); /* cut: its beginning counts */
}

static struct sw_status begin_ports(struct leader *leader, struct store_snapshot *snapshot)
{
    const struct leader_options *options = &leader->options;
    struct engine *engine = leader->engine;
    bool new_log = false;
    struct log_cursor cursor = snapshot->cursor;
    SW_TRY(sw_wrap(options->log.begin(options->log.self, &snapshot->cursor, &cursor, &new_log), "command log"));
    engine->cursor = cursor;
    engine->filling->has_cursor = !sw_equal(cursor.cluster_id, snapshot->cursor.cluster_id) || new_log;
    if (new_log)
        engine_say_again(engine, snapshot);
    return options->publisher.begin(options->publisher.self, engine->lease.epoch, snapshot->published_id,
                                    snapshot->last_outbox_id);
}

static struct sw_status load(struct leader *leader)
{
    const struct store_port *store = &leader->options.store;
    struct store_snapshot snapshot = { 0 };
    SW_TRY(sw_wrap(store->load(store->self, &snapshot), "load"));
    choose_caution(leader, &snapshot);
    struct sw_status status = engine_load(leader->engine, &snapshot);
    if (!sw_failed(status))
        status = begin_ports(leader, &snapshot);
    store_snapshot_release(&snapshot);
    return status;
}

static void begin_term(struct leader *leader, const struct store_lease *lease, int64_t monotonic_ms)
{
    leader->engine = engine_new(&leader->options, leader->config, lease, monotonic_ms);
    struct sw_status status = leader->engine ? load(leader) : sw_fail(SW_CODE_NO_MEMORY, "engine: out of memory");
    if (!sw_failed(status)) {
        leader->role = LEADER_ACTIVE;
        leader->epoch = lease->epoch;
        leader->progress_ms = monotonic_ms;
        sw_metric_set(leader_metric(), 1);
        figures_begin(lease->epoch);
        sw_info("leading", sw_i("epoch", lease->epoch), sw_i("workflows", (int64_t)leader->engine->entries.count),
                sw_i("offset", leader->engine->cursor.next_offset));
        return;
    }
    end_term(leader);
    if (status.code == SW_CODE_LOG_IDENTITY || status.code == SW_CODE_CONFIG) {
        stop_for_good(leader, status);
        return;
    }
    leader->options.store.release(leader->options.store.self);
    later(leader, monotonic_ms, &status);
}

static int64_t stand_by(struct leader *leader, int64_t monotonic_ms)
{
    const struct store_port *store = &leader->options.store;
    struct store_lease lease;
    leader->progress_ms = monotonic_ms;
    if (monotonic_ms < leader->next_try_ms)
        return leader->next_try_ms;
    struct sw_status status = store->acquire(store->self, &lease);
    if (!sw_failed(status)) {
        begin_term(leader, &lease, monotonic_ms);
        return monotonic_ms;
    }
    leader->store_reached = status.code == SW_CODE_REFUSED;
    if (status.code == SW_CODE_REFUSED) { /* somebody else leads: that is what a standby is for */
        leader->failures = 0;
        leader->next_try_ms = monotonic_ms + STANDBY_MS;
    } else if (status.code == SW_CODE_CONFIG)
        stop_for_good(leader, status);
    else
        later(leader, monotonic_ms, &status);
    return leader->next_try_ms;
}

void leader_wake(struct leader *leader)
{
    if (leader->role == LEADER_STANDBY && leader->failures == 0)
        leader->next_try_ms = 0;
}

/* ---- leading ---- */

/* Postgres refused the data of a commit, or refuses some record again and again: be careful at this place. */
static void learn(struct leader *leader, const struct sw_status *failure)
{
    const struct engine *engine = leader->engine;
    const struct batch *batch = engine->flying;
    if (failure->code != SW_CODE_DB_DATA) {
        leader->caution = ENGINE_FREELY;
        return;
    }
    leader->caution_offset = batch && batch->has_cursor ? batch->cursor_before.next_offset : engine->cursor.next_offset;
    bool alone = batch && batch->has_cursor && batch->record_count == 1;
    leader->caution = alone ? ENGINE_PARK_NEXT : ENGINE_ONE_BY_ONE;
    (void)snprintf(leader->park_reason, sizeof leader->park_reason, "Postgres refused it: %s", failure->text);
}

static void lose(struct leader *leader, int64_t monotonic_ms)
{
    struct sw_status why = leader->engine->failure;
    learn(leader, &why);
    end_term(leader);
    leader->options.store.release(leader->options.store.self);
    if (why.class == SW_BUG)
        sw_error("a checkpoint failed in a way that is a defect; everything is loaded anew", sw_e(&why));
    later(leader, monotonic_ms, &why);
    if (leader->failures == 1)
        leader->next_try_ms = monotonic_ms; /* at once: a lost connection is back in no time */
}

static int64_t lead(struct leader *leader, int64_t monotonic_ms)
{
    const struct log_port *log = &leader->options.log;
    int64_t due_ms = engine_pass(leader->engine, monotonic_ms);
    leader->progress_ms = leader->engine->progress_ms;
    if (sw_failed(leader->engine->failure)) {
        lose(leader, monotonic_ms);
        return monotonic_ms;
    }
    if (leader->engine->progress_ms == monotonic_ms)
        leader->failures = 0;
    struct sw_status health = log->health(log->self);
    if (!sw_failed(health) || health.class == SW_RETRY)
        return due_ms;
    sw_error("the command log cannot be followed any more; stopping", sw_e(&health));
    end_term(leader);
    stop_for_good(leader, health);
    return monotonic_ms;
}

/* ---- stopping ---- */

static int64_t stop_step(struct leader *leader, int64_t monotonic_ms)
{
    if (leader->role == LEADER_ACTIVE) {
        int64_t due_ms = lead(leader, monotonic_ms);
        if (leader->role == LEADER_ACTIVE && !engine_idle(leader->engine) && monotonic_ms < leader->stop_by_ms)
            return due_ms;
        if (leader->role == LEADER_ACTIVE) {
            end_term(leader);
            leader->options.store.release(leader->options.store.self);
        }
    }
    leader->role = LEADER_STOPPED;
    return monotonic_ms;
}

void leader_stop(struct leader *leader)
{
    leader->stop_by_ms = leader->progress_ms + STOP_WITHIN_MS;
    if (leader->engine)
        leader->engine->stopping = true;
}

int64_t leader_pass(struct leader *leader, int64_t monotonic_ms)
{
    if (leader->role == LEADER_STOPPED)
        return monotonic_ms;
    if (leader->stop_by_ms)
        return stop_step(leader, monotonic_ms);
    return leader->role == LEADER_ACTIVE ? lead(leader, monotonic_ms) : stand_by(leader, monotonic_ms);
}

/* ---- from outside ---- */

void leader_step_finished(struct leader *leader, const struct step_report *report)
{
    if (leader->engine)
        attempts_report(leader->engine, report);
}

void leader_step_progress(struct leader *leader, const char *attempt, const char *status_line)
{
    if (leader->engine)
        attempts_progress(leader->engine, attempt, status_line);
}

void leader_errand_finished(struct leader *leader, const struct errand_report *report)
{
    if (leader->engine)
        errands_report(leader->engine, report);
}

void leader_set_config(struct leader *leader, const struct config *config)
{
    leader->config = config;
    if (leader->engine)
        leader->engine->config = config;
}

enum leader_role leader_role(const struct leader *leader) { return leader->role; }
int64_t leader_epoch(const struct leader *leader) { return leader->epoch; }
int64_t leader_progress_ms(const struct leader *leader) { return leader->progress_ms; }
struct sw_status leader_health(const struct leader *leader) { return leader->health; }

bool leader_ready(const struct leader *leader)
{
    return leader->role == LEADER_ACTIVE || (leader->role == LEADER_STANDBY && leader->store_reached);
}
