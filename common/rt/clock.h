/* SPDX-License-Identifier: Apache-2.0
 * clock: the process's clocks, in milliseconds. Cores never call these: time comes with their input. */
#ifndef COMMON_RT_CLOCK_H
#define COMMON_RT_CLOCK_H

#include <stdint.h>

int64_t sw_wall_ms(void);      /* since 1970 UTC; may jump */
int64_t sw_monotonic_ms(void); /* never jumps; stands still while the machine sleeps */
int64_t sw_monotonic_us(void);
int64_t sw_boottime_ms(void); /* as monotonic, and counts sleep (CLOCK_BOOTTIME) */
uint32_t sw_random32(void);   /* getrandom(2); for jitter and instance ids */

#endif
