/* SPDX-License-Identifier: Apache-2.0
 * render_topic: the topic of an incident's channel, from its newest view:
 *
 *   ":no_entry: [P1][blocked][checkout] *CHECKOUT ERRORS* - Blocked on: Ops, Point: <@U1>, Comms: _nobody_, OPS-7"
 *
 * The title is in capitals as far as sw_capitals_new() has them. At most 250 characters, entities counted as they are
 * written; what is longer is cut, never in an entity or a mention, and ends in "...". Pure. */
#ifndef GATEWAY_CORE_RENDER_TOPIC_H
#define GATEWAY_CORE_RENDER_TOPIC_H

#include "proto/view.h"

enum { RENDER_TOPIC_CHARACTERS = 250 };

/* free() it; NULL when out of memory. */
char *render_topic_new(const struct proto_view *view);
/* A topic that somebody else has worded: mentions of people and channels and addresses stay, everything else is escaped
 * and control characters go, as in a message; within the same limit. */
char *render_topic_said_new(const char *text);

#endif
