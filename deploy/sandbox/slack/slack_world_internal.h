/* SPDX-License-Identifier: Apache-2.0
 * slack_world_internal: the world's state, for slack_world.c, slack_channels.c and slack_messages.c alone. */
#ifndef DEPLOY_SANDBOX_SLACK_WORLD_INTERNAL_H
#define DEPLOY_SANDBOX_SLACK_WORLD_INTERNAL_H

#include "deploy/sandbox/slack/slack_channels.h"
#include "deploy/sandbox/slack/slack_messages.h"

struct slack_world {
    struct slack_channel *channels[SLACK_MAX_CHANNELS];
    size_t channel_count;
    uint64_t channels_made; /* for their ids */
    struct slack_message **messages;
    size_t count, capacity;
    uint64_t sequence;
    uint64_t epoch;
    int64_t last_ts_us; /* survives a reset */
};

void slack_world_seed_channels(struct slack_world *world); /* those that are there from the start */
void slack_world_drop_channels(struct slack_world *world);
void slack_world_drop_messages(struct slack_world *world, size_t count); /* the oldest */

#endif
