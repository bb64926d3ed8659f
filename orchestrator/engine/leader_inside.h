/* SPDX-License-Identifier: Apache-2.0
 * leader_inside: the struct behind leader.h, for leader*.c. */
#ifndef ORCHESTRATOR_ENGINE_LEADER_INSIDE_H
#define ORCHESTRATOR_ENGINE_LEADER_INSIDE_H

#include "orchestrator/engine/engine.h"

struct leader {
    struct leader_options options;
    const struct config *config;
    enum leader_role role;
    struct engine *engine; /* while active */
    int64_t epoch;
    int64_t next_try_ms; /* standby: when to try to take the lease */
    int64_t progress_ms;
    bool store_reached; /* standby: the last look at the lease was answered */
    int32_t failures;   /* in a row, without a commit between them */
    int64_t stop_by_ms; /* 0: not stopping */
    struct sw_status health;
    /* what the failure of the last term says about the record at the cursor */
    enum engine_caution caution;
    int64_t caution_offset;
    char park_reason[PROTO_ERROR_SIZE];
};

#endif
