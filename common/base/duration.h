/* SPDX-License-Identifier: Apache-2.0
 * duration: how long incidents and their phases took, in the two forms that people read. The sign is dropped. For the
 * lengths of steps, with tenths of seconds, see timefmt.h. Pure. */
#ifndef COMMON_BASE_DURATION_H
#define COMMON_BASE_DURATION_H

#include <stdint.h>

enum { SW_DURATION_SHORT_SIZE = 40, SW_DURATION_LONG_SIZE = 80 };

/* "2d21h17m" from a day on, "1h0m" from an hour on, "59m40s" from a minute on, "3s". What is smaller is cut off. */
void sw_duration_short(int64_t duration_ms, char ret_text[SW_DURATION_SHORT_SIZE]);

/* "2 days, 21 hours, 17 minutes", "1 hour, 0 minutes", "29 minutes", "3 seconds". The largest unit is chosen first,
 * then the last one is rounded, half up; so 59 m 40 s is "60 minutes" and 23 h 59 m 40 s "23 hours, 60 minutes". */
void sw_duration_long(int64_t duration_ms, char ret_text[SW_DURATION_LONG_SIZE]);

#endif
