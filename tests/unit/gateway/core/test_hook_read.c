/* SPDX-License-Identifier: Apache-2.0
 * What monitoring systems send, as the arguments of alert commands. The bodies of Alertmanager and Grafana are shaped
 * as their documentation shows them. */
#include "gateway/core/hook_read.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* text: with ' for ". */
static json_t *json(const char *text)
{
    json_t *value = NULL;
    SW_AUTO_FREE char *copy = sw_strdup(text);
    for (char *at = copy; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    assert_false(sw_failed(jx_parse(copy, strlen(copy), &value)));
    return value;
}

static json_t *alerts_of(const char *source, const char *text)
{
    JX_AUTO json_t *body = json(text);
    json_t *alerts = NULL;
    assert_false(sw_failed(hook_read(source, body, &alerts)));
    return alerts;
}

static void check_text(const json_t *alert, const char *key, const char *expected)
{
    if (expected)
        assert_string_equal(jx_string_or(alert, key, "(none)"), expected);
    else
        assert_true(json_is_null(json_object_get(alert, key)));
}

static const char ALERTMANAGER[] =
    "{'version':'4','groupKey':'{}:{alertname=HighErrors}','status':'firing','receiver':'slipway',"
    "'groupLabels':{'alertname':'HighErrors'},'alerts':["
    "{'status':'firing','labels':{'alertname':'HighErrors','severity':'critical','service':'site'},"
    "'annotations':{'summary':'5% of requests fail','description':'since the last deployment'},"
    "'startsAt':'2024-03-20T14:05:00.000Z','endsAt':'0001-01-01T00:00:00Z',"
    "'generatorURL':'https://prometheus.example/graph?g0.expr=x','fingerprint':'b9a1c2d3e4f50617'},"
    "{'status':'resolved','labels':{'alertname':'DiskFull','severity':'warning'},'annotations':{},"
    "'startsAt':'2024-03-20T13:00:00Z','endsAt':'2024-03-20T14:00:00Z','generatorURL':'','fingerprint':'"
    "00ff00ff00ff00ff'}]}";

static void test_alertmanager(void **state)
{
    (void)state;
    JX_AUTO json_t *alerts = alerts_of("alertmanager", ALERTMANAGER);
    assert_int_equal(json_array_size(alerts), 2);
    const json_t *first = json_array_get(alerts, 0), *second = json_array_get(alerts, 1);
    check_text(first, "source", "alertmanager");
    check_text(first, "key", "b9a1c2d3e4f50617");
    check_text(first, "group", "{}:{alertname=HighErrors}");
    check_text(second, "group", "{}:{alertname=HighErrors}");
    check_text(first, "status", "firing");
    check_text(first, "title", "5% of requests fail");
    check_text(first, "text", "since the last deployment");
    check_text(first, "service", "site");
    check_text(first, "url", "https://prometheus.example/graph?g0.expr=x");
    check_text(first, "started_at", "2024-03-20T14:05:00.000Z");
    assert_int_equal(jx_i64_or(first, "priority", 0), 1);
    check_text(second, "status", "resolved");
    check_text(second, "title", "DiskFull");
    check_text(second, "url", NULL);
    assert_int_equal(jx_i64_or(second, "priority", 0), 3);
}

static void test_grafana(void **state)
{
    (void)state;
    JX_AUTO json_t *alerts = alerts_of(
        "grafana",
        "{'receiver':'slipway','status':'firing','orgId':1,'alerts':[{'status':'firing','labels':{"
        "'alertname':'Slow checkout','app':'shop','priority':'P2'},'annotations':{'summary':'p99 is 4 s'},"
        "'startsAt':'2024-03-20T15:05:00+01:00','endsAt':'0001-01-01T00:00:00Z','fingerprint':'c6eadffa33fcdf37',"
        "'generatorURL':'https://grafana.example/alerting/grafana/1/view','dashboardURL':"
        "'https://grafana.example/d/1','panelURL':'','values':{'B':4}}],'title':'[FIRING:1]','state':'alerting'}");
    const json_t *alert = json_array_get(alerts, 0);
    check_text(alert, "key", "c6eadffa33fcdf37");
    check_text(alert, "title", "p99 is 4 s");
    check_text(alert, "service", "shop");
    check_text(alert, "url", "https://grafana.example/d/1");
    check_text(alert, "started_at", "2024-03-20T14:05:00.000Z");
    assert_int_equal(jx_i64_or(alert, "priority", 0), 2);
}

static void test_our_own_shape(void **state)
{
    (void)state;
    JX_AUTO json_t *one = alerts_of("uptime", "{'key':'disk','title':'The disk is full','priority':2}");
    const json_t *alert = json_array_get(one, 0);
    check_text(alert, "source", "uptime");
    check_text(alert, "key", "disk");
    check_text(alert, "status", "firing");
    check_text(alert, "title", "The disk is full");
    check_text(alert, "text", NULL);
    check_text(alert, "started_at", NULL);
    assert_int_equal(jx_i64_or(alert, "priority", 0), 2);
    check_text(alert, "group", NULL);
    JX_AUTO json_t *list =
        alerts_of("uptime", "[{'key':'disk','status':'RECOVERED'},{'key':'b','group':'db','title':'x'}]");
    check_text(json_array_get(list, 1), "group", "db");
    assert_int_equal(json_array_size(list), 2);
    check_text(json_array_get(list, 0), "status", "resolved");
    JX_AUTO json_t *object = alerts_of("uptime", "{'alerts':[{'key':'disk','status':'ok'}]}");
    check_text(json_array_get(object, 0), "status", "resolved");
    JX_AUTO json_t *none = alerts_of("uptime", "[]");
    assert_int_equal(json_array_size(none), 0);
}

static void test_what_is_odd_is_left_out_rather_than_refused(void **state)
{
    (void)state;
    JX_AUTO json_t *alerts =
        alerts_of("uptime", "{'key':'k','title':'t','url':'javascript:alert(1)','priority':'urgent',"
                            "'severity':'Warning','service':7,'started_at':'yesterday'}");
    const json_t *alert = json_array_get(alerts, 0);
    check_text(alert, "url", NULL);
    check_text(alert, "service", NULL);
    check_text(alert, "started_at", NULL);
    assert_int_equal(jx_i64_or(alert, "priority", 0), 3);
}

/* Annotations are written as blocks of YAML; a title of two lines would be refused, and the alert lost. */
static void test_titles_are_one_line(void **state)
{
    (void)state;
    JX_AUTO json_t *alerts = alerts_of("grafana", "{'alerts':[{'status':'firing','fingerprint':'f','annotations':{"
                                                  "'summary':' it burns\\n  badly\\n'},'labels':{}},{'status':'firing',"
                                                  "'fingerprint':'g','annotations':{'summary':' '},'labels':{"
                                                  "'alertname':''}}]}");
    check_text(json_array_get(alerts, 0), "title", "it burns   badly");
    check_text(json_array_get(alerts, 1), "title", "an alert without a name");
}

static void test_long_texts_are_cut_at_a_character(void **state)
{
    (void)state;
    char title[3 * 300 + 1] = "";
    for (size_t i = 0; i < 300; i++)
        strcat(title, "€");
    JX_AUTO json_t *body = json_pack("{ss ss}", "key", "k", "title", title);
    JX_AUTO json_t *alerts = NULL;
    assert_false(sw_failed(hook_read("uptime", body, &alerts)));
    assert_int_equal(strlen(jx_string(json_array_get(alerts, 0), "title")), 3 * 200);
}

static void test_what_cannot_be_used_says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *source, *body, *part;
    } rows[] = {
        { "alertmanager", "{'key':'k','title':'t'}", "\"alerts\"" },
        { "alertmanager", "{'alerts':[{'status':'firing','labels':{}}]}", "alert 1: \"key\" is missing" },
        { "grafana", "{'alerts':{}}", "\"alerts\"" },
        { "uptime", "{'title':'t'}", "\"key\" is missing" },
        { "uptime", "{'key':'k'}", "\"title\" is missing" },
        { "uptime", "{'key':'k','title':'t','status':'maybe'}", "neither firing nor resolved" },
        { "uptime", "[{'key':'k','title':'t'},7]", "alert 2: no JSON object" },
        { "uptime", "7", "no JSON object" },
    };
    for (size_t i = 0; i < SW_COUNT(rows); i++) {
        JX_AUTO json_t *body = json(rows[i].body);
        json_t *alerts = NULL;
        struct sw_status status = hook_read(rows[i].source, body, &alerts);
        assert_int_equal(status.code, SW_CODE_INVALID);
        assert_null(alerts);
        if (!strstr(status.text, rows[i].part))
            fail_msg("%s: %s", rows[i].body, status.text);
    }
}

static void test_more_than_a_hundred_are_too_many(void **state)
{
    (void)state;
    JX_AUTO json_t *list = json_array();
    JX_AUTO json_t *alerts = NULL;
    for (size_t i = 0; i < HOOK_MAX_ALERTS; i++)
        assert_int_equal(json_array_append_new(list, json_pack("{ss ss}", "key", "k", "title", "t")), 0);
    assert_false(sw_failed(hook_read("uptime", list, &alerts)));
    json_decref(alerts);
    alerts = NULL;
    assert_int_equal(json_array_append_new(list, json_pack("{ss ss}", "key", "k", "title", "t")), 0);
    assert_int_equal(hook_read("uptime", list, &alerts).code, SW_CODE_TOO_LARGE);
}

/* Alerts with anything in any place: whatever comes out is refused with words, or is what an alert command needs. */
static const char *const KEYS[] = { "key",       "status",   "title",    "labels",   "annotations",
                                    "url",       "group",    "text",     "service",  "fingerprint",
                                    "alertname", "priority", "severity", "startsAt", "summary" };

static uint32_t pick(uint32_t *random, uint32_t below)
{
    *random = *random * 1664525 + 1013904223;
    return (*random >> 16) % below;
}

static json_t *any_object(uint32_t *random, int depth);

static json_t *any_value(uint32_t *random, int depth)
{
    static const char *const texts[] = {
        "firing", "resolved", "k", "", "P2", "2024-03-20T14:05:00Z", "https://a.example", "\xe2\x82\xac", "critical"
    };
    uint32_t kind = pick(random, 12);
    if (kind == 0)
        return json_integer((json_int_t)pick(random, 200) - 50);
    if (kind == 1)
        return json_null();
    if (kind <= 4 && depth > 0)
        return any_object(random, depth - 1);
    return json_string(texts[pick(random, SW_COUNT(texts))]);
}

static json_t *any_object(uint32_t *random, int depth)
{
    json_t *object = json_object();
    for (size_t i = 0; i < SW_COUNT(KEYS); i++)
        if (pick(random, 4) > 0)
            assert_int_equal(json_object_set_new(object, KEYS[i], any_value(random, depth)), 0);
    return object;
}

static json_t *any_body(uint32_t *random)
{
    json_t *alerts = json_array();
    for (uint32_t left = pick(random, 3); left > 0; left--)
        assert_int_equal(json_array_append_new(alerts, any_object(random, 2)), 0);
    return pick(random, 8) == 0 ? alerts : json_pack("{so so}", "alerts", alerts, "groupKey", any_value(random, 1));
}

static void check_alert(const json_t *alert)
{
    const char *status = jx_string(alert, "status");
    assert_in_range(strlen(jx_string(alert, "key")), 1, HOOK_KEY_MAX);
    assert_true(sw_equal(status, "firing") || sw_equal(status, "resolved"));
    assert_true(sw_equal(status, "resolved") || !sw_blank(jx_string(alert, "title")));
    assert_null(strchr(jx_string_or(alert, "title", ""), '\n'));
    assert_int_equal(json_object_size(alert), 10);
}

static void test_anything_is_refused_or_whole(void **state)
{
    (void)state;
    static const char *const sources[] = { "alertmanager", "grafana", "uptime" };
    uint32_t random = 1;
    size_t taken = 0;
    for (size_t round = 0; round < 20000; round++) {
        JX_AUTO json_t *body = any_body(&random);
        JX_AUTO json_t *alerts = NULL;
        struct sw_status status = hook_read(sources[round % 3], body, &alerts);
        assert_true(sw_failed(status) == (alerts == NULL));
        for (size_t i = 0; i < json_array_size(alerts); i++, taken++)
            check_alert(json_array_get(alerts, i));
    }
    assert_in_range(taken, 500, 20000);
}

static void test_names_of_sources(void **state)
{
    (void)state;
    char source[HOOK_SOURCE_SIZE];
    assert_true(hook_source_read("MY_Source2", 10, source));
    assert_string_equal(source, "my-source2");
    assert_false(hook_source_read("", 0, source));
    assert_false(hook_source_read("a/b", 3, source));
    assert_false(hook_source_read("ä", 2, source));
    assert_false(hook_source_read("12345678901234567890123456789012345678901", 41, source));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alertmanager),
        cmocka_unit_test(test_grafana),
        cmocka_unit_test(test_our_own_shape),
        cmocka_unit_test(test_what_is_odd_is_left_out_rather_than_refused),
        cmocka_unit_test(test_titles_are_one_line),
        cmocka_unit_test(test_long_texts_are_cut_at_a_character),
        cmocka_unit_test(test_what_cannot_be_used_says_what_is_wrong),
        cmocka_unit_test(test_more_than_a_hundred_are_too_many),
        cmocka_unit_test(test_anything_is_refused_or_whole),
        cmocka_unit_test(test_names_of_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
