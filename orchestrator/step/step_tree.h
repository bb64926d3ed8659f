/* SPDX-License-Identifier: Apache-2.0
 * step_tree: everything that descends from this process. It must be a child subreaper, so that daemons which leave
 * their session and their parent come to it. */
#ifndef ORCHESTRATOR_STEP_STEP_TREE_H
#define ORCHESTRATOR_STEP_STEP_TREE_H

#include <stdbool.h>
#include <sys/types.h>

bool step_tree_become_reaper(void);
/* Sends the signal to every descendant; returns how many there were. */
int step_tree_signal(int signal_number);
/* Reaps what has ended. When the main child is among it, *ret_status is its wait status and the result is true. */
bool step_tree_reap(pid_t main_child, int *ret_status);
bool step_tree_empty(void);

#endif
