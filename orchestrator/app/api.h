/* SPDX-License-Identifier: Apache-2.0
 * api: what the orchestrator's HTTP port answers. Health and metrics are answered where they come in, from what the
 * loop has left in `api_state`; questions about workflows are put into the mailbox and answered by the loop. */
#ifndef ORCHESTRATOR_APP_API_H
#define ORCHESTRATOR_APP_API_H

#include "orchestrator/app/api_output.h"
#include "orchestrator/app/mailbox.h"
#include "orchestrator/engine/leader.h"

struct api;

struct api_options {
    const char *listen;
    const char *token; /* NULL: open, on loopback */
    struct mailbox *mailbox;
};

struct sw_status api_start(const struct api_options *options, struct api **ret_api) SW_MUST_CHECK;
uint16_t api_port(const struct api *api);
/* The loop says how it is, after each pass. */
void api_set_state(struct api *api, enum leader_role role, bool ready, int64_t epoch);
void api_set_draining(struct api *api);
void api_free(struct api *api);

/* On the loop's thread: answers a question that came through the mailbox; what runs has its answer from `output`. */
void api_answer(struct leader *leader, struct api_output *output, struct httpd_exchange *exchange);

#endif
