/* SPDX-License-Identifier: Apache-2.0
 * Starts the workers that do errands: one for each family that this program has an adapter for. */
#ifndef ORCHESTRATOR_APP_ERRAND_WORKERS_H
#define ORCHESTRATOR_APP_ERRAND_WORKERS_H

#include "orchestrator/adapters/errands.h"

struct errand_workers_options {
    const char *secrets_dir; /* borrowed until they have ended */
    struct errands_listener listener;
};

struct sw_status errand_workers_start(const struct errand_workers_options *options,
                                      struct errands **ret_errands) SW_MUST_CHECK;

#endif
