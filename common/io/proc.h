/* SPDX-License-Identifier: Apache-2.0
 * proc: starting processes: the only place that forks. posix_spawn with its own session, a given environment and
 * nothing inherited but the descriptors that are named. */
#ifndef COMMON_IO_PROC_H
#define COMMON_IO_PROC_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct proc_fd {
    int parent_fd; /* -1: /dev/null */
    int child_fd;
};

struct proc_options {
    const char *const *argv; /* argv[0] is a path, or a name looked up in PATH of envp */
    const char *const *envp; /* the whole environment, ended by NULL */
    const char *dir;         /* NULL: the caller's */
    const struct proc_fd *fds;
    size_t fd_count; /* 0, 1, 2 not named here become /dev/null */
    bool new_session;
};

struct sw_status proc_spawn(const struct proc_options *options, pid_t *ret_pid) SW_MUST_CHECK;

#endif
