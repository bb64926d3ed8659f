/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenario/world/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct world *under_way; /* a failed assertion leaves it */

static int tell_with(const struct sweep *sweep, enum world_fault fault, int at)
{
    struct world *world = sweep->begin();
    world->fault = fault;
    world->fault_at = at;
    under_way = world;
    sweep->live(world);
    under_way = NULL;
    int calls = world->calls;
    sweep->end(world);
    return calls;
}

void sweep_run(const struct sweep *sweep, enum world_fault fault)
{
    int calls = tell_with(sweep, fault, 0);
    assert_true(calls >= sweep->calls_at_least);
    for (int at = 1; at <= calls; at++)
        (void)tell_with(sweep, fault, at);
}

int sweep_tell(void **state)
{
    (void)state;
    if (under_way)
        print_message("fault %d at call %d (%s)\n", (int)under_way->fault, under_way->fault_at, under_way->faulted);
    under_way = NULL;
    return 0;
}
