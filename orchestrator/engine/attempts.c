/* SPDX-License-Identifier: Apache-2.0
 * Attempts of steps. Their intent is committed before they start; whether one runs is asked of its run directory, at
 * the start of a term and every few seconds after, so that nothing depends on having been told once. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"
#include "orchestrator/engine/figures.h"

#include <stdlib.h>

enum { SHOW_EVERY_MS = 3000, TRY_AGAIN_MS = 500 };

/* ---- effects: remembered now, acted on after the commit ---- */

static struct action *add_action(struct engine *engine, enum action_kind kind, const char *attempt)
{
    struct action *action = vec_push(&engine->filling->actions, sizeof *action);
    if (!action) {
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "actions: out of memory"));
        return NULL;
    }
    action->kind = kind;
    (void)sw_copy(action->attempt, sizeof action->attempt, attempt); /* the same size */
    return action;
}

/* NULL when the definition does not allow one: the attempt is then reported as not run. */
static json_t *spec_of(struct engine *engine, struct entry *entry, size_t step)
{
    json_t *spec = NULL;
    struct sw_status status = entry->wf->kind->spec(entry->wf, world_definition(engine, entry), step, &spec);
    if (sw_failed(status))
        sw_error("a step has no usable definition", sw_s("workflow", entry->wf->id), sw_e(&status));
    return spec;
}

void attempts_start(struct engine *engine, struct entry *entry, size_t index)
{
    const struct steps_port *steps = &engine->options->steps;
    struct wf_step *step = &entry->wf->steps[index];
    char attempt[WF_ATTEMPT_ID_SIZE];
    step->epoch = engine->lease.epoch;
    (void)sw_copy(step->state_dir, sizeof step->state_dir, steps->state_dir(steps->self)); /* the same sizes */
    (void)sw_copy(step->boot, sizeof step->boot, steps->boot(steps->self));
    entry->changed_steps |= UINT64_C(1) << index;
    wf_attempt_id(entry->wf, index, attempt);
    struct action *action = add_action(engine, ACTION_START, attempt);
    if (!action)
        return;
    action->spec = spec_of(engine, entry, index);
    entry->starting = true;
    sw_info("step starts", sw_s("workflow", entry->wf->id), sw_s("step", step->name), sw_s("attempt", attempt));
}

void attempts_stop(struct engine *engine, struct entry *entry, size_t index)
{
    char attempt[WF_ATTEMPT_ID_SIZE];
    wf_attempt_id(entry->wf, index, attempt);
    (void)add_action(engine, ACTION_STOP, attempt); /* its failure is the engine's already */
}

/* ---- acting ---- */

static struct entry *entry_of(struct engine *engine, const char *attempt, size_t *ret_step, int32_t *ret_number)
{
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    return wf_attempt_parse(attempt, workflow, ret_step, ret_number) ? idmap_get(&engine->entries, workflow) : NULL;
}

static void report_outcome(struct engine *engine, const char *attempt, enum step_outcome outcome, const char *error)
{
    struct step_report report = { .outcome = outcome };
    (void)sw_copy(report.attempt, sizeof report.attempt, attempt); /* the same size */
    (void)sw_copy(report.error, sizeof report.error, error);       /* cut: its beginning says what is wrong */
    attempts_report(engine, &report);
}

static void start(struct engine *engine, const char *attempt, const json_t *spec)
{
    const struct steps_port *steps = &engine->options->steps;
    struct sw_status status = spec ? steps->start(steps->self, attempt, spec)
                                   : sw_fail(SW_CODE_INVALID, "the pinned definition cannot be used");
    if (!sw_failed(status))
        return;
    if (status.class == SW_RETRY) { /* the reconciler finds that it never started */
        sw_warn("a step could not be started yet", sw_s("attempt", attempt), sw_e(&status));
        engine->reconcile_due_ms = engine->monotonic_ms + TRY_AGAIN_MS;
        return;
    }
    report_outcome(engine, attempt, STEP_NOT_RUN, status.text);
}

static void act(struct engine *engine, const struct action *action)
{
    const struct steps_port *steps = &engine->options->steps;
    int32_t number;
    size_t step;
    struct entry *entry;
    switch (action->kind) {
    case ACTION_START:
        entry = entry_of(engine, action->attempt, &step, &number);
        if (entry)
            entry->starting = false;
        start(engine, action->attempt, action->spec);
        return;
    case ACTION_STOP:
        steps->stop(steps->self, action->attempt);
        return;
    case ACTION_STORED:
        steps->stored(steps->self, action->attempt);
        return;
    }
}

void attempts_act(struct engine *engine, struct batch *batch)
{
    const struct action *actions = batch->actions.data;
    for (size_t i = 0; i < batch->actions.count; i++)
        act(engine, &actions[i]);
}

/* ---- what comes back ---- */

static bool runs(const struct entry *entry, size_t step, int32_t number)
{
    return entry && step < entry->wf->step_count && !entry->wf->final &&
           entry->wf->steps[step].state == PROTO_STEP_RUNNING && entry->wf->steps[step].attempt == number;
}

void attempts_report(struct engine *engine, const struct step_report *report)
{
    const struct steps_port *steps = &engine->options->steps;
    size_t step;
    int32_t number;
    struct entry *entry = entry_of(engine, report->attempt, &step, &number);
    if (!runs(entry, step, number)) { /* told twice, or decided otherwise meanwhile */
        if (engine_idle(engine))
            steps->stored(steps->self, report->attempt);
        else /* what was decided may not be durable yet */
            (void)add_action(engine, ACTION_STORED, report->attempt);
        return;
    }
    struct wf_input input = { .kind = WF_REPORT, .step = step, .report = report };
    entry->has_status = false;
    figures_attempt(report);
    struct sw_status status = tell_workflow(engine, entry, &input, NULL);
    if (sw_failed(status))
        sw_error("a step's end was refused", sw_s("attempt", report->attempt), sw_e(&status));
    (void)add_action(engine, ACTION_STORED, report->attempt); /* its failure is the engine's already */
}

void attempts_progress(struct engine *engine, const char *attempt, const char *status_line)
{
    size_t step;
    int32_t number;
    struct entry *entry = entry_of(engine, attempt, &step, &number);
    if (!runs(entry, step, number) || sw_equal(entry->wf->steps[step].status, status_line))
        return;
    struct timer_item *item = entry->has_status ? NULL : vec_push(&engine->statuses, sizeof *item);
    if (!entry->has_status && !item)
        return; /* a status line may be missed; the next one follows */
    if (item)
        (void)sw_copy(item->workflow, sizeof item->workflow, entry->wf->id);
    entry->has_status = true;
    entry->status_step = step;
    (void)sw_copy(entry->status, sizeof entry->status, status_line); /* cut: one short line */
}

/* ---- status lines ---- */

static int64_t shows_at(const struct entry *entry) { return entry->status_shown_ms + SHOW_EVERY_MS; }

static void show(struct engine *engine, struct entry *entry)
{
    struct wf_input input = { .kind = WF_PROGRESS, .step = entry->status_step, .status = entry->status };
    entry->has_status = false;
    entry->status_shown_ms = engine->monotonic_ms;
    struct sw_status status = tell_workflow(engine, entry, &input, NULL);
    if (sw_failed(status))
        sw_debug("a status line came too late", sw_s("workflow", entry->wf->id), sw_e(&status));
}

int64_t attempts_show(struct engine *engine)
{
    struct timer_item *items = engine->statuses.data;
    size_t kept = 0;
    int64_t due_ms = INT64_MAX;
    for (size_t i = 0; i < engine->statuses.count; i++) {
        struct entry *entry = idmap_get(&engine->entries, items[i].workflow);
        if (!entry || !entry->has_status)
            continue;
        if (entry->status_shown_ms && shows_at(entry) > engine->monotonic_ms) {
            due_ms = shows_at(entry) < due_ms ? shows_at(entry) : due_ms;
            items[kept++] = items[i];
        } else
            show(engine, entry);
    }
    engine->statuses.count = kept;
    return due_ms;
}

/* ---- the reconciler ---- */

static bool is_ours(const struct engine *engine, const struct wf_step *step)
{
    const struct steps_port *steps = &engine->options->steps;
    return sw_equal(step->state_dir, steps->state_dir(steps->self)) && sw_equal(step->boot, steps->boot(steps->self));
}

/* Without a run directory it is stopped only once it cannot begin any more: a supervisor may have its spec. */
static void bar(struct engine *engine, const char *attempt)
{
    const struct steps_port *steps = &engine->options->steps;
    struct sw_status status = steps->bar(steps->self, attempt);
    if (!sw_failed(status)) {
        report_outcome(engine, attempt, STEP_STOPPED, "");
        return;
    }
    engine->reconcile_due_ms = engine->monotonic_ms + TRY_AGAIN_MS;
    if (status.code != SW_CODE_REFUSED)
        sw_warn("an attempt cannot be kept from beginning; it is tried again", sw_s("attempt", attempt), sw_e(&status));
}

/* No run directory: never started, if it would have to be here; else nobody can tell. */
static void handle_absent(struct engine *engine, struct entry *entry, size_t index, const char *attempt)
{
    if (!is_ours(engine, &entry->wf->steps[index])) {
        report_outcome(engine, attempt, STEP_LOST,
                       "it was started on another machine, or before this one was rebooted");
        return;
    }
    if (entry->wf->kind->stops(entry->wf, index)) {
        bar(engine, attempt);
        return;
    }
    json_t *spec = spec_of(engine, entry, index);
    start(engine, attempt, spec);
    json_decref(spec);
}

static void reconcile_step(struct engine *engine, struct entry *entry, size_t index)
{
    const struct steps_port *steps = &engine->options->steps;
    struct step_report report = { 0 };
    char attempt[WF_ATTEMPT_ID_SIZE];
    wf_attempt_id(entry->wf, index, attempt);
    struct sw_status status = steps->observe(steps->self, attempt, &report);
    if (sw_failed(status)) {
        sw_warn("a run directory could not be read; it is tried again", sw_s("attempt", attempt), sw_e(&status));
        return;
    }
    (void)sw_copy(report.attempt, sizeof report.attempt, attempt);
    if (report.outcome == STEP_ABSENT)
        handle_absent(engine, entry, index, attempt);
    else if (report.outcome != STEP_RUNNING)
        attempts_report(engine, &report);
    else if (entry->wf->kind->stops(entry->wf, index))
        steps->stop(steps->self, attempt);
    step_report_release(&report);
}

static void collect(void *self, void *value)
{
    struct vec *running = self;
    struct entry *entry = value;
    if (entry->wf->final || !entry->durable || entry->starting)
        return;
    for (size_t i = 0; i < entry->wf->step_count; i++)
        if (entry->wf->steps[i].state == PROTO_STEP_RUNNING && *entry->wf->steps[i].state_dir) {
            struct entry **slot = vec_push(running, sizeof entry);
            if (slot) /* without memory: looked at the next time */
                *slot = entry;
            return;
        }
}

static void reconcile_entry(struct engine *engine, struct entry *entry)
{
    for (size_t i = 0; i < entry->wf->step_count && !sw_failed(engine->failure); i++)
        if (!entry->starting && entry->wf->steps[i].state == PROTO_STEP_RUNNING && *entry->wf->steps[i].state_dir)
            reconcile_step(engine, entry, i);
}

void attempts_reconcile(struct engine *engine)
{
    struct vec running = { 0 };
    idmap_each(&engine->entries, collect, &running); /* collected first: what is found changes the map's values */
    for (size_t i = 0; i < running.count; i++)
        reconcile_entry(engine, ((struct entry **)running.data)[i]);
    vec_release(&running);
}
