/* SPDX-License-Identifier: Apache-2.0
 * errands: the port to systems beside Slack (trackers, report platforms, webhooks); core/errand.h says what an errand
 * is.
 *
 * An errand is named by its workflow and its name. It is done at least once: a process that dies takes what is under
 * way with it, and the next leader starts it again. */
#ifndef ORCHESTRATOR_PORTS_ERRANDS_H
#define ORCHESTRATOR_PORTS_ERRANDS_H

#include "orchestrator/core/errand.h"

/* Where the adapter tells how an errand ended, from a thread of its own; must not block. False: there is no room for
 * it now, nothing was taken, and the adapter tells it again. Otherwise what the report owns is taken. */
struct errands_listener {
    bool (*finished_take)(void *self, const struct errand_report *report);
    void *self;
};

struct errands_port {
    /* Starts the errand, or adopts it when one of its name is under way for the workflow, which an earlier term of this
     * process may have started; finished_take() takes exactly one report of each that is under way. The spec is kept by
     * reference and never changed. SW_RETRY: nothing was started, try again. SW_PERMANENT: it cannot be started. */
    struct sw_status (*start)(void *self, const char *workflow, const struct wf_errand *errand);
    void *self;
};

#endif
