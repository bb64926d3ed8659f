/* SPDX-License-Identifier: Apache-2.0
 * What came of orders: the relay's receipts, and the timer for those that have to be repeated. */
#include "orchestrator/core/incident_orders.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_joined.h"
#include "orchestrator/core/incident_tracker.h"
#include "proto/order.h"

#include <stdio.h>

enum { CHANNEL_NAMES = 9, SHOWN_FAILURES = 20 };

static const json_t *find_order(const struct wf *wf, const char *key)
{
    return json_object_get(incident_part(wf, "orders"), key);
}

static const char *order_verb(const json_t *entry) { return jx_string_or(json_object_get(entry, "order"), "verb", ""); }

static const char *order_target(const json_t *entry)
{
    return jx_string_or(json_object_get(entry, "order"), "channel", "");
}

/* ---- done ---- */

static void add_user(struct incident_turn *turn, json_t *users, const char *user)
{
    for (size_t i = 0; i < json_array_size(users); i++)
        if (sw_equal(json_string_value(json_array_get(users, i)), user))
            return;
    if (*user && json_array_size(users) < PROTO_MAX_INVITES && json_array_append_new(users, json_string(user)) != 0)
        turn->broken = true;
}

/* People of the configuration, who declared it, and who has taken a part in it meanwhile. */
static json_t *invited(struct incident_turn *turn)
{
    const json_t *listed = incident_setting(turn->config, incident_fact(turn->wf, "room"), "invite");
    json_t *users = json_array();
    for (size_t i = 0; i < json_array_size(listed); i++)
        add_user(turn, users, json_string_value(json_array_get(listed, i)));
    add_user(turn, users, incident_fact(turn->wf, "user"));
#define ADD_(role) add_user(turn, users, incident_role(turn->wf, role));
    INCIDENT_ROLES(ADD_)
#undef ADD_
    return users;
}

static void tell_of_channel(struct incident_turn *turn)
{
    (void)incident_notify(turn, "announce_new", NULL, "Incident in <#%s>: %s", incident_channel(turn->wf),
                          incident_fact(turn->wf, "title")); /* not to be told is right, too */
}

static void introduce(struct incident_turn *turn)
{
    const struct wf *wf = turn->wf;
    const char *room = incident_fact(wf, "room");
    const json_t *runbooks = incident_setting(turn->config, room, "runbooks");
    const char *tips = incident_setting_text(turn->config, room, "oncall_tips");
    json_t *data = json_pack("{ss* ss*}", "runbook", jx_string(runbooks, "root"), "tips", *tips ? tips : NULL);
    incident_post(
        turn, "intro", data,
        "This is the channel of incident #%lld: %s. Take a role with `.point` or `.comms`; `.help` lists what "
        "else can be said here.",
        (long long)jx_i64_or(wf->facts, "number", 0), incident_fact(wf, "title"));
}

static void has_channel(struct incident_turn *turn, const json_t *created)
{
    const char *id = jx_string(created, "id"), *name = jx_string_or(created, "name", "");
    if (!id || *incident_channel(turn->wf))
        return;
    incident_put(turn, "channel", json_pack("{ss ss sb}", "id", id, "name", name, "archived", 0));
    incident_order_invite(turn, invited(turn));
    introduce(turn);
    incident_orders_find_place(turn);
    tell_of_channel(turn);
    incident_holds_again(turn);
    incident_event(turn, "changed");
}

static void is_done(struct incident_turn *turn, const json_t *entry)
{
    const char *verb = order_verb(entry);
    bool own = sw_equal(order_target(entry), incident_channel(turn->wf));
    if (sw_equal(verb, "create_channel"))
        has_channel(turn, json_object_get(turn->command->args, "created"));
    else if (sw_equal(verb, "archive") && own)
        incident_put_in(turn, "channel", "archived", json_true());
    else if (sw_equal(verb, "unarchive") && own)
        incident_put_in(turn, "channel", "archived", json_false());
}

/* ---- failed ---- */

static void describe(const json_t *entry, char *ret_text, size_t size)
{
    const char *verb = order_verb(entry), *target = order_target(entry);
    if (sw_equal(verb, "create_channel"))
        (void)snprintf(ret_text, size, "make the channel #%s",
                       jx_string_or(json_object_get(entry, "order"), "name", ""));
    else if (sw_equal(verb, "invite"))
        (void)snprintf(ret_text, size, "invite people to <#%s>", target);
    else if (sw_equal(verb, "topic"))
        (void)snprintf(ret_text, size, "set the topic of <#%s>", target);
    else if (sw_equal(verb, "archive") || sw_equal(verb, "unarchive") || sw_equal(verb, "join"))
        (void)snprintf(ret_text, size, "%s <#%s>", verb, target);
    else
        (void)snprintf(ret_text, size, "write to <#%s>", target);
}

/* What people can do about it; NULL: nothing is known. */
static const char *advice(const char *code)
{
    static const char *const ADVICE[][2] = {
        { "missing_scope", "Slipway's app lacks a permission: install it again from its manifest." },
        { "not_in_channel", "Invite Slipway's app to that channel." },
        { "channel_not_found", "Invite Slipway's app to that channel." },
        { "restricted_action", "The workspace's settings forbid it to apps: an administrator can allow it." },
        { "is_archived", "Unarchive that channel if it is needed." },
        { "name_taken", "Rename the channels that have such names." },
    };
    for (size_t i = 0; i < SW_COUNT(ADVICE); i++)
        if (sw_equal(ADVICE[i][0], code))
            return ADVICE[i][1];
    return NULL;
}

enum { HINT_SIZE = 256 };

/* The whole sentence: it is all that a notification shows. */
static void say_problem(char ret_text[PROTO_ORDER_TEXT_MAX], const char *what, const char *why, const char *hint)
{
    (void)sw_print(ret_text, PROTO_ORDER_TEXT_MAX, "I could not %s: %s. %s", what, why, hint);
}

static void hint_at(const char *code, char ret_hint[HINT_SIZE])
{
    const char *known = advice(code);
    (void)snprintf(ret_hint, HINT_SIZE, "%s%s", known ? known : "",
                   known ? " Then say `.retry`."
                         : "It is tried again every 10 minutes; `.status` shows whether it still fails."); /* fits */
}

/* Tells it where it can be read: in the incident's channel, unless that is what failed; then in the main channel. */
static void tell_failure(struct incident_turn *turn, const json_t *entry, const char *code, const char *why)
{
    char what[256], hint[HINT_SIZE], text[PROTO_ORDER_TEXT_MAX];
    describe(entry, what, sizeof what);
    hint_at(code, hint);
    say_problem(text, what, why, hint);
    json_t *data = json_pack("{ss ss ss}", "what", what, "why", why, "hint", hint);
    bool own =
        sw_equal(order_verb(entry), "create_channel") || sw_equal(order_target(entry), incident_channel(turn->wf));
    const json_t *headline = incident_part(turn->wf, "message");
    if (!own) {
        incident_post(turn, "problem", data, "%s", text);
        return;
    }
    if (!incident_private(turn->wf) && headline && !sw_equal(order_target(entry), jx_string(headline, "channel")))
        incident_order(turn, "post",
                       json_pack("{ss ss ss ss sO ss sb}", "verb", "post", "channel",
                                 jx_string_or(headline, "channel", ""), "thread_ts", jx_string_or(headline, "ts", ""),
                                 "card", "problem", "data", data, "text", text, "pin", 0));
    else if (*incident_fact(turn->wf, "declared_in"))
        incident_order(turn, "ephemeral",
                       json_pack("{ss ss ss ss sO ss}", "verb", "ephemeral", "channel",
                                 incident_fact(turn->wf, "declared_in"), "user", incident_fact(turn->wf, "user"),
                                 "card", "problem", "data", data, "text", text));
    json_decref(data);
}

/* It is done, but for something beside it, which is not tried again. */
static void tell_trouble(struct incident_turn *turn, const json_t *entry, const json_t *trouble)
{
    char text[PROTO_ORDER_TEXT_MAX];
    const char *code = jx_string(trouble, "code"), *why = jx_string_or(trouble, "text", "Slack refused it");
    const bool makes = sw_equal(order_verb(entry), "create_channel");
    const char *what = makes ? "say in its purpose whose channel this is" : "pin what begins this channel";
    const char *known = code ? advice(code) : NULL, *hint = known ? known : "It is not tried again.";
    if (!code)
        return;
    say_problem(text, what, why, hint);
    incident_post(turn, "problem", json_pack("{ss ss ss}", "what", what, "why", why, "hint", hint), "%s", text);
}

static void has_failed(struct incident_turn *turn, const char *key, const json_t *error)
{
    const json_t *entry = find_order(turn->wf, key);
    const char *code = jx_string_or(error, "code", ""), *text = jx_string_or(error, "text", code);
    int64_t tries = jx_i64_or(entry, "tries", 0) + 1;
    bool first = tries == 1 && !sw_starts_with(key, "ephemeral:"); /* about a message about a failure nothing is said */
    if (first)
        tell_failure(turn, entry, code, *text ? text : "Slack refused it");
    json_t *changed =
        json_pack("{sO ss sI sI s{ss ss}}", "order", json_object_get(entry, "order"), "state", "failed", "tries",
                  (json_int_t)tries, "at", (json_int_t)turn->now_ms, "error", "code", code, "text", text);
    incident_put_in(turn, "orders", key, changed);
    incident_orders_find_place(turn);
}

static bool another_name(struct incident_turn *turn, const char *key, const json_t *error)
{
    int64_t tries = jx_i64_or(turn->wf->facts, "channel_tries", 1);
    if (!sw_equal(jx_string(error, "code"), "name_taken") || tries >= CHANNEL_NAMES)
        return false;
    (void)json_object_del(incident_part_of(turn, "orders"), key);
    incident_order_channel(turn, tries + 1);
    return true;
}

/* ---- the live headline ---- */

static void note_headline(struct incident_turn *turn)
{
    const json_t *args = turn->command->args, *known = incident_part(turn->wf, "message");
    const char *channel = jx_string_or(args, "channel", ""), *ts = jx_string_or(args, "ts", "");
    bool first = known == NULL;
    bool same = sw_equal(jx_string(known, "channel"), channel) && sw_equal(jx_string(known, "ts"), ts);
    if (!*channel || !*ts || same)
        return;
    incident_put(turn, first ? "message" : "surplus", json_pack("{ss ss}", "channel", channel, "ts", ts));
    incident_orders_find_place(turn);
    incident_event(turn, first ? "posted" : "surplus");
}

struct sw_status incident_receipt(struct incident_turn *turn)
{
    const json_t *args = turn->command->args, *error = json_object_get(args, "error");
    const char *key = jx_string(args, "order");
    const json_t *entry = key ? find_order(turn->wf, key) : NULL;
    if (!key)
        note_headline(turn);
    else if (entry && json_is_object(error) && !another_name(turn, key, error))
        has_failed(turn, key, error);
    else if (entry && !json_is_object(error)) {
        is_done(turn, entry);
        tell_trouble(turn, entry, json_object_get(args, "trouble"));
        (void)json_object_del(incident_part_of(turn, "orders"), key);
    }
    return sw_ok();
}

/* ---- again ---- */

static void repeat(struct incident_turn *turn, json_t *entry)
{
    if (json_object_set_new(entry, "state", json_string("new")) != 0 ||
        json_object_set_new(entry, "at", json_integer(turn->now_ms)) != 0)
        turn->broken = true;
}

struct sw_status incident_orders_due(struct incident_turn *turn)
{
    const char *key;
    json_t *entry;
    json_object_foreach(incident_part_of(turn, "orders"), key, entry)
    {
        int64_t due_ms = incident_order_due(entry);
        if (due_ms && due_ms <= turn->now_ms)
            repeat(turn, entry);
    }
    return sw_ok();
}

static size_t repeat_failed_orders(struct incident_turn *turn)
{
    const char *key;
    json_t *entry;
    size_t count = 0;
    json_object_foreach(incident_part_of(turn, "orders"), key, entry)
    {
        if (!sw_equal(jx_string(entry, "state"), "failed"))
            continue;
        repeat(turn, entry);
        count++;
    }
    return count;
}

struct sw_status incident_retry(struct incident_turn *turn)
{
    size_t count = repeat_failed_orders(turn) + incident_errands_again(turn);
    if (count == 0)
        return incident_refuse(turn, "E-NOTHING-FAILED",
                               "Nothing of this incident has failed.||||`.status` shows how it is.");
    incident_answer(turn, "%zu thing%s that failed %s tried again.", count, incident_s(count),
                    count == 1 ? "is" : "are");
    return sw_ok();
}

static void add_failed_orders(const struct wf *wf, json_t *list)
{
    const char *key;
    json_t *entry;
    char what[256];
    json_object_foreach((json_t *)(uintptr_t)incident_part(wf, "orders"), key, entry)
    {
        if (!sw_equal(jx_string(entry, "state"), "failed") || json_array_size(list) >= SHOWN_FAILURES)
            continue;
        describe(entry, what, sizeof what);
        (void)json_array_append_new(list, json_pack("{ss ss}", "what", what, "error",
                                                    jx_string_or(json_object_get(entry, "error"), "text", "")));
    }
}

json_t *incident_failures_new(const struct wf *wf)
{
    json_t *list = json_array();
    const char *name;
    json_t *failed;
    add_failed_orders(wf, list); /* at worst one less is shown */
    json_object_foreach((json_t *)(uintptr_t)incident_part(wf, "failed"), name, failed)
    {
        (void)json_array_append_new(
            list, json_pack("{ss ss}", "what", incident_errand_words(name), "error", jx_string_or(failed, "text", "")));
    }
    return list;
}
