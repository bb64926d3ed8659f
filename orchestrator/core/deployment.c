/* SPDX-License-Identifier: Apache-2.0
 * The machine: what happened becomes an input of the table, the row that fits says what follows. */
#include "orchestrator/core/deployment.h"

#include "common/base/text.h"
#include "orchestrator/core/deployment_act.h"
#include "orchestrator/core/deployment_glass.h"
#include "orchestrator/core/deployment_view.h"

#include <stdio.h>

/* ---- what happened, in the table's words ---- */

static enum deployment_input probe_input(const struct step_report *report)
{
    if (report->outcome == STEP_EXITED && report->exit_code == 0)
        return DEPLOYMENT_PROBE_DONE;
    return report->outcome == STEP_EXITED && report->exit_code == 1 ? DEPLOYMENT_PROBE_NOT_DONE
                                                                    : DEPLOYMENT_PROBE_UNCLEAR;
}

static enum deployment_input report_input(const struct step_report *report)
{
    switch (report->outcome) {
    case STEP_EXITED:
        return report->exit_code == 0 ? DEPLOYMENT_STEP_OK : DEPLOYMENT_STEP_FAILED;
    case STEP_SIGNALED:
    case STEP_TIMED_OUT:
    case STEP_NOT_RUN:
        return DEPLOYMENT_STEP_FAILED;
    case STEP_STOPPED:
        return DEPLOYMENT_STEP_STOPPED;
    case STEP_LOST:
    case STEP_ABSENT:
    case STEP_RUNNING:
        break;
    }
    return DEPLOYMENT_STEP_LOST;
}

static enum deployment_input timer_input(const struct deployment_turn *turn)
{
    bool waits = turn->step < turn->wf->step_count && turn->plan.kind == PLAN_WAIT &&
                 turn->wf->steps[turn->step].state == PROTO_STEP_RUNNING;
    if (sw_equal(turn->input->timer, DEPLOYMENT_LINE_TIMER))
        return DEPLOYMENT_LINE_MOVED;
    if (sw_equal(turn->input->timer, DEPLOYMENT_GLASS_TIMER))
        return DEPLOYMENT_GLASS_DUE;
    return waits ? DEPLOYMENT_STEP_OK : DEPLOYMENT_STEP_DUE;
}

static bool command_input(const char *name, enum deployment_input *ret_input)
{
    static const struct {
        const char *name;
        enum deployment_input input;
    } INPUTS[] = { { "cancel", DEPLOYMENT_CANCEL },
                   { "retry", DEPLOYMENT_RETRY },
                   { "receipt", DEPLOYMENT_RECEIPT },
                   { "break_glass", DEPLOYMENT_GLASS_ASK },
                   { "break_glass_agree", DEPLOYMENT_GLASS_AGREE },
                   { "break_glass_decline", DEPLOYMENT_GLASS_DECLINE } };
    for (size_t i = 0; i < SW_COUNT(INPUTS); i++)
        if (sw_equal(INPUTS[i].name, name)) {
            *ret_input = INPUTS[i].input;
            return true;
        }
    return false;
}

static bool classify(const struct deployment_turn *turn, enum deployment_input *ret_input)
{
    const struct wf_input *input = turn->input;
    switch (input->kind) {
    case WF_ADMIT:
        *ret_input = DEPLOYMENT_ADMIT;
        return true;
    case WF_REPORT:
        *ret_input = turn->wf->steps[turn->step].probing ? probe_input(input->report) : report_input(input->report);
        return true;
    case WF_PROGRESS:
        *ret_input = DEPLOYMENT_PROGRESS;
        return true;
    case WF_TIMER:
        *ret_input = timer_input(turn);
        return true;
    case WF_COMMAND:
        return command_input(input->command->name, ret_input);
    case WF_ERRAND:
    case WF_NEWS:
        break;
    }
    return false;
}

/* ---- the step function ---- */

static size_t current_step(const struct wf *wf)
{
    for (size_t i = 0; i < wf->step_count; i++)
        if (wf->steps[i].state != PROTO_STEP_SUCCEEDED)
            return i;
    return wf->step_count;
}

static bool keeps_lane(enum proto_deployment_state state)
{
    return state == PROTO_DEPLOYMENT_RUNNING || state == PROTO_DEPLOYMENT_CANCELLING ||
           state == PROTO_DEPLOYMENT_ROLLING_BACK || state == PROTO_DEPLOYMENT_NEEDS_A_HUMAN;
}

static const char *const LANE_STATES[] = { "running", "cancelling", "rolling_back", "needs_a_human", NULL };
static const char *const END_STATES[] = { "succeeded", "failed", "cancelled", NULL }; /* refused ones never run */

/* The only place that assigns a state. */
static void enter(struct deployment_turn *turn, enum proto_deployment_state state)
{
    struct wf *wf = turn->wf;
    wf->state = state;
    wf->active = keeps_lane(state);
    wf->final = proto_deployment_state_final(state);
    if (wf->final && !wf->finished_at_ms)
        wf->finished_at_ms = turn->input->now_ms;
}

static struct sw_status apply(struct deployment_turn *turn, const struct deployment_row *row)
{
    if (row->act)
        SW_TRY(row->act(turn));
    enter(turn, row->next);
    if (row->event)
        deployment_effect(turn, WF_EVENT)->event = row->event;
    turn->update->why = row->why;
    return sw_ok();
}

static bool is_glass(enum deployment_input input)
{
    return input == DEPLOYMENT_GLASS_ASK || input == DEPLOYMENT_GLASS_AGREE || input == DEPLOYMENT_GLASS_DECLINE;
}

static struct sw_status refuse(const struct deployment_turn *turn, enum deployment_input input)
{
    char state[PROTO_NAME_SIZE];
    proto_state_words(proto_deployment_state_name((enum proto_deployment_state)turn->wf->state), state, sizeof state);
    if (input == DEPLOYMENT_CANCEL)
        return sw_fail(SW_CODE_REFUSED, "`%s` has already ended: %s. There is nothing to cancel", turn->wf->id, state);
    if (input == DEPLOYMENT_RETRY && turn->wf->final)
        return sw_fail(SW_CODE_REFUSED, "`%s` has ended: %s. HINT: Deploy again with `/deploy %s %s to %s`",
                       turn->wf->id, state, deployment_fact(turn->wf, "service"), deployment_fact(turn->wf, "ref"),
                       deployment_fact(turn->wf, "environment"));
    if (input == DEPLOYMENT_RETRY)
        return sw_fail(SW_CODE_REFUSED, "`%s` is %s: only what needs a human can be retried", turn->wf->id, state);
    if (is_glass(input))
        return sw_fail(SW_CODE_REFUSED, "`%s` is %s. Only what waits is held by anything", turn->wf->id, state);
    return sw_fail(SW_CODE_REFUSED, "%s: no transition for \"%s\" in state %s", turn->wf->id,
                   deployment_input_name(input), state);
}

static bool may(const struct deployment_turn *turn, enum deployment_input input, struct config_refusal *ret_refusal)
{
    const struct wf_input *told = turn->input;
    const struct proto_command *command = told->command;
    const char *service = deployment_fact(turn->wf, "service"), *environment = deployment_fact(turn->wf, "environment");
    if (!config_may(told->config, service, environment, &command->actor, command->channel, ret_refusal))
        return false;
    return (input != DEPLOYMENT_GLASS_ASK && input != DEPLOYMENT_GLASS_AGREE) ||
           config_may_break_glass(told->config, &command->actor, command->channel, ret_refusal);
}

static bool permitted(const struct deployment_turn *turn, enum deployment_input input, struct sw_status *ret_status)
{
    struct config_refusal refusal;
    if ((input != DEPLOYMENT_CANCEL && input != DEPLOYMENT_RETRY && !is_glass(input)) || may(turn, input, &refusal))
        return true;
    *ret_status = sw_fail(SW_CODE_AUTH, "%s %s HINT: %s", refusal.text, refusal.why, refusal.hint);
    return false;
}

static struct sw_status deployment_step(struct wf *wf, const struct wf_input *input, struct wf_update *ret_update)
{
    struct wf_update update = { 0 };
    struct deployment_turn turn = { .wf = wf, .input = input, .update = &update, .step = current_step(wf) };
    enum deployment_input what;
    struct sw_status status;
    if (turn.step < wf->step_count && !wf->final) /* nothing runs any more in what has ended */
        SW_TRY(plan_parse_step(input->definition, turn.step, &turn.plan));
    if ((input->kind == WF_REPORT || input->kind == WF_PROGRESS) && input->step != turn.step)
        return sw_fail(SW_CODE_REFUSED, "%s: step %zu is not the one that runs", wf->id, input->step + 1);
    if (!classify(&turn, &what))
        return sw_fail(SW_CODE_INVALID, "\"%s\" is nothing that a deployment knows",
                       input->command ? input->command->name : "the end of an errand");
    if (!permitted(&turn, what, &status))
        return status;
    const struct deployment_row *row = deployment_row_find((enum proto_deployment_state)wf->state, what, &turn);
    if (!row)
        return refuse(&turn, what);
    status = apply(&turn, row);
    if (sw_failed(status)) {
        wf_update_release(&update);
        return status;
    }
    *ret_update = update;
    return sw_ok();
}

/* ---- the kind ---- */

static const char *state_name(int32_t state) { return proto_deployment_state_name((enum proto_deployment_state)state); }

static bool state_parse(const char *name, int32_t *ret_state)
{
    enum proto_deployment_state state;
    if (!proto_deployment_state_parse(name, &state))
        return false;
    *ret_state = (int32_t)state;
    return true;
}

static bool waits(const struct wf *wf) { return wf->state == PROTO_DEPLOYMENT_QUEUED; }

static bool stops(const struct wf *wf, size_t step)
{
    (void)step; /* one step runs at a time */
    return wf->state == PROTO_DEPLOYMENT_CANCELLING;
}

static bool in_scope(const char *scope, const char *text) { return !*scope || sw_equal(scope, text); }

/* What is asked for from the hold's own channel is how people mend what the hold is about. */
static bool held(const struct wf *wf, const struct wf_hold *hold)
{
    return in_scope(hold->service, deployment_fact(wf, "service")) &&
           in_scope(hold->environment, deployment_fact(wf, "environment")) && in_scope(hold->lane, wf->lane) &&
           !(*hold->channel && sw_equal(hold->channel, deployment_fact(wf, "channel"))) &&
           !deployment_glass_passes(wf, hold->id);
}

static const struct kind_command COMMANDS[] = { { "deploy", KIND_CREATES },
                                                { "services", KIND_ANSWERS },
                                                { "break_glass", KIND_TELLS },
                                                { "break_glass_agree", KIND_TELLS },
                                                { "break_glass_decline", KIND_TELLS } };

#define GLASS_COUNT(outcome)                                                                                           \
    KIND_COUNT("break_glass_" outcome, "slipway_break_glass_total", "outcome=\"" outcome "\"",                         \
               "Requests to let a held deployment start, by what became of them.")
static const struct kind_count COUNTS[] = { GLASS_COUNT("asked"), GLASS_COUNT("agreed"), GLASS_COUNT("declined"),
                                            GLASS_COUNT("expired"), GLASS_COUNT("dropped") };

const struct wf_kind DEPLOYMENT_KIND = {
    .name = "deployment",
    .id_prefix = 'd',
    .overview = "`/deploy queue`",
    .commands = COMMANDS,
    .command_count = SW_COUNT(COMMANDS),
    .create = deployment_create,
    .step = deployment_step,
    .answer = deployment_answer,
    .spec = deployment_spec,
    .view = deployment_view,
    .state_name = state_name,
    .lane_states = LANE_STATES,
    .end_states = END_STATES,
    .state_parse = state_parse,
    .waits = waits,
    .stops = stops,
    .held = held,
    .timeline = deployment_timeline,
    .counts = COUNTS,
    .count_count = SW_COUNT(COUNTS),
};
