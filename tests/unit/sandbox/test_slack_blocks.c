/* SPDX-License-Identifier: Apache-2.0
 * Block Kit validation: every limit of a message's blocks, one row a case, at the limit and one over it. */
#include "deploy/sandbox/slack/slack_blocks.h"

#include "common/base/text.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

/* n times a two-byte character: limits count characters. */
static char *repeat_new(size_t n)
{
    char *text = malloc(2 * n + 1);
    assert_non_null(text);
    for (size_t i = 0; i < n; i++)
        memcpy(text + 2 * i, "\xC3\xA9", 2);
    text[2 * n] = '\0';
    return text;
}

static json_t *check_new(const json_t *blocks)
{
    json_t *problems = json_array();
    bool valid = slack_blocks_validate(blocks, problems);
    assert_int_equal(valid, json_array_size(problems) == 0);
    return problems;
}

static void assert_valid(const char *text)
{
    json_error_t error;
    JX_AUTO json_t *blocks = json_loads(text, 0, &error);
    JX_AUTO json_t *problems = check_new(blocks);
    assert_non_null(blocks);
    if (json_array_size(problems) > 0)
        fail_msg("%s: %s", text, json_string_value(json_array_get(problems, 0)));
}

static void assert_problem(const char *text, const char *expected)
{
    json_error_t error;
    JX_AUTO json_t *blocks = json_loads(text, 0, &error);
    JX_AUTO json_t *problems = check_new(blocks);
    assert_non_null(blocks);
    if (json_array_size(problems) == 0)
        fail_msg("accepted: %s", text);
    assert_string_equal(json_string_value(json_array_get(problems, 0)), expected);
}

static void test_good_message(void **state)
{
    (void)state;
    assert_valid("[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"text\":\"hi\",\"emoji\":true}},"
                 "{\"type\":\"section\",\"fields\":[{\"type\":\"mrkdwn\",\"text\":\"*a*\"}]},"
                 "{\"type\":\"context\",\"elements\":[{\"type\":\"mrkdwn\",\"text\":\"x\",\"verbatim\":true}]},"
                 "{\"type\":\"divider\"},"
                 "{\"type\":\"actions\",\"block_id\":\"b\",\"elements\":[{\"type\":\"button\",\"action_id\":\"a\","
                 "\"text\":{\"type\":\"plain_text\",\"text\":\"Stop\"},\"style\":\"danger\",\"value\":\"v\","
                 "\"confirm\":{\"title\":{\"type\":\"plain_text\",\"text\":\"t\"},\"text\":{\"type\":\"mrkdwn\","
                 "\"text\":\"x\"},\"confirm\":{\"type\":\"plain_text\",\"text\":\"Yes\"},\"deny\":{\"type\":"
                 "\"plain_text\",\"text\":\"No\"}}}]}]");
}

#define PLAIN "{\"type\":\"plain_text\",\"text\":\"%s\"}"
#define OK_PLAIN "{\"type\":\"plain_text\",\"text\":\"x\"}"
#define BUTTON(more) "[{\"type\":\"actions\",\"elements\":[{\"type\":\"button\"," more "}]}]"
#define CONFIRM(title, text, yes, no)                                                                                  \
    BUTTON("\"text\":" OK_PLAIN ",\"confirm\":{\"title\":" title ",\"text\":" text ",\"confirm\":" yes ",\"deny\":" no \
           "}")

static const struct {
    const char *format; /* takes the text */
    size_t max;
    const char *pointer;
} LIMITS[] = {
    { "[{\"type\":\"header\",\"text\":" PLAIN "}]", 150, "/blocks/0/text/text" },
    { "[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"%s\"}}]", 3000, "/blocks/0/text/text" },
    { "[{\"type\":\"section\",\"fields\":[" OK_PLAIN "," PLAIN "]}]", 2000, "/blocks/0/fields/1/text" },
    { "[{\"type\":\"divider\",\"block_id\":\"%s\"}]", 255, "/blocks/0/block_id" },
    { BUTTON("\"text\":" PLAIN), 75, "/blocks/0/elements/0/text/text" },
    { BUTTON("\"text\":" OK_PLAIN ",\"action_id\":\"%s\""), 255, "/blocks/0/elements/0/action_id" },
    { BUTTON("\"text\":" OK_PLAIN ",\"value\":\"%s\""), 2000, "/blocks/0/elements/0/value" },
    { BUTTON("\"text\":" OK_PLAIN ",\"url\":\"%s\""), 3000, "/blocks/0/elements/0/url" },
    { BUTTON("\"text\":" OK_PLAIN ",\"accessibility_label\":\"%s\""), 75, "/blocks/0/elements/0/accessibility_label" },
    { CONFIRM(PLAIN, OK_PLAIN, OK_PLAIN, OK_PLAIN), 100, "/blocks/0/elements/0/confirm/title/text" },
    { CONFIRM(OK_PLAIN, PLAIN, OK_PLAIN, OK_PLAIN), 300, "/blocks/0/elements/0/confirm/text/text" },
    { CONFIRM(OK_PLAIN, OK_PLAIN, PLAIN, OK_PLAIN), 30, "/blocks/0/elements/0/confirm/confirm/text" },
    { CONFIRM(OK_PLAIN, OK_PLAIN, OK_PLAIN, PLAIN), 30, "/blocks/0/elements/0/confirm/deny/text" },
    { "[{\"type\":\"image\",\"image_url\":\"https://x\",\"alt_text\":\"%s\"}]", 2000, "/blocks/0/alt_text" },
};

static char *fill_new(const char *format, const char *text)
{
    char *filled = NULL;
    const char *hole = strstr(format, "%s");
    assert_non_null(hole);
    assert_true(asprintf(&filled, "%.*s%s%s", (int)(hole - format), format, text, hole + 2) > 0);
    return filled;
}

static void test_text_limits(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(LIMITS); i++) {
        SW_AUTO_FREE char *fits = repeat_new(LIMITS[i].max);
        SW_AUTO_FREE char *over = repeat_new(LIMITS[i].max + 1);
        SW_AUTO_FREE char *good = fill_new(LIMITS[i].format, fits);
        SW_AUTO_FREE char *bad = fill_new(LIMITS[i].format, over);
        char expected[200];
        (void)snprintf(expected, sizeof(expected), "must be less than %zu characters [json-pointer:%s]",
                       LIMITS[i].max + 1, LIMITS[i].pointer);
        assert_valid(good);
        assert_problem(bad, expected);
    }
}

/* count items of a list, then the whole. */
static char *list_new(const char *before, const char *item, size_t count, const char *after)
{
    struct sw_buf_like {
        char *data;
        size_t size;
    } out = { 0 };
    FILE *stream = open_memstream(&out.data, &out.size);
    assert_non_null(stream);
    (void)fputs(before, stream);
    for (size_t i = 0; i < count; i++)
        (void)fprintf(stream, "%s%s", i ? "," : "", item);
    (void)fputs(after, stream);
    assert_int_equal(fclose(stream), 0);
    return out.data;
}

static void test_counts(void **state)
{
    static const struct {
        const char *before, *item, *after, *pointer;
        size_t max;
    } CASES[] = {
        { "[", "{\"type\":\"divider\"}", "]", "/blocks", 50 },
        { "[{\"type\":\"section\",\"fields\":[", OK_PLAIN, "]}]", "/blocks/0/fields", 10 },
        { "[{\"type\":\"context\",\"elements\":[", OK_PLAIN, "]}]", "/blocks/0/elements", 10 },
        { "[{\"type\":\"actions\",\"elements\":[", "{\"type\":\"button\",\"text\":" OK_PLAIN "}", "]}]",
          "/blocks/0/elements", 25 },
    };
    (void)state;
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        char expected[200];
        SW_AUTO_FREE char *good = list_new(CASES[i].before, CASES[i].item, CASES[i].max, CASES[i].after);
        SW_AUTO_FREE char *bad = list_new(CASES[i].before, CASES[i].item, CASES[i].max + 1, CASES[i].after);
        (void)snprintf(expected, sizeof(expected), "no more than %zu items allowed [json-pointer:%s]", CASES[i].max,
                       CASES[i].pointer);
        assert_valid(good);
        assert_problem(bad, expected);
    }
}

static void test_refusals(void **state)
{
    static const struct {
        const char *blocks, *problem;
    } CASES[] = {
        { "[{\"type\":\"gizmo\"}]", "unsupported type: gizmo [json-pointer:/blocks/0/type]" },
        { "[{}]", "missing required field: type [json-pointer:/blocks/0]" },
        { "[3]", "must provide an object [json-pointer:/blocks/0]" },
        { "{}", "must provide an array [json-pointer:/blocks]" },
        { "[{\"type\":\"section\"}]", "must define either `text` or `fields` [json-pointer:/blocks/0]" },
        { "[{\"type\":\"header\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"x\"}}]",
          "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]" },
        { "[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"text\":\"\"}}]",
          "must be more than 0 characters [json-pointer:/blocks/0/text/text]" },
        { "[{\"type\":\"header\"}]", "missing required field: text [json-pointer:/blocks/0]" },
        { "[{\"type\":\"divider\",\"colour\":1}]", "invalid additional property: colour [json-pointer:/blocks/0]" },
        { "[{\"type\":\"actions\",\"elements\":[]}]",
          "no less than 1 items allowed [json-pointer:/blocks/0/elements]" },
        { "[{\"type\":\"actions\",\"elements\":[{\"type\":\"lever\"}]}]",
          "unsupported type: lever [json-pointer:/blocks/0/elements/0/type]" },
        { BUTTON("\"text\":" OK_PLAIN ",\"style\":\"loud\""),
          "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]" },
        { "[{\"type\":\"divider\",\"block_id\":\"a\"},{\"type\":\"divider\",\"block_id\":\"a\"}]",
          "`block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]" },
    };
    (void)state;
    for (size_t i = 0; i < SW_COUNT(CASES); i++)
        assert_problem(CASES[i].blocks, CASES[i].problem);
}

static void test_action_ids_are_unique_in_their_block(void **state)
{
    const char *button = "{\"type\":\"button\",\"action_id\":\"a\",\"text\":" OK_PLAIN "}";
    SW_AUTO_FREE char *twice = list_new("[{\"type\":\"actions\",\"elements\":[", button, 2, "]}]");
    (void)state;
    assert_problem(twice, "`action_id` \"a\" already exists [json-pointer:/blocks/0/elements/1/action_id]");
}

static void test_blocks_get_names(void **state)
{
    json_error_t error;
    JX_AUTO json_t *blocks =
        json_loads("[{\"type\":\"divider\"},{\"type\":\"divider\",\"block_id\":\"x\"}]", 0, &error);
    (void)state;
    slack_blocks_name(blocks, "p");
    assert_string_equal(jx_string(json_array_get(blocks, 0), "block_id"), "p.0");
    assert_string_equal(jx_string(json_array_get(blocks, 1), "block_id"), "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_message),
        cmocka_unit_test(test_text_limits),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_action_ids_are_unique_in_their_block),
        cmocka_unit_test(test_blocks_get_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
