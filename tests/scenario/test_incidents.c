/* SPDX-License-Identifier: Apache-2.0
 * An incident from its declaration to its archive, in virtual time: the whole engine, a Slack and a tracker that
 * answer, and no crash that loses or doubles any of it. */
#include "tests/scenario/incidents_fixture.h"

#include "orchestrator/core/incident_verbs.h"

static json_t *declaration(int priority, const char *service)
{
    return json_pack("{ss si ss}", "title", "Checkout is down", "priority", priority, "service", service);
}

static const struct wf *incident_of(const struct harbour *harbour, const char *id)
{
    return world_workflow(harbour->world, id);
}

/* Says it, gives it time, and expects the answer. */
static const struct world_event *ask(struct harbour *harbour, const char *verb, const char *text, const char *answer)
{
    static int said;
    char tag[64];
    (void)snprintf(tag, sizeof tag, "%s-%d", verb, ++said);
    harbour_say(harbour, tag, verb, text);
    harbour_run(harbour, 400);
    const struct world_event *reply = world_reply(harbour->world, tag, answer);
    if (!reply) {
        const struct world_event *refused = world_reply(harbour->world, tag, "refused");
        fail_msg("%s %s: %s", verb, text, refused ? jx_string_or(refused->body, "text", "") : "no answer");
    }
    return reply;
}

static void name_person(struct harbour *harbour, const char *verb, const char *user)
{
    static int named;
    char tag[64];
    (void)snprintf(tag, sizeof tag, "named-%s-%d", verb, ++named);
    harbour_command(harbour, tag, "incident", "", "CROOM",
                    json_pack("{ss ss ss s{ss ss ss ss}}", "verb", verb, "text", "", "spoken", verb, "user", "id", user,
                              "name", "Bob", "zone", "UTC", "kind", "human"));
    harbour_run(harbour, 400);
    assert_non_null(world_reply(harbour->world, tag, "done"));
}

/* ---- a whole life ---- */

static const struct {
    const char *verb, *text, *state;
} LIFE[] = {
    { "status", "", "started" },
    { "list", "", "started" },
    { "main", "", "started" },
    { "priorities", "", "started" },
    { "snooze", "10m", "started" },
    { "point", "", "started" },
    { "comms", "", "acknowledged" },
    { "triage", "", "acknowledged" },
    { "unset", "triage", "acknowledged" },
    { "eng", "", "acknowledged" },
    { "ack", "now", "acknowledged" },
    { "title", "The checkout is down", "acknowledged" },
    { "summary", "Nobody can pay", "acknowledged" },
    { "priority", "p2 fewer than we thought", "acknowledged" },
    { "note", "The database is slow", "acknowledged" },
    { "edit", "17 The database is full", "acknowledged" },
    { "notify", "We are on it", "acknowledged" },
    { "ai", "Watch the disk => an alert at 80 %", "acknowledged" },
    { "factor", "No alert on disk space", "acknowledged" },
    { "pr", "https://code.example/pr/1", "acknowledged" },
    { "component", "db, checkout", "acknowledged" },
    { "component_remove", "checkout", "acknowledged" },
    { "affected", "shop, press", "acknowledged" },
    { "affected_remove", "press", "acknowledged" },
    { "blocked", "the database team => they have the keys", "blocked" },
    { "blockers", "", "blocked" },
    { "unblock", "1", "acknowledged" },
    { "blocked", "the network", "blocked" },
    { "unblock_all", "", "acknowledged" },
    { "genesis", "5 minutes ago", "acknowledged" },
    { "detected", "1 minute ago", "acknowledged" },
    { "changes", "", "acknowledged" },
    { "hold", "site 2h", "acknowledged" },
    { "release", "site", "acknowledged" },
    { "hold", "", "acknowledged" },
    { "note", "nonsense", "acknowledged" },
    { "undo", "", "acknowledged" },
    { "mitigate", "", "mitigated" },
    { "restart", "", "acknowledged" },
    { "mitigate", "", "mitigated" },
    { "resolve", "", "resolved" },
    { "unresolve", "", "mitigated" },
    { "resolve", "", "resolved" },
    { "cancel", "", "cancelled" },
    { "uncancel", "", "resolved" },
    { "review", "", "resolved" },
    { "next", "", "resolved" },
    { "assign", "", "resolved" },
    { "next", "", "resolved" },
    { "history", "", "resolved" },
    { "ready", "", "ready_for_review" },
    { "issue", "", "ready_for_review" },
    { "report", "", "ready_for_review" },
    { "complete", "", "completed" },
    { "keep", "", "completed" },
    { "archive", "", "archived" },
};

static void live(struct harbour *harbour, const char *id)
{
    for (size_t i = 0; i < SW_COUNT(LIFE); i++) {
        if (sw_equal(LIFE[i].verb, "edit")) { /* of what was written last */
            char text[64];
            (void)snprintf(text, sizeof text, "%lld%s", (long long)incident_last_entry(incident_of(harbour, id)),
                           strchr(LIFE[i].text, ' '));
            ask(harbour, "edit", text, "done");
        } else
            ask(harbour, LIFE[i].verb, LIFE[i].text, "done");
        if (!sw_equal(world_state(harbour->world, id), LIFE[i].state))
            fail_msg("%s: it is %s", LIFE[i].verb, world_state(harbour->world, id));
    }
}

static bool is_lived(const char *verb)
{
    static const char *const ELSEWHERE[] = { "forget", "handover", "invite", "private", "retry", "unknown" };
    for (size_t i = 0; i < SW_COUNT(LIFE); i++)
        if (sw_equal(LIFE[i].verb, verb))
            return true;
    for (size_t i = 0; i < SW_COUNT(ELSEWHERE); i++)
        if (sw_equal(ELSEWHERE[i], verb))
            return true;
    return false;
}

static void test_a_whole_life_with_every_verb(void **state)
{
    (void)state;
    for (size_t i = 0; i < incident_verb_count(); i++)
        if (!is_lived(incident_verb_at(i)->name))
            fail_msg("nobody says %s", incident_verb_at(i)->name);
    struct harbour *harbour = harbour_new(true);
    const char *id = harbour_declare(harbour, "one", declaration(1, "site"));
    harbour_run(harbour, 3000);
    assert_non_null(world_reply(harbour->world, "one", "accepted"));
    assert_string_equal(incident_channel(incident_of(harbour, id)), "CROOM");
    assert_int_equal(harbour_count(harbour, "create_channel", NULL, NULL), 1);
    assert_int_equal(harbour_count(harbour, "post", "intro", "CROOM"), 1);
    assert_int_equal(harbour_count(harbour, "post", "announce_new", "CNOTIFY"), 1);
    assert_int_equal(harbour_count(harbour, "invite", NULL, "CROOM"), 1);
    assert_int_equal(harbour->world->hold_count, 1);
    live(harbour, id);
    harbour_run(harbour, 10000);
    harbour_check(harbour, id);
    assert_true(incident_of(harbour, id)->final); /* all that it has ordered is done */
    assert_int_equal(json_object_size(incident_part(incident_of(harbour, id), "orders")), 0);
    assert_int_equal(harbour_count(harbour, "archive", NULL, NULL), 0); /* it was kept */
    assert_int_equal(harbour_count(harbour, "create_channel", NULL, NULL), 1);
    assert_int_equal(harbour->issues, 1);
    assert_string_equal(json_string_value(harbour->synced), "archived");
    assert_string_equal(harbour->status_state, "archived");
    assert_true(harbour->drafts > 0);
    assert_int_equal(harbour->world->hold_count, 0);
    harbour_end(harbour);
}

static void test_people_are_named(void **state)
{
    (void)state;
    struct harbour *harbour = harbour_new(false);
    const char *id = harbour_declare(harbour, "one", declaration(2, ""));
    harbour_run(harbour, 2000);
    ask(harbour, "point", "", "done");
    name_person(harbour, "handover", "U2");
    name_person(harbour, "invite", "U3");
    assert_string_equal(incident_role(incident_of(harbour, id), "point"), "U2");
    assert_int_equal(harbour_count(harbour, "invite", NULL, "CROOM"), 3); /* those of the start, U2, U3 */
    ask(harbour, "note", "wrong", "done");
    char number[24];
    (void)snprintf(number, sizeof number, "%lld", (long long)incident_last_entry(incident_of(harbour, id)));
    ask(harbour, "forget", number, "done");
    ask(harbour, "private", "", "refused");
    ask(harbour, "retry", "", "refused");
    ask(harbour, "unknown", "", "refused");
    harbour_check(harbour, id);
    harbour_end(harbour);
}

/* ---- who sees it ---- */

static void asked_by(struct harbour *harbour, const char *tag, const char *user, const char *id)
{
    struct proto_command command = { .actor = { .team = "T1", .membership = PROTO_MEMBER_FULL },
                                     .origin = "command",
                                     .gateway = "g",
                                     .at_ms = harbour->world->now_ms,
                                     .args = json_pack("{ss}", "target", id) };
    assert_non_null(command.args);
    (void)snprintf(command.id, sizeof command.id, "cmd:A1:%s", tag);
    (void)sw_copy(command.name, sizeof command.name, "check_status");
    (void)sw_copy(command.channel, sizeof command.channel, "CELSEWHERE");
    (void)sw_copy(command.actor.user, sizeof command.actor.user, user);
    harbour_put(harbour, &command);
    json_decref(command.args);
    harbour_run(harbour, 400);
}

/* A held deployment names the id of what holds it, so that anybody may ask for it. */
static void test_a_private_one_is_not_there_for_who_asks_by_its_id(void **state)
{
    (void)state;
    struct harbour *harbour = harbour_new(false);
    const char *id = harbour_declare(
        harbour, "one",
        json_pack("{ss si ss sb}", "title", "Keys are out", "priority", 1, "service", "site", "private", 1));
    harbour_run(harbour, 3000);
    asked_by(harbour, "stranger", "U9", id);
    asked_by(harbour, "declarer", "U1", id);
    const struct world_event *unseen = world_reply(harbour->world, "stranger", "not_found");
    assert_non_null(unseen);
    assert_false(json_is_object(json_object_get(unseen->body, "view")));
    assert_null(strstr(jx_string_or(unseen->body, "hint", ""), id));
    assert_non_null(world_reply(harbour->world, "declarer", "status"));
    harbour_end(harbour);
}

/* ---- the end ---- */

static void test_its_channel_is_archived_after_the_grace(void **state)
{
    (void)state;
    struct harbour *harbour = harbour_new(false);
    const char *id = harbour_declare(harbour, "one", declaration(4, ""));
    harbour_run(harbour, 2000);
    ask(harbour, "resolve", "", "done");
    ask(harbour, "complete", "", "done");
    harbour_run(harbour, 15000);
    assert_string_equal(world_state(harbour->world, id), "completed");
    world_kill(harbour->world);
    harbour_run(harbour, 15000);
    assert_string_equal(world_state(harbour->world, id), "archived");
    assert_int_equal(harbour_count(harbour, "archive", NULL, "CROOM"), 1);
    assert_true(incident_of(harbour, id)->final);
    harbour_check(harbour, id);
    harbour_end(harbour);
}

static void test_what_is_owed_to_an_archived_incident_outlives_a_restart(void **state)
{
    (void)state;
    struct harbour *harbour = harbour_new(true);
    const char *id = harbour_declare(harbour, "one", declaration(4, ""));
    harbour_run(harbour, 2000);
    harbour->slack_down = true;
    ask(harbour, "cancel", "", "done");
    harbour->world->errand_failures = 2;
    harbour_run(harbour, 25000);
    assert_string_equal(world_state(harbour->world, id), "archived");
    assert_false(incident_of(harbour, id)->final);
    world_kill(harbour->world);
    harbour->slack_down = false;
    harbour_run(harbour, 10000);
    assert_true(incident_of(harbour, id)->final);
    assert_int_equal(harbour_count(harbour, "archive", NULL, "CROOM"), 1);
    assert_string_equal(json_string_value(harbour->synced), "archived");
    harbour_end(harbour);
}

/* ---- when Slack or the tracker refuses ---- */

static void test_a_refused_order_is_told_and_tried_again(void **state)
{
    (void)state;
    struct harbour *harbour = harbour_new(false);
    harbour->fails_verb = "topic";
    harbour->fails_code = "missing_scope";
    harbour->fails_times = 1;
    const char *id = harbour_declare(harbour, "one", declaration(2, ""));
    harbour_run(harbour, 5000);
    assert_int_equal(harbour_count(harbour, "post", "problem", NULL), 1);
    assert_int_equal(harbour_count(harbour, "topic", NULL, NULL), 0);
    assert_int_equal(harbour_count(harbour, "post", "intro", NULL), 1); /* the others are independent of it */
    harbour_run(harbour, 601000);
    assert_int_equal(harbour_count(harbour, "topic", NULL, NULL), 1);
    assert_int_equal(json_object_size(incident_part(incident_of(harbour, id), "orders")), 0);
    harbour_end(harbour);
}

static void test_a_taken_name_is_followed_by_the_next(void **state)
{
    (void)state;
    struct harbour *harbour = harbour_new(false);
    harbour->fails_verb = "create_channel";
    harbour->fails_code = "name_taken";
    harbour->fails_times = 2;
    const char *id = harbour_declare(harbour, "one", declaration(2, ""));
    harbour_run(harbour, 5000);
    assert_string_equal(incident_channel_name(incident_of(harbour, id)), "inc-1-3");
    assert_int_equal(harbour_count(harbour, "post", "problem", NULL), 0);
    harbour_end(harbour);
}

static void test_a_tracker_that_is_away_loses_nothing(void **state)
{
    (void)state;
    struct harbour *harbour = harbour_new(true);
    harbour->world->errand_failures = 16; /* of the tracker and of the status page */
    const char *id = harbour_declare(harbour, "one", declaration(2, ""));
    harbour_run(harbour, 3000);
    ask(harbour, "notify", "We are on it", "done");
    int64_t update = incident_last_entry(incident_of(harbour, id));
    ask(harbour, "ai", "Mend it", "done");
    int64_t item = incident_last_entry(incident_of(harbour, id));
    ask(harbour, "component", "db", "done");
    harbour_run(harbour, 60000);
    assert_int_equal(harbour->issues, 0);
    world_kill(harbour->world);
    harbour_run(harbour, 1800000);
    assert_int_equal(harbour->issues, 1);
    assert_int_equal(harbour->asked, 1);
    assert_true(harbour->commented[update]);
    assert_true(harbour->tasked[item]);
    assert_int_equal(json_array_size(harbour->components), 1);
    assert_int_equal(json_object_size(incident_part(incident_of(harbour, id), "failed")), 0);
    assert_true(harbour_count(harbour, "post", "problem", "CROOM") > 0); /* people were told, once each */
    assert_true(harbour_count(harbour, "post", "problem", "CROOM") <= 2);
    harbour_check(harbour, id);
    harbour_end(harbour);
}

/* ---- an outage ---- */

static void test_two_hours_of_outage_are_one_reminder(void **state)
{
    (void)state;
    struct harbour *harbour = harbour_new(false);
    const char *id = harbour_declare(harbour, "one", declaration(1, ""));
    harbour_run(harbour, 12000);
    size_t before = harbour_count(harbour, "post", "nag", "CROOM");
    assert_true(before >= 2);
    world_kill(harbour->world);
    harbour->world->now_ms += 7200000; /* nobody runs */
    int64_t back_ms = harbour->world->now_ms;
    harbour_run(harbour, 3000);
    size_t after = harbour_count(harbour, "post", "nag", "CROOM");
    assert_int_equal(after, before + 1);
    harbour_run(harbour, 10000);
    assert_true(harbour_count(harbour, "post", "nag", "CROOM") > after); /* and then at the old pace */
    for (size_t i = 0; i < harbour->order_count; i++)
        if (harbour->orders[i].at_ms > back_ms && sw_equal(jx_string(harbour->orders[i].order, "card"), "nag") &&
            jx_i64_or(json_object_get(harbour->orders[i].order, "data"), "missed", 0) > 0)
            before++;
    assert_int_equal(before, after); /* one of them says how many were missed */
    harbour_check(harbour, id);
    harbour_end(harbour);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_life_with_every_verb),
        cmocka_unit_test(test_people_are_named),
        cmocka_unit_test(test_a_private_one_is_not_there_for_who_asks_by_its_id),
        cmocka_unit_test(test_its_channel_is_archived_after_the_grace),
        cmocka_unit_test(test_what_is_owed_to_an_archived_incident_outlives_a_restart),
        cmocka_unit_test(test_a_refused_order_is_told_and_tried_again),
        cmocka_unit_test(test_a_taken_name_is_followed_by_the_next),
        cmocka_unit_test(test_a_tracker_that_is_away_loses_nothing),
        cmocka_unit_test(test_two_hours_of_outage_are_one_reminder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
