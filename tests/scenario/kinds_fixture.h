/* SPDX-License-Identifier: Apache-2.0
 * kinds_fixture: a world with deployments and with buoys, a kind that the product does not have. It is in the table of
 * kinds of whoever includes this, once in a program. */
#ifndef TESTS_SCENARIO_KINDS_FIXTURE_H
#define TESTS_SCENARIO_KINDS_FIXTURE_H

#include "common/base/text.h"
#include "orchestrator/core/deployment.h"
#include "orchestrator/core/kind_table.h"
#include "tests/scenario/world/buoy.h"
#include "tests/scenario/world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct wf_kind *const KIND_TABLE[] = { &DEPLOYMENT_KIND, &BUOY_KIND };
const size_t KIND_TABLE_COUNT = SW_COUNT(KIND_TABLE);
const struct kind_join KIND_JOIN = { .change = "deployment", .changes = "deployments", .trouble = "buoy" };

static const char CONFIG[] = "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{"
                             "\"site\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"},"
                             "\"shop\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"}},"
                             "\"pipelines\":{\"one\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./build\"]}]}}}";

static inline struct world *new_world(void)
{
    struct world *world = malloc(sizeof *world);
    world_init(world, CONFIG, NULL, 0);
    world->lease_is_provably_dead = true;
    return world;
}

static inline void end_world(struct world *world)
{
    world_release(world);
    free(world);
}

static inline const char *say(struct world *world, const char *tag, const char *name, const char *args)
{
    const char *id = world_id('b', tag);
    world_say(world, tag, name, id, args);
    return id;
}

/* A command that names no workflow. */
static inline void hail(struct world *world, const char *tag, const char *args)
{
    world_say(world, tag, "hail", "", args);
}

static inline const char *deploy(struct world *world, const char *tag, const char *service)
{
    char args[64];
    (void)snprintf(args, sizeof args, "{\"service\":\"%s\"}", service);
    return world_deploy(world, tag, args);
}

#endif
