/* SPDX-License-Identifier: Apache-2.0
 * deployment_act: the guards and actions that the rows of deployment_table.c name, and the small tools they share.
 * Inside orchestrator/core/deployment*.c only. */
#ifndef ORCHESTRATOR_CORE_DEPLOYMENT_ACT_H
#define ORCHESTRATOR_CORE_DEPLOYMENT_ACT_H

#include "orchestrator/core/deployment_table.h"

typedef bool deployment_guard(const struct deployment_turn *turn);
typedef struct sw_status deployment_action(struct deployment_turn *turn);

/* deployment_guards.c */
deployment_guard deployment_is_instant, deployment_is_last, deployment_tries_left, deployment_repeats_unknown,
    deployment_asks_probe, deployment_holds_unknown, deployment_is_supervised;
/* deployment_steps.c: what goes on */
deployment_action deployment_begin, deployment_begin_and_end, deployment_advance, deployment_finish_step,
    deployment_try_later, deployment_repeat, deployment_repeat_unknown, deployment_ask_probe, deployment_note_status;
/* deployment_ends.c: what does not */
deployment_action deployment_fail, deployment_hold, deployment_end_cancelled, deployment_note_lost;
/* deployment_say.c */
deployment_action deployment_note_receipt, deployment_cancel_queued, deployment_cancel_asked, deployment_cancel_idle,
    deployment_cancel_again, deployment_retry_asked;
/* deployment_glass.c */
deployment_guard deployment_glass_is_moot, deployment_glass_is_asked, deployment_glass_is_needless,
    deployment_glass_is_own, deployment_glass_is_unsound, deployment_glass_is_over, deployment_glass_is_broken;
deployment_action deployment_glass_ask, deployment_glass_agree, deployment_glass_decline, deployment_glass_expire,
    deployment_glass_drop, deployment_glass_renew;
deployment_action deployment_glass_void; /* it leaves the line: what was asked for is without a subject */
/* deployment_glass_say.c: the answer of what changes nothing: why, or who agreed and when. */
deployment_action deployment_glass_tell;

/* facts: a new object takes the place of the old one, which others may still read. Takes the value. */
struct sw_status deployment_set_fact(struct wf *wf, const char *key, json_t *value) SW_MUST_CHECK;
struct sw_status deployment_set_error(struct wf *wf, const char *code, const char *text,
                                      const char *hint) SW_MUST_CHECK;
const char *deployment_fact(const struct wf *wf, const char *key); /* "" when absent */

/* steps */
/* A new attempt of the step: its number is never reused. Wait steps only get their timer. */
struct sw_status deployment_start_attempt(struct deployment_turn *turn, size_t index) SW_MUST_CHECK;
void deployment_end_step(struct deployment_turn *turn, enum proto_step_state state); /* with what the report says */
void deployment_clear_timer(struct deployment_turn *turn);

/* update: an effect of this kind; the caller fills what else it needs. */
struct wf_effect *deployment_effect(struct deployment_turn *turn, enum wf_effect_kind kind);
/* A reply of this name to the input's command. */
struct sw_status deployment_reply(struct deployment_turn *turn, const char *name, const char *text,
                                  const char *hint) SW_MUST_CHECK;

#define DEPLOYMENT_STEP_TIMER "step"   /* the end of a wait, or when a retry is due */
#define DEPLOYMENT_LINE_TIMER "line"   /* set by the engine for those in line */
#define DEPLOYMENT_GLASS_TIMER "glass" /* the end of a request to break the glass */

#endif
