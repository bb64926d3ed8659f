/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/incident_table.h"

#include "orchestrator/core/incident_act.h"

#define TEXT_(name, text) text,
static const char *const INPUT_NAMES[] = { INCIDENT_INPUTS(TEXT_) };
#undef TEXT_

const char *incident_input_name(enum incident_input input) { return INPUT_NAMES[input]; }

#define ROW(state_, input_, guard_, next_, act_, event_, why_)                                                         \
    {                                                                                                                  \
        .state = INCIDENT_##state_, .input = INCIDENT_##input_, .guard = (guard_), .next = INCIDENT_##next_,           \
        .act = (act_), .event = (event_), .why = (why_), .guard_name = #guard_                                         \
    }
#define STAY(state_, input_, act_, event_, why_) ROW(state_, input_, NULL, state_, act_, event_, why_)
/* What is the same in every state, or in those in which the record may still be edited. */
#define EVERYWHERE(input_, act_, event_, why_)                                                                         \
    EDITABLE(input_, act_, event_, why_), STAY(COMPLETED, input_, act_, event_, why_),                                 \
        STAY(CANCELLED, input_, act_, event_, why_), STAY(ARCHIVED, input_, act_, event_, why_)
#define EDITABLE(input_, act_, event_, why_)                                                                           \
    OPEN(input_, act_, event_, why_), STAY(RESOLVED, input_, act_, event_, why_),                                      \
        STAY(READY_FOR_REVIEW, input_, act_, event_, why_)
#define OPEN(input_, act_, event_, why_)                                                                               \
    STAY(STARTED, input_, act_, event_, why_), STAY(ACKNOWLEDGED, input_, act_, event_, why_),                         \
        STAY(MITIGATED, input_, act_, event_, why_), STAY(BLOCKED, input_, act_, event_, why_)
/* The state that the times and blockers say, for what brings an incident back. */
#define BACK(state_, input_, act_, event_, why_)                                                                       \
    ROW(state_, input_, incident_is_blocked, BLOCKED, act_, event_, why_),                                             \
        ROW(state_, input_, incident_was_mitigated, MITIGATED, act_, event_, why_),                                    \
        ROW(state_, input_, incident_was_acknowledged, ACKNOWLEDGED, act_, event_, why_),                              \
        ROW(state_, input_, NULL, STARTED, act_, event_, why_)

/* clang-format off */
const struct incident_transition INCIDENT_TRANSITIONS[] = {
    EVERYWHERE(ASK, NULL, NULL, "a question changes nothing"),
    EDITABLE(EDIT, NULL, "changed", "the record says it now"),
    EDITABLE(ADD, NULL, "noted", "the record says it now"),
    STAY(COMPLETED, ADD, NULL, "noted", "what comes to light later belongs to it, too"),
    STAY(CANCELLED, ADD, NULL, "noted", "why it was none may be said"),

    ROW(STARTED, ROLE, incident_completes_pair, ACKNOWLEDGED, NULL, "acknowledged", "point and comms are both taken"),
    EDITABLE(ROLE, NULL, "changed", "somebody has another part in it"),
    ROW(STARTED, ACK, NULL, ACKNOWLEDGED, incident_ack, "acknowledged", "somebody said so"),
    ROW(ACKNOWLEDGED, ACK, incident_says_when, ACKNOWLEDGED, incident_correct, "changed", "the time was another one"),
    ROW(MITIGATED, ACK, incident_says_when, MITIGATED, incident_correct, "changed", "the time was another one"),
    ROW(BLOCKED, ACK, incident_unacknowledged, BLOCKED, incident_ack, "changed", "it stays blocked, but somebody is there"),
    ROW(BLOCKED, ACK, incident_says_when, BLOCKED, incident_correct, "changed", "the time was another one"),
    ROW(RESOLVED, ACK, incident_says_when, RESOLVED, incident_correct, "changed", "the time was another one"),
    ROW(READY_FOR_REVIEW, ACK, incident_says_when, READY_FOR_REVIEW, incident_correct, "changed", "the time was another one"),

    ROW(STARTED, MITIGATE, NULL, MITIGATED, incident_mitigate, "mitigated", "people are not hurt any more"),
    ROW(ACKNOWLEDGED, MITIGATE, NULL, MITIGATED, incident_mitigate, "mitigated", "people are not hurt any more"),
    ROW(MITIGATED, MITIGATE, incident_says_when, MITIGATED, incident_correct, "changed", "the time was another one"),
    ROW(BLOCKED, MITIGATE, incident_says_when, BLOCKED, incident_correct, "changed", "it stays blocked; the time is known"),
    ROW(RESOLVED, MITIGATE, incident_says_when, RESOLVED, incident_correct, "changed", "the time was another one"),
    ROW(READY_FOR_REVIEW, MITIGATE, incident_says_when, READY_FOR_REVIEW, incident_correct, "changed", "the time was another one"),

    ROW(STARTED, RESOLVE, NULL, RESOLVED, incident_resolve, "resolved", "it is over"),
    ROW(ACKNOWLEDGED, RESOLVE, NULL, RESOLVED, incident_resolve, "resolved", "it is over"),
    ROW(MITIGATED, RESOLVE, NULL, RESOLVED, incident_resolve, "resolved", "it is over"),
    ROW(RESOLVED, RESOLVE, incident_says_when, RESOLVED, incident_correct, "changed", "the time was another one"),
    ROW(READY_FOR_REVIEW, RESOLVE, incident_says_when, READY_FOR_REVIEW, incident_correct, "changed", "the time was another one"),

    ROW(STARTED, BLOCK, NULL, BLOCKED, incident_block, "blocked", "somebody else has to act first"),
    ROW(ACKNOWLEDGED, BLOCK, NULL, BLOCKED, incident_block, "blocked", "somebody else has to act first"),
    ROW(MITIGATED, BLOCK, NULL, BLOCKED, incident_block, "blocked", "somebody else has to act first"),
    ROW(BLOCKED, BLOCK, NULL, BLOCKED, incident_block, "changed", "one more"),
    ROW(BLOCKED, UNBLOCK, incident_stays_blocked, BLOCKED, NULL, "changed", "others remain"),
    ROW(BLOCKED, UNBLOCK, incident_was_mitigated, MITIGATED, NULL, "unblocked", "as its times say"),
    ROW(BLOCKED, UNBLOCK, incident_was_acknowledged, ACKNOWLEDGED, NULL, "unblocked", "as its times say"),
    ROW(BLOCKED, UNBLOCK, NULL, STARTED, NULL, "unblocked", "as its times say"),

    ROW(RESOLVED, UNRESOLVE, NULL, MITIGATED, incident_unresolve, "unresolved", "it was not over"),
    ROW(MITIGATED, RESTART, incident_was_acknowledged, ACKNOWLEDGED, incident_restart, "restarted", "it hurts again"),
    ROW(MITIGATED, RESTART, NULL, STARTED, incident_restart, "restarted", "it hurts again"),
    ROW(RESOLVED, RESTART, incident_was_acknowledged, ACKNOWLEDGED, incident_restart, "restarted", "it hurts again"),
    ROW(RESOLVED, RESTART, NULL, STARTED, incident_restart, "restarted", "it hurts again"),

    ROW(STARTED, CANCEL, NULL, CANCELLED, incident_cancel, "cancelled", "it was none"),
    ROW(ACKNOWLEDGED, CANCEL, NULL, CANCELLED, incident_cancel, "cancelled", "it was none"),
    ROW(MITIGATED, CANCEL, NULL, CANCELLED, incident_cancel, "cancelled", "it was none"),
    ROW(BLOCKED, CANCEL, NULL, CANCELLED, incident_cancel, "cancelled", "it was none"),
    ROW(RESOLVED, CANCEL, NULL, CANCELLED, incident_cancel, "cancelled", "it was none"),
    ROW(CANCELLED, UNCANCEL, incident_was_resolved, RESOLVED, incident_uncancel, "uncancelled", "it was one after all"),
    BACK(CANCELLED, UNCANCEL, incident_uncancel, "uncancelled", "it was one after all"),

    ROW(RESOLVED, NEXT, incident_ends_review_pages, READY_FOR_REVIEW, incident_ready, "ready_for_review", "the last page, and nothing is missing"),
    ROW(RESOLVED, NEXT, NULL, RESOLVED, incident_next, NULL, "the review goes on by a page"),
    ROW(RESOLVED, READY, incident_passes_review, READY_FOR_REVIEW, incident_ready, "ready_for_review", "nothing is missing"),
    ROW(READY_FOR_REVIEW, COMPLETE, NULL, COMPLETED, incident_complete, "completed", "the review is done"),
    ROW(RESOLVED, COMPLETE, incident_needs_no_review, COMPLETED, incident_complete, "completed", "its priority needs no review"),

    EDITABLE(KEEP, incident_keep, "changed", "people want to go on in its channel"),
    STAY(COMPLETED, KEEP, incident_keep, "changed", "people want to go on in its channel"),
    STAY(CANCELLED, KEEP, incident_keep, "changed", "people want to go on in its channel"),
    ROW(COMPLETED, ARCHIVE, NULL, ARCHIVED, incident_archive, "archived", "somebody said so"),
    ROW(CANCELLED, ARCHIVE, NULL, ARCHIVED, incident_archive, "archived", "somebody said so"),
    ROW(COMPLETED, ARCHIVE_DUE, NULL, ARCHIVED, incident_archive_due, "archived", "its grace is over"),
    ROW(CANCELLED, ARCHIVE_DUE, NULL, ARCHIVED, incident_archive_due, "archived", "its grace is over"),
    EDITABLE(ARCHIVE_DUE, incident_nothing, NULL, "a timer that came too late"),
    STAY(ARCHIVED, ARCHIVE_DUE, incident_nothing, NULL, "a timer that came too late"),

    STAY(STARTED, SNOOZE, NULL, "changed", "people know"),
    STAY(ACKNOWLEDGED, SNOOZE, NULL, "changed", "people know"),
    STAY(BLOCKED, SNOOZE, NULL, "changed", "people know"),
    EVERYWHERE(NAG_DUE, incident_nag_due, NULL, "people are reminded of what is missing"),
    EVERYWHERE(ORDERS_DUE, incident_orders_due, NULL, "Slack may answer differently now"),
    EVERYWHERE(ERRANDS_DUE, incident_errands_due, NULL, "the other system may answer differently now"),
    EVERYWHERE(HOLD_DUE, incident_hold_due, NULL, "what it holds may start again"),
    EVERYWHERE(RECEIPT, incident_receipt, NULL, "Slack has answered"),
    EVERYWHERE(ERRAND, incident_errand_ended, NULL, "another system has answered"),
    EDITABLE(NEWS, incident_news, "noted", "a deployment of its service is part of its story"),
    OPEN(FIRING, incident_alert_firing, "changed", "monitoring sees it"),
    STAY(RESOLVED, FIRING, incident_alert_firing, "changed", "monitoring sees it again"),
    OPEN(OVER, incident_alert_over, "changed", "monitoring sees it no more"),
    STAY(RESOLVED, OVER, incident_alert_over, "changed", "monitoring sees it no more"),
    EVERYWHERE(HEARD, incident_heard, NULL, "its messages were changed or marked"),
};
/* clang-format on */
const size_t INCIDENT_TRANSITION_COUNT = SW_COUNT(INCIDENT_TRANSITIONS);

const struct incident_transition *incident_transition_find(enum incident_state state, enum incident_input input,
                                                           const struct incident_turn *turn)
{
    for (size_t i = 0; i < SW_COUNT(INCIDENT_TRANSITIONS); i++) {
        const struct incident_transition *row = &INCIDENT_TRANSITIONS[i];
        if (row->state == state && row->input == input && (!row->guard || row->guard(turn)))
            return row;
    }
    return NULL;
}
