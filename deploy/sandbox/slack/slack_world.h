/* SPDX-License-Identifier: Apache-2.0
 * slack_world: the workspace: its channels (slack_channels.h) and every message (slack_messages.h).
 *
 * Whatever changes gets the next number of one sequence, so that the pages that wait know what is new to them.
 * Not thread-safe: callers hold the lock of `struct slack`. Out of memory ends the process; this is a simulator. */
#ifndef DEPLOY_SANDBOX_SLACK_WORLD_H
#define DEPLOY_SANDBOX_SLACK_WORLD_H

#include <stdint.h>

enum { SLACK_ID_SIZE = 32, SLACK_TS_SIZE = 24 };

struct slack_world;

struct slack_world *slack_world_new(void);
void slack_world_free(struct slack_world *world);
void slack_world_reset(struct slack_world *world);           /* the channels of the start, no messages */
uint64_t slack_world_epoch(const struct slack_world *world); /* another one after each reset and start */
uint64_t slack_world_sequence(const struct slack_world *world);
uint64_t slack_world_change(struct slack_world *world); /* the number of a change that happens now */
/* "1700000000.000001": never given twice, always growing, also over a reset. */
void slack_world_stamp(struct slack_world *world, char ret_ts[SLACK_TS_SIZE]);

#endif
