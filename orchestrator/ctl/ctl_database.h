/* SPDX-License-Identifier: Apache-2.0
 * ctl_database: the database of the orchestrator, and parked records in it. For ctl_dead.c and ctl_import.c. */
#ifndef ORCHESTRATOR_CTL_CTL_DATABASE_H
#define ORCHESTRATOR_CTL_CTL_DATABASE_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

/* Of SLIPWAY_DATABASE_URL. */
struct pg;
struct sw_status ctl_open_database(struct pg **ret_pg) SW_MUST_CHECK;

struct ctl_dead {
    char *value, *headers; /* headers: JSON text, NULL when none */
    size_t value_bytes;
};

/* The newest one at that offset; SW_CODE_NOT_FOUND. */
struct sw_status ctl_dead_read(int64_t offset, struct ctl_dead *ret_dead) SW_MUST_CHECK;
struct sw_status ctl_dead_delete(int64_t offset) SW_MUST_CHECK;
void ctl_dead_release(struct ctl_dead *dead);

#endif
