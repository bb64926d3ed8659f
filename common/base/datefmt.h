/* SPDX-License-Identifier: Apache-2.0
 * datefmt: instants as people read them. Milliseconds since 1970 UTC, 0 meaning "absent": the text is then "". Pure. */
#ifndef COMMON_BASE_DATEFMT_H
#define COMMON_BASE_DATEFMT_H

#include "common/base/zone.h"

#include <stdint.h>

enum { SW_DATE_SIZE = 48, SW_DATE_SLACK_SIZE = 128 };

void sw_date_short(int64_t at_ms, char ret_text[SW_DATE_SIZE]); /* "Jan 25 05:52", UTC */
void sw_date_utc(int64_t at_ms, char ret_text[SW_DATE_SIZE]);   /* "2024-01-25 05:52 UTC" */
void sw_date_iso(int64_t at_ms, char ret_text[SW_DATE_SIZE]);   /* "2024-01-25T05:52:55.000+00:00" */

/* "2024-01-25 00:52 EST": the zone's clock and what it is called then. NULL is UTC. */
void sw_date_local(int64_t at_ms, const struct sw_zone *zone, char ret_text[SW_DATE_SIZE]);

/* Slack's token: each reader sees the day and the time in the own zone; what cannot show that says
 * "2024-01-25 05:52:55 +00:00 (UTC)". Markup: it is not escaped again. */
void sw_date_slack(int64_t at_ms, char ret_text[SW_DATE_SLACK_SIZE]);

#endif
