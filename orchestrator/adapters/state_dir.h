/* SPDX-License-Identifier: Apache-2.0
 * state_dir: what makes a state directory recognisable: a random id, made once; the id of this boot; a lock file for
 * each orchestrator process, by which another on the same directory can prove it dead. */
#ifndef ORCHESTRATOR_ADAPTERS_STATE_DIR_H
#define ORCHESTRATOR_ADAPTERS_STATE_DIR_H

#include "common/base/status.h"
#include "orchestrator/core/wf.h"

struct state_dir {
    char path[4096];
    char id[WF_HOST_ID_SIZE], boot[WF_HOST_ID_SIZE];
    char lock_name[64]; /* relative to path */
    int fd, runs_fd, lock_fd;
};

struct sw_status state_dir_open(const char *path, struct state_dir *ret_dir) SW_MUST_CHECK;
/* True only when the file is there and nobody holds its lock. */
bool state_dir_holder_is_dead(const struct state_dir *dir, const char *lock_name);
void state_dir_close(struct state_dir *dir);

#endif
