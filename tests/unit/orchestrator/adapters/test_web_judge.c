/* SPDX-License-Identifier: Apache-2.0
 * What answers of trackers mean, and what people read. */
#include "orchestrator/adapters/web_internal.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    int32_t code;
    int64_t retry_after_ms;
    const char *body, *text;
    enum sw_code status;
    int64_t waits_ms;
} ROWS[] = {
    { 200, -1, "{}", "", SW_CODE_NONE, 0 },
    { 204, -1, "{}", "", SW_CODE_NONE, 0 },
    { 302, -1, "{}", "HINT: configure the URL", SW_CODE_CONFIG, 0 },
    { 400, -1, "{\"errorMessages\":[],\"errors\":{\"summary\":\"is required\"}}", "(HTTP 400): summary: is required",
      SW_CODE_REFUSED, 0 },
    { 400, -1, "{\"errorMessages\":[\"no such thing\"]}", "no such thing", SW_CODE_REFUSED, 0 },
    { 401, -1, "{\"message\":\"Bad credentials\"}", "does not accept the token: Bad credentials", SW_CODE_AUTH, 0 },
    { 403, -1, "{\"message\":\"Resource not accessible\"}", "does not allow it: Resource not", SW_CODE_AUTH, 0 },
    { 403, -1, "{\"message\":\"API rate limit exceeded for user\"}", "asks to wait", SW_CODE_FULL, 60000 },
    { 403, 5000, "{}", "asks to wait", SW_CODE_FULL, 5000 },
    { 404, -1, "{\"message\":\"Not Found\"}", "hides it: Not Found", SW_CODE_NOT_FOUND, 0 },
    { 409, -1, "{}", "is in trouble (HTTP 409)", SW_CODE_IO, 0 },
    { 422, -1, "{\"message\":\"Validation Failed\",\"errors\":[{\"field\":\"title\",\"code\":\"missing_field\"}]}",
      "Validation Failed; title: missing_field", SW_CODE_REFUSED, 0 },
    { 422, -1, "{\"message\":{\"title\":[\"can't be blank\"]}}", "title: can't be blank", SW_CODE_REFUSED, 0 },
    { 429, 7000, "{}", "asks to wait (HTTP 429)", SW_CODE_FULL, 7000 },
    { 429, -1, "{}", "asks to wait (HTTP 429)", SW_CODE_FULL, 60000 },
    { 503, 3000, "{\"message\":\"line\\nfeed\"}", "is in trouble (HTTP 503): line feed", SW_CODE_IO, 3000 },
};

static void test_answers_and_their_sentences(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        struct web web = { .name = "Jira" };
        const struct http_answer answer = { .code = ROWS[i].code, .retry_after_ms = ROWS[i].retry_after_ms };
        JX_AUTO json_t *body = json_loads(ROWS[i].body, 0, NULL);
        struct sw_status status = web_judge(&web, &answer, body);
        assert_int_equal(status.code, ROWS[i].status);
        assert_non_null(strstr(status.text, ROWS[i].text));
        assert_int_equal(web.retry_after_ms, ROWS[i].waits_ms);
        assert_int_equal(web.code, ROWS[i].code);
    }
}

static void test_a_body_that_is_no_json_gives_no_reason(void **state)
{
    (void)state;
    struct web web = { .name = "Jira" };
    const struct http_answer answer = { .code = 400, .retry_after_ms = -1 };
    JX_AUTO json_t *body = json_object();
    struct sw_status status = web_judge(&web, &answer, body);
    assert_string_equal(status.text, "Jira refuses (HTTP 400)");
}

static void test_texts_in_paths(void **state)
{
    (void)state;
    SW_AUTO_BUF struct sw_buf buf = { 0 };
    web_put_encoded(&buf, "a/b c?&#\xC3\xA4-._~");
    assert_string_equal(sw_buf_string(&buf), "a%2Fb%20c%3F%26%23%C3%A4-._~");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_and_their_sentences),
        cmocka_unit_test(test_a_body_that_is_no_json_gives_no_reason),
        cmocka_unit_test(test_texts_in_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
