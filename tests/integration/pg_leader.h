/* SPDX-License-Identifier: Apache-2.0
 * pg_leader: one store that leads on an empty schema, for each test of a program. */
#ifndef TESTS_INTEGRATION_PG_LEADER_H
#define TESTS_INTEGRATION_PG_LEADER_H

#include "tests/integration/pg_fixture.h"

static struct fixture_store leader;

static inline int begin_leading(void **state)
{
    leader = (struct fixture_store){ 0 };
    (void)fixture_empty(state);
    fixture_open(&leader, "one", 5000);
    fixture_acquire(&leader);
    return 0;
}

static inline int end_leading(void **state)
{
    (void)state;
    fixture_close(&leader);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_leading, end_leading)

#endif
