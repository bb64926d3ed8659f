/* SPDX-License-Identifier: Apache-2.0
 * sweep: a story is told once as it is, and once for each call that the engine made to the world then, with a fault at
 * that call. Each time it has to end as it did without one. */
#ifndef TESTS_SCENARIO_WORLD_SWEEP_H
#define TESTS_SCENARIO_WORLD_SWEEP_H

#include "tests/scenario/world/world.h"

struct sweep {
    struct world *(*begin)(void);
    void (*live)(struct world *world); /* tells the story, and asserts what became of it; fault_at 0: without a fault */
    void (*end)(struct world *world);
    int calls_at_least; /* with fewer it would show little */
};

void sweep_run(const struct sweep *sweep, enum world_fault fault);
/* A test's teardown: says which fault it was that the story did not survive. */
int sweep_tell(void **state);

/* The test gets the sweep as its state. */
#define SWEEP_TEST(test, sweep)                                                                                        \
    cmocka_unit_test_prestate_setup_teardown(test, NULL, sweep_tell, (void *)(uintptr_t)(sweep))

#endif
