/* SPDX-License-Identifier: Apache-2.0
 * Answers to what the state of an incident does not allow: why not, and what to do instead. */
#include "common/base/text.h"
#include "orchestrator/core/incident_kind.h"
#include "orchestrator/core/incident_review.h"
#include "orchestrator/core/incident_verbs.h"

static struct sw_status refuse_finished(struct incident_turn *turn)
{
    char state[PROTO_NAME_SIZE];
    incident_state_words(turn->wf, state, sizeof state);
    if (turn->wf->state == INCIDENT_CANCELLED)
        return incident_refuse(turn, "E-OVER",
                               "This incident is cancelled.||||`.uncancel` brings it back, until its "
                               "channel is archived.");
    return incident_refuse(turn, "E-OVER", "This incident is %s: that can't be changed any more.||||%s", state,
                           turn->wf->state == INCIDENT_COMPLETED ? "Notes and links can still be added."
                                                                 : "Declare a new one with `/incident start`.");
}

static struct sw_status refuse_blocked(struct incident_turn *turn)
{
    size_t count = incident_open_blockers(turn->wf);
    return incident_refuse(turn, "E-BLOCKED",
                           "It is blocked: %zu blocker%s.||||See `.blockers`, then `.unblock` first.", count,
                           count == 1 ? " is left" : "s are left");
}

static struct sw_status refuse_again(struct incident_turn *turn, const char *what, const char *verb)
{
    return incident_refuse(turn, "E-ALREADY", "It is %s already.||||`.%s WHEN` corrects the time.", what, verb);
}

static struct sw_status refuse_other(struct incident_turn *turn, enum incident_input input)
{
    char state[PROTO_NAME_SIZE];
    incident_state_words(turn->wf, state, sizeof state);
    return incident_refuse(turn, "E-STATE", "This incident is %s: %s is not possible.||||`.status` shows how it is.",
                           state, incident_input_name(input));
}

static struct sw_status refuse_review(struct incident_turn *turn, enum incident_input input)
{
    if (turn->wf->state == INCIDENT_READY_FOR_REVIEW)
        return incident_refuse(turn, "E-REVIEW", "Its review is under way.||||When that is done, `.complete`.");
    if (incident_open(turn->wf))
        return incident_refuse(turn, "E-OPEN", "It is not over yet.||||`.resolve` comes first.");
    if (input == INCIDENT_COMPLETE)
        return incident_refuse(turn, "E-REVIEW",
                               "Its priority asks for a review first.||||`.next` leads through it; "
                               "`.ready` begins it.");
    return incident_refuse_review(turn);
}

static struct sw_status refuse_back(struct incident_turn *turn, enum incident_input input)
{
    if (input == INCIDENT_RESTART && incident_open(turn->wf))
        return incident_refuse(turn, "E-OPEN",
                               "It is under way, so there is nothing to restart.||||`.status` shows how it "
                               "is.");
    if (input == INCIDENT_UNRESOLVE && incident_open(turn->wf))
        return incident_refuse(turn, "E-OPEN", "It is not resolved.||||`.status` shows how it is.");
    if (input == INCIDENT_UNCANCEL)
        return incident_refuse(turn, "E-STATE", "It is not cancelled.||||`.status` shows how it is.");
    return refuse_other(turn, input);
}

static struct sw_status refuse_step(struct incident_turn *turn, enum incident_input input)
{
    bool blocked = turn->wf->state == INCIDENT_BLOCKED;
    if (blocked && (input == INCIDENT_MITIGATE || input == INCIDENT_RESOLVE))
        return refuse_blocked(turn);
    if (input == INCIDENT_ACK)
        return refuse_again(turn, "acknowledged", "ack");
    if (input == INCIDENT_MITIGATE)
        return refuse_again(turn, incident_open(turn->wf) ? "mitigated" : "resolved", "mitigated");
    if (input == INCIDENT_RESOLVE)
        return refuse_again(turn, "resolved", "resolved");
    if (input == INCIDENT_UNBLOCK && incident_open(turn->wf))
        return incident_refuse(turn, "E-BLOCKER", "Nothing blocks it.||||`.blockers` lists what does.");
    if (input == INCIDENT_SNOOZE && turn->wf->state == INCIDENT_MITIGATED)
        return incident_refuse(turn, "E-STATE",
                               "Nobody is reminded while it is mitigated.||||There is nothing to snooze "
                               "or hand over; `.point @somebody` gives the lead to somebody.");
    return refuse_other(turn, input);
}

struct sw_status incident_refuse_state(struct incident_turn *turn, enum incident_input input)
{
    bool finished = incident_finished(turn->wf);
    switch (input) {
    case INCIDENT_UNRESOLVE:
    case INCIDENT_RESTART:
    case INCIDENT_UNCANCEL:
        return finished ? refuse_finished(turn) : refuse_back(turn, input);
    case INCIDENT_NEXT:
    case INCIDENT_READY:
    case INCIDENT_COMPLETE:
        return finished ? refuse_finished(turn) : refuse_review(turn, input);
    case INCIDENT_ARCHIVE:
        return finished ? refuse_finished(turn)
                        : incident_refuse(turn, "E-OPEN",
                                          "Only a completed or cancelled incident is archived.||||"
                                          "`.complete` or `.cancel` it first.");
    case INCIDENT_CANCEL:
        return finished
                   ? refuse_finished(turn)
                   : incident_refuse(turn, "E-REVIEW", "Its review is under way.||||When that is done, `.complete`.");
    case INCIDENT_ASK:
    case INCIDENT_EDIT:
    case INCIDENT_ADD:
    case INCIDENT_ROLE:
    case INCIDENT_ACK:
    case INCIDENT_MITIGATE:
    case INCIDENT_RESOLVE:
    case INCIDENT_BLOCK:
    case INCIDENT_UNBLOCK:
    case INCIDENT_KEEP:
    case INCIDENT_SNOOZE:
    case INCIDENT_NAG_DUE:
    case INCIDENT_ARCHIVE_DUE:
    case INCIDENT_ORDERS_DUE:
    case INCIDENT_ERRANDS_DUE:
    case INCIDENT_HOLD_DUE:
    case INCIDENT_RECEIPT:
    case INCIDENT_ERRAND:
    case INCIDENT_NEWS:
    case INCIDENT_FIRING:
    case INCIDENT_OVER:
    case INCIDENT_HEARD:
    case INCIDENT_INPUT_COUNT:
        break;
    }
    return finished ? refuse_finished(turn) : refuse_step(turn, input);
}
