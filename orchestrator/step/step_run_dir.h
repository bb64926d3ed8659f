/* SPDX-License-Identifier: Apache-2.0
 * step_run_dir: the directory of one attempt, and its claim. Files:
 *   claim    which attempt and process; written, synced and locked before the directory appears under its name
 *   lock     locked (OFD) while the supervisor lives: held means alive, free without `exit` means dead
 *   control  unix socket: "stop", "lease EPOCH VALID_MS"; its end tells that the attempt has ended
 *   output   what the command printed; status: lines of SLIPWAY_STATUS; pid: for people
 *   exit     how it ended; synced; the last thing that is written
 * The directory is made under another name and renamed, which fails when the attempt was claimed before. */
#ifndef ORCHESTRATOR_STEP_STEP_RUN_DIR_H
#define ORCHESTRATOR_STEP_STEP_RUN_DIR_H

#include "common/base/status.h"

#include <stdint.h>
#include <sys/types.h>

struct step_run_dir {
    int fd, lock_fd, control_fd, output_fd;
    char status_path[4096]; /* absolute */
};

/* SW_CODE_REFUSED: the attempt is claimed already. runs: absolute. */
struct sw_status step_run_dir_claim(const char *runs, const char *attempt, struct step_run_dir *ret_dir) SW_MUST_CHECK;
void step_run_dir_note_pid(const struct step_run_dir *dir, pid_t pid);

struct step_exit {
    const char *outcome; /* exited, signaled, timed_out, stopped, not_run, lost */
    int32_t exit_code, signal;
    int64_t started_at_ms, finished_at_ms;
    const char *error; /* "" when none */
};
struct sw_status step_run_dir_finish(const struct step_run_dir *dir, const struct step_exit *exit) SW_MUST_CHECK;
void step_run_dir_close(struct step_run_dir *dir);

#endif
