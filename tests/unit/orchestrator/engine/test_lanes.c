/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/engine/lanes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { COUNT = 100 };

static void fill(struct lane *lane, struct entry *entries, struct wf *wfs)
{
    for (int i = 0; i < COUNT; i++) {
        wfs[i] = (struct wf){ .number = i + 1 };
        entries[i] = (struct entry){ .wf = &wfs[i] };
        assert_true(lane_join(lane, &entries[i]));
    }
}

static void test_order_places_and_leaving(void **state)
{
    (void)state;
    static struct entry entries[COUNT];
    static struct wf wfs[COUNT];
    struct lanes lanes = { 0 };
    struct lane *lane = lanes_get(&lanes, "main");
    assert_ptr_equal(lanes_get(&lanes, "main"), lane);
    fill(lane, entries, wfs);
    assert_int_equal(lane_length(lane), COUNT);
    assert_int_equal(lane_position(lane, &entries[41]), 42);
    lane_leave(lane, &entries[0]);
    lane_leave(lane, &entries[10]);
    lane_leave(lane, &entries[10]); /* twice changes nothing */
    assert_true(lane->moved);
    assert_int_equal(lane_length(lane), COUNT - 2);
    assert_ptr_equal(lane_first(lane), &entries[1]);
    assert_int_equal(lane_position(lane, &entries[41]), 40);
    assert_int_equal(lane_position(lane, &entries[10]), 0);
    assert_ptr_equal(lane_at(lane, 40), &entries[41]);
    assert_null(lane_at(lane, COUNT));
    lanes_release(&lanes);
}

static void test_the_room_of_those_who_left_is_used_again(void **state)
{
    (void)state;
    static struct entry entries[COUNT];
    static struct wf wfs[COUNT];
    struct lanes lanes = { 0 };
    struct lane *lane = lanes_get(&lanes, "main");
    for (int round = 0; round < COUNT; round++) {
        wfs[round] = (struct wf){ .number = round + 1 };
        entries[round] = (struct entry){ .wf = &wfs[round] };
        assert_true(lane_join(lane, &entries[round]));
        assert_ptr_equal(lane_first(lane), &entries[round]);
        lane_leave(lane, &entries[round]);
    }
    assert_null(lane_first(lane));
    assert_true(lane->capacity <= 16);
    lanes_release(&lanes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_places_and_leaving),
        cmocka_unit_test(test_the_room_of_those_who_left_is_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
