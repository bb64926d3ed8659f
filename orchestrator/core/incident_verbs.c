/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/incident_verbs.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"

/* clang-format off */
static const struct incident_verb VERBS[] = {
    { "point", INCIDENT_ROLE, incident_take_role, false, NULL, "point [PERSON]", "takes the lead, or gives it to somebody" },
    { "comms", INCIDENT_ROLE, incident_take_role, false, NULL, "comms [PERSON]", "the same for communication; with point it acknowledges the incident" },
    { "triage", INCIDENT_ROLE, incident_take_role, false, NULL, "triage [PERSON]", "the same for triage" },
    { "eng", INCIDENT_ROLE, incident_take_role, false, NULL, "eng [PERSON]", "the same for the engineering lead" },
    { "assign", INCIDENT_ROLE, incident_assign, false, NULL, "assign [PERSON]", "who owns the review" },
    { "unset", INCIDENT_ROLE, incident_unset_role, false, NULL, "unset ROLE", "nobody has the role any more" },
    { "invite", INCIDENT_ROLE, incident_invite, false, NULL, "invite PERSON", "brings somebody into the channel" },
    { "title", INCIDENT_EDIT, incident_title, false, NULL, "title TEXT", "what it is called" },
    { "summary", INCIDENT_EDIT, incident_summary, false, incident_summary, "summary [TEXT]", "what is known; alone it shows it" },
    { "priority", INCIDENT_EDIT, incident_set_priority, false, incident_show_priorities, "priority NUMBER [WHY]", "how bad it is; `p1`, `p2` too" },
    { "priorities", INCIDENT_ASK, incident_show_priorities, false, NULL, "priorities", "the priorities and what they mean" },
    { "genesis", INCIDENT_EDIT, incident_genesis, false, NULL, "genesis WHEN", "when it began" },
    { "detected", INCIDENT_EDIT, incident_detected, false, NULL, "detected WHEN", "when it was noticed" },
    { "private", INCIDENT_EDIT, incident_go_private, false, NULL, "private", "says how an incident is declared in private" },
    { "affected", INCIDENT_EDIT, incident_affected, false, incident_affected, "affected [LIST]", "who or what suffers; alone it shows them" },
    { "affected_remove", INCIDENT_EDIT, incident_affected_remove, false, NULL, "affectedrm NAME", "takes one away" },
    { "component", INCIDENT_ADD, incident_component, false, incident_component, "component [LIST]", "which parts are concerned; alone it shows them" },
    { "component_remove", INCIDENT_ADD, incident_component_remove, false, NULL, "componentrm NAME", "takes one away" },
    { "notify", INCIDENT_ADD, incident_tell_update, false, NULL, "notify TEXT", "an update for everybody" },
    { "note", INCIDENT_ADD, incident_note, false, incident_note, "note [TEXT]", "a note for the timeline; alone it shows them" },
    { "ai", INCIDENT_ADD, incident_action_item, false, incident_action_item, "ai [TITLE => MORE]", "something to be done afterwards; alone it shows them" },
    { "factor", INCIDENT_ADD, incident_factor, false, incident_factor, "factor [TEXT]", "what contributed to it; alone it shows them" },
    { "pr", INCIDENT_ADD, incident_pr, false, incident_pr, "pr [URL]", "a change that repairs it; alone it shows them" },
    { "edit", INCIDENT_ADD, incident_edit_entry, true, NULL, "edit NUMBER TEXT", "another text for an entry of the timeline; the old one is kept" },
    { "forget", INCIDENT_ADD, incident_forget_entry, true, NULL, "forget NUMBER", "takes an entry out of the timeline; that it was there is kept" },
    { "undo", INCIDENT_ADD, incident_undo, true, NULL, "undo", "takes back your latest entry" },
    { "hold", INCIDENT_ADD, incident_hold, true, NULL, "hold [SERVICE]", "its deployments do not start" },
    { "release", INCIDENT_ADD, incident_release, true, NULL, "release [SERVICE]", "they may start again" },
    { "blocked", INCIDENT_BLOCK, NULL, false, incident_show_blockers, "blocked WHO [=> WHY]", "somebody else has to act first" },
    { "blockers", INCIDENT_ASK, incident_show_blockers, false, NULL, "blockers", "what it waits for" },
    { "unblock", INCIDENT_UNBLOCK, incident_unblock, false, NULL, "unblock NUMBER", "one of them has acted" },
    { "unblock_all", INCIDENT_UNBLOCK, incident_unblock_all, false, NULL, "unblockall", "all have" },
    { "ack", INCIDENT_ACK, NULL, false, NULL, "ack [WHEN]", "somebody takes care; with a time it corrects when" },
    { "mitigate", INCIDENT_MITIGATE, NULL, false, NULL, "mitigate [WHEN]", "people are not hurt any more; with a time it corrects when" },
    { "resolve", INCIDENT_RESOLVE, NULL, false, NULL, "resolve [WHEN]", "it is over; with a time it corrects when" },
    { "unresolve", INCIDENT_UNRESOLVE, NULL, true, NULL, "unresolve", "it was not over" },
    { "restart", INCIDENT_RESTART, NULL, true, NULL, "restart", "it hurts again" },
    { "cancel", INCIDENT_CANCEL, NULL, true, NULL, "cancel [WHY]", "it was none" },
    { "uncancel", INCIDENT_UNCANCEL, NULL, true, NULL, "uncancel", "it was one after all" },
    { "next", INCIDENT_NEXT, NULL, false, NULL, "next", "leads through the review, page by page" },
    { "ready", INCIDENT_READY, NULL, false, NULL, "ready", "ready for review" },
    { "complete", INCIDENT_COMPLETE, NULL, true, NULL, "complete", "it is finished" },
    { "keep", INCIDENT_KEEP, NULL, true, NULL, "keep", "its channel is not archived" },
    { "archive", INCIDENT_ARCHIVE, NULL, true, NULL, "archive", "its channel is archived now" },
    { "snooze", INCIDENT_SNOOZE, incident_snooze, false, NULL, "snooze [HOW LONG]", "no reminders for a while" },
    { "handover", INCIDENT_ROLE, incident_handover, false, NULL, "handover PERSON", "gives your part in it to somebody" },
    { "status", INCIDENT_ASK, incident_show_status, false, NULL, "status", "how it is; elsewhere: what is going on" },
    { "list", INCIDENT_ASK, incident_show_list, false, NULL, "list", "all incidents" },
    { "history", INCIDENT_ASK, incident_history, false, NULL, "history", "the timeline" },
    { "review", INCIDENT_ASK, incident_show_review, false, NULL, "review", "what the review still needs" },
    { "issue", INCIDENT_ASK, incident_show_issue, false, NULL, "issue", "its issue in the tracker" },
    { "main", INCIDENT_ASK, incident_show_main, false, NULL, "main", "where incidents are declared" },
    { "changes", INCIDENT_ASK, incident_show_changes, false, NULL, "changes", "what was deployed lately" },
    { "report", INCIDENT_ASK, incident_show_figures, false, NULL, "report [SERVICE] [MONTH]", "figures of deployments and incidents" },
    { "retry", INCIDENT_ASK, incident_retry, false, NULL, "retry", "what failed at Slack or in the tracker is tried again" },
    { "unknown", INCIDENT_ASK, incident_not_understood, false, NULL, "", "" },
};
/* clang-format on */

const struct incident_verb *incident_verb_find(const char *name)
{
    for (size_t i = 0; i < SW_COUNT(VERBS); i++)
        if (sw_equal(VERBS[i].name, name))
            return &VERBS[i];
    return NULL;
}

size_t incident_verb_count(void) { return SW_COUNT(VERBS); }

const struct incident_verb *incident_verb_at(size_t index) { return &VERBS[index]; }
