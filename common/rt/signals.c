/* SPDX-License-Identifier: Apache-2.0 */
#include "common/rt/signals.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int signals_fd = -1;

void sw_signals_init(void)
{
    sigset_t handled;
    sigemptyset(&handled);
    sigaddset(&handled, SIGTERM);
    sigaddset(&handled, SIGINT);
    sigaddset(&handled, SIGHUP);
    int failed = sigprocmask(SIG_BLOCK, &handled, NULL);
    assert(!failed);
    signal(SIGPIPE, SIG_IGN);
    signals_fd = signalfd(-1, &handled, SFD_NONBLOCK | SFD_CLOEXEC);
    assert(signals_fd >= 0);
}

int sw_signals_fd(void) { return signals_fd; }

int sw_signals_wait(int64_t timeout_ms)
{
    struct pollfd waiting = { .fd = signals_fd, .events = POLLIN };
    if (poll(&waiting, 1, timeout_ms < 0 ? -1 : (int)timeout_ms) <= 0)
        return 0;
    struct signalfd_siginfo info;
    if (read(signals_fd, &info, sizeof info) != (ssize_t)sizeof info)
        return 0;
    return (int)info.ssi_signo;
}
