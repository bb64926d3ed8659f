/* SPDX-License-Identifier: Apache-2.0
 * Source of the names: Prometheus, "Writing client libraries", process metrics; proc(5) for the figures. */
#include "common/rt/metrics_process.h"

#include "common/rt/clock.h"
#include "common/rt/metrics.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static struct sw_metric *resident_bytes, *cpu_seconds, *open_fds;

void metrics_process_init(void)
{
    resident_bytes = sw_gauge("process_resident_memory_bytes", NULL, "Resident memory in bytes.");
    cpu_seconds = sw_counter("process_cpu_seconds_total", NULL, "User and system processor time in seconds.");
    open_fds = sw_gauge("process_open_fds", NULL, "Open file descriptors.");
    sw_metric_set(sw_gauge("process_start_time_seconds", NULL, "When the process started, in seconds since 1970."),
                  (double)sw_wall_ms() / 1000.0);
}

static double read_resident_bytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static double count_fds(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    if (!directory)
        return 0;
    while (readdir(directory))
        count++;
    closedir(directory);
    return count - 3; /* ".", ".." and the directory itself */
}

void metrics_process_update(void)
{
    struct rusage usage;
    if (!resident_bytes)
        return;
    sw_metric_set(resident_bytes, read_resident_bytes());
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        sw_metric_set(cpu_seconds, seconds(usage.ru_utime) + seconds(usage.ru_stime));
    sw_metric_set(open_fds, count_fds());
}
