/* SPDX-License-Identifier: Apache-2.0
 * redact: overwrites with *** what looks like a secret of Slack or of HTTP: xoxb-... and its kin, xapp-..., "Bearer
 * ...", v0=<hex>, the path of hooks.slack.com and of /commands/ and /actions/ URLs. The last barrier, not the first. */
#ifndef COMMON_BASE_REDACT_H
#define COMMON_BASE_REDACT_H

void sw_redact(char *text); /* in place; the text never grows */

#endif
