/* SPDX-License-Identifier: Apache-2.0
 * escape: other people's text on its way into a Slack message: &, < and > become entities, control characters go, and
 * what is too long is cut between characters, never inside an entity.
 *
 * Lengths are in units of UTF-16, as clients of Slack count; that is never less than its characters. Pure.
 * Sources: shared/reference/slack.md 6.1 and 6.3. */
#ifndef GATEWAY_CORE_ESCAPE_H
#define GATEWAY_CORE_ESCAPE_H

#include "common/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum escape_kind {
    ESCAPE_TEXT,     /* sentences of ours: lines and `words` between back-quotes stay */
    ESCAPE_LINE,     /* one line of anybody's; back-quotes become harmless */
    ESCAPE_BLOCK,    /* several lines of anybody's, for between ``` and ``` */
    ESCAPE_SAID,     /* one line of a person's words: <@U1>, <#C1> and addresses of the web stay what they are */
    ESCAPE_SENTENCE, /* as ESCAPE_TEXT, and mentions and addresses stay what they are */
    ESCAPE_PLAIN,    /* one line for an object of type plain_text, where nothing is an entity */
};

size_t escape_units(const char *text);
/* Appends at most max_units; what was cut ends in "…". */
void escape_put(struct sw_buf *buf, enum escape_kind kind, const char *text, size_t max_units);
/* `text`; nothing for "". */
void escape_put_code(struct sw_buf *buf, const char *text, size_t max_units);
/* <@U123>; what is no user's id is shown as code; nothing for "". */
void escape_put_user(struct sw_buf *buf, const char *user);
/* <#C123>; what is no channel's id is shown as code; nothing for "". */
void escape_put_channel(struct sw_buf *buf, const char *channel);
/* <url|label> when the url is one of the web and can stand there, else the label alone; a NULL label is the url. */
void escape_put_link(struct sw_buf *buf, const char *url, const char *label, size_t max_units);
/* Whether a text is a web address that a link or a button may have: http or https, no blank or control character. */
bool escape_is_url(const char *text);
/* A date token, in the reader's time zone: "12:00:05"; with the day when it is more than 12 h from now_ms. */
void escape_put_time(struct sw_buf *buf, int64_t at_ms, int64_t now_ms);

#endif
