/* SPDX-License-Identifier: Apache-2.0
 * errands: the errands port in the program: each family of errands ("tracker.", "report.", "status.") has an adapter
 * and worker threads of its own, so that a tracker that hangs delays no status page, and one that hangs over one
 * workflow's errand no other workflow's. Those of one workflow and family are done one at a time, in the order in which
 * they were asked for.
 *
 * An adapter blocks its thread, with deadlines: what stops the program waits for the calls that are under way. Families
 * without an adapter fail for good, with a text that says what is missing. */
#ifndef ORCHESTRATOR_ADAPTERS_ERRANDS_H
#define ORCHESTRATOR_ADAPTERS_ERRANDS_H

#include "orchestrator/ports/errands.h"

enum {
    ERRANDS_MAX_ADAPTERS = 8,
    ERRANDS_CALL_MS = 20000, /* how long run() may take at the most */
    ERRANDS_SIDE_BY_SIDE = 4 /* of a family at a time: few enough for any tracker's limits */
};

struct errand_adapter {
    const char *prefix; /* "tracker."; a literal */
    /* On one of the family's threads; of different workflows at the same time. ok: *ret_result is a new reference, or
     * NULL for {}. SW_RETRY: *ret_retry_after_ms may say not before when. Secrets never stand in the status. */
    struct sw_status (*run)(void *self, const char *workflow, const char *name, const json_t *spec, json_t **ret_result,
                            int64_t *ret_retry_after_ms);
    void *self;
};

struct errands_options {
    struct errand_adapter adapters[ERRANDS_MAX_ADAPTERS];
    size_t adapter_count;
    struct errands_listener listener;
};

struct errands;

struct sw_status errands_new(const struct errands_options *options, struct errands **ret_errands) SW_MUST_CHECK;
struct errands_port errands_port(struct errands *errands);
void errands_free(struct errands *errands); /* what has not begun is dropped: the next leader starts it again */

#endif
