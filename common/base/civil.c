/* SPDX-License-Identifier: Apache-2.0
 * The conversions are Howard Hinnant's, "chrono-Compatible Low-Level Date Algorithms": years begin in March, so that
 * the leap day is the last. */
#include "common/base/civil.h"

int64_t sw_civil_days(int64_t year, int32_t month, int32_t day)
{
    int64_t shifted_year = month <= 2 ? year - 1 : year;
    int64_t era = (shifted_year >= 0 ? shifted_year : shifted_year - 399) / 400;
    int64_t year_of_era = shifted_year - era * 400;
    int64_t shifted_month = (month + 9) % 12;
    int64_t day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static struct sw_civil from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int32_t month = (int32_t)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return (struct sw_civil){ .year = year_of_era + era * 400 + (month <= 2),
                              .month = month,
                              .day = (int32_t)(day_of_year - (153 * shifted_month + 2) / 5 + 1) };
}

int32_t sw_civil_month_days(int64_t year, int32_t month)
{
    int64_t next = month == 12 ? sw_civil_days(year + 1, 1, 1) : sw_civil_days(year, month + 1, 1);
    return (int32_t)(next - sw_civil_days(year, month, 1));
}

int32_t sw_civil_weekday(int64_t days)
{
    int32_t weekday = (int32_t)((days + 4) % 7); /* 1970-01-01 was a Thursday */
    return weekday < 0 ? weekday + 7 : weekday;
}

int64_t sw_civil_to_ms(struct sw_civil civil)
{
    int64_t seconds = (civil.hour * 60LL + civil.minute) * 60 + civil.second;
    return sw_civil_days(civil.year, civil.month, civil.day) * SW_DAY_MS + seconds * SW_SECOND_MS + civil.ms;
}

struct sw_civil sw_civil_from_ms(int64_t at_ms)
{
    int64_t days = at_ms / SW_DAY_MS - (at_ms % SW_DAY_MS < 0);
    int32_t ms = (int32_t)(at_ms - days * SW_DAY_MS);
    struct sw_civil civil = from_days(days);
    civil.hour = ms / SW_HOUR_MS;
    civil.minute = ms / SW_MINUTE_MS % 60;
    civil.second = ms / SW_SECOND_MS % 60;
    civil.ms = ms % SW_SECOND_MS;
    return civil;
}
