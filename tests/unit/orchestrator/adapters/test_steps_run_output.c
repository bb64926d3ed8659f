/* SPDX-License-Identifier: Apache-2.0
 * What an attempt has printed, while it runs and when it has ended. */
#include "orchestrator/adapters/steps_run.h"

#include "common/base/text.h"
#include "common/io/fsio.h"

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

enum { TAIL_BYTES = 2048 };
static const char ATTEMPT[] = "d-abcdefghjkmnp.1.1";
static char runs[32];
static int runs_fd;

static int fresh(void **state)
{
    (void)state;
    (void)sw_copy(runs, sizeof runs, "/tmp/slipway-test-tail-XXXXXX"); /* fits */
    runs_fd = mkdtemp(runs) ? open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    return runs_fd < 0 ? -1 : mkdirat(runs_fd, ATTEMPT, 0700);
}

static int end(void **state)
{
    (void)state;
    close(runs_fd);
    return sw_failed(fsio_remove_tree(AT_FDCWD, runs)) ? -1 : 0;
}

static void append(const char *file, const char *text, size_t length)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s/%s", ATTEMPT, file);
    int fd = openat(runs_fd, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, length), (ssize_t)length);
    close(fd);
}

static void print(const char *text) { append("output", text, strlen(text)); }

static void assert_output(const char *wanted)
{
    SW_AUTO_FREE char *tail = steps_run_output_new(runs_fd, ATTEMPT);
    assert_non_null(tail);
    assert_string_equal(tail, wanted);
}

static void test_output_grows_while_it_runs(void **state)
{
    (void)state;
    print("");
    assert_output("");
    print("one\n");
    assert_output("one");
    print("tw");
    assert_output("one\ntw");
    print("o\n\n");
    assert_output("one\ntwo");
}

static void test_what_is_not_here_is_not_known(void **state)
{
    (void)state;
    assert_null(steps_run_output_new(runs_fd, ATTEMPT)); /* no file */
    assert_null(steps_run_output_new(runs_fd, "d-abcdefghjkmnp.2.1"));
}

static void test_of_much_output_the_last_whole_lines_are_shown(void **state)
{
    (void)state;
    char line[32];
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(line, sizeof line, "line %d\n", i);
        print(line);
    }
    SW_AUTO_FREE char *tail = steps_run_output_new(runs_fd, ATTEMPT);
    assert_non_null(tail);
    assert_true(strlen(tail) <= TAIL_BYTES);
    assert_true(sw_starts_with(tail, "line "));
    assert_string_equal(strrchr(tail, '\n'), "\nline 999");
}

static void test_bytes_that_are_no_text_are_replaced(void **state)
{
    (void)state;
    append("output", "a\xff\x1b[1mb\0c", 9);
    assert_output("a\xEF\xBF\xBD\xEF\xBF\xBD[1mb\xEF\xBF\xBD"
                  "c");
}

/* What was seen last is what the report has in the end. */
static void test_the_report_has_the_same(void **state)
{
    (void)state;
    static const char EXIT[] = "{\"outcome\":\"exited\",\"exit_code\":3}";
    struct step_report report;
    print("first\nit does not work\n");
    assert_output("first\nit does not work");
    append("exit", EXIT, strlen(EXIT));
    assert_false(sw_failed(steps_run_read(runs_fd, ATTEMPT, &report)));
    assert_int_equal(report.outcome, STEP_EXITED);
    assert_string_equal(report.tail, "first\nit does not work");
    assert_string_equal(report.error, "it does not work");
    step_report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_output_grows_while_it_runs, fresh, end),
        cmocka_unit_test_setup_teardown(test_what_is_not_here_is_not_known, fresh, end),
        cmocka_unit_test_setup_teardown(test_of_much_output_the_last_whole_lines_are_shown, fresh, end),
        cmocka_unit_test_setup_teardown(test_bytes_that_are_no_text_are_replaced, fresh, end),
        cmocka_unit_test_setup_teardown(test_the_report_has_the_same, fresh, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
