/* SPDX-License-Identifier: Apache-2.0
 * render_glass: breaking the glass, as it stands in a deployment's message and in the channel of an incident: who asks,
 * why, what it would pass, who agreed. From detail.break_glass of the view (orchestrator/core/deployment_glass.h).
 * Pure. */
#ifndef GATEWAY_CORE_RENDER_GLASS_H
#define GATEWAY_CORE_RENDER_GLASS_H

#include "gateway/core/blocks.h"
#include "gateway/core/render_text.h"

/* The request that is open, those that were agreed to, and while it waits or runs the last one that was not. */
void render_glass(struct blocks *blocks, const struct proto_view *view, int64_t now_ms, enum render_form form);

enum { GLASS_BUTTONS = 2, GLASS_VALUE_BYTES = 128 };
/* What can be pressed now, beside the other buttons: "Break glass" of what is held, or "Agree" and "Decline". Returns
 * how many; their values point into value or the view. */
size_t render_glass_buttons(const struct proto_view *view, char value[GLASS_VALUE_BYTES],
                            struct blocks_button ret_buttons[GLASS_BUTTONS]);
/* The same two for a request of a deployment, anywhere. */
void render_glass_answers(const char *workflow, int64_t request, char value[GLASS_VALUE_BYTES],
                          struct blocks_button ret_buttons[GLASS_BUTTONS]);

#endif
