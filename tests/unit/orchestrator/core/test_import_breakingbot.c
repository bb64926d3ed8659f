/* SPDX-License-Identifier: Apache-2.0
 * Breaking Bot's rows as records of incidents. */
#include "orchestrator/core/import_breakingbot.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define INCIDENT                                                                                                       \
    "{\"table\":\"incidents\",\"id\":42,\"title\":\"db down\",\"summary\":null,\"chat_room_uid\":\"C42\","             \
    "\"tracker_uid\":\"OPS-7\",\"priority\":1,\"point\":\"U1\",\"comms\":null,\"eng_lead\":\"U2\","                    \
    "\"genesis_at\":\"2024-01-24T14:00:00\",\"created_at\":\"2024-01-24T14:20:00.5\","                                 \
    "\"rfr_at\":\"2024-01-25T09:00:00\",\"resolved_at\":\"2024-01-24 15:00:00\","                                      \
    "\"completed_at\":\"2024-01-26T09:00:00\",\"archived_at\":\"2024-01-26T10:00:00\",\"created_by\":\"U1\"}\n"

static const char EXPORT[] = INCIDENT
    "{\"table\":\"incidents\",\"id\":43,\"title\":\"still burning\",\"created_at\":\"2024-01-27T00:00:00\"}\n"
    "\n"
    "{\"table\":\"log\",\"id\":9,\"incident_id\":42,\"type\":\"note\",\"text\":\"second\",\"created_by\":\"U2\","
    "\"created_at\":\"2024-01-24T14:40:00\",\"context_url\":null}\n"
    "{\"table\":\"log\",\"id\":5,\"incident_id\":42,\"type\":\"contributing_factor\",\"text\":\"first\","
    "\"created_by\":\"U1\",\"created_at\":\"2024-01-24T14:30:00\",\"context_url\":\"https://slack.test/p1\"}\n"
    "{\"table\":\"log\",\"id\":10,\"incident_id\":42,\"type\":\"action_item\",\"text\":\"fix => it\",\"created_by\":"
    "\"U1\",\"created_at\":\"2024-01-24T14:40:00\",\"context_url\":\"https://jira.test/browse/OPS-8\"}\n"
    "{\"table\":\"log\",\"id\":11,\"incident_id\":43,\"type\":\"note\",\"text\":\"elsewhere\",\"created_at\":\"x\"}\n"
    "{\"table\":\"affected\",\"incident_id\":42,\"what\":\"everybody\"}\n"
    "{\"table\":\"components\",\"incident_id\":42,\"which\":\"search\"}\n"
    "{\"table\":\"blockers\",\"id\":1,\"incident_id\":42,\"whomst\":\"a vendor\",\"reason\":null,"
    "\"created_at\":\"2024-01-24T14:25:00\",\"unblocked_at\":null}\n"
    "{\"table\":\"usercache\",\"chat_user_id\":\"U1\",\"name\":\"Hanni\"}\n"
    "{\"table\":\"migrations\",\"id\":1}\n";

static json_t *facts_of(const char *text, size_t count, size_t open)
{
    json_t *incidents = NULL;
    size_t left = 99;
    assert_false(sw_failed(import_breakingbot(text, &incidents, &left)));
    assert_int_equal(json_array_size(incidents), count);
    assert_int_equal(left, open);
    const json_t *first = json_array_get(incidents, 0);
    assert_string_equal(jx_string(first, "seed"), "breakingbot:42:1706106000000");
    assert_int_equal(jx_i64_or(first, "sequence", 0), 42);
    json_t *facts = json_incref(json_object_get(first, "facts"));
    json_decref(incidents);
    return facts;
}

static void test_an_incident_keeps_all_it_had(void **state)
{
    (void)state;
    JX_AUTO json_t *facts = facts_of(EXPORT, 1, 1);
    const json_t *times = json_object_get(facts, "times"), *roles = json_object_get(facts, "roles");
    assert_string_equal(jx_string(facts, "title"), "db down");
    assert_string_equal(jx_string(facts, "summary"), "");
    assert_int_equal(jx_i64_or(facts, "number", 0), 42);
    assert_int_equal(jx_i64_or(times, "genesis", 0), 1706104800000);
    assert_int_equal(jx_i64_or(times, "resolved", 0), 1706108400000);
    assert_int_equal(jx_i64_or(times, "archived", 0), 1706263200000);
    assert_null(json_object_get(times, "cancelled"));
    assert_string_equal(jx_string(roles, "eng"), "U2");
    assert_null(json_object_get(roles, "comms"));
    assert_string_equal(jx_string(json_object_get(facts, "tracker"), "key"), "OPS-7");
    assert_string_equal(json_string_value(json_array_get(json_object_get(facts, "affected"), 0)), "everybody");
    const json_t *blocker = json_array_get(json_object_get(facts, "blockers"), 0);
    assert_int_equal(jx_i64_or(blocker, "until", 0), 1706263200000); /* none is open in what has ended */
    assert_string_equal(jx_string(json_object_get(json_object_get(facts, "people"), "U1"), "name"), "Hanni");
}

static void test_the_timeline_is_in_order_and_without_gaps(void **state)
{
    (void)state;
    JX_AUTO json_t *facts = facts_of(EXPORT, 1, 1);
    const json_t *log = json_object_get(facts, "log");
    static const char *const TEXTS[] = { "first", "second", "fix => it" };
    assert_int_equal(json_array_size(log), 3);
    for (size_t i = 0; i < SW_COUNT(TEXTS); i++) {
        assert_int_equal(jx_i64_or(json_array_get(log, i), "id", 0), (int64_t)i + 1);
        assert_string_equal(jx_string(json_array_get(log, i), "text"), TEXTS[i]);
    }
    assert_string_equal(jx_string(json_array_get(log, 0), "type"), "factor");
    assert_string_equal(jx_string(json_object_get(json_array_get(log, 2), "task"), "key"), "OPS-8");
    assert_int_equal(jx_i64_or(facts, "log_next", 0), 4);
}

static void test_what_is_no_export_says_where(void **state)
{
    (void)state;
    static const char *const TEXTS[][2] = {
        { INCIDENT "nonsense\n", "line 2" },
        { INCIDENT "{\"id\":1}\n", "line 2" },
        { "{\"table\":\"incidents\",\"id\":7,\"archived_at\":\"2024-01-26T10:00:00\"}\n", "incident 7" },
    };
    for (size_t i = 0; i < SW_COUNT(TEXTS); i++) {
        json_t *incidents = NULL;
        size_t open;
        struct sw_status status = import_breakingbot(TEXTS[i][0], &incidents, &open);
        assert_int_equal(status.code, SW_CODE_INVALID);
        assert_non_null(strstr(status.text, TEXTS[i][1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_incident_keeps_all_it_had),
        cmocka_unit_test(test_the_timeline_is_in_order_and_without_gaps),
        cmocka_unit_test(test_what_is_no_export_says_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
