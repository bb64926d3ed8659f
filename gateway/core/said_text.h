/* SPDX-License-Identifier: Apache-2.0
 * said_text: what a person said, ready to be read as a command and kept: Slack's markup resolved (slack_resolve.h),
 * lines kept, no-break spaces made spaces, characters without width and blanks at both ends gone. Pure. */
#ifndef GATEWAY_CORE_SAID_TEXT_H
#define GATEWAY_CORE_SAID_TEXT_H

#include "common/base/status.h"

/* free() the result. SW_CODE_TOO_LARGE above 4,000 bytes, SW_CODE_NO_MEMORY. text must be valid UTF-8. */
struct sw_status said_text_resolve(const char *text, char **ret_text) SW_MUST_CHECK;

#endif
