/* SPDX-License-Identifier: Apache-2.0
 * zone: a time zone as immutable data, read from the bytes of a TZif file. Pure: who finds the file is common/io/zones.
 *
 * Times are milliseconds since 1970 UTC; a local time is what the wall clock shows, as milliseconds since 1970 on that
 * clock. Zones may be read by any number of threads. Beyond the last transition of the file its POSIX TZ rule holds,
 * for ever; before the first, its first type (RFC 9636, 3.2).
 * Source: RFC 9636 (TZif versions 1 to 4, and RFC 8536). Files with leap seconds ("right/...") are refused: their
 * clock is not the one that everybody else counts with. */
#ifndef COMMON_BASE_ZONE_H
#define COMMON_BASE_ZONE_H

#include "common/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sw_zone;

/* name: what the zone is called ("Europe/Berlin"), copied. SW_CODE_INVALID when the bytes are no TZif file, or a
 * broken one. The caller frees. */
struct sw_status sw_zone_parse(const char *name, const void *bytes, size_t length,
                               struct sw_zone **ret_zone) SW_MUST_CHECK;
void sw_zone_free(struct sw_zone *zone);
const struct sw_zone *sw_zone_utc(void); /* needs no file; never freed */

const char *sw_zone_name(const struct sw_zone *zone);

struct sw_zone_clock {
    int32_t offset_s; /* local minus UTC */
    bool dst;
    const char *abbreviation; /* "CEST", "+0545"; lives as long as the zone */
};

/* UTC to local: the clock in force. */
struct sw_zone_clock sw_zone_clock_at(const struct sw_zone *zone, int64_t at_ms);
int64_t sw_zone_local_ms(const struct sw_zone *zone, int64_t at_ms);

enum sw_zone_fit {
    SW_ZONE_ONCE,  /* the wall clock shows it once */
    SW_ZONE_NEVER, /* skipped: clocks were put forward over it */
    SW_ZONE_TWICE, /* repeated: clocks were put back over it */
};

/* Local to UTC. `first_ms` reads the local time with the clock in force before the change, `second_ms` with the one
 * after it. So first_ms of a repeated time is its first occurrence and second_ms its last one; first_ms of a skipped
 * time is moved forward by the gap and second_ms is moved back by it. Once: both are the same. */
struct sw_zone_moment {
    enum sw_zone_fit fit;
    int64_t first_ms, second_ms;
};

struct sw_zone_moment sw_zone_moment(const struct sw_zone *zone, int64_t local_ms);

/* The offset that the zone itself means by an abbreviation (any case) in the clocks around that time: the one in force,
 * the one before it and the one after it. False when it uses no such word. */
bool sw_zone_abbreviation(const struct sw_zone *zone, const char *abbreviation, int64_t at_ms, int32_t *ret_offset_s);

#endif
