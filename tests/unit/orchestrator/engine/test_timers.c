/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/engine/idmap.h"
#include "orchestrator/engine/timers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void test_the_earliest_comes_first(void **state)
{
    (void)state;
    struct timers timers = { 0 };
    for (int64_t i = 0; i < 500; i++) {
        struct timer_item item = { .due_ms = (i * 7919) % 1000 };
        assert_true(timers_add(&timers, &item));
    }
    int64_t last_ms = -1;
    size_t count = 0;
    for (const struct timer_item *first; (first = timers_first(&timers)); count++) {
        assert_true(first->due_ms >= last_ms);
        last_ms = first->due_ms;
        timers_drop_first(&timers);
    }
    assert_int_equal(count, 500);
    timers_drop_first(&timers); /* of none: nothing happens */
    timers_release(&timers);
}

static void test_names_are_found_after_growth_and_removal(void **state)
{
    (void)state;
    static char keys[1000][8];
    struct idmap map = { 0 };
    assert_null(idmap_get(&map, "x"));
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(keys[i], sizeof keys[i], "k%d", i);
        assert_true(idmap_put(&map, keys[i], keys[i]));
    }
    for (int i = 0; i < 1000; i += 2)
        idmap_remove(&map, keys[i]);
    idmap_remove(&map, "absent");
    assert_int_equal(map.count, 500);
    for (int i = 0; i < 1000; i++)
        assert_ptr_equal(idmap_get(&map, keys[i]), i % 2 ? keys[i] : NULL);
    idmap_release(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_earliest_comes_first),
        cmocka_unit_test(test_names_are_found_after_growth_and_removal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
