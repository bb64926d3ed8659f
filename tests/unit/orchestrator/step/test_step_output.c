/* SPDX-License-Identifier: Apache-2.0
 * What a step prints, on its way to a file that people read while it runs. */
#include "orchestrator/step/step_output.h"

#include "common/base/text.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static char first[] = "open-sesame", second[] = "sesame-oil";
static struct step_secret secrets[] = { { NULL, first }, { NULL, second } };
static const struct step_spec WITH_SECRETS = { .secrets = secrets, .secret_count = SW_COUNT(secrets) }, PLAIN = { 0 };
static struct step_output output;
static int fd;

static void begin(const struct step_spec *spec)
{
    fd = memfd_create("output", MFD_CLOEXEC);
    assert_true(fd >= 0);
    step_output_init(&output, fd, spec);
}

static void print(const char *text) { step_output_write(&output, text, strlen(text)); }

static void assert_shown(const char *wanted)
{
    char text[4096] = "";
    ssize_t length = pread(fd, text, sizeof text - 1, 0);
    assert_true(length >= 0);
    assert_string_equal(text, wanted);
}

static void end(const char *wanted)
{
    step_output_finish(&output);
    assert_shown(wanted);
    close(fd);
}

static void test_what_a_hanging_step_printed_last_is_there_although_it_has_secrets(void **state)
{
    (void)state;
    begin(&WITH_SECRETS);
    print("waiting for the lock");
    assert_shown("waiting for the lock");
    print("\nstill waiting\n");
    assert_shown("waiting for the lock\nstill waiting\n");
    end("waiting for the lock\nstill waiting\n");
}

static void test_what_may_become_a_secret_waits(void **state)
{
    (void)state;
    begin(&WITH_SECRETS);
    print("door: open-ses");
    assert_shown("door: ");
    print("ame, quick");
    assert_shown("door: ***, quick");
    print(" open-s");
    assert_shown("door: ***, quick ");
    print("paced");
    assert_shown("door: ***, quick open-spaced");
    print(" open");
    end("door: ***, quick open-spaced open");
}

static void test_secrets_that_overlap_are_one(void **state)
{
    (void)state;
    begin(&WITH_SECRETS);
    print("a open-sesame");
    assert_shown("a ***");
    print("-oil b");
    assert_shown("a *** b");
    print(" open-sesame.");
    end("a *** b ***.");
}

static void test_a_byte_at_a_time_is_the_same(void **state)
{
    (void)state;
    static const char TEXT[] = "so open-open-sesame and sesame-oi sesame-oil open-sesame-oil oo";
    begin(&WITH_SECRETS);
    for (const char *at = TEXT; *at; at++)
        step_output_write(&output, at, 1);
    end("so open-*** and sesame-oi *** *** oo");
}

static void test_without_secrets_nothing_waits(void **state)
{
    (void)state;
    begin(&PLAIN);
    print("open");
    assert_shown("open");
    end("open");
}

/* The end of a long output is known at its end; until then the file must not look as if the step had stopped there. */
static void test_of_a_long_output_it_is_said_that_more_follows(void **state)
{
    (void)state;
    enum { CHUNK = 1024 * 1024 };
    static char chunk[CHUNK];
    char text[128];
    memset(chunk, 'x', sizeof chunk);
    begin(&PLAIN);
    for (int i = 0; i < STEP_OUTPUT_FIRST_BYTES / CHUNK; i++)
        step_output_write(&output, chunk, sizeof chunk);
    assert_int_equal(lseek(fd, 0, SEEK_END), STEP_OUTPUT_FIRST_BYTES);
    print("the end");
    ssize_t length = pread(fd, text, sizeof text - 1, STEP_OUTPUT_FIRST_BYTES);
    assert_true(length > 0);
    text[length] = '\0';
    assert_string_equal(text, "\n[more than 15 MiB: what follows is shown when the step has ended]\n");
    step_output_finish(&output);
    assert_int_equal(pread(fd, text, 7, lseek(fd, 0, SEEK_END) - 7), 7);
    assert_memory_equal(text, "the end", 7);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_hanging_step_printed_last_is_there_although_it_has_secrets),
        cmocka_unit_test(test_what_may_become_a_secret_waits),
        cmocka_unit_test(test_secrets_that_overlap_are_one),
        cmocka_unit_test(test_a_byte_at_a_time_is_the_same),
        cmocka_unit_test(test_without_secrets_nothing_waits),
        cmocka_unit_test(test_of_a_long_output_it_is_said_that_more_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
