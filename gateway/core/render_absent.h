/* SPDX-License-Identifier: Apache-2.0
 * Stand-ins for the layout of messages: plain text, until the layouts arrive. Pure. */
#ifndef GATEWAY_CORE_RENDER_ABSENT_H
#define GATEWAY_CORE_RENDER_ABSENT_H

#include "proto/reply.h"

json_t *render_message_new(const struct proto_view *view, int64_t now_ms);
json_t *render_metadata_new(const char *event_id, const char *workflow, int64_t n);
json_t *render_reply_new(const struct proto_reply *reply, int64_t now_ms);

#endif
