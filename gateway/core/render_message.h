/* SPDX-License-Identifier: Apache-2.0
 * render_message: the one live message of a workflow, as it has to look for a state of it. Always whole, so that the
 * latest event alone is enough to edit it. Facts that are not known are left out; buttons that cannot work, too. Pure.
 *
 * Buttons: action_id "cancel", "retry", "declare" (an incident, of a failed deployment) or "break_glass" (of a held
 * one), value the workflow's id; "break_glass_agree" and "break_glass_decline": glass_form.h. */
#ifndef GATEWAY_CORE_RENDER_MESSAGE_H
#define GATEWAY_CORE_RENDER_MESSAGE_H

#include "gateway/core/blocks.h"
#include "gateway/core/render_text.h"
#include "proto/view.h"

/* {"text":...,"blocks":[...]} for chat.postMessage and chat.update. NULL when out of memory. */
json_t *render_message_new(const struct proto_view *view, int64_t now_ms);
/* What marks a message as ours when it is looked for after a lost answer. */
json_t *render_metadata_new(const char *event_id, const char *workflow, int64_t n);
json_t *render_order_metadata_new(const char *event_id, const char *workflow, const char *key);

/* Everything but the headline and the buttons: version, steps, what went wrong, small print. */
void render_body(struct blocks *blocks, const struct proto_view *view, int64_t now_ms, enum render_form form);

#endif
