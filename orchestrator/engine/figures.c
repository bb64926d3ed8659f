/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/engine/figures.h"

#include "common/base/text.h"
#include "common/rt/metrics.h"

#include <assert.h>
#include <stdio.h>

enum { MAX_STATES = 16, MAX_COUNTED = 32, UPDATE_MS = 1000 };

static struct sw_metric *epoch_metric, *terms, *waiting, *oldest_seconds, *lanes_active, *holds;

/* How many hold their lane, by state: those that the kinds name, so that each series is there from the start. */
static struct {
    const char *name;
    struct sw_metric *metric;
    size_t count;
} states[MAX_STATES];

enum errand_outcome { ERRAND_DONE, ERRAND_RETRY, ERRAND_FAILED, ERRAND_OUTCOMES };
static struct sw_metric *errands[ERRAND_OUTCOMES];

static void register_errands(void)
{
    static const char *const LABELS[ERRAND_OUTCOMES] = { "outcome=\"done\"", "outcome=\"retry\"",
                                                         "outcome=\"failed\"" };
    for (size_t i = 0; i < ERRAND_OUTCOMES; i++)
        errands[i] =
            sw_counter("slipway_errands_total", LABELS[i], "Errands at systems beside Slack that ended, by how.");
}

static void register_state(const char *name)
{
    size_t at = 0;
    char labels[96];
    while (at < MAX_STATES && states[at].name && !sw_equal(states[at].name, name))
        at++;
    if (at == MAX_STATES || states[at].name)
        return;
    (void)snprintf(labels, sizeof labels, "state=\"%s\"", name); /* a word of ours */
    states[at].name = name;
    states[at].metric = sw_gauge("slipway_active", labels, "Workflows that hold their lane, by state.");
}

/* Events that kinds count. */
static struct {
    const struct kind_count *count;
    struct sw_metric *metric;
} counted[MAX_COUNTED];

static void register_counts(const struct wf_kind *kind)
{
    for (size_t i = 0; i < kind->count_count; i++) {
        const struct kind_count *count = &kind->counts[i];
        size_t at = 0;
        while (at < MAX_COUNTED && counted[at].count)
            at++;
        assert(at < MAX_COUNTED); /* kinds count a handful */
        counted[at].count = count;
        counted[at].metric = sw_counter(count->metric, count->labels, count->help);
    }
}

static void register_all(void)
{
    if (epoch_metric)
        return;
    epoch_metric = sw_gauge("slipway_lease_epoch", NULL, "The term of this leader; 0 on a standby.");
    terms = sw_counter("slipway_terms_total", NULL, "How often this process began to lead.");
    waiting = sw_gauge("slipway_queue_length", NULL, "Workflows that wait in line.");
    oldest_seconds = sw_gauge("slipway_queue_oldest_seconds", NULL, "How long the oldest of them waits.");
    lanes_active = sw_gauge("slipway_lanes_active", NULL, "Lanes that are taken.");
    holds = sw_gauge("slipway_holds", NULL, "Holds that keep workflows from starting.");
    register_errands();
    for (size_t i = 0; i < kind_count(); i++) {
        for (const char *const *name = kind_at(i)->lane_states; name && *name; name++)
            register_state(*name);
        register_counts(kind_at(i));
    }
}

static void count_state(const char *name)
{
    for (size_t i = 0; i < MAX_STATES && states[i].name; i++)
        if (sw_equal(states[i].name, name))
            states[i].count++;
}

void figures_begin(int64_t epoch)
{
    register_all();
    sw_metric_set(epoch_metric, (double)epoch);
    sw_metric_add(terms, 1);
}

void figures_update(struct engine *engine)
{
    size_t in_line = 0, taken = 0;
    int64_t oldest_ms = engine->now_ms;
    if (engine->monotonic_ms < engine->figures_due_ms)
        return;
    engine->figures_due_ms = engine->monotonic_ms + UPDATE_MS;
    for (size_t i = 0; i < MAX_STATES; i++)
        states[i].count = 0;
    for (size_t i = 0; i < engine->lanes.count; i++) {
        const struct lane *lane = engine->lanes.all[i];
        const struct entry *first = lane_first(lane);
        in_line += lane_length(lane);
        if (first && first->wf->created_at_ms < oldest_ms)
            oldest_ms = first->wf->created_at_ms;
        if (!lane->active)
            continue;
        taken++;
        count_state(lane->active->wf->kind->state_name(lane->active->wf->state));
    }
    register_all();
    sw_metric_set(waiting, (double)in_line);
    sw_metric_set(oldest_seconds, (double)(engine->now_ms - oldest_ms) / 1000.0);
    sw_metric_set(lanes_active, (double)taken);
    sw_metric_set(holds, (double)engine->holds.count);
    for (size_t i = 0; i < MAX_STATES && states[i].metric; i++)
        sw_metric_set(states[i].metric, (double)states[i].count);
}

void figures_clear(void)
{
    register_all();
    sw_metric_set(epoch_metric, 0);
    sw_metric_set(waiting, 0);
    sw_metric_set(oldest_seconds, 0);
    sw_metric_set(lanes_active, 0);
    sw_metric_set(holds, 0);
    for (size_t i = 0; i < MAX_STATES && states[i].metric; i++)
        sw_metric_set(states[i].metric, 0);
}

void figures_ended(const struct wf *wf)
{
    sw_count("slipway_workflows_ended_total", "Workflows that came to their end, by state.", "state",
             wf->kind->state_name(wf->state));
}

static const struct kind_count *count_of(const struct wf_kind *kind, const char *event)
{
    for (size_t i = 0; i < kind->count_count; i++)
        if (sw_equal(kind->counts[i].event, event))
            return &kind->counts[i];
    return NULL;
}

bool figures_event(const struct wf_kind *kind, const char *event)
{
    const struct kind_count *count = count_of(kind, event);
    register_all();
    for (size_t i = 0; count && i < MAX_COUNTED; i++)
        if (counted[i].count == count)
            sw_metric_add(counted[i].metric, 1);
    return count != NULL;
}

static const char *outcome_name(const struct step_report *report)
{
    switch (report->outcome) {
    case STEP_EXITED:
        return report->exit_code == 0 ? "succeeded" : "failed";
    case STEP_SIGNALED:
        return "killed";
    case STEP_TIMED_OUT:
        return "timed_out";
    case STEP_STOPPED:
        return "stopped";
    case STEP_NOT_RUN:
        return "not_run";
    case STEP_LOST:
        return "unknown";
    case STEP_RUNNING:
    case STEP_ABSENT:
        break;
    }
    return "other";
}

void figures_attempt(const struct step_report *report)
{
    sw_count("slipway_attempts_total", "Attempts of steps that ended, by how.", "outcome", outcome_name(report));
}

void figures_errand(const struct sw_status *status)
{
    enum errand_outcome outcome = !sw_failed(*status)         ? ERRAND_DONE
                                  : status->class == SW_RETRY ? ERRAND_RETRY
                                                              : ERRAND_FAILED;
    sw_metric_add(errands[outcome], 1);
}
