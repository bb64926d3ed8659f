/* SPDX-License-Identifier: Apache-2.0
 * slack_delay: things to do a while from now, on one thread: late answers, waiting pages, retries of event deliveries.
 */
#ifndef DEPLOY_SANDBOX_SLACK_DELAY_H
#define DEPLOY_SANDBOX_SLACK_DELAY_H

#include "common/base/status.h"

#include <stdint.h>

struct slack_delay;

struct sw_status slack_delay_new(struct slack_delay **ret_delay) SW_MUST_CHECK;
/* run is called exactly once, on the delay's thread; it may add again. Any thread. */
void slack_delay_add(struct slack_delay *delay, int64_t after_ms, void (*run)(void *self), void *self);
/* Runs what is left at once, so that nobody waits for ever, and joins the thread. From then on slack_delay_stopping()
 * is true, and who sees that adds nothing. NULL allowed. */
void slack_delay_stop(struct slack_delay *delay);
void slack_delay_free(struct slack_delay *delay); /* stops; runs what was added nevertheless */
bool slack_delay_stopping(struct slack_delay *delay);

#endif
