/* SPDX-License-Identifier: Apache-2.0
 * pg_fixture: a database with an empty place for schema slipway, and stores on it. Test programs that share the
 * database take turns through an advisory lock. */
#ifndef TESTS_INTEGRATION_PG_FIXTURE_H
#define TESTS_INTEGRATION_PG_FIXTURE_H

#include "common/io/pg.h"
#include "common/rt/clock.h"
#include "orchestrator/adapters/store_pg.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct pg *fixture_admin; /* holds the lock, and looks into the tables behind the store's back */

static inline void fixture_ok(struct sw_status status)
{
    if (sw_failed(status))
        fail_msg("%s %s", sw_code_name(status.code), status.text);
}

static inline void fixture_sql(const char *sql) { fixture_ok(pg_exec(fixture_admin, sql, NULL, 10000, NULL)); }

static inline int64_t fixture_number(const char *sql)
{
    PG_AUTO_RESULT struct pg_result *result = NULL;
    fixture_ok(pg_exec(fixture_admin, sql, NULL, 10000, &result));
    return pg_rows(result) ? pg_i64(result, 0, 0) : -1;
}

static inline int fixture_begin(void **state)
{
    (void)state;
    const char *url = getenv("SLIPWAY_TEST_DATABASE_URL");
    if (!url) {
        (void)fprintf(stderr, "SLIPWAY_TEST_DATABASE_URL is not set: run the integration tests by ./tests/run\n");
        return -1;
    }
    fixture_ok(pg_connect(&(struct pg_options){ .url = url, .application_name = "test" }, &fixture_admin));
    fixture_ok(pg_exec(fixture_admin, "SELECT pg_advisory_lock(7001)", NULL, 200000, NULL));
    return 0;
}

static inline int fixture_end(void **state)
{
    (void)state;
    pg_free(fixture_admin);
    return 0;
}

static inline int fixture_empty(void **state)
{
    (void)state;
    fixture_sql("DROP SCHEMA IF EXISTS slipway CASCADE");
    return 0;
}

struct fixture_store {
    struct store_pg *store;
    struct store_port port;
    struct store_lease lease;
    _Atomic int64_t shown_epoch;
    _Atomic int wakes;
    _Atomic bool hangs;    /* makes no progress */
    const char *dead_lock; /* the lock file of a process that is known to be dead */
    int64_t retention_days;
    bool load_unposted;
};

static inline bool fixture_is_dead(void *self, const char *lock_name)
{
    const struct fixture_store *fixture = self;
    return fixture->dead_lock && strcmp(fixture->dead_lock, lock_name) == 0;
}
static inline int64_t fixture_progress(void *self)
{
    struct fixture_store *fixture = self;
    return fixture->hangs ? -1000000 : sw_monotonic_ms();
}
static inline void fixture_beat(void *self, int64_t epoch, int64_t valid_ms)
{
    struct fixture_store *fixture = self;
    if (valid_ms > 0)
        fixture->shown_epoch = epoch;
}
static inline void fixture_wake(void *self) { ((struct fixture_store *)self)->wakes++; }

static inline void fixture_open(struct fixture_store *fixture, const char *holder, int64_t ttl_ms)
{
    struct store_pg_options options = { .url = getenv("SLIPWAY_TEST_DATABASE_URL"),
                                        .holder = holder,
                                        .ttl_ms = ttl_ms,
                                        .state_dir = "state-dir-1",
                                        .boot = "boot-1",
                                        .lock_name = holder,
                                        .retention_days = fixture->retention_days,
                                        .load_unposted = fixture->load_unposted,
                                        .holder_is_dead = fixture_is_dead,
                                        .progress_ms = fixture_progress,
                                        .beat_sent = fixture_beat,
                                        .wake = fixture_wake,
                                        .self = fixture };
    fixture_ok(store_pg_new(&options, &fixture->store));
    fixture->port = store_pg_port(fixture->store);
}

static inline void fixture_acquire(struct fixture_store *fixture)
{
    fixture_ok(fixture->port.acquire(fixture->port.self, &fixture->lease));
}

static inline void fixture_close(struct fixture_store *fixture)
{
    store_pg_free(fixture->store);
    fixture->store = NULL;
}

/* Submits and waits for the outcome. */
static inline struct sw_status fixture_commit(struct fixture_store *fixture, const struct store_batch *batch)
{
    struct sw_status status = fixture->port.submit(fixture->port.self, batch);
    int64_t deadline_ms = sw_monotonic_ms() + 15000;
    if (sw_failed(status))
        return status;
    while (!fixture->port.poll(fixture->port.self, &status)) {
        short events = (short)(POLLIN | (store_pg_wants_write(fixture->store) ? POLLOUT : 0));
        struct pollfd waiting = { .fd = store_pg_fd(fixture->store), .events = events };
        if (sw_monotonic_ms() > deadline_ms)
            fail_msg("the commit did not end");
        (void)poll(&waiting, 1, 100);
    }
    return status;
}

#define FIXTURE_WAIT(condition)                                                                                        \
    do {                                                                                                               \
        int64_t deadline_ms_ = sw_monotonic_ms() + 15000;                                                              \
        bool met_ = false;                                                                                             \
        while (!(met_ = (condition)) && sw_monotonic_ms() < deadline_ms_)                                              \
            (void)poll(NULL, 0, 5);                                                                                    \
        assert_true(met_);                                                                                             \
    } while (0)

#endif
