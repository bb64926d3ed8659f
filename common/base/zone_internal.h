/* SPDX-License-Identifier: Apache-2.0
 * zone_internal: the parts of a zone, for zone*.c alone. Seconds here, as in the files. */
#ifndef COMMON_BASE_ZONE_INTERNAL_H
#define COMMON_BASE_ZONE_INTERNAL_H

#include "common/base/attrs.h"
#include "common/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ZONE_OFFSET_MIN_S = -89999, /* RFC 9636, 3.2: -24:59:59 to 25:59:59 */
    ZONE_OFFSET_MAX_S = 93599,
    ZONE_WORD_SIZE = 16,
    ZONE_RULE_TEXT_MAX = 255,
};

struct zone_type {
    int32_t offset_s;
    bool dst;
    char abbreviation[ZONE_WORD_SIZE];
};

/* When a clock changes each year: POSIX.1-2017, 8.3, "TZ". */
enum zone_rule_kind { ZONE_RULE_JULIAN, ZONE_RULE_DAY, ZONE_RULE_MONTH };
struct zone_rule {
    enum zone_rule_kind kind;
    int32_t month, week, day; /* Mm.w.d; the others have a day alone */
    int32_t time_s;           /* local, from midnight; -167 to 167 hours */
};

struct zone_tail {
    bool present, changes; /* changes: there is summer time */
    struct zone_type standard, summer;
    struct zone_rule begin, end; /* of summer time */
};

/* A clock, and the time for which it holds: begin_s <= t < end_s. */
struct zone_period {
    int64_t begin_s, end_s; /* INT64_MIN, INT64_MAX: open */
    const struct zone_type *type;
};

/* text: length bytes without the newlines around them, not empty. False: not understood. */
bool zone_tail_parse(const char *text, size_t length, struct zone_tail *ret_tail);
struct zone_period zone_tail_period(const struct zone_tail *tail, int64_t at_s);

#endif
