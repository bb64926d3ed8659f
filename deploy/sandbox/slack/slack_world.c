/* SPDX-License-Identifier: Apache-2.0
 * slack_world: its life, its sequence and its time stamps. */
#include "deploy/sandbox/slack/slack_world.h"

#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_world_internal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct slack_world *slack_world_new(void)
{
    struct slack_world *world = calloc(1, sizeof(*world));
    assert(world);
    slack_world_reset(world);
    return world;
}

void slack_world_reset(struct slack_world *world)
{
    slack_world_drop_messages(world, world->count);
    slack_world_drop_channels(world);
    slack_world_seed_channels(world);
    world->epoch = (uint64_t)sw_random32();
    world->sequence++;
}

void slack_world_free(struct slack_world *world)
{
    if (!world)
        return;
    slack_world_drop_messages(world, world->count);
    slack_world_drop_channels(world);
    free(world->messages);
    free(world);
}

uint64_t slack_world_epoch(const struct slack_world *world) { return world->epoch; }
uint64_t slack_world_sequence(const struct slack_world *world) { return world->sequence; }
uint64_t slack_world_change(struct slack_world *world) { return ++world->sequence; }

void slack_world_stamp(struct slack_world *world, char ret_ts[SLACK_TS_SIZE])
{
    int64_t now_us = sw_wall_ms() * 1000;
    world->last_ts_us = now_us > world->last_ts_us ? now_us : world->last_ts_us + 1;
    (void)snprintf(ret_ts, SLACK_TS_SIZE, "%" PRId64 ".%06" PRId64, world->last_ts_us / 1000000,
                   world->last_ts_us % 1000000);
}
