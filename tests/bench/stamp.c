/* SPDX-License-Identifier: Apache-2.0
 * bench-stamp FILE [MILLISECONDS]: a deployment step that notes when it began and when it ended, as
 * "ATTEMPT begin|end NANOSECONDS" of CLOCK_REALTIME. Linked statically: a dynamic linker's time is not Slipway's. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void note(int fd, const char *what)
{
    char line[256];
    struct timespec now;
    const char *attempt = getenv("SLIPWAY_ATTEMPT");
    clock_gettime(CLOCK_REALTIME, &now);
    (void)snprintf(line, sizeof line, "%s %s %lld%09ld\n", attempt ? attempt : "-", what, (long long)now.tv_sec,
                   now.tv_nsec);
    if (write(fd, line, strlen(line)) < 0)
        _exit(1);
}

int main(int argc, char **argv)
{
    int fd = argc > 1 ? open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666) : -1;
    if (fd < 0)
        return 1;
    note(fd, "begin");
    long ms = argc > 2 ? atol(argv[2]) : 0;
    if (ms > 0)
        (void)nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
    note(fd, "end");
    return 0;
}
