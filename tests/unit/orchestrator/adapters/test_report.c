/* SPDX-License-Identifier: Apache-2.0
 * Reports as files, and whose they are. */
#include "orchestrator/adapters/report_internal.h"

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

#include <cmocka.h>

static char dir[] = "/tmp/slipway-test-report-XXXXXX";

static int begin(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    return sw_failed(fsio_remove_tree(AT_FDCWD, dir)) ? -1 : 0;
}

static json_t *spec_new(int number, const char *summary)
{
    char reports[200];
    (void)snprintf(reports, sizeof reports, "%s/reports", dir);
    return json_pack("{si s{ss} s{si ss ss s{}}}", "rev", 3, "report", "dir", reports, "model", "number", number,
                     "title", "down", "summary", summary, "people");
}

static char *read_report(int number, const char *extension)
{
    char path[300], *text;
    size_t length;
    (void)snprintf(path, sizeof path, "%s/reports/incident-%d.%s", dir, number, extension);
    assert_false(sw_failed(fsio_read(AT_FDCWD, path, 1 << 20, &text, &length)));
    return text;
}

static json_t *run(const json_t *spec)
{
    const struct errand_adapter adapter = report_adapter("/nowhere");
    json_t *result = NULL;
    int64_t retry_after_ms = 0;
    struct sw_status status = adapter.run(adapter.self, "i-1", "report.draft", spec, &result, &retry_after_ms);
    assert_false(sw_failed(status));
    return result;
}

static void test_files_are_written_and_renewed(void **state)
{
    (void)state;
    JX_AUTO json_t *first = spec_new(1, "it is bad"), *second = spec_new(1, "it is over");
    JX_AUTO json_t *result = run(first), *again = run(second);
    assert_non_null(strstr(jx_string(result, "path"), "/reports/incident-1.md"));
    assert_int_equal(jx_i64_or(result, "rev", 0), 3);
    SW_AUTO_FREE char *markdown = read_report(1, "md"), *html = read_report(1, "html");
    assert_non_null(strstr(markdown, "it is over"));
    assert_null(strstr(markdown, "it is bad"));
    assert_true(sw_starts_with(html, "<!DOCTYPE html>"));
    assert_non_null(strstr(html, "<p>it is over</p>"));
}

static void test_what_people_changed_is_theirs(void **state)
{
    (void)state;
    JX_AUTO json_t *first = spec_new(2, "it is bad"), *second = spec_new(2, "it is over");
    JX_AUTO json_t *result = run(first);
    FILE *file = fopen(jx_string(result, "path"), "a");
    assert_non_null(file);
    assert_true(fputs("\nWe learned a lot.\n", file) >= 0 && fclose(file) == 0);
    JX_AUTO json_t *again = run(second);
    SW_AUTO_FREE char *markdown = read_report(2, "md"), *html = read_report(2, "html");
    assert_non_null(strstr(markdown, "it is bad"));
    assert_non_null(strstr(markdown, "We learned a lot."));
    assert_non_null(strstr(html, "it is over")); /* nobody changed that one */
}

static void test_a_seal_cannot_be_had_by_writing_one(void **state)
{
    (void)state;
    JX_AUTO json_t *spec = spec_new(3, "<!-- slipway-i-1 0 -->");
    const struct report_call call = { .workflow = "i-1", .spec = spec, .model = json_object_get(spec, "model") };
    SW_AUTO_FREE char *text = NULL;
    assert_false(sw_failed(report_text(&call, RENDER_MARKDOWN, &text)));
    assert_true(report_is_ours(&call, text));
    assert_false(report_is_ours(&call, "anything"));
    assert_false(report_is_ours(&call, "<!-- slipway-i-1 0 -->"));
    text[0] = 'X';
    assert_false(report_is_ours(&call, text));
}

static void test_a_secret_that_is_missing_says_where_it_belongs(void **state)
{
    (void)state;
    char *secret = NULL;
    struct sw_status status = web_secret(dir, "HOOK", &secret);
    assert_int_equal(status.class, SW_PERMANENT);
    assert_non_null(strstr(status.text, "HOOK"));
    assert_non_null(strstr(status.text, dir));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_are_written_and_renewed),
        cmocka_unit_test(test_what_people_changed_is_theirs),
        cmocka_unit_test(test_a_seal_cannot_be_had_by_writing_one),
        cmocka_unit_test(test_a_secret_that_is_missing_says_where_it_belongs),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
