/* SPDX-License-Identifier: Apache-2.0 */
#include "common/io/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>

/* Above every descriptor that is named on either side, so that nothing is overwritten before it has moved. */
static int parking_of(const struct proc_options *options)
{
    int highest = 2;
    for (size_t i = 0; i < options->fd_count; i++) {
        highest = options->fds[i].parent_fd > highest ? options->fds[i].parent_fd : highest;
        highest = options->fds[i].child_fd > highest ? options->fds[i].child_fd : highest;
    }
    return highest + 1;
}

/* Descriptors are first moved out of the way of 0, 1, 2 and of each other, then to their places; closefrom does the
 * rest. */
static int arrange_fds(posix_spawn_file_actions_t *actions, const struct proc_options *options)
{
    const int parking = parking_of(options);
    int failure = 0, highest = 2;
    for (size_t i = 0; i < options->fd_count && !failure; i++)
        if (options->fds[i].parent_fd >= 0)
            failure = posix_spawn_file_actions_adddup2(actions, options->fds[i].parent_fd, parking + (int)i);
    for (int fd = 0; fd <= 2 && !failure; fd++)
        failure = posix_spawn_file_actions_addopen(actions, fd, "/dev/null", O_RDWR, 0);
    for (size_t i = 0; i < options->fd_count && !failure; i++) {
        int child_fd = options->fds[i].child_fd;
        highest = child_fd > highest ? child_fd : highest;
        if (options->fds[i].parent_fd >= 0)
            failure = posix_spawn_file_actions_adddup2(actions, parking + (int)i, child_fd);
    }
    return failure ? failure : posix_spawn_file_actions_addclosefrom_np(actions, highest + 1);
}

static int set_attributes(posix_spawnattr_t *attributes, const struct proc_options *options)
{
    sigset_t none, all;
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    sigemptyset(&none);
    sigfillset(&all);
    if (options->new_session)
        flags |= POSIX_SPAWN_SETSID;
    int failure = posix_spawnattr_setflags(attributes, flags);
    failure = failure ? failure : posix_spawnattr_setsigmask(attributes, &none);
    return failure ? failure : posix_spawnattr_setsigdefault(attributes, &all);
}

static int spawn(const struct proc_options *options, posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
                 pid_t *ret_pid)
{
    int failure = options->dir ? posix_spawn_file_actions_addchdir_np(actions, options->dir) : 0;
    failure = failure ? failure : arrange_fds(actions, options);
    failure = failure ? failure : set_attributes(attributes, options);
    if (failure)
        return failure;
    return posix_spawnp(ret_pid, options->argv[0], actions, attributes, (char *const *)(uintptr_t)options->argv,
                        (char *const *)(uintptr_t)options->envp);
}

struct sw_status proc_spawn(const struct proc_options *options, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int failure = spawn(options, &actions, &attributes, ret_pid);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failure)
        return sw_fail(failure == EAGAIN || failure == ENOMEM ? SW_CODE_FULL : SW_CODE_IO,
                       "cannot start \"%s\"%s%s%s: %s", options->argv[0], options->dir ? " in \"" : "",
                       options->dir ? options->dir : "", options->dir ? "\"" : "", strerror(failure));
    return sw_ok();
}
