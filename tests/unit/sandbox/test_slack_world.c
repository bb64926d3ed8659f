/* SPDX-License-Identifier: Apache-2.0
 * The workspace: names of channels, who sees what, and that its lists end. */
#include "deploy/sandbox/slack/slack_world.h"

#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_channels.h"
#include "deploy/sandbox/slack/slack_messages.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

static struct slack_world *world;

static int begin(void **state)
{
    (void)state;
    world = slack_world_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    slack_world_free(world);
    return 0;
}

static void assert_name(const char *name, const char *expected)
{
    const char *error = slack_channel_name_error(world, name);
    assert_string_equal(error ? error : "fine", expected);
}

static void test_names(void **state)
{
    char name[SLACK_NAME_SIZE + 2];
    (void)state;
    for (size_t i = 0; i < SLACK_NAME_CHARACTERS + 1; i++)
        memcpy(name + 2 * i, "\xC3\xA9", 2);
    name[2 * (SLACK_NAME_CHARACTERS + 1)] = '\0';
    assert_name(name, "invalid_name_maxlength");
    name[2 * SLACK_NAME_CHARACTERS] = '\0';
    assert_name(name, "fine");
    assert_name("inc-1_a", "fine");
    assert_name(NULL, "invalid_name_required");
    assert_name("Inc", "invalid_name_specials");
    assert_name("_-", "invalid_name_punctuation");
    assert_name("board", "name_taken");
}

static void test_who_sees_what(void **state)
{
    const struct slack_channel *board = slack_channel_find(world, "board");
    const struct slack_channel *general = slack_channel_find(world, "#general");
    (void)state;
    assert_true(slack_channel_visible(board, slack_user_find("carol")));
    assert_false(slack_channel_visible(board, slack_user_find("bob")));
    assert_true(slack_channel_visible(general, slack_user_find("slipway")));
    assert_false(slack_channel_visible(general, slack_user_find("erin")));
}

static void test_a_direct_message_is_opened_once(void **state)
{
    uint64_t alice = slack_user_bit(slack_user_find("alice"));
    uint64_t bob = slack_user_bit(slack_user_find("bob"));
    const struct slack_channel *one = slack_channel_open_direct(world, alice);
    const struct slack_channel *two = slack_channel_open_direct(world, alice | bob);
    (void)state;
    assert_int_equal(one->kind, SLACK_IM);
    assert_int_equal(two->kind, SLACK_MPIM);
    assert_ptr_equal(slack_channel_open_direct(world, alice), one);
    assert_string_equal(slack_channel_partner(one)->name, "alice");
}

static void test_channels_end(void **state)
{
    char name[32];
    size_t made = 0;
    (void)state;
    do {
        (void)snprintf(name, sizeof(name), "inc-%zu", ++made);
    } while (slack_channel_create(world, name, SLACK_PUBLIC, slack_user_find("alice")) && made < 5000);
    assert_in_range(made, 1900, SLACK_MAX_CHANNELS);
    assert_null(slack_channel_open_direct(world, slack_user_bit(slack_user_find("bob"))));
}

static void test_versions_end_but_the_first_stays(void **state)
{
    struct slack_content content = { .text = "first", .via = "test" };
    struct slack_message *message = slack_message_post(world, "C0GENERAL01", &content);
    char text[32];
    (void)state;
    for (int i = 0; i < 1200; i++) {
        (void)snprintf(text, sizeof(text), "%d", i);
        content.text = text;
        slack_message_edit(world, message, &content);
    }
    assert_int_equal(json_array_size(message->history), 1000);
    assert_string_equal(jx_string(json_array_get(message->history, 0), "text"), "first");
    assert_string_equal(jx_string(json_array_get(message->history, 999), "text"), "1199");
}

static void test_messages_end(void **state)
{
    const struct slack_content content = { .text = "x", .via = "test" };
    char first[SLACK_TS_SIZE];
    size_t count = 0;
    (void)state;
    (void)sw_copy(first, sizeof(first), slack_message_post(world, "C0GENERAL01", &content)->ts);
    for (int i = 0; i < 50500; i++)
        (void)slack_message_post(world, "C0GENERAL01", &content);
    while (slack_message_at(world, count))
        count++;
    assert_in_range(count, 49000, 50000);
    assert_null(slack_message_find(world, "C0GENERAL01", first));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names, begin, end),
        cmocka_unit_test_setup_teardown(test_who_sees_what, begin, end),
        cmocka_unit_test_setup_teardown(test_a_direct_message_is_opened_once, begin, end),
        cmocka_unit_test_setup_teardown(test_channels_end, begin, end),
        cmocka_unit_test_setup_teardown(test_versions_end_but_the_first_stays, begin, end),
        cmocka_unit_test_setup_teardown(test_messages_end, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
