/* SPDX-License-Identifier: Apache-2.0
 * dispatch: what a verified request is, and who takes it: slash commands, interactivity, events.
 *
 * The same for every way in: the request comes as its payload and a carrier, which is answered here, now or later.
 * In this order: read -> workspaces allowed -> take or answer. Threads: any. */
#ifndef GATEWAY_IO_DISPATCH_H
#define GATEWAY_IO_DISPATCH_H

#include "gateway/core/command_names.h"
#include "gateway/core/slack_payload.h"
#include "gateway/io/carrier.h"
#include "gateway/io/intake.h"

struct dispatch_options {
    const char *team_ids;  /* SLACK_TEAM_IDS; NULL or "": any */
    const char *reactions; /* SLIPWAY_INCIDENT_REACTIONS; NULL: none is told on */
    struct command_names names;
    struct intake *intake; /* borrowed */
};

struct dispatch;

struct sw_status dispatch_new(const struct dispatch_options *options, struct dispatch **ret_dispatch) SW_MUST_CHECK;
/* Payloads are borrowed during the call. */
void dispatch_command(const struct dispatch *dispatch, const struct slack_slash *slash, const struct carrier *carrier);
void dispatch_interactive(const struct dispatch *dispatch, const json_t *payload, const struct carrier *carrier);
void dispatch_event(const struct dispatch *dispatch, const json_t *body, const struct carrier *carrier);
void dispatch_free(struct dispatch *dispatch);

#endif
