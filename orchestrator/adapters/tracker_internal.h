/* SPDX-License-Identifier: Apache-2.0
 * tracker_internal: what the trackers have in common. Inside orchestrator/adapters/tracker*.c only. */
#ifndef ORCHESTRATOR_ADAPTERS_TRACKER_INTERNAL_H
#define ORCHESTRATOR_ADAPTERS_TRACKER_INTERNAL_H

#include "orchestrator/adapters/tracker.h"
#include "orchestrator/adapters/web.h"
#include "orchestrator/core/render.h"

enum { TRACKER_MARK_SIZE = 128 };

struct tracker_call {
    struct web *web;
    const char *secrets_dir, *workflow;
    const json_t *spec, *tracker; /* tracker: the section of the configuration */
    json_t **ret_result;
};

struct tracker_kind {
    const char *name; /* of the configuration */
    struct sw_status (*open)(struct tracker_call *call);
    struct sw_status (*create)(struct tracker_call *call);
    struct sw_status (*sync)(struct tracker_call *call);
    struct sw_status (*comment)(struct tracker_call *call);
    struct sw_status (*task)(struct tracker_call *call);
    struct sw_status (*components)(struct tracker_call *call);
};
extern const struct tracker_kind TRACKER_JIRA, TRACKER_GITHUB, TRACKER_GITLAB;

/* "slipway-i-123", "slipway-i-123-c7", "slipway-i-123-t7": of the incident (kind 0), a comment or a task. */
void tracker_mark(const struct tracker_call *call, char kind, char ret_mark[TRACKER_MARK_SIZE]);
/* From the spec's model, or from the spec itself. SW_CODE_TOO_LARGE: there is no room for it even when short. */
struct sw_status tracker_render(const struct tracker_call *call, enum render_format format, render_document *document,
                                const char *mark, size_t max_bytes, json_t **ret_text) SW_MUST_CHECK;
/* Takes the result; NULL: no memory. */
struct sw_status tracker_result(const struct tracker_call *call, json_t *result) SW_MUST_CHECK;
/* "key" and "url" of an issue that was made, or SW_CODE_IO when the answer names none. id 0: of the incident. */
struct sw_status tracker_made(const struct tracker_call *call, const char *key, const char *url) SW_MUST_CHECK;

#endif
