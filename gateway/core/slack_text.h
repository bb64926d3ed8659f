/* SPDX-License-Identifier: Apache-2.0
 * slack_text: what a person typed, made fit for parsing: Slack's escapes resolved (<@U1|n> becomes @U1, <https://a|b>
 * becomes https://a), &amp; &lt; &gt; decoded once, what keyboards "correct" undone, spaces collapsed. Pure.
 *
 * The original goes into the record; this form is for the parser alone. */
#ifndef GATEWAY_CORE_SLACK_TEXT_H
#define GATEWAY_CORE_SLACK_TEXT_H

#include "common/base/status.h"

/* free() the result. SW_CODE_TOO_LARGE above 4,000 bytes, SW_CODE_NO_MEMORY. text must be valid UTF-8. */
struct sw_status slack_text_normalise(const char *text, char **ret_text) SW_MUST_CHECK;

#endif
