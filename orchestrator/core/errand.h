/* SPDX-License-Identifier: Apache-2.0
 * errand: work at a system beside Slack (tracker, report platform, webhook) that a workflow has outstanding.
 *
 * At most one of a name is under way for a workflow. It is done at least once: whoever carries it out looks before it
 * creates. Plain data. */
#ifndef ORCHESTRATOR_CORE_ERRAND_H
#define ORCHESTRATOR_CORE_ERRAND_H

#include "common/json/jx.h"
#include "proto/limits.h"

#include <stdint.h>

struct wf_errand {
    char name[PROTO_NAME_SIZE]; /* "tracker.create" */
    json_t *spec;               /* owned */
};

struct errand_report {
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    char name[PROTO_NAME_SIZE];
    struct sw_status status; /* SW_RETRY: again later. SW_PERMANENT: as it stands it cannot be done */
    int64_t retry_after_ms;  /* SW_RETRY: not before; 0: not said */
    json_t *result;          /* what the other side said; NULL after a failure. Owned */
};

void errand_report_release(struct errand_report *report);

#endif
