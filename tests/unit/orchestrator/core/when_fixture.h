/* SPDX-License-Identifier: Apache-2.0
 * when_fixture: rows of what is typed and the UTC that it means, read with the system's time zones. */
#ifndef TESTS_UNIT_ORCHESTRATOR_CORE_WHEN_FIXTURE_H
#define TESTS_UNIT_ORCHESTRATOR_CORE_WHEN_FIXTURE_H

#include "orchestrator/core/when.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "common/io/zones.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *typed, *utc; /* "2024-03-21 15:45:00"; NULL: refused */
};

static struct zones *zones;

static const struct sw_zone *zone_of(const char *name)
{
    const struct sw_zone *zone = NULL;
    assert_false(sw_failed(zones_get(zones, name, &zone)));
    return zone;
}

/* "2024-03-21 15:30:00" */
static inline int64_t at(const char *utc)
{
    char text[32];
    int64_t at_ms = 0;
    (void)snprintf(text, sizeof text, "%sZ", utc);
    assert_true(sw_rfc3339_parse(text, &at_ms));
    return at_ms;
}

static inline void utc_of(int64_t at_ms, char ret_text[20])
{
    char text[SW_RFC3339_SIZE];
    sw_rfc3339(at_ms, text);
    text[10] = ' ';
    text[19] = '\0';
    memcpy(ret_text, text, 20);
}

typedef struct sw_status reader(const char *, int64_t, const struct sw_zone *, struct when *);

static inline void check_refusal(struct sw_status status)
{
    const char *hint = strstr(status.text, "HINT: ");
    assert_int_equal(status.code, SW_CODE_INVALID);
    assert_non_null(hint);
    size_t quotes = 0;
    for (; *hint; hint++)
        quotes += *hint == '"';
    assert_int_equal(quotes, 6); /* three examples, none of them cut */
    assert_null(strchr(status.text, '\n'));
    assert_true(sw_utf8_valid(status.text, strlen(status.text)));
}

static inline void check(reader *read, const char *now, const char *zone, const struct row *row)
{
    struct when when = { 0 };
    char found[20] = "refused";
    struct sw_status status = read(row->typed, at(now), zone_of(zone), &when);
    if (sw_failed(status))
        check_refusal(status);
    else
        utc_of(when.at_ms, found);
    print_message("  %-40s %s %s\n", row->typed, found, status.text);
    assert_string_equal(found, row->utc ? row->utc : "refused");
    assert_int_equal(when.at_ms % 1000, 0);
}

static inline void check_all(const char *now, const char *zone, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(when_parse, now, zone, &rows[i]);
}

/* Thursday 2024-03-21, 11:30 in New York. */
static const char NOW[] = "2024-03-21 15:30:00";

static inline int set_up(void **state)
{
    (void)state;
    return sw_failed(zones_new(NULL, &zones));
}

static inline int tear_down(void **state)
{
    (void)state;
    zones_free(zones);
    return 0;
}

#endif
