/* SPDX-License-Identifier: Apache-2.0
 * The timeline: shown, and corrected with what it said before kept. */
#include "orchestrator/core/incident_timeline.h"
#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_kind.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_ENTRIES = 250, SHOWN_CHARACTERS = 400 };

/* What people wrote, in contrast to what happened. */
static bool is_written(const json_t *entry)
{
    static const char *const TYPES[] = { "note", "action_item", "pr", "factor", "comm_update", "pin", "summary" };
    for (size_t i = 0; i < SW_COUNT(TYPES); i++)
        if (incident_entry_is(entry, TYPES[i]))
            return true;
    return false;
}

/* ---- showing ---- */

const char *incident_entry_prefix(const char *type)
{
    static const char *const PREFIXES[][2] = {
        { "action_item", "Action item: " },
        { "comm_update", "Update: " },
        { "note", "Note: " },
        { "summary", "Summary: " },
        { "blocker", "Blocked on: " },
        { "unblock", "Unblocked: " },
        { "factor", "Factor: " },
        { "component", "Components. " },
        { "affected", "Affected. " },
        { "pr", "Change: " },
        { "deployment", "Deployment: " },
        { "alert", "Alert: " },
    };
    for (size_t i = 0; i < SW_COUNT(PREFIXES); i++)
        if (sw_equal(PREFIXES[i][0], type))
            return PREFIXES[i][1];
    return "";
}

/* What was cut ends in an ellipsis. */
static json_t *shown_text_new(const char *text)
{
    size_t length = sw_utf8_prefix_bytes(text, SHOWN_CHARACTERS);
    return text[length] ? json_sprintf("%.*s…", (int)length, text) : json_string(text);
}

json_t *incident_shown_entry_new(const json_t *entry)
{
    json_t *shown = json_copy((json_t *)(uintptr_t)entry);
    json_t *edits = json_object_get(shown, "edits");
    bool done = shown && jx_set_take(shown, "text", shown_text_new(jx_string_or(entry, "text", "")));
    if (done && edits) /* that there are some is enough */
        done = jx_set_take(shown, "edits", json_pack("[i]", (int)json_array_size(edits)));
    if (done)
        return shown;
    json_decref(shown);
    return NULL;
}

/* Of what was taken off it remains that, by whom and when. */
static json_t *whole_entry_new(const json_t *entry)
{
    json_t *whole = json_copy((json_t *)(uintptr_t)entry);
    if (whole && json_is_object(json_object_get(entry, "deleted"))) {
        (void)json_object_del(whole, "text"); /* there or not */
        (void)json_object_del(whole, "edits");
        (void)json_object_del(whole, "link");
    }
    return whole;
}

json_t *incident_timeline_new(const struct wf *wf)
{
    const json_t *log = incident_list(wf, "log");
    json_t *entries = json_array();
    for (size_t i = 0; entries && i < json_array_size(log); i++)
        if (json_array_append_new(entries, whole_entry_new(json_array_get(log, i))) != 0) {
            json_decref(entries);
            entries = NULL;
        }
    return entries;
}

static void put_line(struct sw_buf *buf, const json_t *shown)
{
    char at[SW_RFC3339_SIZE];
    sw_rfc3339(jx_i64_or(shown, "said_at", jx_i64_or(shown, "at", 0)), at);
    sw_buf_printf(buf, "\n%lld. %.10s %.5s %s%s", (long long)jx_i64_or(shown, "id", 0), at, at + 11,
                  incident_entry_prefix(jx_string_or(shown, "type", "")), jx_string_or(shown, "text", ""));
}

struct sw_status incident_history(struct incident_turn *turn)
{
    const json_t *log = incident_list(turn->wf, "log");
    size_t count = json_array_size(log);
    json_t *entries = json_array();
    SW_AUTO_BUF struct sw_buf text = { .max_bytes = INCIDENT_MAX_TEXT - 200 };
    for (size_t i = count > SHOWN_ENTRIES ? count - SHOWN_ENTRIES : 0; i < count; i++) {
        const json_t *entry = json_array_get(log, i);
        if (json_is_object(json_object_get(entry, "deleted")))
            continue;
        json_t *shown = incident_shown_entry_new(entry);
        put_line(&text, shown);
        if (json_array_append_new(entries, shown) != 0)
            turn->broken = true;
    }
    incident_answer(turn, "The timeline, in UTC:%s", sw_buf_string(&text));
    incident_card(turn, "history",
                  json_pack("{so sI}", "entries", entries, "earlier",
                            (json_int_t)(count > SHOWN_ENTRIES ? count - SHOWN_ENTRIES : 0)));
    return sw_ok();
}

/* ---- correcting ---- */

void incident_change_entry(struct incident_turn *turn, json_t *entry, const char *text, const char *by)
{
    json_t *edits = json_object_get(entry, "edits");
    if (!edits && json_object_set_new(entry, "edits", json_array()) == 0)
        edits = json_object_get(entry, "edits");
    json_t *old =
        json_pack("{ss ss sI}", "text", jx_string_or(entry, "text", ""), "by", by, "at", (json_int_t)turn->now_ms);
    if (!edits || json_array_append_new(edits, old) != 0 || !jx_set_string(entry, "text", text))
        turn->broken = true;
    incident_put(turn, "log_edits", json_integer(jx_i64_or(turn->wf->facts, "log_edits", 0) + 1));
}

void incident_delete_entry(struct incident_turn *turn, json_t *entry, const char *by)
{
    if (json_object_set_new(entry, "deleted", json_pack("{ss sI}", "by", by, "at", (json_int_t)turn->now_ms)) != 0)
        turn->broken = true;
    incident_put(turn, "log_edits", json_integer(jx_i64_or(turn->wf->facts, "log_edits", 0) + 1));
}

/* The summary is the newest entry of its kind that still stands. */
static void renew_summary(struct incident_turn *turn)
{
    const json_t *log = incident_list(turn->wf, "log");
    for (size_t i = json_array_size(log); i > 0; i--)
        if (incident_entry_is(json_array_get(log, i - 1), "summary")) {
            incident_put_text(turn, "summary", jx_string_or(json_array_get(log, i - 1), "text", ""));
            return;
        }
    incident_put_text(turn, "summary", NULL);
}

static struct sw_status find_entry(struct incident_turn *turn, json_t **ret_entry, const char **ret_rest)
{
    char number[24];
    const char *said = turn->said + (*turn->said == '#');
    size_t length = strcspn(said, " \t\n");
    int64_t id = 0;
    if (length < sizeof number) {
        (void)snprintf(number, sizeof number, "%.*s", (int)length, said);
        (void)sw_parse_i64(number, 1, INCIDENT_MAX_LOG, &id); /* 0 is no entry */
    }
    json_t *entry = id ? json_array_get(incident_list_of(turn, "log"), (size_t)id - 1) : NULL;
    if (!entry || json_is_object(json_object_get(entry, "deleted")))
        return incident_refuse(turn, "E-ENTRY", "Which entry?||||`.history` shows them with their numbers.");
    if (!is_written(entry))
        return incident_refuse(turn, "E-ENTRY",
                               "Entry %lld says what happened, and stays.||||What people wrote can be "
                               "changed: notes, updates, factors and the like.",
                               (long long)id);
    *ret_entry = entry;
    *ret_rest = said + length + strspn(said + length, " \t\n");
    return sw_ok();
}

struct sw_status incident_edit_entry(struct incident_turn *turn)
{
    json_t *entry;
    const char *text;
    SW_TRY(find_entry(turn, &entry, &text));
    if (!*text)
        return incident_refuse(turn, "E-TEXT", "What shall it say?||||Such as `.edit 3 It began at noon`.");
    incident_change_entry(turn, entry, text, incident_speaker(turn));
    renew_summary(turn);
    incident_answer(turn, "Entry %lld says now: %s", (long long)jx_i64_or(entry, "id", 0), text);
    return sw_ok();
}

static void forget(struct incident_turn *turn, json_t *entry)
{
    incident_delete_entry(turn, entry, incident_speaker(turn));
    renew_summary(turn);
    incident_answer(turn, "Entry %lld is out of the timeline.", (long long)jx_i64_or(entry, "id", 0));
}

struct sw_status incident_forget_entry(struct incident_turn *turn)
{
    json_t *entry;
    const char *rest;
    SW_TRY(find_entry(turn, &entry, &rest));
    forget(turn, entry);
    return sw_ok();
}

struct sw_status incident_undo(struct incident_turn *turn)
{
    json_t *log = incident_list_of(turn, "log");
    for (size_t i = json_array_size(log); i > 0; i--) {
        json_t *entry = json_array_get(log, i - 1);
        if (is_written(entry) && sw_equal(jx_string(entry, "by"), incident_speaker(turn))) {
            forget(turn, entry);
            return sw_ok();
        }
    }
    return incident_refuse(turn, "E-ENTRY",
                           "There is no entry of yours to take back.||||`.history` shows the timeline; "
                           "`.forget NUMBER` takes out any entry.");
}
