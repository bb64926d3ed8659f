/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/steps_spawn.h"

#include "common/base/text.h"
#include "common/io/proc.h"
#include "common/rt/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HAND_OVER_MS = 1000 };

static const char *environment_value(const char *name, const char *preset)
{
    const char *value = getenv(name);
    return value ? value : preset;
}

/* What slipway-step itself needs; the command gets less. */
static void fill_environment(char (*texts)[1024], const char **ret_envp)
{
    static const char *const NAMES[] = { "PATH",     "HOME",       "SSL_CERT_FILE", "HTTPS_PROXY",
                                         "NO_PROXY", "http_proxy", "https_proxy",   "no_proxy" };
    size_t count = 0;
    for (size_t i = 0; i < SW_COUNT(NAMES); i++) {
        const char *value = environment_value(NAMES[i], i == 0 ? "/usr/local/bin:/usr/bin:/bin" : i == 1 ? "/" : NULL);
        if (!value)
            continue;
        (void)snprintf(texts[count], 1024, "%s=%s", NAMES[i], value);
        ret_envp[count] = texts[count];
        count++;
    }
    ret_envp[count] = NULL;
}

static struct sw_status spawn(const struct steps_spawn_options *options, int spec_fd, int control_fd)
{
    char deadman[24], runs[4200], texts[8][1024];
    const char *envp[9];
    pid_t pid;
    (void)snprintf(deadman, sizeof deadman, "%lld", (long long)options->deadman_ms);
    (void)snprintf(runs, sizeof runs, "%s/runs", options->state_dir);
    fill_environment(texts, envp);
    const char *argv[] = { options->supervisor, "--runs", runs,        "--secrets", options->secrets_dir,
                           "--deadman-ms",      deadman,  "--control", "3",         NULL };
    struct proc_fd fds[] = { { spec_fd, 0 }, { STDERR_FILENO, 2 }, { control_fd, 3 } };
    const struct proc_options process = {
        .argv = argv, .envp = envp, .fds = fds, .fd_count = SW_COUNT(fds), .new_session = true
    };
    return proc_spawn(&process, &pid);
}

static bool wait_for_room(int fd, int64_t until_ms)
{
    struct pollfd waiting = { .fd = fd, .events = POLLOUT };
    const int64_t left_ms = until_ms - sw_monotonic_ms();
    return left_ms > 0 && poll(&waiting, 1, (int)left_ms) >= 0; /* a signal: asked again */
}

/* The leader waits meanwhile: for a spec that is larger than a pipe, and only for so long. */
static bool write_all(int fd, const char *text, size_t length)
{
    const int64_t until_ms = sw_monotonic_ms() + HAND_OVER_MS;
    while (length > 0) {
        ssize_t written = write(fd, text, length);
        if (written < 0 && errno != EINTR && (errno != EAGAIN || !wait_for_room(fd, until_ms)))
            return false;
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        }
    }
    return true;
}

/* The spec goes through a pipe: it holds no secret, but it need not be on disk either. */
struct sw_status steps_spawn_spare(const struct steps_spawn_options *options, struct steps_spare *ret_spare)
{
    int pipe_fds[2], control_fds[2];
    if (pipe2(pipe_fds, O_CLOEXEC) != 0)
        return sw_fail(SW_CODE_IO, "cannot make a pipe: %s", strerror(errno));
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, control_fds) != 0) {
        close(pipe_fds[0]);
        close(pipe_fds[1]);
        return sw_fail(SW_CODE_IO, "cannot make a control connection: %s", strerror(errno));
    }
    (void)fcntl(pipe_fds[1], F_SETFL, O_NONBLOCK); /* of a pipe of our own it does not fail */
    struct steps_spare spare = { .spec_fd = pipe_fds[1], .control_fd = control_fds[0] };
    struct sw_status status = spawn(options, pipe_fds[0], control_fds[1]);
    close(pipe_fds[0]);
    close(control_fds[1]);
    if (sw_failed(status))
        steps_spare_drop(&spare);
    *ret_spare = spare;
    return status;
}

void steps_spare_drop(struct steps_spare *spare)
{
    if (spare->spec_fd >= 0)
        close(spare->spec_fd);
    if (spare->control_fd >= 0)
        close(spare->control_fd);
    *spare = (struct steps_spare){ .spec_fd = -1, .control_fd = -1 };
}

/* False: it died while it waited, or does not read. Nothing of the attempt begins before the whole spec is read, so
 * another may have it. */
static bool hand_over(struct steps_spare *spare, const char *spec, int *ret_control_fd)
{
    if (spare->spec_fd < 0)
        return false;
    bool handed = write_all(spare->spec_fd, spec, strlen(spec));
    if (handed) {
        *ret_control_fd = spare->control_fd;
        spare->control_fd = -1;
    }
    steps_spare_drop(spare);
    return handed;
}

struct sw_status steps_spawn(const struct steps_spawn_options *options, struct steps_spare *spare, const char *spec,
                             int *ret_control_fd)
{
    if (hand_over(spare, spec, ret_control_fd))
        return sw_ok();
    SW_TRY(steps_spawn_spare(options, spare));
    if (!hand_over(spare, spec, ret_control_fd))
        return sw_fail(SW_CODE_IO, "cannot hand the spec to the supervisor");
    return sw_ok();
}
