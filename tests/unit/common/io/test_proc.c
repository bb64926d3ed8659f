/* SPDX-License-Identifier: Apache-2.0
 * What a started process inherits. */
#include "common/io/proc.h"

#include "common/base/attrs.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PIPES = 3 };

static void run(const char *script, const struct proc_fd *fds, size_t count)
{
    const char *const argv[] = { "/bin/sh", "-c", script, NULL }, *const envp[] = { NULL };
    const struct proc_options options = { .argv = argv, .envp = envp, .fds = fds, .fd_count = count };
    pid_t pid;
    int how;
    struct sw_status status = proc_spawn(&options, &pid);
    if (sw_failed(status))
        fail_msg("%s", status.text);
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

/* One letter goes through each pipe, whose writing ends have these numbers here. */
static void expect_own_pipes(const int *parent_fds, const int *child_fds)
{
    int readers[PIPES];
    struct proc_fd fds[PIPES];
    for (int i = 0; i < PIPES; i++) {
        int ends[2];
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        assert_int_equal(dup3(ends[1], parent_fds[i], O_CLOEXEC), parent_fds[i]);
        close(ends[1]);
        readers[i] = ends[0];
        fds[i] = (struct proc_fd){ .parent_fd = parent_fds[i], .child_fd = child_fds[i] };
    }
    run("printf a >&1; printf b >&2; printf c >&3", fds, PIPES);
    for (int i = 0; i < PIPES; i++) {
        char got[8] = "";
        const char wanted[2] = { (char)('a' + child_fds[i] - 1), '\0' };
        close(parent_fds[i]);
        assert_int_equal(read(readers[i], got, sizeof got - 1), 1);
        assert_string_equal(got, wanted);
        close(readers[i]);
    }
}

static void test_each_descriptor_finds_its_place(void **state)
{
    static const int CHILD[PIPES] = { 1, 2, 3 };
    (void)state;
    for (int first = 20; first < 300; first++)
        expect_own_pipes((const int[]){ first + 2, first, first + 1 }, CHILD);
}

static void test_they_may_change_places(void **state)
{
    (void)state;
    expect_own_pipes((const int[]){ 20, 21, 22 }, (const int[]){ 3, 1, 2 });
}

static void test_nothing_else_is_inherited(void **state)
{
    (void)state;
    assert_int_equal(dup2(STDERR_FILENO, 30), 30); /* both without O_CLOEXEC */
    assert_int_equal(dup2(STDERR_FILENO, 400), 400);
    run("[ -e /proc/$$/fd/2 ] && [ ! -e /proc/$$/fd/30 ] && [ ! -e /proc/$$/fd/400 ]", NULL, 0);
    close(30);
    close(400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_descriptor_finds_its_place),
        cmocka_unit_test(test_they_may_change_places),
        cmocka_unit_test(test_nothing_else_is_inherited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
