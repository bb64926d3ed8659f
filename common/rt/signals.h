/* SPDX-License-Identifier: Apache-2.0
 * signals: SIGTERM, SIGINT and SIGHUP as values that main waits for; SIGPIPE is ignored. sw_signals_init() is called by
 * main before any thread starts. */
#ifndef COMMON_RT_SIGNALS_H
#define COMMON_RT_SIGNALS_H

#include <stdint.h>

void sw_signals_init(void);
int sw_signals_fd(void);                 /* readable when a signal waits */
int sw_signals_wait(int64_t timeout_ms); /* the signal's number, 0 when none came; timeout_ms -1 waits for ever */

#endif
