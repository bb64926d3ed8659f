/* SPDX-License-Identifier: Apache-2.0
 * zones: time zones by their IANA names ("Europe/Berlin") out of the system's time zone database (Debian: package
 * tzdata), each read once.
 *
 * Threads: any. A zone lives until zones_free(), so callers keep the pointer; nothing is ever dropped, and a new
 * version of the database is seen after a restart. UTC needs no database. Names come from outside: they are letters,
 * digits and _ + - in up to four parts, so they cannot leave the directory. */
#ifndef COMMON_IO_ZONES_H
#define COMMON_IO_ZONES_H

#include "common/base/zone.h"

struct zones;

enum { ZONES_MAX = 1024, ZONES_NAME_SIZE = 64 }; /* the database has about 600 names */

/* directory: NULL means $TZDIR, or else /usr/share/zoneinfo. Copied. It is opened at the first need. */
struct sw_status zones_new(const char *directory, struct zones **ret_zones) SW_MUST_CHECK;
void zones_free(struct zones *zones);

/* NULL, "" and the names of UTC yield sw_zone_utc(). SW_CODE_INVALID: no such name can be; SW_CODE_NOT_FOUND: the
 * database has none; SW_CODE_FULL: ZONES_MAX are kept. */
struct sw_status zones_get(struct zones *zones, const char *name, const struct sw_zone **ret_zone) SW_MUST_CHECK;

#endif
