/* SPDX-License-Identifier: Apache-2.0
 * render_judge: whether a message of the gateway is one that Slack takes, by the simulator's Block Kit, and whether
 * what others wrote stayed harmless in it; and texts that try to be neither. */
#ifndef TESTS_RENDER_JUDGE_H
#define TESTS_RENDER_JUDGE_H

#include "common/base/text.h"
#include "common/json/jx.h"
#include "deploy/sandbox/slack/slack_blocks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MESSAGE_TEXT_MAX = 4000 };

/* Each filler is repeated over whole fields: every character becomes an entity, is two units, closes code, ... */
static const char *const FILLERS[] = {
    "&", "<", "x", "`", "é", "😀", "\x01", "\n", "a\n", "<!channel>", "``` ", "*_~", "\xE2\x80\xAE", "\xC2\x85"
};

static inline void fill(char *ret_text, size_t size, const char *filler)
{
    size_t length = 0, one = strlen(filler);
    for (; length + one < size; length += one)
        memcpy(ret_text + length, filler, one);
    ret_text[length] = '\0';
}
#define FILL(field, filler) fill(field, sizeof(field), filler)

/* No text of another can have become a mention of everybody, and each < has its >. */
static inline void assert_harmless(const char *text)
{
    assert_null(strstr(text, "<!channel"));
    assert_null(strstr(text, "\xE2\x80\xAE")); /* U+202E turns the rest of a line around */
    for (const char *at = strpbrk(text, "<>"); at; at = strpbrk(at + 1, "<>")) {
        assert_int_equal(*at, '<');
        at = strpbrk(at + 1, "<>");
        assert_non_null(at);
        assert_int_equal(*at, '>');
    }
}

static inline void assert_harmless_texts(const json_t *json)
{
    const char *key;
    json_t *value;
    size_t i;
    bool plain = sw_equal(jx_string(json, "type"), "plain_text");
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        if (json_is_string(value) && !plain && !sw_equal(key, "value")) /* a button's value is shown to nobody */
            assert_harmless(json_string_value(value));
        assert_harmless_texts(value);
    }
    json_array_foreach(json, i, value) assert_harmless_texts(value);
}

/* Within every limit of Slack. */
static inline void judge_limits(const json_t *message)
{
    assert_non_null(message);
    const json_t *text = json_object_get(message, "text"), *blocks = json_object_get(message, "blocks");
    JX_AUTO json_t *problems = json_array();
    assert_true(json_string_length(text) > 0);
    assert_true(sw_utf8_characters(json_string_value(text)) <= MESSAGE_TEXT_MAX);
    assert_true(json_array_size(blocks) > 0 && json_array_size(blocks) <= SLACK_MAX_BLOCKS);
    if (!slack_blocks_validate(blocks, problems)) {
        SW_AUTO_FREE char *said = json_dumps(problems, JSON_INDENT(1));
        fail_msg("%s", said);
    }
}

static inline void judge(const json_t *message)
{
    judge_limits(message);
    assert_harmless_texts(message);
}

#endif
