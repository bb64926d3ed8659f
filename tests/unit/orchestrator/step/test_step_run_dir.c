/* SPDX-License-Identifier: Apache-2.0
 * The directory of an attempt, from the moment its supervisor waits to the attempt's end. */
#include "orchestrator/step/step_run_dir.h"

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

static char runs[32];

static int fresh(void **state)
{
    (void)state;
    (void)sw_copy(runs, sizeof runs, "/tmp/slipway-test-run-XXXXXX"); /* fits */
    return mkdtemp(runs) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    return sw_failed(fsio_remove_tree(AT_FDCWD, runs)) ? -1 : 0;
}

static int count_entries(int at_fd, const char *path, const char *prefix)
{
    int count = 0, fd = openat(at_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fdopendir(fd);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));)
        count +=
            !sw_equal(entry->d_name, ".") && !sw_equal(entry->d_name, "..") && sw_starts_with(entry->d_name, prefix);
    closedir(directory);
    return count;
}

static void assert_holds(const struct step_run_dir *dir, const char *name, const char *wanted)
{
    SW_AUTO_FREE char *text = NULL;
    size_t length;
    assert_false(sw_failed(fsio_read(dir->fd, name, 4096, &text, &length)));
    assert_string_equal(text, wanted);
}

static void test_nobody_sees_it_before_it_is_claimed(void **state)
{
    (void)state;
    struct step_run_dir dir;
    assert_false(sw_failed(step_run_dir_prepare(runs, &dir)));
    assert_int_equal(count_entries(AT_FDCWD, runs, "."), 1);
    assert_int_equal(count_entries(AT_FDCWD, runs, ""), 1);
    assert_false(sw_failed(step_run_dir_claim(&dir, runs, "d-one.1.1")));
    assert_int_equal(count_entries(AT_FDCWD, runs, "."), 0);
    assert_int_equal(count_entries(AT_FDCWD, runs, "d-one.1.1"), 1);
    assert_true(sw_starts_with(dir.status_path + strlen(runs), "/d-one.1.1/status"));
    assert_int_equal(access(dir.status_path, W_OK), 0);
    step_run_dir_close(&dir);
    assert_int_equal(count_entries(AT_FDCWD, runs, "d-one.1.1"), 1);
}

static void test_what_was_not_claimed_goes(void **state)
{
    (void)state;
    struct step_run_dir dir;
    assert_false(sw_failed(step_run_dir_prepare(runs, &dir)));
    step_run_dir_close(&dir);
    assert_int_equal(count_entries(AT_FDCWD, runs, ""), 0);
}

static void test_an_attempt_is_claimed_once(void **state)
{
    (void)state;
    struct step_run_dir first, second;
    assert_false(sw_failed(step_run_dir_prepare(runs, &first)));
    assert_false(sw_failed(step_run_dir_prepare(runs, &second)));
    assert_false(sw_failed(step_run_dir_claim(&first, runs, "d-one.1.1")));
    assert_int_equal(step_run_dir_claim(&second, runs, "d-one.1.1").code, SW_CODE_REFUSED);
    step_run_dir_close(&second);
    step_run_dir_close(&first);
    assert_int_equal(count_entries(AT_FDCWD, runs, ""), 1);
}

/* To create a file costs most of all that is done for a step. */
static void test_no_file_is_created_after_it_is_prepared(void **state)
{
    (void)state;
    struct step_run_dir dir;
    struct step_exit exit = { .outcome = "exited", .exit_code = 3, .error = "" };
    assert_false(sw_failed(step_run_dir_prepare(runs, &dir)));
    int prepared = count_entries(dir.fd, ".", "");
    assert_false(sw_failed(step_run_dir_claim(&dir, runs, "d-one.1.1")));
    step_run_dir_note_pid(&dir, 4711);
    assert_holds(&dir, "pid", "4711\n");
    assert_holds(&dir, "exit.new", "");
    assert_false(sw_failed(step_run_dir_finish(&dir, &exit)));
    assert_int_equal(count_entries(dir.fd, ".", ""), prepared);
    assert_int_equal(count_entries(dir.fd, ".", "exit.new"), 0);
    assert_holds(&dir, "exit",
                 "{\"error\":\"\",\"exit_code\":3,\"finished_at_ms\":0,\"outcome\":\"exited\",\"signal\":0,"
                 "\"started_at_ms\":0}");
    assert_false(sw_failed(step_run_dir_sync_exit(&dir)));
    step_run_dir_close(&dir);
}

static void test_no_room_is_told(void **state)
{
    (void)state;
    struct step_run_dir dir;
    assert_int_equal(step_run_dir_prepare("/nowhere/runs", &dir).code, SW_CODE_IO);
    assert_int_equal(dir.fd, -1);
    step_run_dir_close(&dir);
}

static void test_what_could_not_be_prepared_is_when_it_is_claimed(void **state)
{
    (void)state;
    struct step_run_dir dir;
    char later[64];
    (void)snprintf(later, sizeof later, "%s/later", runs);
    assert_int_equal(step_run_dir_prepare(later, &dir).code, SW_CODE_IO);
    assert_int_equal(step_run_dir_claim(&dir, later, "d-one.1.1").code, SW_CODE_IO);
    assert_int_equal(mkdir(later, 0700), 0);
    assert_false(sw_failed(step_run_dir_claim(&dir, later, "d-one.1.1")));
    assert_int_equal(count_entries(AT_FDCWD, later, "d-one.1.1"), 1);
    assert_int_equal(access(dir.status_path, W_OK), 0);
    step_run_dir_close(&dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nobody_sees_it_before_it_is_claimed, fresh, end),
        cmocka_unit_test_setup_teardown(test_what_was_not_claimed_goes, fresh, end),
        cmocka_unit_test_setup_teardown(test_an_attempt_is_claimed_once, fresh, end),
        cmocka_unit_test_setup_teardown(test_no_file_is_created_after_it_is_prepared, fresh, end),
        cmocka_unit_test_setup_teardown(test_no_room_is_told, fresh, end),
        cmocka_unit_test_setup_teardown(test_what_could_not_be_prepared_is_when_it_is_claimed, fresh, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
