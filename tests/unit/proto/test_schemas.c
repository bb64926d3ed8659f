/* SPDX-License-Identifier: Apache-2.0
 * proto/schemas says what the encoders write: one schema a ce_type, and in the common ones exactly the encoders' keys.
 * The working directory is the source tree. */
#include "common/base/text.h"
#include "proto/command.h"
#include "proto/order.h"
#include "proto/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const COMMANDS[] = { "deploy",   "cancel",  "retry",   "check_status", "line",  "history",
                                        "services", "receipt", "declare", "incident",     "heard", "alert" };
static const char *const EVENTS[] = { "queued",    "rejected", "started",   "progressed", "needs_a_human", "cancelling",
                                      "succeeded", "failed",   "cancelled", "posted",     "surplus" };
static const char *const INCIDENT_EVENTS[] = { "started",          "acknowledged", "mitigated",  "blocked",
                                               "unblocked",        "resolved",     "unresolved", "restarted",
                                               "ready_for_review", "completed",    "cancelled",  "uncancelled",
                                               "archived",         "changed",      "noted",      "ordered",
                                               "posted",           "surplus" };
static const char *const REPLIES[] = { "accepted", "duplicate", "status", "refused", "not_found", "line",
                                       "history",  "services",  "done",   "answer",  "delivered" };

static json_t *load(const char *name)
{
    char path[160];
    json_error_t error;
    (void)snprintf(path, sizeof path, "proto/schemas/%s.json", name);
    json_t *schema = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!schema)
        fail_msg("%s: %s", path, error.text);
    assert_string_equal(jx_string(schema, "$id"), path + strlen("proto/schemas/"));
    assert_string_equal(jx_string(schema, "$schema"), "https://json-schema.org/draft/2020-12/schema");
    return schema;
}

static void assert_refers(const char *domain, const char *const *names, size_t count, const char *common)
{
    for (size_t i = 0; i < count; i++) {
        char name[128];
        (void)snprintf(name, sizeof name, "slipway.%s.%s.v1", domain, names[i]);
        JX_AUTO json_t *schema = load(name);
        assert_string_equal(jx_string(schema, "$ref"), common);
        assert_non_null(jx_string(schema, "description"));
    }
}

static void test_every_type_has_a_schema(void **state)
{
    (void)state;
    assert_refers("command", COMMANDS, SW_COUNT(COMMANDS), "slipway.command.v1.json");
    assert_refers("deployment", EVENTS, SW_COUNT(EVENTS), "slipway.view.v1.json");
    assert_refers("incident", INCIDENT_EVENTS, SW_COUNT(INCIDENT_EVENTS), "slipway.view.v1.json");
    assert_refers("reply", REPLIES, SW_COUNT(REPLIES), "slipway.reply.v1.json");
}

static void assert_each_in(const json_t *left, const json_t *right)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)left, key, value) if (!json_object_get(right, key))
        fail_msg("\"%s\" is on one side only", key);
}

static void assert_same_keys(const json_t *encoded, const json_t *schema)
{
    size_t i;
    json_t *name;
    assert_non_null(encoded);
    const json_t *properties = json_object_get(schema, "properties");
    assert_each_in(encoded, properties);
    assert_each_in(properties, encoded);
    json_array_foreach(json_object_get(schema, "required"), i, name)
        assert_non_null(json_object_get(encoded, json_string_value(name)));
}

static void test_views_have_the_keys_of_their_schema(void **state)
{
    (void)state;
    struct proto_step_view step = { .name = "build" };
    struct proto_view view = { .workflow = "d-0123456789abc",
                               .kind = "deployment",
                               .state = "queued",
                               .at_ms = 1,
                               .message = { "C1", "1.2" },
                               .requested_user = "U1",
                               .home_channel = "C1",
                               .cancel_user = "U2",
                               .error_code = "E-X",
                               .held_by = "i-0123456789abc",
                               .steps = &step,
                               .step_count = 1 };
    JX_AUTO json_t *schema = load("slipway.view.v1"), *encoded = proto_view_encode(&view);
    const json_t *properties = json_object_get(schema, "properties");
    assert_same_keys(encoded, schema);
    assert_same_keys(json_array_get(json_object_get(encoded, "steps"), 0),
                     json_object_get(json_object_get(schema, "$defs"), "step"));
    static const char *const PARTS[] = { "requested_by", "home", "message", "cancel", "error", "held" };
    for (size_t i = 0; i < SW_COUNT(PARTS); i++)
        assert_same_keys(json_object_get(encoded, PARTS[i]), json_object_get(properties, PARTS[i]));
}

static void test_the_schema_knows_every_step_state(void **state)
{
    (void)state;
    JX_AUTO json_t *schema = load("slipway.view.v1");
    const json_t *step = json_object_get(json_object_get(json_object_get(schema, "$defs"), "step"), "properties");
    const json_t *names = json_object_get(json_object_get(step, "state"), "enum");
    assert_int_equal(json_array_size(names), PROTO_STEP_STATE_COUNT);
    for (size_t i = 0; i < PROTO_STEP_STATE_COUNT; i++)
        assert_string_equal(json_string_value(json_array_get(names, i)),
                            proto_step_state_name((enum proto_step_state)i));
}

static void test_commands_have_the_keys_of_their_schema(void **state)
{
    (void)state;
    struct proto_command command = { .id = "cmd:1", .name = "deploy", .said.ts = "1.2" };
    JX_AUTO json_t *schema = load("slipway.command.v1"), *encoded = proto_command_encode(&command);
    assert_same_keys(encoded, schema);
    static const char *const PARTS[] = { "actor", "said" };
    for (size_t i = 0; i < SW_COUNT(PARTS); i++)
        assert_same_keys(json_object_get(encoded, PARTS[i]),
                         json_object_get(json_object_get(schema, "properties"), PARTS[i]));
}

static void test_replies_have_the_keys_of_their_schema(void **state)
{
    (void)state;
    struct proto_reply reply = { .command = "cmd:1", .name = "done" };
    JX_AUTO json_t *schema = load("slipway.reply.v1"), *encoded = proto_reply_encode(&reply);
    assert_same_keys(encoded, schema);
}

static void test_the_schema_knows_every_verb_of_an_order(void **state)
{
    (void)state;
    JX_AUTO json_t *schema = load("slipway.order.v1");
    const json_t *names = json_object_get(json_object_get(json_object_get(schema, "properties"), "verb"), "enum");
    assert_int_equal(json_array_size(names), PROTO_ORDER_VERB_COUNT);
    for (size_t i = 0; i < PROTO_ORDER_VERB_COUNT; i++)
        assert_string_equal(json_string_value(json_array_get(names, i)),
                            proto_order_verb_name((enum proto_order_verb)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_has_a_schema),
        cmocka_unit_test(test_views_have_the_keys_of_their_schema),
        cmocka_unit_test(test_the_schema_knows_every_step_state),
        cmocka_unit_test(test_commands_have_the_keys_of_their_schema),
        cmocka_unit_test(test_the_schema_knows_every_verb_of_an_order),
        cmocka_unit_test(test_replies_have_the_keys_of_their_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
