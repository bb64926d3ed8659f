/* SPDX-License-Identifier: Apache-2.0
 * step_supervise: one attempt from its command's start to the exit file. Single-threaded; every wait has a deadline. */
#ifndef ORCHESTRATOR_STEP_STEP_SUPERVISE_H
#define ORCHESTRATOR_STEP_STEP_SUPERVISE_H

#include "orchestrator/step/step_run_dir.h"
#include "orchestrator/step/step_spec.h"

struct step_supervise_options {
    const struct step_spec *spec;
    struct step_run_dir *dir;
    int control_fd; /* a first control connection, from who started it; -1: none */
    int64_t deadman_ms;
    const char *path, *home;
};

/* SW_PERMANENT only when the end could not be written down. */
struct sw_status step_supervise(const struct step_supervise_options *options) SW_MUST_CHECK;

#endif
