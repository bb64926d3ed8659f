/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/order.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct sw_status read_text(const char *text, struct proto_order *ret_order, json_t **ret_json)
{
    assert_false(sw_failed(jx_parse(text, strlen(text), ret_json)));
    return proto_order_read(*ret_json, ret_order);
}

static void test_one_of_each_verb_is_read(void **state)
{
    (void)state;
    static const char *const TEXTS[PROTO_ORDER_VERB_COUNT] = {
        "{\"key\":\"a\",\"verb\":\"post\",\"channel\":\"C1\",\"text\":\"hello\",\"thread_ts\":null}",
        "{\"key\":\"a\",\"verb\":\"ephemeral\",\"channel\":\"C1\",\"user\":\"U1\",\"card\":\"nag\",\"data\":{}}",
        "{\"key\":\"a\",\"verb\":\"update\",\"channel\":\"C1\",\"ts\":\"1.2\",\"text\":\"x\"}",
        "{\"key\":\"a\",\"verb\":\"create_channel\",\"name\":\"inc-1\",\"private\":true}",
        "{\"key\":\"a\",\"verb\":\"invite\",\"channel\":\"C1\",\"users\":[\"U1\",\"U2\"]}",
        "{\"key\":\"a\",\"verb\":\"topic\",\"channel\":\"C1\",\"topic\":\"P1\",\"replaces\":true}",
        "{\"key\":\"a\",\"verb\":\"archive\",\"channel\":\"C1\"}",
        "{\"key\":\"a\",\"verb\":\"unarchive\",\"channel\":\"C1\"}",
        "{\"key\":\"a\",\"verb\":\"react\",\"channel\":\"C1\",\"ts\":\"1.2\",\"name\":\"eyes\"}",
        "{\"key\":\"a\",\"verb\":\"join\",\"channel\":\"C1\"}",
    };
    for (size_t i = 0; i < PROTO_ORDER_VERB_COUNT; i++) {
        struct proto_order order;
        JX_AUTO json_t *json = NULL;
        struct sw_status status = read_text(TEXTS[i], &order, &json);
        if (sw_failed(status))
            fail_msg("%s", status.text);
        assert_int_equal(order.verb, i);
        assert_string_equal(proto_order_verb_name(order.verb), jx_string(json, "verb"));
        assert_string_equal(order.thread_ts, "");
    }
}

static void test_a_topic_may_be_made_later_and_a_repeat_says_since_when(void **state)
{
    (void)state;
    struct proto_order order;
    JX_AUTO json_t *json = NULL;
    assert_false(sw_failed(read_text("{\"key\":\"topic:1\",\"verb\":\"topic\",\"channel\":\"C1\","
                                     "\"since\":\"2026-01-01T00:00:00Z\"}",
                                     &order, &json)));
    assert_string_equal(order.topic, "");
    assert_int_equal(order.since_ms, 1767225600000);
}

static void test_what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what;
    } CASES[] = {
        { "[]", "no JSON object" },
        { "{\"verb\":\"join\",\"channel\":\"C1\"}", "key: missing" },
        { "{\"key\":\"a b\",\"verb\":\"join\",\"channel\":\"C1\"}", "printable" },
        { "{\"key\":\"a\",\"verb\":\"dance\"}", "\"dance\" is unknown" },
        { "{\"key\":\"a\",\"verb\":\"join\"}", "channel: missing" },
        { "{\"key\":\"a\",\"verb\":\"join\",\"channel\":7}", "channel: must be a text" },
        { "{\"key\":\"a\",\"verb\":\"post\",\"channel\":\"C1\"}", "text: missing" },
        { "{\"key\":\"a\",\"verb\":\"invite\",\"channel\":\"C1\",\"users\":[]}", "users: missing" },
        { "{\"key\":\"a\",\"verb\":\"invite\",\"channel\":\"C1\",\"users\":[7]}", "item 0" },
        { "{\"key\":\"a\",\"verb\":\"post\",\"channel\":\"C1\",\"text\":\"x\",\"data\":[]}", "data" },
    };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct proto_order order;
        JX_AUTO json_t *json = NULL;
        struct sw_status status = read_text(CASES[i].text, &order, &json);
        assert_int_equal(status.code, SW_CODE_INVALID);
        if (!strstr(status.text, CASES[i].what))
            fail_msg("\"%s\" says nothing of \"%s\"", status.text, CASES[i].what);
    }
}

static void test_limits_count_characters(void **state)
{
    (void)state;
    char topic[2 * PROTO_TOPIC_SIZE + 1] = "";
    struct proto_order order;
    for (int i = 0; i < PROTO_TOPIC_SIZE - 1; i++)
        strcat(topic, "\xc3\xa9");
    JX_AUTO json_t *json = json_pack("{ss ss ss ss}", "key", "topic", "verb", "topic", "channel", "C1", "topic", topic);
    assert_false(sw_failed(proto_order_read(json, &order)));
    strcat(topic, "x");
    assert_true(jx_set_string(json, "topic", topic));
    assert_true(sw_failed(proto_order_read(json, &order)));
}

static void test_the_beginning_of_the_key_says_what_is_superseded(void **state)
{
    (void)state;
    const struct proto_order old = { .key = "topic:1" }, new = { .key = "topic:2", .replaces = true };
    const struct proto_order other = { .key = "topics:1" }, keeps = { .key = "topic:3" };
    assert_true(proto_order_supersedes(&new, &old));
    assert_false(proto_order_supersedes(&new, &other));
    assert_false(proto_order_supersedes(&keeps, &old));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_of_each_verb_is_read),
        cmocka_unit_test(test_a_topic_may_be_made_later_and_a_repeat_says_since_when),
        cmocka_unit_test(test_what_is_wrong_is_named),
        cmocka_unit_test(test_limits_count_characters),
        cmocka_unit_test(test_the_beginning_of_the_key_says_what_is_superseded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
