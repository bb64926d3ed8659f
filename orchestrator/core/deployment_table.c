/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/deployment_table.h"

#include "common/base/text.h"
#include "orchestrator/core/deployment_act.h"

#define TEXT_(name, text) text,
static const char *const INPUT_NAMES[] = { DEPLOYMENT_INPUTS(TEXT_) };
#undef TEXT_

const char *deployment_input_name(enum deployment_input input) { return INPUT_NAMES[input]; }

#define ROW(state_, input_, guard_, next_, act_, event_, why_)                                                         \
    {                                                                                                                  \
        .state = PROTO_DEPLOYMENT_##state_, .input = DEPLOYMENT_##input_, .guard = (guard_),                           \
        .next = PROTO_DEPLOYMENT_##next_, .act = (act_), .event = (event_), .why = (why_), .guard_name = #guard_       \
    }
#define RECEIPT(state_)                                                                                                \
    ROW(state_, RECEIPT, NULL, state_, deployment_note_receipt, NULL, "Slack has its message; one is enough")

/* A button of a message that had changed already. */
#define GLASS(state_)                                                                                                  \
    ROW(state_, GLASS_AGREE, deployment_glass_is_broken, state_, deployment_glass_tell, NULL, "who agreed, and when")

/* clang-format off */
const struct deployment_row DEPLOYMENT_TABLE[] = {
    ROW(QUEUED, ADMIT, deployment_is_instant, SUCCEEDED, deployment_begin_and_end, "succeeded", "no step needs any time"),
    ROW(QUEUED, ADMIT, NULL, RUNNING, deployment_begin, "started", "its lane is free and it is first in line"),
    ROW(QUEUED, LINE_MOVED, deployment_glass_is_moot, QUEUED, deployment_glass_drop, "break_glass_dropped", "nothing holds it any more"),
    ROW(QUEUED, LINE_MOVED, deployment_glass_is_asked, QUEUED, deployment_glass_renew, "progressed", "people want to see what they are asked about"),
    ROW(QUEUED, LINE_MOVED, NULL, QUEUED, NULL, "progressed", "people want to see their place in line"),
    ROW(QUEUED, GLASS_ASK, deployment_glass_is_moot, QUEUED, deployment_glass_drop, "break_glass_dropped", "nothing holds it any more"),
    ROW(QUEUED, GLASS_ASK, deployment_glass_is_needless, QUEUED, deployment_glass_tell, NULL, "nothing holds it"),
    ROW(QUEUED, GLASS_ASK, deployment_glass_is_own, QUEUED, deployment_glass_tell, NULL, "the second person is another one"),
    ROW(QUEUED, GLASS_ASK, deployment_glass_is_asked, QUEUED, deployment_glass_agree, "break_glass_agreed", "a second person agrees"),
    ROW(QUEUED, GLASS_ASK, deployment_glass_is_unsound, QUEUED, deployment_glass_tell, NULL, "a reason is needed"),
    ROW(QUEUED, GLASS_ASK, NULL, QUEUED, deployment_glass_ask, "break_glass_asked", "a person wants it to pass what holds it"),
    ROW(QUEUED, GLASS_AGREE, deployment_glass_is_moot, QUEUED, deployment_glass_drop, "break_glass_dropped", "nothing holds it any more"),
    ROW(QUEUED, GLASS_AGREE, deployment_glass_is_over, QUEUED, deployment_glass_tell, NULL, "that request is over"),
    ROW(QUEUED, GLASS_AGREE, deployment_glass_is_own, QUEUED, deployment_glass_tell, NULL, "the second person is another one"),
    ROW(QUEUED, GLASS_AGREE, NULL, QUEUED, deployment_glass_agree, "break_glass_agreed", "a second person agrees"),
    ROW(QUEUED, GLASS_DECLINE, deployment_glass_is_over, QUEUED, deployment_glass_tell, NULL, "that request is over"),
    ROW(QUEUED, GLASS_DECLINE, NULL, QUEUED, deployment_glass_decline, "break_glass_declined", "somebody does not want it"),
    ROW(QUEUED, GLASS_DUE, deployment_glass_is_asked, QUEUED, deployment_glass_expire, "break_glass_expired", "nobody agreed in time"),
    ROW(QUEUED, GLASS_DUE, NULL, QUEUED, NULL, NULL, "a timer that came too late"),
    ROW(QUEUED, CANCEL, NULL, CANCELLED, deployment_cancel_queued, "cancelled", "nothing was started"),
    RECEIPT(QUEUED),

    ROW(RUNNING, STEP_OK, deployment_is_last, SUCCEEDED, deployment_finish_step, "succeeded", "every step has succeeded"),
    ROW(RUNNING, STEP_OK, NULL, RUNNING, deployment_advance, "progressed", "the next step begins"),
    ROW(RUNNING, STEP_FAILED, deployment_tries_left, RUNNING, deployment_try_later, "progressed", "its policy allows another try"),
    ROW(RUNNING, STEP_FAILED, NULL, FAILED, deployment_fail, "failed", "no try is left"),
    ROW(RUNNING, STEP_STOPPED, NULL, FAILED, deployment_fail, "failed", "somebody else stopped the step"),
    ROW(RUNNING, STEP_LOST, deployment_repeats_unknown, RUNNING, deployment_repeat_unknown, "progressed", "on_unknown: retry"),
    ROW(RUNNING, STEP_LOST, deployment_asks_probe, RUNNING, deployment_ask_probe, "progressed", "on_unknown: probe"),
    ROW(RUNNING, STEP_LOST, NULL, NEEDS_A_HUMAN, deployment_hold, "needs_a_human", "whether the step took effect is never guessed"),
    ROW(RUNNING, PROBE_DONE, deployment_is_last, SUCCEEDED, deployment_finish_step, "succeeded", "the last step had been done"),
    ROW(RUNNING, PROBE_DONE, NULL, RUNNING, deployment_advance, "progressed", "the step had been done"),
    ROW(RUNNING, PROBE_NOT_DONE, NULL, RUNNING, deployment_repeat, "progressed", "the step had not been done"),
    ROW(RUNNING, PROBE_UNCLEAR, NULL, NEEDS_A_HUMAN, deployment_hold, "needs_a_human", "the probe could not tell"),
    ROW(RUNNING, STEP_DUE, deployment_is_supervised, RUNNING, NULL, NULL, "a timer that came too late"),
    ROW(RUNNING, STEP_DUE, NULL, RUNNING, deployment_repeat, "progressed", "the delay before the retry is over"),
    ROW(RUNNING, PROGRESS, NULL, RUNNING, deployment_note_status, "progressed", "the step says how far it is"),
    ROW(RUNNING, CANCEL, deployment_is_supervised, CANCELLING, deployment_cancel_asked, "cancelling", "the step must end first"),
    ROW(RUNNING, CANCEL, NULL, CANCELLED, deployment_cancel_idle, "cancelled", "nothing runs between two tries or in a wait"),
    GLASS(RUNNING),
    RECEIPT(RUNNING),

    ROW(CANCELLING, STEP_OK, deployment_is_last, SUCCEEDED, deployment_finish_step, "succeeded", "it was done before the cancel reached it"),
    ROW(CANCELLING, STEP_OK, NULL, CANCELLED, deployment_end_cancelled, "cancelled", "the step has ended; no other begins"),
    ROW(CANCELLING, STEP_FAILED, NULL, CANCELLED, deployment_end_cancelled, "cancelled", "the step has ended"),
    ROW(CANCELLING, STEP_STOPPED, NULL, CANCELLED, deployment_end_cancelled, "cancelled", "the step was stopped"),
    ROW(CANCELLING, STEP_LOST, deployment_holds_unknown, NEEDS_A_HUMAN, deployment_hold, "needs_a_human", "whether the step took effect is never guessed"),
    ROW(CANCELLING, STEP_LOST, NULL, CANCELLED, deployment_note_lost, "cancelled", "the step may be repeated, so it may be left too"),
    ROW(CANCELLING, PROBE_DONE, deployment_is_last, SUCCEEDED, deployment_finish_step, "succeeded", "the last step had been done"),
    ROW(CANCELLING, PROBE_DONE, NULL, CANCELLED, deployment_end_cancelled, "cancelled", "the probe has ended"),
    ROW(CANCELLING, PROBE_NOT_DONE, NULL, CANCELLED, deployment_end_cancelled, "cancelled", "the step had not been done"),
    ROW(CANCELLING, PROBE_UNCLEAR, NULL, CANCELLED, deployment_note_lost, "cancelled", "the probe was stopped"),
    ROW(CANCELLING, STEP_DUE, NULL, CANCELLING, NULL, NULL, "a timer that came too late"),
    ROW(CANCELLING, PROGRESS, NULL, CANCELLING, NULL, NULL, "how far it is matters no more"),
    ROW(CANCELLING, CANCEL, NULL, CANCELLING, deployment_cancel_again, NULL, "one cancel is enough"),
    GLASS(CANCELLING),
    RECEIPT(CANCELLING),

    ROW(NEEDS_A_HUMAN, RETRY, NULL, RUNNING, deployment_retry_asked, "progressed", "a person decided to run the step again"),
    ROW(NEEDS_A_HUMAN, CANCEL, NULL, CANCELLED, deployment_cancel_idle, "cancelled", "a person decided to leave it"),
    ROW(NEEDS_A_HUMAN, STEP_DUE, NULL, NEEDS_A_HUMAN, NULL, NULL, "a timer that came too late"),
    GLASS(NEEDS_A_HUMAN),
    RECEIPT(NEEDS_A_HUMAN),

    GLASS(SUCCEEDED),
    RECEIPT(SUCCEEDED),
    GLASS(FAILED),
    RECEIPT(FAILED),
    GLASS(CANCELLED),
    RECEIPT(CANCELLED),
};
/* clang-format on */
const size_t DEPLOYMENT_TABLE_COUNT = SW_COUNT(DEPLOYMENT_TABLE);

const struct deployment_row *deployment_row_find(enum proto_deployment_state state, enum deployment_input input,
                                                 const struct deployment_turn *turn)
{
    for (size_t i = 0; i < SW_COUNT(DEPLOYMENT_TABLE); i++) {
        const struct deployment_row *row = &DEPLOYMENT_TABLE[i];
        if (row->state == state && row->input == input && (!row->guard || row->guard(turn)))
            return row;
    }
    return NULL;
}
