/* SPDX-License-Identifier: Apache-2.0
 * The reminders of several incidents while the leader dies again and again: those of a leader that lives, neither more
 * nor fewer, and none of them late. */
#include "tests/scenario/incidents_fixture.h"

enum { INCIDENTS = 6, SEEDS = 12, RUN_MS = 45000, LATE_MS = 1500, LEAST_LIFE_MS = 20, LONGEST_LIFE_MS = 1200 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static struct harbour *declare_all(void)
{
    struct harbour *harbour = harbour_new(false);
    for (int i = 0; i < INCIDENTS; i++) {
        char tag[16];
        (void)snprintf(tag, sizeof tag, "t%d", i);
        (void)harbour_declare(harbour, tag, json_pack("{ss si}", "title", "Nothing loads", "priority", 1));
    }
    return harbour;
}

/* seed 0: nobody dies. */
static struct harbour *live(uint32_t seed)
{
    struct harbour *harbour = declare_all();
    const int64_t end_ms = harbour->world->now_ms + RUN_MS;
    while (harbour->world->now_ms < end_ms) {
        int64_t life_ms = RUN_MS;
        if (seed)
            life_ms = LEAST_LIFE_MS + next_random(&seed) % (LONGEST_LIFE_MS - LEAST_LIFE_MS);
        harbour_run(harbour, life_ms < end_ms - harbour->world->now_ms ? life_ms : end_ms - harbour->world->now_ms);
        if (seed)
            world_kill(harbour->world);
    }
    harbour_run(harbour, LATE_MS); /* what was due at the end is there */
    return harbour;
}

static bool is_reminder(const struct harbour_order *order) { return sw_equal(jx_string(order->order, "card"), "nag"); }

static const struct harbour_order *find(const struct harbour *harbour, const struct harbour_order *wanted)
{
    for (size_t i = 0; i < harbour->order_count; i++)
        if (sw_equal(harbour->orders[i].workflow, wanted->workflow) && sw_equal(harbour->orders[i].key, wanted->key))
            return &harbour->orders[i];
    return NULL;
}

/* How many of them there were before the end; those at its very edge may be on either side of it. */
static size_t assert_contains(const struct harbour *harbour, const struct harbour *other)
{
    size_t count = 0;
    int64_t edge_ms = other->world->now_ms - 2 * LATE_MS;
    for (size_t i = 0; i < other->order_count; i++) {
        const struct harbour_order *wanted = &other->orders[i];
        if (!is_reminder(wanted) || wanted->at_ms > edge_ms)
            continue;
        const struct harbour_order *found = find(harbour, wanted);
        if (!found)
            fail_msg("%s of %s at %lld ms is missing", wanted->key, wanted->workflow, (long long)wanted->at_ms);
        assert_true(is_reminder(found));
        assert_in_range(found->at_ms - wanted->at_ms + LATE_MS, 0, 2 * LATE_MS);
        count++;
    }
    return count;
}

static void test_who_dies_often_reminds_as_who_lives(void **state)
{
    (void)state;
    struct harbour *lives = live(0);
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        struct harbour *dies = live(seed);
        assert_true(dies->world->deaths > RUN_MS / LONGEST_LIFE_MS);
        assert_true(assert_contains(dies, lives) >= (size_t)INCIDENTS * 8);
        (void)assert_contains(lives, dies);
        for (size_t i = 0; i < dies->headline_count; i++)
            harbour_check(dies, dies->headlines[i]);
        assert_int_equal(dies->headline_count, INCIDENTS);
        harbour_end(dies);
    }
    harbour_end(lives);
}

static size_t reminders_since(const struct harbour *harbour, const char *workflow, int64_t from_ms)
{
    size_t count = 0;
    for (size_t i = 0; i < harbour->order_count; i++)
        count += is_reminder(&harbour->orders[i]) && harbour->orders[i].at_ms >= from_ms &&
                 sw_equal(harbour->orders[i].workflow, workflow);
    return count;
}

static void test_after_two_hours_each_reminds_once(void **state)
{
    (void)state;
    struct harbour *harbour = declare_all();
    harbour_run(harbour, 12000);
    world_kill(harbour->world);
    harbour->world->now_ms += 7200000; /* nobody runs; every timer is due at the end */
    const int64_t back_ms = harbour->world->now_ms;
    harbour_run(harbour, 3000);
    assert_int_equal(harbour->headline_count, INCIDENTS);
    for (size_t i = 0; i < harbour->headline_count; i++) {
        assert_int_equal(reminders_since(harbour, harbour->headlines[i], back_ms), 1);
        harbour_check(harbour, harbour->headlines[i]);
    }
    harbour_end(harbour);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_dies_often_reminds_as_who_lives),
        cmocka_unit_test(test_after_two_hours_each_reminds_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
