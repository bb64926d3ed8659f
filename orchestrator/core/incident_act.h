/* SPDX-License-Identifier: Apache-2.0
 * incident_act: the guards and actions that rows of incident_table.c and verbs of incident_verbs.c name, by the file
 * that has them. Inside orchestrator/core/incident*.c only. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_ACT_H
#define ORCHESTRATOR_CORE_INCIDENT_ACT_H

#include "orchestrator/core/incident_turn.h"

typedef bool incident_guard(const struct incident_turn *turn);
typedef struct sw_status incident_action(struct incident_turn *turn);

/* incident_guards.c */
incident_guard incident_completes_pair, incident_unacknowledged, incident_says_when, incident_stays_blocked,
    incident_was_resolved, incident_is_blocked, incident_was_mitigated, incident_was_acknowledged,
    incident_passes_review, incident_needs_no_review, incident_ends_review_pages;
/* incident_life.c */
incident_action incident_mitigate, incident_resolve, incident_unresolve, incident_restart, incident_cancel,
    incident_uncancel, incident_ready, incident_complete;
/* incident_times.c */
incident_action incident_ack, incident_correct, incident_genesis, incident_detected;
/* incident_roles.c */
incident_action incident_take_role, incident_assign, incident_unset_role, incident_handover, incident_invite;
/* incident_fields.c */
incident_action incident_title, incident_summary, incident_set_priority, incident_show_priorities, incident_go_private;
/* incident_lists.c */
incident_action incident_component, incident_component_remove, incident_affected, incident_affected_remove;
/* incident_notes.c */
incident_action incident_tell_update, incident_note, incident_action_item, incident_factor, incident_pr;
/* incident_blockers.c */
incident_action incident_block, incident_show_blockers, incident_unblock, incident_unblock_all;
/* incident_review.c */
incident_action incident_next, incident_show_review;
/* incident_timeline.c */
incident_action incident_history, incident_edit_entry, incident_forget_entry, incident_undo, incident_heard;
/* incident_archive.c */
incident_action incident_archive, incident_archive_due, incident_keep;
/* incident_nag.c */
incident_action incident_nag_due, incident_snooze;
/* incident_receipt.c */
incident_action incident_receipt, incident_orders_due, incident_retry;
/* incident_overview.c */
incident_action incident_show_status, incident_show_list, incident_show_figures, incident_show_issue,
    incident_show_main, incident_not_understood;
/* incident_joined.c */
incident_action incident_news, incident_hold, incident_release;
/* incident_changes.c */
incident_action incident_show_changes;
/* incident_alert.c */
incident_action incident_alert_firing, incident_alert_over;
/* incident_tracker.c */
incident_action incident_errand_ended, incident_errands_due;
incident_action incident_hold_due;

/* For rows where there is nothing to do. */
incident_action incident_nothing;

#endif
