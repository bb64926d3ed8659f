/* SPDX-License-Identifier: Apache-2.0
 * The questions that rows of the table ask before they fit. */
#include "orchestrator/core/deployment_act.h"

enum { MAX_ATTEMPTS = 100 }; /* of one step: a step that kills its host again and again ends with a human */

static bool instant_from(const struct deployment_turn *turn, size_t first)
{
    for (size_t i = first; i < turn->wf->step_count; i++) {
        struct plan_step plan;
        if (sw_failed(plan_parse_step(turn->input->definition, i, &plan)) || plan.kind != PLAN_WAIT || plan.wait_ms > 0)
            return false;
    }
    return true;
}

bool deployment_is_instant(const struct deployment_turn *turn) { return instant_from(turn, 0); }

bool deployment_is_last(const struct deployment_turn *turn) { return instant_from(turn, turn->step + 1); }

bool deployment_tries_left(const struct deployment_turn *turn)
{
    const struct wf_step *step = &turn->wf->steps[turn->step];
    return step->tries < turn->plan.attempts && step->attempt < MAX_ATTEMPTS;
}

bool deployment_repeats_unknown(const struct deployment_turn *turn)
{
    return turn->plan.on_unknown == PLAN_RETRY && turn->wf->steps[turn->step].attempt < MAX_ATTEMPTS;
}

bool deployment_asks_probe(const struct deployment_turn *turn)
{
    return turn->plan.on_unknown == PLAN_PROBE && turn->wf->steps[turn->step].attempt < MAX_ATTEMPTS;
}

bool deployment_holds_unknown(const struct deployment_turn *turn) { return turn->plan.on_unknown == PLAN_HOLD; }

bool deployment_is_supervised(const struct deployment_turn *turn)
{
    return turn->wf->steps[turn->step].state == PROTO_STEP_RUNNING && turn->plan.kind != PLAN_WAIT;
}
