/* SPDX-License-Identifier: Apache-2.0
 * escape: other people's text on its way into a Slack message: &, < and > become entities, control characters go, and
 * what is too long is cut between characters, never inside an entity.
 *
 * Lengths are in units of UTF-16, as clients of Slack count; that is never less than its characters. Pure.
 * Sources: shared/reference/slack.md 6.1 and 6.3. */
#ifndef GATEWAY_CORE_ESCAPE_H
#define GATEWAY_CORE_ESCAPE_H

#include "common/base/buf.h"

#include <stdint.h>

enum escape_kind {
    ESCAPE_TEXT,  /* sentences of ours: lines and `words` between back-quotes stay */
    ESCAPE_LINE,  /* one line of anybody's; back-quotes become harmless */
    ESCAPE_BLOCK, /* several lines of anybody's, for between ``` and ``` */
};

size_t escape_units(const char *text);
/* Appends at most max_units; what was cut ends in "…". */
void escape_put(struct sw_buf *buf, enum escape_kind kind, const char *text, size_t max_units);
/* `text`; nothing for "". */
void escape_put_code(struct sw_buf *buf, const char *text, size_t max_units);
/* <@U123>; what is no user's id is shown as code; nothing for "". */
void escape_put_user(struct sw_buf *buf, const char *user);
/* A date token, in the reader's time zone: "12:00:05"; with the day when it is more than 12 h from now_ms. */
void escape_put_time(struct sw_buf *buf, int64_t at_ms, int64_t now_ms);

#endif
