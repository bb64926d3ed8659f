/* SPDX-License-Identifier: Apache-2.0
 * Messages of Socket Mode as Slack documents them, and others. */
#include "gateway/core/socket_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static json_t *read_ok(const char *text, struct socket_message *message)
{
    json_t *json = NULL;
    assert_false(sw_failed(jx_parse(text, strlen(text), &json)));
    assert_false(sw_failed(socket_message_read(json, message)));
    return json;
}

static void test_hello_tells_how_long_it_will_live(void **state)
{
    (void)state;
    struct socket_message message;
    JX_AUTO json_t *hello = read_ok("{\"type\":\"hello\",\"connection_info\":{\"app_id\":\"A1\"},\"num_connections\":2,"
                                    "\"debug_info\":{\"host\":\"applink-7\",\"started\":\"2020-10-11 12:12:12.120\","
                                    "\"build_number\":54,\"approximate_connection_time\":18060}}",
                                    &message);
    assert_int_equal(message.kind, SOCKET_HELLO);
    assert_int_equal(message.life_ms, 18060000);
    assert_int_equal(message.connections, 2);
    JX_AUTO json_t *bare = read_ok("{\"type\":\"hello\"}", &message);
    assert_int_equal(message.life_ms, 0);
    JX_AUTO json_t *odd = read_ok("{\"type\":\"hello\",\"debug_info\":{\"approximate_connection_time\":-7}}", &message);
    assert_int_equal(message.life_ms, 0);
}

static void test_disconnects(void **state)
{
    (void)state;
    static const struct {
        const char *reason;
        enum socket_disconnect disconnect;
    } rows[] = { { "warning", SOCKET_REFRESH },
                 { "refresh_requested", SOCKET_REFRESH },
                 { "something_new", SOCKET_REFRESH },
                 { "link_disabled", SOCKET_DISABLED },
                 { "too_many_websockets", SOCKET_TOO_MANY } };
    for (size_t i = 0; i < SW_COUNT(rows); i++) {
        char text[128];
        struct socket_message message;
        (void)snprintf(text, sizeof text, "{\"type\":\"disconnect\",\"reason\":\"%s\",\"debug_info\":{}}",
                       rows[i].reason);
        JX_AUTO json_t *json = read_ok(text, &message);
        assert_int_equal(message.kind, SOCKET_DISCONNECT);
        assert_int_equal(message.disconnect, rows[i].disconnect);
        assert_string_equal(message.reason, rows[i].reason);
    }
}

static void test_envelopes(void **state)
{
    (void)state;
    struct socket_message message;
    JX_AUTO json_t *command =
        read_ok("{\"envelope_id\":\"e-1\",\"type\":\"slash_commands\",\"payload\":{\"text\":\"x\"},"
                "\"accepts_response_payload\":true}",
                &message);
    assert_int_equal(message.kind, SOCKET_ENVELOPE);
    assert_int_equal(message.type, SOCKET_COMMAND);
    assert_string_equal(message.envelope, "e-1");
    assert_true(message.accepts_payload);
    assert_int_equal(message.retry, 0);
    assert_string_equal(socket_field(message.payload, "text"), "x");
    assert_string_equal(socket_field(message.payload, "user_id"), "");
    JX_AUTO json_t *event =
        read_ok("{\"envelope_id\":\"e-2\",\"type\":\"events_api\",\"payload\":{},"
                "\"accepts_response_payload\":false,\"retry_attempt\":1,\"retry_reason\":\"timeout\"}",
                &message);
    assert_int_equal(message.type, SOCKET_EVENT);
    assert_false(message.accepts_payload);
    assert_int_equal(message.retry, 1);
    assert_string_equal(message.retry_reason, "timeout");
}

static void test_what_is_new_is_acknowledged_when_it_can_be(void **state)
{
    (void)state;
    struct socket_message message;
    JX_AUTO json_t *new_type = read_ok("{\"envelope_id\":\"e-3\",\"type\":\"options\"}", &message);
    assert_int_equal(message.kind, SOCKET_ENVELOPE);
    assert_int_equal(message.type, SOCKET_OTHER);
    JX_AUTO json_t *no_envelope = read_ok("{\"type\":\"pong\"}", &message);
    assert_int_equal(message.kind, SOCKET_NOTHING);
}

static void test_what_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    char long_id[400];
    (void)snprintf(long_id, sizeof long_id, "{\"type\":\"events_api\",\"payload\":{},\"envelope_id\":\"%0200d\"}", 1);
    const char *const bad[] = { "{}",
                                "[]",
                                "{\"type\":7}",
                                "{\"type\":\"slash_commands\",\"payload\":{}}",
                                "{\"type\":\"slash_commands\",\"envelope_id\":\"\",\"payload\":{}}",
                                "{\"type\":\"slash_commands\",\"envelope_id\":\"e\"}",
                                "{\"type\":\"interactive\",\"envelope_id\":\"e\",\"payload\":\"x\"}",
                                long_id };
    for (size_t i = 0; i < SW_COUNT(bad); i++) {
        struct socket_message message;
        JX_AUTO json_t *json = NULL;
        assert_false(sw_failed(jx_parse(bad[i], strlen(bad[i]), &json)));
        assert_int_equal(socket_message_read(json, &message).code, SW_CODE_INVALID);
    }
}

static void test_acknowledgements(void **state)
{
    (void)state;
    SW_AUTO_FREE char *bare = socket_ack_new("e-1", NULL), *full = socket_ack_new("e\"2", "{\"text\":\"hi\"}");
    assert_string_equal(bare, "{\"envelope_id\":\"e-1\"}");
    assert_string_equal(full, "{\"envelope_id\":\"e\\\"2\",\"payload\":{\"text\":\"hi\"}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hello_tells_how_long_it_will_live),
        cmocka_unit_test(test_disconnects),
        cmocka_unit_test(test_envelopes),
        cmocka_unit_test(test_what_is_new_is_acknowledged_when_it_can_be),
        cmocka_unit_test(test_what_cannot_be_read_is_an_error),
        cmocka_unit_test(test_acknowledgements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
