/* SPDX-License-Identifier: Apache-2.0
 * What happens to messages and people in an incident's channel: a pinned message becomes an entry stamped with the time
 * at which it was said; entries follow their messages when those are edited or deleted. */
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_timeline.h"

#include <string.h>

static const char *arg(const struct incident_turn *turn, const char *key)
{
    return jx_string_or(turn->command->args, key, "");
}

static bool of_message(const json_t *entry, const char *ts)
{
    return *ts && sw_equal(jx_string(json_object_get(entry, "message"), "ts"), ts) &&
           !json_is_object(json_object_get(entry, "deleted"));
}

static const char *by_whom(const struct incident_turn *turn)
{
    const char *user = incident_speaker(turn);
    return *user ? user : arg(turn, "user");
}

/* ---- pins ---- */

static bool is_pin(const char *reaction)
{
    return sw_equal(reaction, "pushpin") || sw_equal(reaction, "round_pushpin");
}

static void pin(struct incident_turn *turn)
{
    json_t *log = incident_list_of(turn, "log");
    const char *ts = arg(turn, "ts"), *text = arg(turn, "text");
    for (size_t i = 0; i < json_array_size(log); i++)
        if (of_message(json_array_get(log, i), ts))
            return;
    if (!*ts || !*text || strlen(text) > INCIDENT_MAX_TEXT)
        return;
    json_t *entry = incident_log_text(turn, "pin", text);
    json_t *message = json_pack("{ss ss}", "channel", turn->command->channel, "ts", ts);
    if (!entry) {
        json_decref(message);
        return;
    }
    int64_t said_ms = jx_time_or(turn->command->args, "said_at", 0);
    bool done = jx_set_take(entry, "message", message) && jx_set_string(entry, "by", by_whom(turn));
    if (said_ms)
        done = done && json_object_set_new(entry, "said_at", json_integer(said_ms)) == 0;
    turn->broken = turn->broken || !done;
    incident_event(turn, "noted");
}

static void unpin(struct incident_turn *turn)
{
    json_t *log = incident_list_of(turn, "log");
    for (size_t i = 0; i < json_array_size(log); i++) {
        json_t *entry = json_array_get(log, i);
        if (!of_message(entry, arg(turn, "ts")) || !incident_entry_is(entry, "pin"))
            continue;
        incident_delete_entry(turn, entry, by_whom(turn));
        incident_event(turn, "noted");
        return;
    }
}

/* ---- edits ---- */

/* What a message says to the timeline: without the dot-word, if it begins with one. */
static const char *said_by(const char *text)
{
    if (*text != '.')
        return text;
    text += strcspn(text, " \t\n");
    return text + strspn(text, " \t\n");
}

static bool follows(const json_t *entry)
{
    static const char *const TYPES[] = { "note", "action_item", "factor", "comm_update", "pin" };
    for (size_t i = 0; i < SW_COUNT(TYPES); i++)
        if (incident_entry_is(entry, TYPES[i]))
            return true;
    return false;
}

static void follow(struct incident_turn *turn, bool deleted)
{
    json_t *log = incident_list_of(turn, "log");
    const char *text = said_by(arg(turn, "text"));
    for (size_t i = 0; i < json_array_size(log); i++) {
        json_t *entry = json_array_get(log, i);
        if (!of_message(entry, arg(turn, "ts")) || !follows(entry))
            continue;
        if (!deleted && (!*text || sw_equal(jx_string(entry, "text"), text)))
            continue;
        if (deleted)
            incident_delete_entry(turn, entry, by_whom(turn));
        else
            incident_change_entry(turn, entry, text, by_whom(turn));
        incident_event(turn, "noted");
        return; /* a message is one entry */
    }
}

/* ---- people and the channel ---- */

static void welcome(struct incident_turn *turn)
{
    const struct wf *wf = turn->wf;
    const char *user = by_whom(turn), *summary = incident_fact(wf, "summary");
    if (!*user || sw_equal(user, incident_fact(wf, "user")) || incident_finished(wf))
        return;
    json_t *text =
        json_sprintf("Welcome. This is about: %s%s%s", incident_fact(wf, "title"), *summary ? ". " : "", summary);
    incident_order(turn, "ephemeral",
                   json_pack("{ss ss ss ss s{ss} so}", "verb", "ephemeral", "channel", incident_channel(wf), "user",
                             user, "card", "welcome", "data", "user", user, "text", text));
}

static void note_archived(struct incident_turn *turn, bool archived)
{
    incident_put_in(turn, "channel", "archived", json_boolean(archived));
    incident_event(turn, "changed");
}

struct sw_status incident_heard(struct incident_turn *turn)
{
    const char *what = arg(turn, "what");
    bool own = sw_equal(turn->command->channel, incident_channel(turn->wf));
    if (!own || !*incident_channel(turn->wf))
        return sw_ok();
    if (sw_equal(what, "pinned") || (sw_equal(what, "reacted") && is_pin(arg(turn, "reaction"))))
        pin(turn);
    else if (sw_equal(what, "unpinned") || (sw_equal(what, "unreacted") && is_pin(arg(turn, "reaction"))))
        unpin(turn);
    else if (sw_equal(what, "edited") || sw_equal(what, "deleted"))
        follow(turn, sw_equal(what, "deleted"));
    else if (sw_equal(what, "joined"))
        welcome(turn);
    else if (sw_equal(what, "archived") || sw_equal(what, "unarchived"))
        note_archived(turn, sw_equal(what, "archived"));
    else if (sw_equal(what, "renamed") && *arg(turn, "text"))
        incident_put_in(turn, "channel", "name", json_string(arg(turn, "text")));
    return sw_ok();
}
