/* SPDX-License-Identifier: Apache-2.0
 * What people say to an incident: roles, times, fields, lists, the timeline, the review; and what it answers. */
#include "tests/unit/orchestrator/core/incident_bench.h"

static const char *role(const struct bench *bench, const char *name) { return incident_role(bench->wf, name); }

static int64_t time_of(const struct bench *bench, const char *name) { return incident_time(bench->wf, name); }

/* ---- roles ---- */

static void test_roles(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    const struct proto_reply *reply = bench_say(&bench, "point", "");
    assert_string_equal(role(&bench, "point"), "U1");
    assert_string_equal(reply->reaction, "ok_hand");
    assert_string_equal(reply->card, "takeover");
    assert_int_equal(time_of(&bench, "acknowledged"), 0); /* H16 */
    assert_non_null(bench_order(&bench, "topic", NULL, "C42"));
    (void)bench_name(&bench, "comms", "U2", "human");
    assert_string_equal(role(&bench, "comms"), "U2");
    assert_int_equal(time_of(&bench, "acknowledged"), BENCH_NOW);
    assert_non_null(bench_order(&bench, "invite", NULL, "C42"));
    assert_string_equal(bench_name(&bench, "point", "UBOT", "bot")->name, "refused"); /* H17 */
    assert_string_equal(bench_name(&bench, "point", "UGONE", "missing")->name, "refused");
    assert_string_equal(role(&bench, "point"), "U1");
    assert_false(bench_done(&bench, "point", "alice")); /* a word is nobody */
    assert_true(bench_done(&bench, "unset", "point"));
    assert_string_equal(role(&bench, "point"), "");
    assert_false(bench_done(&bench, "unset", "point"));
    assert_false(bench_done(&bench, "unset", "king"));
    assert_string_equal(bench_name(&bench, "point", "U3", "unknown")->name, "done"); /* Slack could not be asked */
    bench_close(&bench);
}

static void test_handing_over(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_string_equal(bench_name(&bench, "handover", "U2", "human")->name, "refused"); /* nothing to hand over */
    bench_take_roles(&bench);
    assert_false(sw_failed(bench_command_with(
        &bench, "incident",
        json_pack("{ss ss s{ss ss}}", "verb", "handover", "text", "", "user", "id", "U2", "kind", "human"))));
    assert_string_equal(role(&bench, "point"), "U2");
    assert_string_equal(role(&bench, "comms"), "U2");
    assert_non_null(strstr(bench_reply(&bench)->text, "2 roles are"));
    assert_false(sw_failed(bench_command_with(
        &bench, "incident",
        json_pack("{ss ss s{ss ss}}", "verb", "handover", "text", "comms", "user", "id", "U3", "kind", "human"))));
    assert_string_equal(role(&bench, "comms"), "U3");
    assert_string_equal(role(&bench, "point"), "U2");
    assert_non_null(strstr(bench_reply(&bench)->text, "1 role is"));
    bench_close(&bench);
}

/* ---- times ---- */

static void test_times_that_are_said(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench.now_ms += 30 * BENCH_MINUTE;
    assert_true(bench_done(&bench, "mitigate", "17 minutes ago")); /* H26 */
    assert_int_equal(time_of(&bench, "mitigated"), BENCH_NOW + 13 * BENCH_MINUTE);
    assert_int_equal(time_of(&bench, "acknowledged"), BENCH_NOW + 13 * BENCH_MINUTE);
    assert_true(bench_done(&bench, "ack", "20 minutes ago"));
    assert_int_equal(time_of(&bench, "acknowledged"), BENCH_NOW + 10 * BENCH_MINUTE);
    assert_true(bench_done(&bench, "resolve", "5 minutes ago"));
    assert_int_equal(time_of(&bench, "resolved"), BENCH_NOW + 25 * BENCH_MINUTE);
    assert_int_equal(time_of(&bench, "mitigated"), BENCH_NOW + 13 * BENCH_MINUTE); /* kept */
    assert_true(bench_done(&bench, "mitigate", "10 minutes ago"));
    assert_int_equal(bench.wf->state, INCIDENT_RESOLVED);
    assert_true(bench_done(&bench, "resolve", "1 minute ago"));
    assert_int_equal(time_of(&bench, "resolved"), BENCH_NOW + 29 * BENCH_MINUTE);
    bench_close(&bench);
}

static void test_times_that_cannot_be(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench.now_ms += 30 * BENCH_MINUTE;
    const struct proto_reply *reply = bench_say(&bench, "mitigate", "in 10 minutes");
    assert_string_equal(reply->code, "E-TIME-FUTURE");
    reply = bench_say(&bench, "mitigate", "garbage");
    assert_string_equal(reply->code, "E-TIME");
    assert_string_equal(reply->card, "time_error");
    assert_string_equal(jx_string(reply->data, "input"), "garbage");
    assert_string_equal(bench_say(&bench, "genesis", "10 minutes ago")->code,
                        "E-TIME-ORDER"); /* it was declared before */
    assert_true(bench_done(&bench, "genesis", "1 hour ago"));
    assert_string_equal(bench_say(&bench, "detected", "2 hours ago")->code, "E-TIME-ORDER");
    assert_true(bench_done(&bench, "detected", "50 minutes ago"));
    assert_string_equal(bench_say(&bench, "mitigate", "90 minutes ago")->code, "E-TIME-ORDER");
    assert_int_equal(bench.wf->state, INCIDENT_STARTED);
    assert_string_equal(bench_say(&bench, "genesis", "")->code, "E-TIME-MISSING");
    bench_close(&bench);
}

static void test_an_unknown_zone_is_told(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    struct proto_command command = bench_command(&bench, "incident", NULL);
    (void)sw_copy(command.actor.zone, sizeof command.actor.zone, "Mars/Base");
    command.args = json_pack("{ss ss}", "verb", "ack", "text", "14:10");
    assert_false(sw_failed(bench_tell(&bench, (struct wf_input){ .kind = WF_COMMAND, .command = &command })));
    json_decref(command.args);
    assert_non_null(strstr(bench_reply(&bench)->text, "read it as UTC"));
    assert_int_equal(time_of(&bench, "acknowledged"), BENCH_NOW - 10 * BENCH_MINUTE);
    bench_close(&bench);
}

/* ---- fields ---- */

static void test_title_and_summary(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_true(bench_done(&bench, "title", "  The database is slow "));
    assert_string_equal(incident_fact(bench.wf, "title"), "The database is slow");
    assert_true(bench_event(&bench, "changed"));
    assert_true(bench_done(&bench, "title", "The database is slow"));
    assert_false(bench_event(&bench, "changed")); /* nothing has */
    assert_false(bench_done(&bench, "title", ""));
    assert_non_null(strstr(bench_say(&bench, "summary", "")->text, "no summary"));
    assert_true(bench_done(&bench, "summary", "x")); /* one character is enough */
    assert_string_equal(incident_fact(bench.wf, "summary"), "x");
    assert_int_equal(incident_count_entries(bench.wf, "summary"), 1);
    bench_close(&bench);
}

static void test_priority(void **state)
{
    (void)state;
    struct bench bench;
    bench_open_with(&bench, BENCH_INCIDENTS);
    bench_declare(&bench, "{\"title\":\"x\",\"priority\":3}");
    bench_answer_orders(&bench);
    bench.channel = "C42";
    assert_true(bench_done(&bench, "priority", "p1 it is worse"));
    assert_int_equal(incident_priority(bench.wf), 1);
    assert_non_null(bench_order(&bench, "post", "announce_raised", "CMAIN"));
    assert_non_null(bench_order(&bench, "post", "announce_raised", "CNOTIFY"));
    assert_true(bench_done(&bench, "priority", "LOW"));
    assert_int_equal(incident_priority(bench.wf), 3);
    assert_null(bench_order(&bench, "post", "announce_raised", NULL));
    assert_false(bench_done(&bench, "priority", "9"));
    assert_false(bench_done(&bench, "priority", "1foo"));
    assert_true(bench_done(&bench, "priority", "02"));
    assert_int_equal(incident_priority(bench.wf), 2);
    assert_string_equal(bench_say(&bench, "priority", "")->card, "priorities");
    assert_int_equal(json_array_size(json_object_get(bench_reply(&bench)->data, "levels")), 5);
    bench_close(&bench);
}

/* ---- lists ---- */

static const char *joined(const struct bench *bench, const char *key, char ret_text[256])
{
    const json_t *list = incident_list(bench->wf, key);
    ret_text[0] = '\0';
    for (size_t i = 0; i < json_array_size(list); i++)
        (void)snprintf(ret_text + strlen(ret_text), 256 - strlen(ret_text), "%s%s", i ? "," : "",
                       json_string_value(json_array_get(list, i)));
    return ret_text;
}

static void test_lists(void **state)
{
    (void)state;
    struct bench bench;
    char text[256];
    bench_start(&bench);
    assert_true(bench_done(&bench, "component", "orange,apple, pair,  plum")); /* H40 */
    assert_string_equal(joined(&bench, "components", text), "apple,orange,pair,plum");
    assert_true(bench_done(&bench, "component", "APPLE, kiwi"));
    assert_string_equal(joined(&bench, "components", text), "apple,kiwi,orange,pair,plum");
    assert_int_equal(json_array_size(json_object_get(bench_reply(&bench)->data, "dupes")), 1);
    assert_true(bench_done(&bench, "component_remove", "Kiwi"));
    assert_false(bench_done(&bench, "component_remove", "kiwi"));
    assert_true(bench_done(&bench, "component", "Übersicht, übersicht, ПЛАТЕЖИ"));
    assert_true(bench_done(&bench, "component", "ÜBERSICHT, платежи"));
    assert_int_equal(json_array_size(json_object_get(bench_reply(&bench)->data, "dupes")), 2);
    assert_true(bench_done(&bench, "component_remove", "übersicht"));
    assert_true(bench_done(&bench, "component_remove", "Платежи"));
    assert_string_equal(joined(&bench, "components", text), "apple,orange,pair,plum");
    assert_true(bench_done(&bench, "affected", "nasa,lockheed, gmc,  fairchild")); /* H44 */
    assert_string_equal(joined(&bench, "affected", text), "fairchild,gmc,lockheed,nasa");
    assert_true(bench_done(&bench, "affected", ",,"));
    assert_true(bench_done(&bench, "affected", "a"));
    assert_true(bench_done(&bench, "affected_remove", "a"));
    assert_non_null(strstr(bench_say(&bench, "affected", "")->text, "nasa"));
    bench_close(&bench);
}

static void test_strict_components(void **state)
{
    (void)state;
    struct bench bench;
    char text[256];
    bench_open_with(&bench, "{\"main\":\"CMAIN\",\"strict_components\":true}");
    bench_declare(&bench, "{\"title\":\"x\"}");
    json_object_set_new(bench.wf->facts, "tracker",
                        json_pack("{s[sss]}", "known_components", "plum", "pair", "orange"));
    assert_true(bench_done(&bench, "component", "plum"));
    const struct proto_reply *reply = bench_say(&bench, "component", "orange,apple, pair, pair,plum"); /* H41 */
    assert_string_equal(reply->reaction, "exclamation");
    assert_string_equal(joined(&bench, "components", text), "orange,pair,plum");
    assert_int_equal(json_array_size(json_object_get(reply->data, "added")), 2);
    assert_int_equal(json_array_size(json_object_get(reply->data, "dupes")), 1);
    assert_int_equal(json_array_size(json_object_get(reply->data, "rejected")), 1);
    bench_close(&bench);
}

/* ---- the timeline ---- */

static void test_notes(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_true(bench_done(&bench, "note", "x"));
    assert_true(bench_done(&bench, "ai", "fix `it` => a long story"));
    assert_string_equal(jx_string(bench_reply(&bench)->data, "text"), "fix it");
    assert_true(bench_done(&bench, "factor", "<https://Example.com>")); /* H47 */
    assert_string_equal(jx_string(bench_reply(&bench)->data, "text"), "https://example.com/");
    assert_true(bench_done(&bench, "factor", "see https://example.com for more"));
    assert_true(bench_done(&bench, "pr", "HTTP://EXAMPLE.com/a b")); /* H49 */
    assert_string_equal(jx_string(bench_reply(&bench)->data, "text"), "http://example.com/a%20b");
    assert_true(bench_done(&bench, "pr", "foo:bar"));
    assert_false(bench_done(&bench, "pr", "just words"));
    assert_non_null(strstr(bench_say(&bench, "pr", "")->text, "There are 2 changes"));
    assert_non_null(strstr(bench_say(&bench, "note", "")->text, "There is 1 note:"));
    assert_string_equal(jx_string(bench_reply(&bench)->data, "title"), "Notes"); /* a sentence's beginning */
    (void)bench_say(&bench, "ai", "");
    assert_string_equal(jx_string(bench_reply(&bench)->data, "title"), "Action items");
    bench_close(&bench);
}

static void test_updates_go_out(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_true(bench_done(&bench, "notify", "It is getting better"));
    assert_non_null(bench_order(&bench, "post", "comm_update", "CNOTIFY"));
    assert_null(bench_order(&bench, "post", "comm_update", "CMAIN"));
    assert_true(bench_done(&bench, "priority", "3"));
    assert_true(bench_done(&bench, "notify", "Still"));
    assert_null(bench_order(&bench, "post", "comm_update", NULL));
    bench_close(&bench);
}

static void test_correcting_the_timeline(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_true(bench_done(&bench, "note", "wrong"));
    char id[16], said[64];
    (void)snprintf(id, sizeof id, "%lld", (long long)incident_last_entry(bench.wf));
    (void)snprintf(said, sizeof said, "#%s right", id);
    assert_true(bench_done(&bench, "edit", said));
    const json_t *entry = incident_entry(bench.wf, incident_last_entry(bench.wf));
    assert_string_equal(jx_string(entry, "text"), "right");
    assert_string_equal(jx_string(json_array_get(json_object_get(entry, "edits"), 0), "text"), "wrong");
    assert_false(bench_done(&bench, "edit", "1 the declaration")); /* what happened stays */
    assert_false(bench_done(&bench, "forget", "99"));
    assert_false(bench_done(&bench, "forget", "x"));
    assert_true(bench_done(&bench, "forget", id));
    assert_int_equal(incident_count_entries(bench.wf, "note"), 0);
    assert_false(bench_done(&bench, "forget", id));
    JX_AUTO json_t *timeline = INCIDENT_KIND.timeline(bench.wf);
    const json_t *taken_off = json_array_get(timeline, json_array_size(timeline) - 1);
    assert_int_equal(json_array_size(timeline), incident_last_entry(bench.wf));
    assert_string_equal(jx_string(json_object_get(taken_off, "deleted"), "by"), "U1");
    assert_null(jx_string(taken_off, "text"));
    assert_null(json_object_get(taken_off, "edits"));
    assert_string_equal(jx_string(json_array_get(timeline, 0), "type"), "event");
    assert_true(bench_done(&bench, "summary", "first"));
    assert_true(bench_done(&bench, "summary", "second"));
    assert_true(bench_done(&bench, "undo", ""));
    assert_string_equal(incident_fact(bench.wf, "summary"), "first");
    assert_string_equal(bench_say(&bench, "history", "")->card, "history");
    bench_close(&bench);
}

static void test_a_long_entry_is_cut_with_a_sign(void **state)
{
    (void)state;
    struct bench bench;
    char text[1000] = "";
    bench_start(&bench);
    for (int i = 0; i < 450; i++)
        (void)sw_copy(text + strlen(text), sizeof text - strlen(text), "é");
    assert_true(bench_done(&bench, "note", text));
    const json_t *entries = json_object_get(bench_say(&bench, "history", "")->data, "entries");
    const char *shown = jx_string(json_array_get(entries, json_array_size(entries) - 1), "text");
    assert_int_equal(strlen(shown), 400 * strlen("é") + strlen("…"));
    assert_string_equal(shown + 400 * strlen("é"), "…");
    text[400 * strlen("é")] = '\0'; /* as long as fits */
    assert_true(bench_done(&bench, "note", text));
    entries = json_object_get(bench_say(&bench, "history", "")->data, "entries");
    assert_string_equal(jx_string(json_array_get(entries, json_array_size(entries) - 1), "text"), text);
    bench_close(&bench);
}

static void hear(struct bench *bench, const char *what, const char *ts, const char *text)
{
    assert_false(
        sw_failed(bench_command_with(bench, "heard",
                                     json_pack("{ss ss ss ss ss ss}", "what", what, "ts", ts, "text", text, "user",
                                               "U7", "reaction", "pushpin", "said_at", "2024-01-24T14:00:00.000Z"))));
    assert_null(bench_reply(bench));
}

static void test_pins_are_entries_and_follow_their_messages(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench.origin = "event";
    bench.user = "";
    hear(&bench, "pinned", "17.1", "the router is dead");
    int64_t id = incident_last_entry(bench.wf);
    assert_true(incident_entry_is(incident_entry(bench.wf, id), "pin"));
    assert_int_equal(jx_i64_or(incident_entry(bench.wf, id), "said_at", 0), BENCH_NOW - 20 * BENCH_MINUTE);
    assert_true(bench_event(&bench, "noted"));
    hear(&bench, "reacted", "17.1", "the router is dead"); /* once is enough */
    assert_int_equal(incident_last_entry(bench.wf), id);
    hear(&bench, "edited", "17.1", "the router was dead");
    assert_string_equal(jx_string(incident_entry(bench.wf, id), "text"), "the router was dead");
    hear(&bench, "unpinned", "17.1", "");
    assert_int_equal(incident_count_entries(bench.wf, "pin"), 0);
    hear(&bench, "deleted", "99.9", ""); /* nothing of ours */
    bench_close(&bench);
}

static void test_edits_of_commands_are_followed(void **state)
{
    (void)state;
    struct bench bench;
    char ts[32];
    bench_start(&bench);
    assert_true(bench_done(&bench, "note", "a typo"));
    int64_t id = incident_last_entry(bench.wf);
    (void)sw_copy(ts, sizeof ts, jx_string(json_object_get(incident_entry(bench.wf, id), "message"), "ts"));
    bench.origin = "event";
    hear(&bench, "edited", ts, ".note no typo");
    assert_string_equal(jx_string(incident_entry(bench.wf, id), "text"), "no typo");
    hear(&bench, "deleted", ts, "");
    assert_int_equal(incident_count_entries(bench.wf, "note"), 0);
    assert_int_equal(incident_last_entry(bench.wf), id); /* it stays on record */
    bench_close(&bench);
}

static void test_why_it_was_none_is_kept_and_told(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_true(bench_done(&bench, "cancel", "ein Fehlalarm"));
    assert_string_equal(jx_string(incident_entry(bench.wf, incident_last_entry(bench.wf)), "text"),
                        "Cancelled: ein Fehlalarm");
    for (int i = 0; i < 2; i++) {
        const json_t *post = i ? bench_order(&bench, "post", "announce_cancelled", "CMAIN")
                               : bench_order(&bench, "post", "cancelled", "C42");
        assert_non_null(strstr(jx_string(post, "text"), "ein Fehlalarm"));
        assert_string_equal(jx_string(json_object_get(post, "data"), "why"), "ein Fehlalarm");
    }
    bench_close(&bench);
}

static void test_who_joins_is_welcomed(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench.origin = "event";
    bench.user = "U9";
    hear(&bench, "joined", "", "");
    assert_non_null(bench_order(&bench, "ephemeral", "welcome", "C42"));
    bench.user = "U1"; /* who declared it knows */
    hear(&bench, "joined", "", "");
    assert_null(bench_order(&bench, "ephemeral", NULL, NULL));
    bench_close(&bench);
}

/* ---- the review ---- */

static void test_the_pages_of_the_review(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_false(bench_done(&bench, "next", "")); /* it is not over */
    assert_true(bench_done(&bench, "resolve", ""));
    const struct proto_reply *reply = bench_say(&bench, "next", "");
    assert_string_equal(jx_string(reply->data, "page"), "assignee");
    assert_string_equal(jx_string(bench_say(&bench, "next", "")->data, "page"), "assignee"); /* it waits for one */
    assert_true(bench_done(&bench, "assign", ""));
    assert_true(bench_done(&bench, "genesis", "now"));
    assert_true(bench_done(&bench, "detected", "now"));
    assert_string_equal(jx_string(bench_say(&bench, "next", "")->data, "page"),
                        "priority"); /* over what is satisfied */
    assert_true(bench_done(&bench, "component", "db"));
    assert_string_equal(jx_string(bench_say(&bench, "next", "")->data, "page"), "factors");
    assert_string_equal(jx_string(bench_say(&bench, "next", "")->data, "page"), "summary");
    assert_string_equal(bench_say(&bench, "next", "")->code, "E-REVIEW");
    assert_true(bench_done(&bench, "summary", "it broke"));
    assert_true(bench_done(&bench, "next", ""));
    assert_int_equal(bench.wf->state, INCIDENT_READY_FOR_REVIEW);
    bench_close(&bench);
}

static void test_what_a_review_needs(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_true(bench_done(&bench, "resolve", ""));
    const struct proto_reply *reply = bench_say(&bench, "ready", "");
    assert_string_equal(reply->name, "refused");
    assert_int_equal(json_array_size(json_object_get(reply->data, "items")), 5);
    bench_close(&bench);
    bench_start(&bench);
    bench_fill(&bench);
    assert_true(bench_done(&bench, "resolve", ""));
    assert_true(bench_done(&bench, "ready", "")); /* H28 */
    int parts = 0;
    for (size_t i = 0; i < bench.update.effect_count; i++)
        parts +=
            bench.update.effects[i].order && sw_equal(jx_string(bench.update.effects[i].order, "card"), "review_part");
    assert_int_equal(parts, 7);
    assert_false(bench_done(&bench, "ready", "")); /* H29 */
    assert_non_null(strstr(bench_reply(&bench)->text, "under way"));
    bench_close(&bench);
}

static void test_nothing_is_said_without_an_answer(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench.origin = "slash";
    for (size_t i = 0; i < incident_verb_count(); i++) {
        const struct proto_reply *reply = bench_say(&bench, incident_verb_at(i)->name, "");
        assert_false(sw_blank(reply->text));
        if (bench.wf->state == INCIDENT_ARCHIVED) {
            bench_close(&bench);
            bench_start(&bench);
            bench.origin = "slash";
        }
    }
    assert_non_null(strstr(bench_say(&bench, "nonsense", "")->text, "I don't know"));
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_handing_over),
        cmocka_unit_test(test_times_that_are_said),
        cmocka_unit_test(test_times_that_cannot_be),
        cmocka_unit_test(test_an_unknown_zone_is_told),
        cmocka_unit_test(test_title_and_summary),
        cmocka_unit_test(test_priority),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_strict_components),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_updates_go_out),
        cmocka_unit_test(test_correcting_the_timeline),
        cmocka_unit_test(test_a_long_entry_is_cut_with_a_sign),
        cmocka_unit_test(test_pins_are_entries_and_follow_their_messages),
        cmocka_unit_test(test_edits_of_commands_are_followed),
        cmocka_unit_test(test_why_it_was_none_is_kept_and_told),
        cmocka_unit_test(test_who_joins_is_welcomed),
        cmocka_unit_test(test_the_pages_of_the_review),
        cmocka_unit_test(test_what_a_review_needs),
        cmocka_unit_test(test_nothing_is_said_without_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
