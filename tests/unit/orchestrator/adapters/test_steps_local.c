/* SPDX-License-Identifier: Apache-2.0
 * The steps port against a supervisor that the test itself plays: it holds the attempt's lock and listens at its
 * control socket. */
#include "orchestrator/adapters/steps_local.h"

#include "common/base/text.h"
#include "common/io/fsio.h"
#include "common/rt/clock.h"
#include "orchestrator/step/step_run_dir.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { DEADLINE_MS = 20000 };

static const char ATTEMPT[] = "d-abcdefghjkmnp.1.1";
static char state_dir[40], runs[64];
static struct steps_local *steps;
static struct step_run_dir dir;
static int finished_pipe[2];

static void on_finished(void *self, const struct step_report *report)
{
    char outcome = (char)report->outcome;
    (void)self;
    assert_int_equal(write(finished_pipe[1], &outcome, 1), 1);
}

static void on_progress(void *self, const char *attempt, const char *line) { (void)self, (void)attempt, (void)line; }

static int begin(void **state)
{
    (void)state;
    (void)sw_copy(state_dir, sizeof state_dir, "/tmp/slipway-test-steps-XXXXXX"); /* fits */
    if (!mkdtemp(state_dir) || pipe2(finished_pipe, O_CLOEXEC) != 0)
        return -1;
    const struct steps_local_options options = { .state_dir = state_dir,
                                                 .secrets_dir = state_dir,
                                                 .supervisor = "/bin/false",
                                                 .deadman_ms = 1000,
                                                 .listener = { .finished = on_finished, .progress = on_progress } };
    (void)snprintf(runs, sizeof runs, "%s/runs", state_dir);
    return sw_failed(steps_local_new(&options, &steps)) || sw_failed(step_run_dir_prepare(runs, &dir)) ||
                   sw_failed(step_run_dir_claim(&dir, runs, ATTEMPT))
               ? -1
               : 0;
}

static int end(void **state)
{
    (void)state;
    steps_local_free(steps);
    step_run_dir_close(&dir);
    close(finished_pipe[0]);
    close(finished_pipe[1]);
    return sw_failed(fsio_remove_tree(AT_FDCWD, state_dir)) ? -1 : 0;
}

static bool is_readable(int fd, int within_ms)
{
    struct pollfd waiting = { .fd = fd, .events = POLLIN };
    return poll(&waiting, 1, within_ms) == 1;
}

static int accept_connection(void)
{
    assert_true(is_readable(dir.control_fd, DEADLINE_MS));
    int fd = accept4(dir.control_fd, NULL, NULL, SOCK_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

/* Shown again and again, as the leader does: a connection is there before the port knows it. */
static void expect_lease(int fd)
{
    static const char LINE[] = "lease 7 5000\n";
    char line[sizeof LINE] = "";
    struct steps_port port = steps_local_port(steps);
    const int64_t until_ms = sw_monotonic_ms() + DEADLINE_MS;
    do {
        assert_true(sw_monotonic_ms() < until_ms);
        port.show_lease(port.self, 7, 5000);
    } while (!is_readable(fd, 10));
    assert_int_equal(recv(fd, line, sizeof LINE - 1, 0), sizeof LINE - 1);
    assert_string_equal(line, LINE);
}

static void test_who_runs_it_is_shown_the_lease_even_when_the_connection_was_another_ones(void **state)
{
    struct step_report report;
    struct steps_port port = steps_local_port(steps);
    (void)state;
    assert_false(sw_failed(port.observe(port.self, ATTEMPT, &report)));
    assert_int_equal(report.outcome, STEP_RUNNING);
    int first = accept_connection();
    expect_lease(first);
    close(first);
    int second = accept_connection();
    expect_lease(second);
    close(second);
}

static void test_the_end_of_the_connection_is_the_end_of_the_attempt_once_it_is_written(void **state)
{
    struct step_report report;
    struct steps_port port = steps_local_port(steps);
    const struct step_exit exit = { .outcome = "exited", .exit_code = 0, .error = "" };
    char outcome;
    (void)state;
    assert_false(sw_failed(port.observe(port.self, ATTEMPT, &report)));
    int control_fd = accept_connection();
    assert_false(sw_failed(step_run_dir_finish(&dir, &exit)));
    close(control_fd);
    assert_true(is_readable(finished_pipe[0], DEADLINE_MS));
    assert_int_equal(read(finished_pipe[0], &outcome, 1), 1);
    assert_int_equal(outcome, STEP_EXITED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_runs_it_is_shown_the_lease_even_when_the_connection_was_another_ones,
                                        begin, end),
        cmocka_unit_test_setup_teardown(test_the_end_of_the_connection_is_the_end_of_the_attempt_once_it_is_written,
                                        begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
