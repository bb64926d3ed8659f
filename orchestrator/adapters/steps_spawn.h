/* SPDX-License-Identifier: Apache-2.0
 * steps_spawn: starts supervisors. A spare one waits for its spec and ends by itself with the orchestrator. For
 * steps_local.c and steps_spares.c. */
#ifndef ORCHESTRATOR_ADAPTERS_STEPS_SPAWN_H
#define ORCHESTRATOR_ADAPTERS_STEPS_SPAWN_H

#include "common/base/status.h"

#include <stdint.h>

struct steps_spawn_options {
    const char *supervisor, *state_dir, *secrets_dir;
    int64_t deadman_ms;
};

struct steps_spare {
    int spec_fd, control_fd; /* -1: there is none */
};

struct sw_status steps_spawn_spare(const struct steps_spawn_options *options,
                                   struct steps_spare *ret_spare) SW_MUST_CHECK;
void steps_spare_drop(struct steps_spare *spare);

/* spec: JSON text. Takes the spare, if there is one that lives. The caller owns the control connection; its end tells
 * that the attempt has ended. */
struct sw_status steps_spawn(const struct steps_spawn_options *options, struct steps_spare *spare, const char *spec,
                             int *ret_control_fd) SW_MUST_CHECK;

#endif
