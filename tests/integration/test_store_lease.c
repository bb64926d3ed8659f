/* SPDX-License-Identifier: Apache-2.0
 * Who may hold the lease, on a real Postgres. */
#include "tests/integration/pg_fixture.h"

enum { TTL_MS = 5000, SHORT_TTL_MS = 600, LONG_TTL_MS = 60000 };

static const struct store_batch NOTHING = { .published_id = 3 }; /* any write */

static void test_the_first_takes_the_lease_and_the_second_is_refused(void **state)
{
    struct fixture_store first = { 0 }, second = { 0 };
    (void)state;
    fixture_open(&first, "one", TTL_MS);
    fixture_open(&second, "two", TTL_MS);
    fixture_acquire(&first);
    assert_true(first.lease.epoch >= first.lease.now_ms);
    struct sw_status status = second.port.acquire(second.port.self, &second.lease);
    assert_int_equal(status.code, SW_CODE_REFUSED);
    assert_non_null(strstr(status.text, "\"one\""));
    FIXTURE_WAIT(first.shown_epoch == first.lease.epoch);
    FIXTURE_WAIT(second.shown_epoch == first.lease.epoch); /* a standby shows the lease too */
    fixture_close(&second);
    fixture_close(&first);
}

/* Whoever counts from when it asked must not be ahead of Postgres, or timers fire early. */
static void test_the_time_of_the_lease_is_not_ahead(void **state)
{
    struct fixture_store leader = { 0 };
    (void)state;
    fixture_open(&leader, "one", TTL_MS);
    int64_t asked_ms = sw_monotonic_ms();
    fixture_acquire(&leader);
    int64_t now_ms = leader.lease.now_ms + (sw_monotonic_ms() - asked_ms);
    int64_t postgres_ms = fixture_number("SELECT ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint");
    assert_in_range(postgres_ms - now_ms, 0, 1000);
    fixture_close(&leader);
}

static void test_an_expired_lease_is_taken_and_the_zombie_is_fenced(void **state)
{
    struct fixture_store zombie = { .hangs = true }, heir = { 0 };
    (void)state;
    fixture_open(&zombie, "one", SHORT_TTL_MS);
    fixture_open(&heir, "two", TTL_MS);
    fixture_acquire(&zombie);
    FIXTURE_WAIT(heir.port.acquire(heir.port.self, &heir.lease).code == SW_CODE_NONE);
    assert_true(heir.lease.epoch > zombie.lease.epoch);
    assert_int_equal(fixture_commit(&zombie, &NOTHING).code, SW_CODE_FENCED);
    assert_int_equal(fixture_number("SELECT outbox_id FROM slipway.published"), 0);
    zombie.hangs = false; /* it wakes up, and finds out by its next beat too */
    FIXTURE_WAIT(store_pg_lease_lost(zombie.store));
    fixture_close(&heir);
    fixture_close(&zombie);
}

static void test_a_holder_that_is_provably_dead_is_not_waited_for(void **state)
{
    struct fixture_store dead = { 0 }, heir = { .dead_lock = "one" }, stranger = { 0 };
    (void)state;
    fixture_open(&dead, "one", TTL_MS);
    fixture_acquire(&dead);
    fixture_close(&dead);
    fixture_open(&stranger, "three", TTL_MS);
    fixture_open(&heir, "two", TTL_MS);
    assert_int_equal(stranger.port.acquire(stranger.port.self, &stranger.lease).code, SW_CODE_REFUSED);
    fixture_acquire(&heir);
    fixture_close(&stranger);
    fixture_close(&heir);
}

/* Postgres's clock was put back by an hour, and whoever had the lease died before its next beat. */
static void test_a_lease_from_a_future_is_waited_for_no_longer_than_its_ttl(void **state)
{
    struct fixture_store dead = { 0 }, heir = { 0 };
    (void)state;
    fixture_open(&dead, "one", SHORT_TTL_MS);
    fixture_acquire(&dead);
    fixture_close(&dead);
    fixture_sql("UPDATE slipway.beat SET expires_at = clock_timestamp() + interval '1 hour'");
    fixture_open(&heir, "two", LONG_TTL_MS);
    assert_int_equal(heir.port.acquire(heir.port.self, &heir.lease).code, SW_CODE_REFUSED);
    FIXTURE_WAIT(heir.port.acquire(heir.port.self, &heir.lease).code == SW_CODE_NONE);
    fixture_close(&heir);
}

static void test_beats_keep_the_lease_beyond_its_ttl(void **state)
{
    struct fixture_store leader = { 0 }, standby = { 0 };
    (void)state;
    fixture_open(&leader, "one", SHORT_TTL_MS);
    fixture_open(&standby, "two", SHORT_TTL_MS);
    fixture_acquire(&leader);
    int64_t until_ms = sw_monotonic_ms() + 3 * SHORT_TTL_MS;
    while (sw_monotonic_ms() < until_ms) {
        assert_int_equal(standby.port.acquire(standby.port.self, &standby.lease).code, SW_CODE_REFUSED);
        (void)poll(NULL, 0, 50);
    }
    fixture_close(&standby);
    fixture_close(&leader);
}

static void test_a_release_wakes_the_standby_at_once(void **state)
{
    struct fixture_store leader = { 0 }, standby = { 0 };
    (void)state;
    fixture_open(&leader, "one", LONG_TTL_MS);
    fixture_acquire(&leader);
    fixture_open(&standby, "two", LONG_TTL_MS);
    FIXTURE_WAIT(standby.shown_epoch == leader.lease.epoch); /* it listens before it looks */
    int wakes = standby.wakes;
    leader.port.release(leader.port.self);
    FIXTURE_WAIT(standby.wakes > wakes);
    fixture_acquire(&standby);
    fixture_close(&standby);
    fixture_close(&leader);
}

static void test_its_own_lease_is_taken_again_after_a_lost_connection(void **state)
{
    struct fixture_store leader = { 0 };
    (void)state;
    fixture_open(&leader, "one", LONG_TTL_MS);
    fixture_acquire(&leader);
    int64_t epoch = leader.lease.epoch;
    fixture_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
                "'slipway-orchestrator epoch=%'");
    assert_int_equal(store_pg_fd(leader.store), -1); /* a poller must not turn around it while nothing is asked */
    assert_int_equal(fixture_commit(&leader, &NOTHING).code, SW_CODE_DB);
    fixture_acquire(&leader);
    assert_true(leader.lease.epoch > epoch);
    fixture_ok(fixture_commit(&leader, &NOTHING));
    fixture_close(&leader);
}

static void test_a_release_over_a_connection_that_is_lost_opens_another(void **state)
{
    struct fixture_store leader = { 0 }, standby = { 0 };
    (void)state;
    fixture_open(&leader, "one", LONG_TTL_MS);
    fixture_acquire(&leader);
    fixture_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
                "'slipway-orchestrator epoch=%'");
    leader.port.release(leader.port.self);
    fixture_open(&standby, "two", LONG_TTL_MS);
    fixture_acquire(&standby);
    fixture_close(&standby);
    fixture_close(&leader);
}

/* A leader that froze in the middle of a transaction keeps its lock on the lease's row. */
static void test_a_session_of_the_old_epoch_that_keeps_its_lock_is_ended(void **state)
{
    struct fixture_store old = { .hangs = true }, heir = { 0 };
    struct pg *frozen = NULL;
    char sql[160];
    (void)state;
    fixture_open(&old, "one", SHORT_TTL_MS);
    fixture_acquire(&old);
    fixture_ok(pg_connect(&(struct pg_options){ .url = getenv("SLIPWAY_TEST_DATABASE_URL") }, &frozen));
    (void)snprintf(sql, sizeof sql,
                   "SET application_name = 'slipway-orchestrator epoch=%lld'; BEGIN; SELECT slipway.fence(%lld)",
                   (long long)old.lease.epoch, (long long)old.lease.epoch);
    fixture_ok(pg_exec(frozen, sql, NULL, 5000, NULL));
    fixture_open(&heir, "two", TTL_MS);
    FIXTURE_WAIT(heir.port.acquire(heir.port.self, &heir.lease).code == SW_CODE_NONE);
    assert_int_equal(pg_exec(frozen, "COMMIT", NULL, 5000, NULL).code, SW_CODE_DB);
    pg_free(frozen);
    fixture_close(&heir);
    fixture_close(&old);
}

static int32_t takeover_tries(const char *holder, const char *dead, bool orderly)
{
    struct fixture_store leader = { .dead_lock = dead };
    struct store_snapshot snapshot = { 0 };
    fixture_open(&leader, holder, TTL_MS);
    fixture_acquire(&leader);
    fixture_ok(leader.port.load(leader.port.self, &snapshot));
    int32_t tries = snapshot.tries;
    store_snapshot_release(&snapshot);
    if (orderly)
        leader.port.release(leader.port.self);
    fixture_close(&leader);
    return tries;
}

static void test_takeovers_without_progress_are_counted(void **state)
{
    (void)state;
    assert_int_equal(takeover_tries("one", NULL, false), 0);
    assert_int_equal(takeover_tries("two", "one", false), 1);
    assert_int_equal(takeover_tries("three", "two", true), 2);
    assert_int_equal(takeover_tries("four", NULL, false), 0); /* an orderly end does not count */
    fixture_sql("UPDATE slipway.cursor SET next_offset = next_offset + 1");
    assert_int_equal(takeover_tries("five", "four", false), 0);
    assert_int_equal(takeover_tries("six", "five", false), 1);
    fixture_sql("UPDATE slipway.lease SET taken_at = taken_at - interval '1 minute'"); /* no record did that to it */
    assert_int_equal(takeover_tries("seven", "six", false), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fixture_empty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_first_takes_the_lease_and_the_second_is_refused),
        TEST(test_the_time_of_the_lease_is_not_ahead),
        TEST(test_an_expired_lease_is_taken_and_the_zombie_is_fenced),
        TEST(test_a_holder_that_is_provably_dead_is_not_waited_for),
        TEST(test_a_lease_from_a_future_is_waited_for_no_longer_than_its_ttl),
        TEST(test_beats_keep_the_lease_beyond_its_ttl),
        TEST(test_a_release_wakes_the_standby_at_once),
        TEST(test_its_own_lease_is_taken_again_after_a_lost_connection),
        TEST(test_a_release_over_a_connection_that_is_lost_opens_another),
        TEST(test_a_session_of_the_old_epoch_that_keeps_its_lock_is_ended),
        TEST(test_takeovers_without_progress_are_counted),
    };
    return cmocka_run_group_tests(tests, fixture_begin, fixture_end);
}
