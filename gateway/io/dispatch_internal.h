/* SPDX-License-Identifier: Apache-2.0
 * The dispatch's inside: dispatch.c has slash commands, dispatch_interactive.c buttons and forms, dispatch_event.c
 * what is said and happens in channels. */
#ifndef GATEWAY_IO_DISPATCH_INTERNAL_H
#define GATEWAY_IO_DISPATCH_INTERNAL_H

#include "gateway/core/incident_dialog.h"
#include "gateway/io/dispatch.h"

struct dispatch {
    struct command_names names;
    char *team_ids, *reactions;
    struct intake *intake;
};

bool dispatch_team_allowed(const struct dispatch *dispatch, const char *team);
void dispatch_publish(const struct dispatch *dispatch, const struct intake_request *request,
                      struct command_parsed *parsed, const struct carrier *carrier);
/* The form in which an incident is declared; its channel and response_url are the request's. */
void dispatch_open(const struct dispatch *dispatch, const struct intake_request *request,
                   const struct incident_dialog *dialog, const struct carrier *carrier);

#endif
