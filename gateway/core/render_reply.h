/* SPDX-License-Identifier: Apache-2.0
 * render_reply: the private answer to one command, for its response_url. Pure. */
#ifndef GATEWAY_CORE_RENDER_REPLY_H
#define GATEWAY_CORE_RENDER_REPLY_H

#include "proto/reply.h"

/* {"response_type":"ephemeral","replace_original":false,"text":...,"blocks":[...]}. The plain text says everything too,
 * for clients that show no blocks. NULL when out of memory. */
json_t *render_reply_new(const struct proto_reply *reply, int64_t now_ms);

#endif
