/* SPDX-License-Identifier: Apache-2.0 */
#include "common/rt/clock.h"

#include <assert.h>
#include <sys/random.h>
#include <time.h>

static int64_t read_us(clockid_t clock)
{
    struct timespec now;
    int failed = clock_gettime(clock, &now);
    assert(!failed); /* these clocks exist on every Linux */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t sw_wall_ms(void) { return read_us(CLOCK_REALTIME) / 1000; }
int64_t sw_monotonic_ms(void) { return read_us(CLOCK_MONOTONIC) / 1000; }
int64_t sw_monotonic_us(void) { return read_us(CLOCK_MONOTONIC); }
int64_t sw_boottime_ms(void) { return read_us(CLOCK_BOOTTIME) / 1000; }

uint32_t sw_random32(void)
{
    uint32_t random = 0;
    ssize_t got = getrandom(&random, sizeof random, 0);
    assert(got == (ssize_t)sizeof random); /* small reads are never interrupted */
    return random;
}
