/* SPDX-License-Identifier: Apache-2.0
 * What is written is read as the same thing, and what is wrong is refused with its path. */
#include "proto/command.h"
#include "proto/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_a_command_said_in_a_channel(void **state)
{
    (void)state;
    struct proto_command command = { .id = "evt:A1:Ev1",
                                     .name = "incident",
                                     .channel = "C1",
                                     .origin = "dot",
                                     .actor = { .user = "U1", .name = "Ada", .zone = "Europe/Berlin" },
                                     .said = { "1.2", "1.1" } };
    struct proto_command read;
    JX_AUTO json_t *json = proto_command_encode(&command);
    assert_false(sw_failed(proto_command_decode("incident", json, &read)));
    assert_string_equal(read.actor.name, "Ada");
    assert_string_equal(read.actor.zone, "Europe/Berlin");
    assert_string_equal(read.said.ts, "1.2");
    assert_string_equal(read.said.thread_ts, "1.1");
    proto_command_release(&read);
    (void)jx_set_take(json, "said", json_pack("{ss}", "thread_ts", "1.1"));
    struct sw_status status = proto_command_decode("incident", json, &read);
    assert_int_equal(status.code, SW_CODE_INVALID);
    assert_non_null(strstr(status.text, "said: ts"));
}

static void test_a_command_of_before_has_no_such_fields(void **state)
{
    (void)state;
    static const char TEXT[] = "{\"command\":\"cmd:1\",\"actor\":{\"user\":\"U1\"},\"args\":{}}";
    struct proto_command read;
    JX_AUTO json_t *json = NULL;
    assert_false(sw_failed(jx_parse(TEXT, strlen(TEXT), &json)));
    assert_false(sw_failed(proto_command_decode("deploy", json, &read)));
    assert_string_equal(read.actor.name, "");
    assert_string_equal(read.said.ts, "");
    proto_command_release(&read);
}

static void test_a_reply_with_a_card(void **state)
{
    (void)state;
    struct proto_reply reply = {
        .command = "cmd:1", .name = "answer", .reaction = "ok_hand", .card = "list", .open = true
    };
    struct proto_reply read;
    reply.data = json_pack("{ss}", "title", "Notes");
    JX_AUTO json_t *json = proto_reply_encode(&reply);
    proto_reply_release(&reply);
    assert_false(sw_failed(proto_reply_decode(json, &read)));
    assert_string_equal(read.reaction, "ok_hand");
    assert_string_equal(read.card, "list");
    assert_string_equal(jx_string(read.data, "title"), "Notes");
    assert_true(read.open);
    proto_reply_release(&read);
    (void)jx_set_take(json, "data", json_array());
    assert_int_equal(proto_reply_decode(json, &read).code, SW_CODE_INVALID);
}

static void test_a_view_with_detail_order_and_hold(void **state)
{
    (void)state;
    struct proto_view view = { .workflow = "i-0123456789abc",
                               .kind = "incident",
                               .state = "started",
                               .held_by = "i-1123456789abc",
                               .held_channel = "C2",
                               .held_reason = "site is down",
                               .held_until_ms = 1767225600000 };
    struct proto_view read;
    view.detail = json_pack("{si}", "number", 42);
    view.order = json_pack("{ss}", "key", "intro");
    JX_AUTO json_t *json = proto_view_encode(&view);
    proto_view_release(&view);
    assert_false(sw_failed(proto_view_decode(json, &read)));
    assert_int_equal(jx_i64_or(read.detail, "number", 0), 42);
    assert_string_equal(jx_string(read.order, "key"), "intro");
    assert_string_equal(read.held_by, "i-1123456789abc");
    assert_string_equal(read.held_channel, "C2");
    assert_string_equal(read.held_reason, "site is down");
    assert_true(read.held_until_ms == 1767225600000);
    proto_view_release(&read);
    (void)jx_set_take(json, "detail", json_string("no"));
    assert_int_equal(proto_view_decode(json, &read).code, SW_CODE_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_command_said_in_a_channel),
        cmocka_unit_test(test_a_command_of_before_has_no_such_fields),
        cmocka_unit_test(test_a_reply_with_a_card),
        cmocka_unit_test(test_a_view_with_detail_order_and_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
