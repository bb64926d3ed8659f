/* SPDX-License-Identifier: Apache-2.0
 * timefmt: times and durations as text. Times are int64 milliseconds since 1970 UTC, 0 meaning "absent". */
#ifndef COMMON_BASE_TIMEFMT_H
#define COMMON_BASE_TIMEFMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SW_RFC3339_SIZE = 25, SW_DURATION_SIZE = 24 };

/* "2026-09-01T12:00:00.123Z" (RFC 3339, UTC). */
void sw_rfc3339(int64_t at_ms, char ret_text[SW_RFC3339_SIZE]);
bool sw_rfc3339_parse(const char *text, int64_t *ret_at_ms); /* any offset, optional fraction, a day that there is */

/* For people: "850 ms", "4.2 s", "2 m 10 s", "1 h 05 m". */
void sw_duration(int64_t duration_ms, char ret_text[SW_DURATION_SIZE]);
/* For configuration: 250ms 30s 10m 2h 0; at most 30 days. */
bool sw_duration_parse(const char *text, int64_t *ret_duration_ms);

#endif
