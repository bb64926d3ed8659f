/* SPDX-License-Identifier: Apache-2.0
 * relay_view: what the relay keeps of a view while it waits to be written: what decides about it, and the record's
 * text, which takes a fifth of the memory that the whole view does. Thousands wait when Slack is away. Pure. */
#ifndef GATEWAY_CORE_RELAY_VIEW_H
#define GATEWAY_CORE_RELAY_VIEW_H

#include "proto/view.h"

struct relay_view {
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    char home_channel[PROTO_SLACK_ID_SIZE]; /* "" when it has no home */
    int64_t epoch, n, at_ms;
    bool final; /* of a deployment that has ended */
    char *text; /* the view's JSON; NULL: there is nothing to write of it */
    size_t length;
};

/* Copies. False: out of memory; *view is as it was. */
bool relay_view_keep(struct relay_view *view, const struct proto_view *seen, const char *text,
                     size_t length) SW_MUST_CHECK;
/* The whole view; fails only without a text, or out of memory. */
struct sw_status relay_view_read(const struct relay_view *view, struct proto_view *ret_view) SW_MUST_CHECK;
void relay_view_forget_text(struct relay_view *view);

#endif
