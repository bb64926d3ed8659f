/* SPDX-License-Identifier: Apache-2.0
 * step_run_dir: the directory of one attempt, and its claim. Files:
 *   claim    which attempt and process; written before the directory appears under its name
 *   lock     locked (OFD) while the supervisor lives: held means alive, free without `exit` means dead
 *   control  unix socket: "stop", "lease EPOCH VALID_MS"; its end tells that the attempt has ended
 *   output   what the command printed; status: lines of SLIPWAY_STATUS; pid: for people
 *   exit     how it ended; the last thing that is written; "exit.new" until then
 * A spare supervisor makes the directory, with every file, under a hidden name while it waits: what is left for the
 * moment when a step is due is to write and to rename, since to create a file costs most. The renaming fails when the
 * attempt was claimed before.
 *
 * Nobody waits for a disk: everybody of this boot sees a directory and a file as soon as they are there, and after a
 * crash of the machine a directory that is missing and one without an end mean the same, "unknown" (its boot is another
 * one). So the claim is synced once the command has run a moment, for the sake of a file system that is lost without
 * the machine; and the end when it was told, for the sake of an orchestrator that is away: who is there stores it. */
#ifndef ORCHESTRATOR_STEP_STEP_RUN_DIR_H
#define ORCHESTRATOR_STEP_STEP_RUN_DIR_H

#include "common/base/status.h"

#include <stdint.h>
#include <sys/types.h>

enum { STEP_RUN_DIR_HIDDEN_SIZE = 32 };

struct step_run_dir {
    int runs_fd, fd, lock_fd, control_fd, output_fd;
    char hidden[STEP_RUN_DIR_HIDDEN_SIZE]; /* "" once it has been claimed */
    char status_path[4096];                /* absolute; set by the claim */
};

/* Makes the hidden directory. runs: absolute. Release it with step_run_dir_close(). */
struct sw_status step_run_dir_prepare(const char *runs, struct step_run_dir *ret_dir) SW_MUST_CHECK;
/* Gives it the attempt's name. What could not be prepared is tried again: by now there may be room, and if not, there
 * is an attempt whose log has the reason. SW_CODE_REFUSED: the attempt is claimed already. */
struct sw_status step_run_dir_claim(struct step_run_dir *dir, const char *runs, const char *attempt) SW_MUST_CHECK;
struct sw_status step_run_dir_sync_claim(const struct step_run_dir *dir) SW_MUST_CHECK;
void step_run_dir_note_pid(const struct step_run_dir *dir, pid_t pid);

struct step_exit {
    const char *outcome; /* exited, signaled, timed_out, stopped, not_run, lost */
    int32_t exit_code, signal;
    int64_t started_at_ms, finished_at_ms;
    const char *error; /* "" when none */
};
/* Can be read when it returns; step_run_dir_sync_exit() makes it durable. */
struct sw_status step_run_dir_finish(const struct step_run_dir *dir, const struct step_exit *exit) SW_MUST_CHECK;
struct sw_status step_run_dir_sync_exit(const struct step_run_dir *dir) SW_MUST_CHECK;
void step_run_dir_close(struct step_run_dir *dir); /* and removes what was not claimed */

#endif
