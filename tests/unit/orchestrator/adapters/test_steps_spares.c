/* SPDX-License-Identifier: Apache-2.0
 * Supervisors that wait: how many there are, who gets them, and that they end. A shell script stands in for
 * slipway-step: it writes its spec to its own file, and so shows that it was alive. */
#include "orchestrator/adapters/steps_spares.h"

#include "common/base/text.h"
#include "common/io/fsio.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char SCRIPT[] = "#!/bin/sh\nspec=$(cat)\n[ -z \"$spec\" ] || printf %s \"$spec\" >\"$2.$spec\"\n";
static char dir[] = "/tmp/slipway-test-spares-XXXXXX";
static char program[64];
static struct steps_spares spares;
static struct steps_spawn_options options;

static int begin(void **state)
{
    (void)state;
    if (!mkdtemp(dir))
        return -1;
    (void)snprintf(program, sizeof program, "%s/supervisor", dir);
    int fd = open(program, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    bool written = fd >= 0 && write(fd, SCRIPT, sizeof SCRIPT - 1) == (ssize_t)(sizeof SCRIPT - 1);
    options =
        (struct steps_spawn_options){ .supervisor = program, .state_dir = dir, .secrets_dir = dir, .deadman_ms = 1000 };
    return written && close(fd) == 0 ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    return sw_failed(fsio_remove_tree(AT_FDCWD, dir)) ? -1 : 0;
}

static int fresh(void **state)
{
    (void)state;
    steps_spares_init(&spares);
    return 0;
}

/* The end of a control connection is the supervisor's. */
static bool has_ended(int control_fd)
{
    char byte;
    struct pollfd waiting = { .fd = control_fd, .events = POLLIN };
    return poll(&waiting, 1, 20000) == 1 && recv(control_fd, &byte, 1, 0) == 0;
}

static bool exists(const char *spec)
{
    char path[128];
    struct stat found;
    (void)snprintf(path, sizeof path, "%s/runs.%s", dir, spec);
    return stat(path, &found) == 0;
}

static void test_none_is_there_before_one_is_made(void **state)
{
    (void)state;
    struct steps_spare spare;
    steps_spares_take(&spares, &spare);
    assert_int_equal(spare.spec_fd, -1);
    assert_int_equal(spare.control_fd, -1);
    steps_spares_release(&spares);
}

static void test_no_more_are_made_than_are_enough(void **state)
{
    (void)state;
    assert_true(steps_spares_add(&spares, &options, 1));
    assert_false(steps_spares_add(&spares, &options, 1));
    for (int count = 1; count < STEPS_SPARES_MAX; count++)
        assert_true(steps_spares_add(&spares, &options, 100));
    assert_false(steps_spares_add(&spares, &options, 100));
    steps_spares_release(&spares);
}

static void test_each_is_given_once_and_gets_its_spec(void **state)
{
    (void)state;
    static const char *const SPECS[] = { "one", "two", "three" };
    int controls[SW_COUNT(SPECS)];
    assert_true(steps_spares_add(&spares, &options, 2));
    assert_true(steps_spares_add(&spares, &options, 2));
    for (size_t i = 0; i < SW_COUNT(SPECS); i++) {
        struct steps_spare spare;
        steps_spares_take(&spares, &spare);
        assert_int_equal(spare.spec_fd >= 0, i < 2); /* the third is started as it is needed */
        assert_false(sw_failed(steps_spawn(&options, &spare, SPECS[i], &controls[i])));
    }
    for (size_t i = 0; i < SW_COUNT(SPECS); i++) {
        assert_true(has_ended(controls[i]));
        assert_true(exists(SPECS[i]));
        close(controls[i]);
    }
    steps_spares_release(&spares);
}

static void test_one_that_died_is_replaced(void **state)
{
    (void)state;
    int control;
    struct steps_spare spare;
    assert_true(steps_spares_add(&spares, &options, 1));
    steps_spares_take(&spares, &spare);
    close(spare.spec_fd); /* as if nobody were at its other end */
    int fds[2];
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    close(fds[0]);
    spare.spec_fd = fds[1];
    assert_false(sw_failed(steps_spawn(&options, &spare, "replaced", &control)));
    assert_true(has_ended(control));
    assert_true(exists("replaced"));
    close(control);
    steps_spares_release(&spares);
}

/* As one that is stopped, or waits for a disk. */
static void test_one_that_does_not_read_is_replaced(void **state)
{
    (void)state;
    static char spec[100 * 1024]; /* more than a pipe holds */
    int control, fds[2];
    struct steps_spare spare = { .control_fd = -1 };
    memset(spec, 'x', sizeof spec - 1);
    assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
    spare.spec_fd = fds[1];
    assert_false(sw_failed(steps_spawn(&options, &spare, spec, &control)));
    assert_true(has_ended(control));
    close(control);
    close(fds[0]);
}

static void test_they_end_with_their_owner(void **state)
{
    (void)state;
    assert_true(steps_spares_add(&spares, &options, 1));
    int control = dup(spares.items[0].control_fd);
    steps_spares_release(&spares);
    assert_true(has_ended(control));
    close(control);
}

static void test_what_cannot_be_started_is_not_counted(void **state)
{
    (void)state;
    struct steps_spare spare;
    struct steps_spawn_options wrong = options;
    wrong.supervisor = "/nowhere/slipway-step";
    assert_false(steps_spares_add(&spares, &wrong, 1));
    steps_spares_take(&spares, &spare); /* nobody waits for it */
    assert_int_equal(spare.spec_fd, -1);
    steps_spares_release(&spares);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_none_is_there_before_one_is_made, fresh),
        cmocka_unit_test_setup(test_no_more_are_made_than_are_enough, fresh),
        cmocka_unit_test_setup(test_each_is_given_once_and_gets_its_spec, fresh),
        cmocka_unit_test_setup(test_one_that_died_is_replaced, fresh),
        cmocka_unit_test_setup(test_one_that_does_not_read_is_replaced, fresh),
        cmocka_unit_test_setup(test_they_end_with_their_owner, fresh),
        cmocka_unit_test_setup(test_what_cannot_be_started_is_not_counted, fresh),
    };
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN); /* as in the orchestrator */
    return cmocka_run_group_tests(tests, begin, end);
}
