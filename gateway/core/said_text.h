/* SPDX-License-Identifier: Apache-2.0
 * said_text: what a person said, as people will read it again: Slack's markup resolved, lines kept.
 *
 * <@U1|ann> becomes <@U1> (a mention stays one), <#C1|ops> #ops, <#C1> stays; <!here> @here, <!subteam^S1|@sre> @sre;
 * <https://a|https://a/b> what was typed, <https://a|b> "b (https://a)"; mailto: goes; &amp; &lt; &gt; are decoded
 * once, after all that. No-break spaces become spaces, characters without width go, and so do blanks at both ends.
 * Pure. slack_text.h is its sibling for words that a machine reads. */
#ifndef GATEWAY_CORE_SAID_TEXT_H
#define GATEWAY_CORE_SAID_TEXT_H

#include "common/base/status.h"

/* free() the result. SW_CODE_TOO_LARGE above 4,000 bytes, SW_CODE_NO_MEMORY. text must be valid UTF-8. */
struct sw_status said_text_resolve(const char *text, char **ret_text) SW_MUST_CHECK;

#endif
