/* SPDX-License-Identifier: Apache-2.0
 * What answers of Slack mean, and what is found in a channel's history. */
#include "gateway/io/slack_api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct slack_sought WF = { .workflow = "d-aaaaaaaaaaaaa" };

struct row {
    int32_t code;
    const char *body;
    enum slack_class class;
    const char *error;
};

static const struct row ROWS[] = {
    { 200, "{\"ok\":true,\"ts\":\"1.2\"}", SLACK_OK, "" },
    { 200, "{\"ok\":false,\"error\":\"ratelimited\"}", SLACK_LIMITED, "ratelimited" },
    { 429, "You are sending too many requests. Please relax.", SLACK_LIMITED, "http 429 without JSON" },
    { 429, "{\"ok\":false,\"error\":\"ratelimited\"}", SLACK_LIMITED, "ratelimited" },
    { 200, "{\"ok\":false,\"error\":\"service_unavailable\"}", SLACK_RETRY, "service_unavailable" },
    { 200, "{\"ok\":false,\"error\":\"internal_error\"}", SLACK_UNKNOWN, "internal_error" },
    { 500, "{\"ok\":false,\"error\":\"fatal_error\"}", SLACK_UNKNOWN, "fatal_error" },
    { 503, "<html>down</html>", SLACK_UNKNOWN, "http 503 without JSON" },
    { 200, "<html>a captive portal</html>", SLACK_UNKNOWN, "http 200 without JSON" },
    { 200, "[]", SLACK_UNKNOWN, "http 200 without JSON" },
    { 200, "", SLACK_UNKNOWN, "http 200 without JSON" },
    { 302, "", SLACK_UNKNOWN, "http 302 without JSON" },
    { 200, "{\"ok\":false,\"error\":\"invalid_blocks\",\"response_metadata\":{\"messages\":[\"[ERROR] bad\"]}}",
      SLACK_CONTENT, "invalid_blocks ([ERROR] bad)" },
    { 200, "{\"ok\":false,\"error\":\"message_not_found\"}", SLACK_GONE, "message_not_found" },
    { 200, "{\"ok\":false,\"error\":\"not_in_channel\"}", SLACK_REFUSED, "not_in_channel" },
    { 200, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"chat:write\"}", SLACK_REFUSED,
      "missing_scope (chat:write)" },
    { 200, "{\"ok\":false,\"error\":\"something_new\"}", SLACK_REFUSED, "something_new" },
    { 200, "{\"ok\":false}", SLACK_REFUSED, "no reason given" },
    { 404, "nothing here", SLACK_REFUSED, "http 404 without JSON" },
    { 200, "{\"ok\":false,\"error\":\"token_revoked\"}", SLACK_AUTH, "token_revoked" },
    { 401, "{\"ok\":false,\"error\":\"invalid_auth\"}", SLACK_AUTH, "invalid_auth" },
};

static void test_answers_have_the_documented_classes(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        JX_AUTO json_t *json = NULL;
        struct relay_outcome outcome = { 0 };
        const struct http_answer answer = { .status = sw_ok(),
                                            .code = ROWS[i].code,
                                            .body = ROWS[i].body,
                                            .body_bytes = strlen(ROWS[i].body),
                                            .retry_after_ms = 7000 };
        slack_api_classify(&answer, &outcome, &json);
        assert_string_equal(slack_class_name(outcome.class), slack_class_name(ROWS[i].class));
        assert_string_equal(outcome.error, ROWS[i].error);
        assert_int_equal(outcome.retry_after_ms, 7000);
        assert_int_equal(json != NULL, ROWS[i].class == SLACK_OK);
    }
}

static void test_without_an_answer_it_matters_whether_the_request_left(void **state)
{
    (void)state;
    struct relay_outcome outcome = { 0 };
    struct http_answer answer = { .status = sw_fail(SW_CODE_TIMEOUT, "too slow"), .maybe_sent = true, .body = "" };
    slack_api_classify(&answer, &outcome, NULL);
    assert_int_equal(outcome.class, SLACK_UNKNOWN);
    assert_string_equal(outcome.error, "too slow");
    answer.maybe_sent = false;
    slack_api_classify(&answer, &outcome, NULL);
    assert_int_equal(outcome.class, SLACK_RETRY);
}

static json_t *message(const char *ts, const char *event)
{
    return json_pack("{s:s, s:{s:s, s:{s:s}}}", "ts", ts, "metadata", "event_type", "deploy", "event_payload",
                     "event_id", event);
}

static void test_only_messages_of_the_workflow_are_found(void **state)
{
    (void)state;
    struct relay_outcome outcome = { 0 };
    JX_AUTO json_t *page = json_pack("{s:[o, o, o, o, {s:s}]}", "messages", message("5.0", "d-aaaaaaaaaaaaa:2"),
                                     message("4.0", "d-bbbbbbbbbbbbb:1"), message("3.0", "d-aaaaaaaaaaaaab:1"),
                                     message("2.0", "d-aaaaaaaaaaaaa:1"), "ts", "1.0");
    slack_api_find(page, &WF, &outcome);
    assert_int_equal(outcome.found_count, 2);
    assert_string_equal(outcome.found[0].ts, "2.0"); /* the oldest comes first */
    assert_string_equal(outcome.found[0].event, "d-aaaaaaaaaaaaa:1");
    assert_string_equal(outcome.found[1].ts, "5.0");
}

static void test_of_many_the_oldest_are_kept(void **state)
{
    (void)state;
    struct relay_outcome outcome = { 0 };
    for (char ts[] = "9.0"; ts[0] > '2'; ts[0]--) {
        JX_AUTO json_t *page = json_pack("{s:[o]}", "messages", message(ts, "d-aaaaaaaaaaaaa:1"));
        slack_api_find(page, &WF, &outcome);
    }
    assert_int_equal(outcome.found_count, RELAY_FOUND_MAX);
    assert_string_equal(outcome.found[0].ts, "3.0");
    assert_string_equal(outcome.found[RELAY_FOUND_MAX - 1].ts, "6.0");
    slack_api_find(NULL, &WF, &outcome); /* no page came */
    assert_int_equal(outcome.found_count, RELAY_FOUND_MAX);
}

static json_t *ordered(const char *ts, const char *key)
{
    json_t *json = message(ts, "d-aaaaaaaaaaaaa:7");
    json_t *payload = json_object_get(json_object_get(json, "metadata"), "event_payload");
    assert_true(jx_set_string(payload, "order", key));
    return json;
}

static void test_orders_and_the_live_message_are_not_taken_for_each_other(void **state)
{
    (void)state;
    const struct slack_sought intro = { .workflow = "d-aaaaaaaaaaaaa", .key = "intro" };
    JX_AUTO json_t *page = json_pack("{s:[o, o, o]}", "messages", message("1.0", "d-aaaaaaaaaaaaa:7"),
                                     ordered("2.0", "intro"), ordered("3.0", "intro2"));
    struct relay_outcome live = { 0 }, order = { 0 };
    slack_api_find(page, &WF, &live);
    assert_int_equal(live.found_count, 1);
    assert_string_equal(live.found[0].ts, "1.0");
    slack_api_find(page, &intro, &order);
    assert_int_equal(order.found_count, 1);
    assert_string_equal(order.found[0].ts, "2.0");
}

static json_t *channel(const char *id, const char *purpose, const char *creator, int created)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:{s:s}}", "id", id, "name", "inc-42", "creator", creator, "created",
                     created, "purpose", "value", purpose);
}

static void test_a_channel_is_ours_by_its_purpose_or_by_its_maker(void **state)
{
    (void)state;
    static const struct {
        const char *purpose, *creator;
        int created;
        bool ours;
    } CASES[] = {
        { "Incident i-aaaaaaaaaaaaa of Slipway", "U9", 1, true },
        { "Incident i-bbbbbbbbbbbbb of Slipway", "UBOT", 2000, false }, /* of another one of the same number */
        { "", "UBOT", 2000, true },                                     /* we died before it was marked */
        { "", "UBOT", 999, false },
        { "", "U9", 2000, false },
        { "lunch", "UBOT", 2000, false },
    };
    const struct slack_channel_sought wanted = { .name = "inc-42",
                                                 .workflow = "i-aaaaaaaaaaaaa",
                                                 .oldest_ms = 1000 * 1000 };
    for (size_t i = 0; i < SW_COUNT(CASES); i++) {
        struct relay_outcome outcome = { 0 };
        JX_AUTO json_t *page =
            json_pack("{s:[o, {s:s, s:s}]}", "channels",
                      channel("C1", CASES[i].purpose, CASES[i].creator, CASES[i].created), "id", "C2", "name", "inc-4");
        slack_api_pick_channel(page, &wanted, "UBOT", &outcome);
        assert_string_equal(outcome.channel.id, CASES[i].ours ? "C1" : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_have_the_documented_classes),
        cmocka_unit_test(test_without_an_answer_it_matters_whether_the_request_left),
        cmocka_unit_test(test_only_messages_of_the_workflow_are_found),
        cmocka_unit_test(test_of_many_the_oldest_are_kept),
        cmocka_unit_test(test_orders_and_the_live_message_are_not_taken_for_each_other),
        cmocka_unit_test(test_a_channel_is_ours_by_its_purpose_or_by_its_maker),
    };
    return cmocka_run_group_tests_name("slack_api", tests, NULL, NULL);
}
