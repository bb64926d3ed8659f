/* SPDX-License-Identifier: Apache-2.0
 * How steps go on: begin, advance, be tried again. */
#include "common/base/text.h"
#include "orchestrator/core/deployment_act.h"

#include <stdlib.h>
#include <string.h>

static const struct sw_backoff REPEAT_UNKNOWN = { .base_ms = 1000, .max_ms = 60 * 1000, .jitter_percent = 20 };

/* ---- one attempt ---- */

static void clear_result(struct wf_step *step)
{
    step->finished_at_ms = step->retry_at_ms = 0;
    step->has_exit_code = false;
    step->exit_code = 0;
    step->status[0] = step->error[0] = step->state_dir[0] = step->boot[0] = '\0';
    step->epoch = 0;
    free(step->tail);
    step->tail = NULL;
}

static void set_step_timer(struct deployment_turn *turn, int64_t due_ms)
{
    struct wf_effect *effect = deployment_effect(turn, WF_SET_TIMER);
    (void)sw_copy(effect->timer, sizeof effect->timer, DEPLOYMENT_STEP_TIMER); /* fits */
    effect->due_ms = due_ms;
}

void deployment_clear_timer(struct deployment_turn *turn)
{
    struct wf_effect *effect = deployment_effect(turn, WF_CLEAR_TIMER);
    (void)sw_copy(effect->timer, sizeof effect->timer, DEPLOYMENT_STEP_TIMER); /* fits */
}

struct sw_status deployment_start_attempt(struct deployment_turn *turn, size_t index)
{
    struct wf_step *step = &turn->wf->steps[index];
    SW_TRY(plan_parse_step(turn->input->definition, index, &turn->plan));
    turn->step = index;
    clear_result(step);
    step->state = PROTO_STEP_RUNNING;
    step->attempt++;
    step->started_at_ms = turn->input->now_ms;
    if (turn->plan.kind == PLAN_WAIT)
        set_step_timer(turn, turn->input->now_ms + turn->plan.wait_ms);
    else
        deployment_effect(turn, WF_START_STEP)->step = index;
    return sw_ok();
}

static void note_report(struct wf_step *step, const struct step_report *report)
{
    step->has_exit_code = report->outcome == STEP_EXITED;
    step->exit_code = report->exit_code;
    (void)sw_copy(step->error, sizeof step->error, report->error); /* both have the same size */
    free(step->tail);
    step->tail = sw_strdup(report->tail); /* without memory: no tail, as when nothing was printed */
}

void deployment_end_step(struct deployment_turn *turn, enum proto_step_state state)
{
    struct wf_step *step = &turn->wf->steps[turn->step];
    step->state = state;
    step->finished_at_ms = turn->input->now_ms;
    step->retry_at_ms = 0;
    step->probing = false;
    if (turn->input->kind == WF_REPORT)
        note_report(step, turn->input->report);
}

/* ---- the actions ---- */

/* Waits of no time end where they begin. */
static void pass_instant(struct deployment_turn *turn, size_t index)
{
    struct wf_step *step = &turn->wf->steps[index];
    step->state = PROTO_STEP_SUCCEEDED;
    step->attempt++;
    step->started_at_ms = step->finished_at_ms = turn->input->now_ms;
}

static struct sw_status start_from(struct deployment_turn *turn, size_t index)
{
    for (; index < turn->wf->step_count; index++) {
        struct plan_step plan;
        SW_TRY(plan_parse_step(turn->input->definition, index, &plan));
        if (plan.kind != PLAN_WAIT || plan.wait_ms > 0) {
            turn->wf->steps[index].tries = 1;
            return deployment_start_attempt(turn, index);
        }
        pass_instant(turn, index);
    }
    return sw_ok();
}

struct sw_status deployment_begin(struct deployment_turn *turn)
{
    turn->wf->started_at_ms = turn->input->now_ms;
    SW_TRY(deployment_glass_void(turn));
    return start_from(turn, 0);
}

struct sw_status deployment_begin_and_end(struct deployment_turn *turn) { return deployment_begin(turn); }

struct sw_status deployment_advance(struct deployment_turn *turn)
{
    deployment_end_step(turn, PROTO_STEP_SUCCEEDED);
    return start_from(turn, turn->step + 1);
}

struct sw_status deployment_finish_step(struct deployment_turn *turn)
{
    deployment_end_step(turn, PROTO_STEP_SUCCEEDED);
    return start_from(turn, turn->step + 1); /* what is left takes no time */
}

static enum proto_step_state failed_state(const struct deployment_turn *turn)
{
    return turn->input->report->outcome == STEP_TIMED_OUT ? PROTO_STEP_TIMED_OUT : PROTO_STEP_FAILED;
}

struct sw_status deployment_try_later(struct deployment_turn *turn)
{
    struct wf_step *step = &turn->wf->steps[turn->step];
    deployment_end_step(turn, failed_state(turn));
    step->retry_at_ms =
        turn->input->now_ms + sw_backoff_delay_ms(&turn->plan.backoff, step->tries, turn->input->random);
    step->tries++;
    set_step_timer(turn, step->retry_at_ms);
    return sw_ok();
}

struct sw_status deployment_repeat(struct deployment_turn *turn)
{
    turn->wf->steps[turn->step].probing = false;
    return deployment_start_attempt(turn, turn->step);
}

/* The first time at once, then ever later: a step may be what brings its host down. */
struct sw_status deployment_repeat_unknown(struct deployment_turn *turn)
{
    struct wf_step *step = &turn->wf->steps[turn->step];
    if (step->attempt <= step->tries)
        return deployment_repeat(turn);
    deployment_end_step(turn, PROTO_STEP_UNKNOWN);
    step->retry_at_ms =
        turn->input->now_ms + sw_backoff_delay_ms(&REPEAT_UNKNOWN, step->attempt - step->tries, turn->input->random);
    set_step_timer(turn, step->retry_at_ms);
    return sw_ok();
}

struct sw_status deployment_ask_probe(struct deployment_turn *turn)
{
    turn->wf->steps[turn->step].probing = true;
    return deployment_start_attempt(turn, turn->step);
}

struct sw_status deployment_note_status(struct deployment_turn *turn)
{
    struct wf_step *step = &turn->wf->steps[turn->step];
    (void)sw_copy(step->status, sizeof step->status, turn->input->status); /* cut: a status is one short line */
    return sw_ok();
}
