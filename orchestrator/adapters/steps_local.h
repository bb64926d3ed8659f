/* SPDX-License-Identifier: Apache-2.0
 * steps_local: the steps port on this machine: one slipway-step process per attempt, controlled through its run
 * directory under STATE_DIR/runs. Attempts that another orchestrator started on the same state directory are adopted.
 * Threads: the port's functions from one thread; the listener is called from the adapter's own. */
#ifndef ORCHESTRATOR_ADAPTERS_STEPS_LOCAL_H
#define ORCHESTRATOR_ADAPTERS_STEPS_LOCAL_H

#include "orchestrator/ports/steps.h"

struct steps_local;

struct steps_local_options {
    const char *state_dir, *secrets_dir;
    const char *supervisor; /* path of slipway-step */
    int64_t deadman_ms;
    struct steps_listener listener;
};

struct sw_status steps_local_new(const struct steps_local_options *options,
                                 struct steps_local **ret_steps) SW_MUST_CHECK;
struct steps_port steps_local_port(struct steps_local *steps);
/* Path of this process's lock file, held until it ends; and whether the process behind such a file is dead. */
const char *steps_local_lock_name(const struct steps_local *steps);
bool steps_local_holder_is_dead(const struct steps_local *steps, const char *lock_name);
const char *steps_local_path(const struct steps_local *steps); /* the state directory, absolute */
/* What an attempt that runs has printed so far, as steps_run_output_new() has it. Any thread, while it is not freed. */
char *steps_local_output_new(const struct steps_local *steps, const char *attempt) SW_MUST_CHECK;
void steps_local_free(struct steps_local *steps); /* attempts go on */

#endif
