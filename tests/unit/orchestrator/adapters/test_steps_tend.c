/* SPDX-License-Identifier: Apache-2.0
 * Which run directories go: those whose result was stored long ago, and those that waited for an attempt and are left
 * of a killed supervisor. */
#include "orchestrator/adapters/steps_tend.h"

#include "common/base/text.h"
#include "common/io/fsio.h"
#include "common/rt/clock.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { HOUR_MS = 3600 * 1000 };
static const char STORED[] = "d-abcdefghjkmnp.1.1", ENDED[] = "d-abcdefghjkmnp.2.1";
static char runs[32];
static int runs_fd;

static int fresh(void **state)
{
    (void)state;
    (void)sw_copy(runs, sizeof runs, "/tmp/slipway-test-tend-XXXXXX"); /* fits */
    runs_fd = mkdtemp(runs) ? open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    return runs_fd < 0 ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    close(runs_fd);
    return sw_failed(fsio_remove_tree(AT_FDCWD, runs)) ? -1 : 0;
}

/* Its descriptor. */
static int make(const char *name, const char *file)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s/%s", name, file);
    assert_true(mkdirat(runs_fd, name, 0700) == 0);
    int fd = openat(runs_fd, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    return fd;
}

static bool is_there(const char *name) { return faccessat(runs_fd, name, F_OK, 0) == 0; }

static void test_what_was_stored_a_day_ago_goes(void **state)
{
    (void)state;
    close(make(STORED, "stored"));
    close(make(ENDED, "exit"));
    assert_int_equal(steps_tend_prune(runs_fd, sw_wall_ms() + STEPS_KEEP_MS - HOUR_MS), 0);
    assert_int_equal(steps_tend_prune(runs_fd, sw_wall_ms() + STEPS_KEEP_MS + HOUR_MS), 1);
    assert_false(is_there(STORED));
    assert_true(is_there(ENDED));
}

/* "stored" is another name of a file that may be much older. */
static void test_the_day_begins_when_it_is_stored(void **state)
{
    (void)state;
    const struct timespec long_ago[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
    int fd = make(STORED, "exit");
    assert_int_equal(futimens(fd, long_ago), 0);
    close(fd);
    steps_tend_stored(runs_fd, STORED);
    assert_int_equal(steps_tend_prune(runs_fd, sw_wall_ms()), 0);
    assert_int_equal(steps_tend_prune(runs_fd, sw_wall_ms() + STEPS_KEEP_MS + HOUR_MS), 1);
}

static bool is_stored(const char *attempt)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s/stored", attempt);
    return is_there(path);
}

/* Such an attempt was lost: how it ended stands in the database alone. */
static void test_one_without_an_end_of_its_own_is_stored_too(void **state)
{
    (void)state;
    close(make(STORED, "claim"));
    steps_tend_stored(runs_fd, STORED);
    steps_tend_stored(runs_fd, STORED);
    assert_true(is_stored(STORED));
    steps_tend_stored(runs_fd, ENDED); /* of another state directory: there is nothing to mark */
    assert_false(is_there(ENDED));
}

static void test_what_a_dead_spare_left_goes(void **state)
{
    (void)state;
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    close(make(".spare-dead", "lock"));
    int lock_fd = make(".spare-alive", "lock");
    assert_int_equal(fcntl(lock_fd, F_OFD_SETLK, &whole), 0);
    assert_int_equal(steps_tend_prune(runs_fd, sw_wall_ms()), 0);
    assert_int_equal(steps_tend_prune(runs_fd, sw_wall_ms() + STEPS_KEEP_MS + HOUR_MS), 1);
    assert_false(is_there(".spare-dead"));
    assert_true(is_there(".spare-alive"));
    close(lock_fd);
}

static void test_what_is_not_ours_stays(void **state)
{
    (void)state;
    close(make("lost+found", "stored"));
    close(make(".snapshot", "exit"));
    assert_int_equal(steps_tend_prune(runs_fd, sw_wall_ms() + STEPS_KEEP_MS + HOUR_MS), 0);
    assert_true(is_there("lost+found"));
    assert_true(is_there(".snapshot"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_stored_a_day_ago_goes, fresh, end),
        cmocka_unit_test_setup_teardown(test_the_day_begins_when_it_is_stored, fresh, end),
        cmocka_unit_test_setup_teardown(test_one_without_an_end_of_its_own_is_stored_too, fresh, end),
        cmocka_unit_test_setup_teardown(test_what_a_dead_spare_left_goes, fresh, end),
        cmocka_unit_test_setup_teardown(test_what_is_not_ours_stays, fresh, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
