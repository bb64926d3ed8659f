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

static struct sw_metric *records[FIGURES_RECORDS];

static void register_records(void)
{
    static const char *const LABELS[FIGURES_RECORDS] = { "outcome=\"taken\"", "outcome=\"duplicate\"",
                                                         "outcome=\"parked\"" };
    for (size_t i = 0; i < FIGURES_RECORDS; i++)
        records[i] =
            sw_counter("slipway_commands_total", LABELS[i], "Commands taken from the log, by what became of them.");
}

enum attempt_end {
    ATTEMPT_SUCCEEDED,
    ATTEMPT_FAILED,
    ATTEMPT_KILLED,
    ATTEMPT_TIMED_OUT,
    ATTEMPT_STOPPED,
    ATTEMPT_NOT_RUN,
    ATTEMPT_UNKNOWN,
    ATTEMPT_ENDS
};
static struct sw_metric *attempts[ATTEMPT_ENDS];

static void register_attempts(void)
{
    static const char *const LABELS[ATTEMPT_ENDS] = { "outcome=\"succeeded\"", "outcome=\"failed\"",
                                                      "outcome=\"killed\"",    "outcome=\"timed_out\"",
                                                      "outcome=\"stopped\"",   "outcome=\"not_run\"",
                                                      "outcome=\"unknown\"" };
    for (size_t i = 0; i < ATTEMPT_ENDS; i++)
        attempts[i] = sw_counter("slipway_attempts_total", LABELS[i], "Attempts of steps that ended, by how.");
}

/* Of workflows that ended in the state; registers it at the first call. */
static struct sw_metric *ended(const char *state)
{
    char labels[96];
    (void)snprintf(labels, sizeof labels, "state=\"%s\"", state); /* a word of ours */
    return sw_counter("slipway_workflows_ended_total", labels, "Workflows that came to their end, by state.");
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
    register_records();
    register_attempts();
    for (size_t i = 0; i < kind_count(); i++) {
        for (const char *const *name = kind_at(i)->end_states; name && *name; name++)
            (void)ended(*name);
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

void figures_record(enum figures_record outcome)
{
    register_all();
    sw_metric_add(records[outcome], 1);
}

void figures_ended(const struct wf *wf) { sw_metric_add(ended(wf->kind->state_name(wf->state)), 1); }

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

static enum attempt_end end_of(const struct step_report *report)
{
    switch (report->outcome) {
    case STEP_EXITED:
        return report->exit_code == 0 ? ATTEMPT_SUCCEEDED : ATTEMPT_FAILED;
    case STEP_SIGNALED:
        return ATTEMPT_KILLED;
    case STEP_TIMED_OUT:
        return ATTEMPT_TIMED_OUT;
    case STEP_STOPPED:
        return ATTEMPT_STOPPED;
    case STEP_NOT_RUN:
        return ATTEMPT_NOT_RUN;
    case STEP_LOST:
    case STEP_RUNNING: /* these two are no reports of an end */
    case STEP_ABSENT:
        break;
    }
    return ATTEMPT_UNKNOWN;
}

void figures_attempt(const struct step_report *report)
{
    register_all();
    sw_metric_add(attempts[end_of(report)], 1);
}

void figures_errand(const struct sw_status *status)
{
    enum errand_outcome outcome = !sw_failed(*status)         ? ERRAND_DONE
                                  : status->class == SW_RETRY ? ERRAND_RETRY
                                                              : ERRAND_FAILED;
    sw_metric_add(errands[outcome], 1);
}
