/* SPDX-License-Identifier: Apache-2.0
 * steps_spawn: starts one supervisor. For steps_local.c. */
#ifndef ORCHESTRATOR_ADAPTERS_STEPS_SPAWN_H
#define ORCHESTRATOR_ADAPTERS_STEPS_SPAWN_H

#include "common/base/status.h"

#include <stdint.h>

struct steps_spawn_options {
    const char *supervisor, *state_dir, *secrets_dir;
    int64_t deadman_ms;
};

/* spec: JSON text. The caller owns the control connection; its end tells that the attempt has ended. */
struct sw_status steps_spawn(const struct steps_spawn_options *options, const char *spec,
                             int *ret_control_fd) SW_MUST_CHECK;

#endif
