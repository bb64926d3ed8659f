/* SPDX-License-Identifier: Apache-2.0
 * render_topic: the topic of an incident's channel, from its newest view:
 *
 *   ":no_entry: [P1][blocked][checkout] *CHECKOUT ERRORS* - Blocked on: Ops, Point: <@U1>, Comms: _nobody_, OPS-7"
 *
 * At most 250 characters, as Slack takes them; what is longer is cut and ends in "...". Pure. */
#ifndef GATEWAY_CORE_RENDER_TOPIC_H
#define GATEWAY_CORE_RENDER_TOPIC_H

#include "proto/view.h"

enum { RENDER_TOPIC_CHARACTERS = 250 };

/* free() it; NULL when out of memory. */
char *render_topic_new(const struct proto_view *view);
/* Any text within the same limit. */
char *render_topic_cut_new(const char *text);

#endif
