/* SPDX-License-Identifier: Apache-2.0
 * slack_resolve: a message that begins with a dot-word, as a person reads it: Slack's links become text, lines stay.
 * (slack_text makes slash commands fit for parsing into words; that is another form.) Pure.
 *
 *   <@U1|sally>                 <@U1>                      people stay mentions; the label is dropped
 *   <#C1|name>, <#C1>           #name                      of <#C1> by look-up; unknown ones stay
 *   <!here>, <!channel> ...     @here, @channel, @group, @everyone
 *   <!subteam^S1|@team>         @team                      any other label; without one it stays
 *   <https://e.com>             https://e.com
 *   <https://e.com/7|#7>        #7 (https://e.com/7)       the label alone when it holds the URL
 *   <http://e.com|e.com>        e.com                      Slack made the link of what was typed
 *   <mailto:a@b.c|a@b.c>        a@b.c
 *   &lt; &gt; &amp;             < > &                      once
 */
#ifndef GATEWAY_CORE_SLACK_RESOLVE_H
#define GATEWAY_CORE_SLACK_RESOLVE_H

#include "common/base/status.h"

struct slack_channel_names {
    /* The name of a channel without "#", or NULL; it must last until slack_resolve returns. */
    const char *(*name)(void *self, const char *channel_id);
    void *self;
};

/* channels may be NULL: no look-up. free() the result. SW_CODE_TOO_LARGE above 12,000 bytes (a message's limit),
 * SW_CODE_NO_MEMORY. */
struct sw_status slack_resolve(const char *text, const struct slack_channel_names *channels,
                               char **ret_text) SW_MUST_CHECK;

#endif
