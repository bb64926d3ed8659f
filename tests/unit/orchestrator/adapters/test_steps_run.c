/* SPDX-License-Identifier: Apache-2.0
 * What a run directory says of its attempt, and that an attempt can be kept from beginning. */
#include "orchestrator/adapters/steps_run.h"

#include "common/base/text.h"
#include "common/io/fsio.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char ATTEMPT[] = "d-abcdefghjkmnp.1.1";
static char runs[32];
static int runs_fd;

static int fresh(void **state)
{
    (void)state;
    (void)sw_copy(runs, sizeof runs, "/tmp/slipway-test-runs-XXXXXX"); /* fits */
    runs_fd = mkdtemp(runs) ? open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    return runs_fd < 0 ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    close(runs_fd);
    return sw_failed(fsio_remove_tree(AT_FDCWD, runs)) ? -1 : 0;
}

static const char *path_of(const char *file)
{
    static char path[64];
    (void)snprintf(path, sizeof path, "%s/%s", ATTEMPT, file);
    return path;
}

static void make_attempt(void) { assert_int_equal(mkdirat(runs_fd, ATTEMPT, 0700), 0); }

/* Its descriptor. */
static int put(const char *file, const char *text)
{
    int fd = openat(runs_fd, path_of(file), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    return fd;
}

static int put_held_lock(void)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = put("lock", "");
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &whole), 0);
    return fd;
}

static enum step_outcome outcome(void)
{
    struct step_report report;
    struct sw_status status = steps_run_read(runs_fd, ATTEMPT, &report);
    if (sw_failed(status))
        fail_msg("%s", status.text);
    step_report_release(&report);
    return report.outcome;
}

static void test_it_is_absent_running_lost_or_ended(void **state)
{
    (void)state;
    assert_int_equal(outcome(), STEP_ABSENT);
    make_attempt();
    int lock_fd = put_held_lock();
    assert_int_equal(outcome(), STEP_RUNNING);
    close(lock_fd);
    assert_int_equal(outcome(), STEP_LOST);
    close(put("exit", "{\"outcome\":\"exited\",\"exit_code\":0}"));
    assert_int_equal(outcome(), STEP_EXITED);
}

static void test_of_one_that_is_lost_the_last_words_are_kept(void **state)
{
    struct step_report report;
    (void)state;
    make_attempt();
    close(put("output", "half of it\ncopied 3 of 7\n"));
    assert_false(sw_failed(steps_run_read(runs_fd, ATTEMPT, &report)));
    assert_int_equal(report.outcome, STEP_LOST);
    assert_string_equal(report.tail, "half of it\ncopied 3 of 7");
    step_report_release(&report);
}

static void test_an_end_that_says_nothing_is_none(void **state)
{
    (void)state;
    make_attempt();
    close(put("exit", ""));
    assert_int_equal(outcome(), STEP_LOST);
}

/* A directory in its place is what cannot be read as root either. */
static void test_what_cannot_be_read_is_not_called_lost(void **state)
{
    static const char *const FILES[] = { "lock", "exit" };
    struct step_report report;
    (void)state;
    make_attempt();
    for (size_t i = 0; i < SW_COUNT(FILES); i++) {
        assert_int_equal(mkdirat(runs_fd, path_of(FILES[i]), 0700), 0);
        assert_int_equal(steps_run_read(runs_fd, ATTEMPT, &report).code, SW_CODE_IO);
        assert_int_equal(unlinkat(runs_fd, path_of(FILES[i]), AT_REMOVEDIR), 0);
    }
}

static void test_who_cannot_be_looked_at_may_live(void **state)
{
    (void)state;
    assert_false(steps_run_may_live(runs_fd, ATTEMPT));
    make_attempt();
    assert_false(steps_run_may_live(runs_fd, ATTEMPT));
    assert_int_equal(mkdirat(runs_fd, path_of("lock"), 0700), 0);
    assert_true(steps_run_may_live(runs_fd, ATTEMPT));
    assert_int_equal(unlinkat(runs_fd, path_of("lock"), AT_REMOVEDIR), 0);
    int lock_fd = put_held_lock();
    assert_true(steps_run_may_live(runs_fd, ATTEMPT));
    close(lock_fd);
    assert_false(steps_run_may_live(runs_fd, ATTEMPT));
}

static size_t count_names(void)
{
    size_t count = 0;
    DIR *directory = opendir(runs);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));)
        count += !sw_equal(entry->d_name, ".") && !sw_equal(entry->d_name, "..");
    closedir(directory);
    return count;
}

static void test_what_is_barred_was_stopped_and_cannot_be_claimed(void **state)
{
    (void)state;
    assert_false(sw_failed(steps_run_bar(runs_fd, ATTEMPT)));
    assert_int_equal(outcome(), STEP_STOPPED);
    assert_int_equal(mkdirat(runs_fd, "claimant", 0700), 0);
    assert_true(renameat(runs_fd, "claimant", runs_fd, ATTEMPT) != 0); /* how a supervisor claims */
    assert_int_equal(unlinkat(runs_fd, "claimant", AT_REMOVEDIR), 0);
    assert_int_equal(count_names(), 1);
}

static void test_what_has_begun_is_not_barred(void **state)
{
    (void)state;
    make_attempt();
    int lock_fd = put_held_lock();
    assert_int_equal(steps_run_bar(runs_fd, ATTEMPT).code, SW_CODE_REFUSED);
    assert_int_equal(outcome(), STEP_RUNNING);
    assert_int_equal(count_names(), 1);
    close(lock_fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_is_absent_running_lost_or_ended, fresh, end),
        cmocka_unit_test_setup_teardown(test_of_one_that_is_lost_the_last_words_are_kept, fresh, end),
        cmocka_unit_test_setup_teardown(test_an_end_that_says_nothing_is_none, fresh, end),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_read_is_not_called_lost, fresh, end),
        cmocka_unit_test_setup_teardown(test_who_cannot_be_looked_at_may_live, fresh, end),
        cmocka_unit_test_setup_teardown(test_what_is_barred_was_stopped_and_cannot_be_claimed, fresh, end),
        cmocka_unit_test_setup_teardown(test_what_has_begun_is_not_barred, fresh, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
