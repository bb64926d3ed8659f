/* SPDX-License-Identifier: Apache-2.0
 * when: what people type for a time ("15 minutes ago", "yesterday 4pm", "2024-03-20 14:00") as an instant. English,
 * any case, blanks never matter. docs/dates.md has all that can be typed. Pure.
 *
 * - Whatever names no zone is meant in the caller's: bare times, days, ISO 8601 without an offset. `utc`, `gmt`, `z`
 *   and offsets (`+02:00`, `utc+2`) are understood behind a time; abbreviations (`est`, `cest`) first as the caller's
 *   own zone uses them, then as North America and Europe do, with the fixed offset that the word stands for.
 * - Counts are exact: "2 days ago" is 48 hours. Months and years keep the wall clock; a day that the month lacks
 * becomes its last. A count without a direction ("15 mins") lies in the past, as does "-15 mins".
 * - A bare time is today's, even if that is still to come. A bare number of up to two digits is an hour of 24, of three
 * or four digits a time ("345", "1545"); 2000 to 2099 is a year and refused unless a day or a zone stands beside it.
 * - A date without its year, and a weekday, is the latest that is not after today. "last monday" is the one of the week
 *   before this one, "next friday" of the week after it, "this friday" of this week; weeks begin on Monday.
 * - A day without a time begins at 00:00; "midnight" begins its day.
 * - Daylight saving: a time that the clocks skip is moved forward by the gap (2:30 becomes 3:30); of a time that they
 *   show twice the first is meant. `fit` tells; "1:30 est" decides.
 * - Impossible dates are refused, and so are those that read differently on the two sides of the Atlantic ("3/4/2024").
 */
#ifndef ORCHESTRATOR_CORE_WHEN_H
#define ORCHESTRATOR_CORE_WHEN_H

#include "common/base/status.h"
#include "common/base/zone.h"

#include <stdint.h>

enum { WHEN_TEXT_MAX = 200 };

struct when {
    int64_t at_ms; /* whole seconds, from 1970 to 2199 */
    enum sw_zone_fit fit;
    bool whole_day; /* a day was given, and no time */
};

/* zone: the caller's; NULL is UTC. SW_CODE_INVALID says what was not understood, with "HINT: " and three examples; the
 * text quotes what was typed and is fit for one line. */
struct sw_status when_parse(const char *text, int64_t now_ms, const struct sw_zone *zone,
                            struct when *ret_when) SW_MUST_CHECK;

/* The end of a pause: "30m", "for 2 hours", "until 15:00", "tomorrow 9am", "friday". The same language, read forward:
 * what is ambiguous is the next one after now, a count lies ahead, and a day without a time begins at 09:00, when
 * people come in. SW_CODE_INVALID also when it is not after now, and for a bare number, which may be minutes or an
 * hour. */
struct sw_status when_parse_until(const char *text, int64_t now_ms, const struct sw_zone *zone,
                                  struct when *ret_when) SW_MUST_CHECK;

#endif
