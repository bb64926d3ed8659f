/* SPDX-License-Identifier: Apache-2.0
 * civil: the proleptic Gregorian calendar as arithmetic, without any time zone: days since 1970-01-01, and the fields
 * of a wall clock. gmtime and timegm read the environment, this does not. Pure. */
#ifndef COMMON_BASE_CIVIL_H
#define COMMON_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

enum { SW_SECOND_MS = 1000, SW_MINUTE_MS = 60000, SW_HOUR_MS = 3600000, SW_DAY_MS = 86400000 };

struct sw_civil {
    int64_t year;
    int32_t month, day; /* 1-12, 1-31 */
    int32_t hour, minute, second, ms;
};

/* Days since 1970-01-01. A day beyond its month (or before it) counts on into the neighbour. */
int64_t sw_civil_days(int64_t year, int32_t month, int32_t day);
int32_t sw_civil_month_days(int64_t year, int32_t month); /* 28-31 */
int32_t sw_civil_weekday(int64_t days);                   /* 0 is Sunday */

/* Milliseconds since 1970-01-01 00:00 on the same clock, and back. */
int64_t sw_civil_to_ms(struct sw_civil civil);
struct sw_civil sw_civil_from_ms(int64_t at_ms);

#endif
