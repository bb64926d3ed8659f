/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/timefmt.h"

#include "common/base/civil.h"
#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

void sw_rfc3339(int64_t at_ms, char ret_text[SW_RFC3339_SIZE])
{
    struct sw_civil civil = sw_civil_from_ms(at_ms);
    char text[64];
    (void)snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)civil.year,
                   (unsigned)civil.month, (unsigned)civil.day, (unsigned)civil.hour, (unsigned)civil.minute,
                   (unsigned)civil.second, (unsigned)civil.ms);
    (void)sw_copy(ret_text, SW_RFC3339_SIZE, text); /* longer only in year 10000 */
}

static bool digits(const char **text, size_t count, int64_t *ret_value)
{
    int64_t value = 0;
    for (size_t i = 0; i < count; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        value = value * 10 + (**text - '0');
    }
    *ret_value = value;
    return true;
}

static bool literal(const char **text, const char *set) { return **text && strchr(set, **text) && (*text)++; }

static bool fraction_ms(const char **text, int64_t *ret_ms)
{
    *ret_ms = 0;
    if (**text != '.')
        return true;
    (*text)++;
    int64_t scale = 100;
    if (**text < '0' || **text > '9')
        return false;
    for (; **text >= '0' && **text <= '9'; (*text)++, scale /= 10)
        *ret_ms += (**text - '0') * scale;
    return true;
}

static bool offset_ms(const char **text, int64_t *ret_ms)
{
    int64_t hours, minutes;
    if (literal(text, "Zz")) {
        *ret_ms = 0;
        return true;
    }
    int64_t sign = **text == '-' ? -1 : 1;
    if (!literal(text, "+-") || !digits(text, 2, &hours) || !literal(text, ":") || !digits(text, 2, &minutes))
        return false;
    *ret_ms = sign * (hours * 60 + minutes) * 60000;
    return hours < 24 && minutes < 60;
}

bool sw_rfc3339_parse(const char *text, int64_t *ret_at_ms)
{
    int64_t year, month, day, hour, minute, second, ms, offset;
    if (!digits(&text, 4, &year) || !literal(&text, "-") || !digits(&text, 2, &month) || !literal(&text, "-") ||
        !digits(&text, 2, &day) || !literal(&text, "Tt ") || !digits(&text, 2, &hour) || !literal(&text, ":") ||
        !digits(&text, 2, &minute) || !literal(&text, ":") || !digits(&text, 2, &second))
        return false;
    if (!fraction_ms(&text, &ms) || !offset_ms(&text, &offset) || *text)
        return false;
    if (month < 1 || month > 12 || day < 1 || day > sw_civil_month_days(year, (int32_t)month) || hour > 23 ||
        minute > 59 || second > 60)
        return false;
    int64_t days = sw_civil_days(year, (int32_t)month, (int32_t)day);
    *ret_at_ms = days * SW_DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms - offset;
    return true;
}

void sw_duration(int64_t duration_ms, char ret_text[SW_DURATION_SIZE])
{
    int64_t ms = duration_ms < 0 ? 0 : duration_ms;
    int64_t seconds = ms / 1000;
    if (ms < 1000)
        (void)snprintf(ret_text, SW_DURATION_SIZE, "%d ms", (int)ms);
    else if (ms < 60000)
        (void)snprintf(ret_text, SW_DURATION_SIZE, "%d.%d s", (int)seconds, (int)(ms % 1000 / 100));
    else if (ms < 3600000)
        (void)snprintf(ret_text, SW_DURATION_SIZE, "%d m %02d s", (int)(seconds / 60), (int)(seconds % 60));
    else
        (void)snprintf(ret_text, SW_DURATION_SIZE, "%lld h %02d m", (long long)(seconds / 3600 % 1000000),
                       (int)(seconds / 60 % 60));
}

bool sw_duration_parse(const char *text, int64_t *ret_duration_ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } UNITS[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
    static const int64_t MAX_MS = 30LL * SW_DAY_MS;
    size_t count = strspn(text, "0123456789");
    char number[12];
    int64_t value;
    if (count == 0 || count >= sizeof number)
        return false;
    memcpy(number, text, count);
    number[count] = '\0';
    if (!sw_parse_i64(number, 0, MAX_MS, &value))
        return false;
    if (value == 0 && text[count] == '\0') {
        *ret_duration_ms = 0;
        return true;
    }
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
        if (strcmp(text + count, UNITS[i].unit) == 0 && value <= MAX_MS / UNITS[i].ms) {
            *ret_duration_ms = value * UNITS[i].ms;
            return true;
        }
    return false;
}
