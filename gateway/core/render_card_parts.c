/* SPDX-License-Identifier: Apache-2.0
 * Cards of the parts of an incident: who does what, when it was, what is known, what it touches. */
#include "gateway/core/render_sheet.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"

#include <stdio.h>

/* BUTTON_TEXT_UNITS: a button's value has 2,000 characters, and its text may double in JSON. */
enum { LONG_UNITS = 2500, BUTTON_TEXT_UNITS = 900 };

/* ---- roles ---- */

static const struct role {
    const char *key, *sign, *label, *homework;
} ROLES[] = {
    { "point", "dart", "point",
      "decides and keeps the overview: keep `.summary` up to date, add a `.factor` when a cause shows itself, say "
      "`.blocked` when you wait for others." },
    { "comms", "mega", "comms",
      "tells everybody else: a first `.summary`, then `.components` and `.affected`, and `.notify &lt;news&gt;` in "
      "time." },
    { "triage", "ambulance", "triage", "sorts what comes in: tickets and alerts that belong here name this channel." },
    { "eng", "hammer_and_wrench", "engineering", "looks for the cause; each one found is a `.factor`." },
    { "assigned", "pencil", "the review", "sees to it that the review is written: `.next` leads through it." },
};

static const struct role *find_role(const char *key)
{
    static const struct role OTHER = { "", "bust_in_silhouette", "it", "" };
    for (size_t i = 0; i < SW_COUNT(ROLES); i++)
        if (sw_equal(ROLES[i].key, key))
            return &ROLES[i];
    return &OTHER;
}

static void put_takeover(struct sheet *sheet)
{
    const struct role *role = find_role(sheet_str(sheet, "role", ""));
    const char *runbook = sheet_str(sheet, "runbook", "");
    sheet_say(sheet, ":%s: ", role->sign);
    sheet_user(sheet, sheet_str(sheet, "user", ""));
    sheet_say(sheet, " has *%s* now%s%s", role->label, *role->homework ? ", and " : ".", role->homework);
    sheet_end(sheet);
    if (escape_is_url(runbook)) {
        sheet_say(sheet, ":book: ");
        sheet_link(sheet, runbook, "How it is done here");
        sheet_end(sheet);
    }
}

/* To the one who had it; with "to" empty nobody has it now. */
static void put_role_moved(struct sheet *sheet)
{
    const struct role *role = find_role(sheet_str(sheet, "role", ""));
    sheet_say(sheet, ":%s: ", role->sign);
    sheet_user(sheet, sheet_str(sheet, "from", ""));
    sheet_say(sheet, ", you no longer have *%s*: ", role->label);
    sheet_user(sheet, sheet_str(sheet, "to", ""));
    sheet_say(sheet, " has it now.");
    sheet_end(sheet);
}

/* ---- times ---- */

static void put_time_set(struct sheet *sheet)
{
    sheet_say(sheet, ":clock1: *");
    sheet_put(sheet, sheet_str(sheet, "what", "The time"), SHEET_NAME_UNITS);
    sheet_say(sheet, "* is set to ");
    if (sheet_ms(sheet->data, "at"))
        sheet_time(sheet, sheet_ms(sheet->data, "at"));
    if (*sheet_str(sheet, "local", "")) {
        sheet_say(sheet, " (");
        sheet_put(sheet, sheet_str(sheet, "local", ""), SHEET_NAME_UNITS);
        sheet_say(sheet, ")");
    }
    sheet_say(sheet, ".");
    sheet_end(sheet);
    if (*sheet_str(sheet, "zone", "")) {
        sheet_say(sheet, "Understood in your time zone, ");
        escape_put_code(&sheet->line, sheet_str(sheet, "zone", ""), SHEET_NAME_UNITS);
        sheet_say(sheet, "; shown to everybody in theirs.");
        sheet_small(sheet);
    }
}

static void put_time_error(struct sheet *sheet)
{
    sheet_say(sheet, ":question: I cannot read ");
    escape_put_code(&sheet->line, sheet_str(sheet, "input", "that"), SHEET_TITLE_UNITS);
    sheet_say(sheet, " as a time");
    if (*sheet_str(sheet, "zone", "")) {
        sheet_say(sheet, " (in ");
        escape_put_code(&sheet->line, sheet_str(sheet, "zone", ""), SHEET_NAME_UNITS);
        sheet_say(sheet, ")");
    }
    if (*sheet_str(sheet, "why", "")) {
        sheet_say(sheet, ": ");
        sheet_put(sheet, sheet_str(sheet, "why", ""), SHEET_TITLE_UNITS);
    }
    sheet_say(sheet, ". Nothing was changed.");
    sheet_end(sheet);
    if (*sheet_str(sheet, "hint", "")) {
        sheet_say(sheet, "Type ");
        sheet_put(sheet, sheet_str(sheet, "hint", ""), SHEET_TEXT_UNITS);
        sheet_say(sheet, ".");
        sheet_small(sheet);
    } else
        sheet_hint(sheet, "Like this: `10 minutes ago`, `14:05`, `yesterday at 23:30`, `2026-03-01 14:05 UTC`.");
}

/* ---- words ---- */

/* What does not fit into a button is not edited by half. */
static void put_summary_button(struct sheet *sheet, const char *text)
{
    const struct sheet_button buttons[] = {
        { .verb = "summary", .label = *text ? "Edit it…" : "Write it…", .text = text, .form = true }
    };
    if (escape_units(text) <= BUTTON_TEXT_UNITS)
        sheet_buttons(sheet, "summary", buttons, SW_COUNT(buttons));
}

static void put_summary(struct sheet *sheet)
{
    const char *text = sheet_str(sheet, "text", sheet_str(sheet, "summary", ""));
    if (*text) {
        sheet_say(sheet, "*Summary*");
        sheet_end(sheet);
        sheet_quote(sheet, text, LONG_UNITS);
    } else {
        sheet_say(sheet, "No summary so far.");
        sheet_end(sheet);
    }
    sheet_hint(sheet, "`.summary &lt;what is known&gt;` %s.", *text ? "replaces it" : "writes it");
    put_summary_button(sheet, text);
}

static void put_comm_update(struct sheet *sheet)
{
    const char *channel = jx_string_or(sheet_get(sheet, "channel"), "id", "");
    sheet_say(sheet, ":mega: ");
    sheet_put(sheet, jx_string_or(sheet_get(sheet, "priority"), "name", ""), 20);
    sheet_say(sheet, " ");
    sheet_title(sheet);
    if (*channel) {
        sheet_say(sheet, " · ");
        escape_put_channel(&sheet->line, channel);
    }
    sheet_end(sheet);
    sheet_quote(sheet, sheet_str(sheet, "text", ""), LONG_UNITS);
    sheet_break(sheet);
    sheet_say(sheet, "said by ");
    sheet_user(sheet, sheet_str(sheet, "by", ""));
    sheet_small(sheet);
}

/* "Action item added: ..." */
static void put_added(struct sheet *sheet, const char *sign, const char *what)
{
    const json_t *task = sheet_get(sheet, "task");
    sheet_say(sheet, ":%s: *%s* ", sign, what);
    if (!sw_blank(jx_string(task, "key"))) {
        sheet_link(sheet, jx_string(task, "url"), jx_string(task, "key"));
        sheet_say(sheet, ": ");
    }
    sheet_put(sheet, sheet_str(sheet, "text", sheet_str(sheet, "url", "")), SHEET_TEXT_UNITS);
    sheet_end(sheet);
}

static void put_action_item(struct sheet *sheet)
{
    put_added(sheet, "pushpin", "Action item");
    sheet_hint(sheet, "All of them: `.ais`. A longer text: `.ai &lt;title&gt; =&gt; &lt;what is to be done&gt;`.");
}

static void put_factor(struct sheet *sheet)
{
    put_added(sheet, "jigsaw", "Contributing factor");
    sheet_hint(sheet, "Seldom is there one root cause; what helped it to happen counts. All of them: `.factors`.");
}

static void put_pr(struct sheet *sheet)
{
    put_added(sheet, "twisted_rightwards_arrows", "Pull request");
    sheet_hint(sheet, "All of them: `.prs`.");
}

static void put_blocker(struct sheet *sheet)
{
    const long long count = (long long)sheet_i64(sheet, "count", 0);
    sheet_say(sheet, ":no_entry: The incident waits for ");
    sheet_bold(sheet, sheet_str(sheet, "who", "somebody"), SHEET_NAME_UNITS);
    sheet_say(sheet, " now.");
    sheet_end(sheet);
    sheet_quote(sheet, sheet_str(sheet, "why", ""), SHEET_TEXT_UNITS);
    sheet_break(sheet);
    if (count > 1)
        sheet_say(sheet, "%lld blockers in all. ", count);
    sheet_say(sheet, "`.blockers` lists them, `.unblock &lt;number&gt;` takes one away.");
    sheet_small(sheet);
}

/* To whoever can end a blocker. */
static void put_waits_for_you(struct sheet *sheet)
{
    char id[24];
    (void)snprintf(id, sizeof id, "%lld", (long long)sheet_i64(sheet, "id", 0)); /* fits */
    const struct sheet_button buttons[] = {
        { .verb = "unblock", .label = "I have acted", .style = "primary", .text = id }
    };
    sheet_say(sheet, ":no_entry: ");
    sheet_users(sheet, json_object_get(sheet->data, "people"), ", ");
    sheet_say(sheet, ": this incident waits for you.");
    sheet_end(sheet);
    sheet_quote(sheet, sheet_str(sheet, "why", ""), SHEET_TEXT_UNITS);
    sheet_hint(sheet, "`.unblock %s` when you have acted.", id);
    sheet_buttons(sheet, "waits_for_you", buttons, SW_COUNT(buttons));
}

static void put_priority_set(struct sheet *sheet)
{
    const json_t *priority = sheet_get(sheet, "priority");
    sheet_say(sheet, ":%s: Priority *", sheet_emoji(sheet));
    sheet_put(sheet, jx_string_or(priority, "name", "?"), 20);
    sheet_say(sheet, "* now");
    if (*sheet_str(sheet, "reason", ""))
        sheet_say(sheet, ": ");
    sheet_put(sheet, sheet_str(sheet, "reason", ""), SHEET_TEXT_UNITS);
    sheet_end(sheet);
}

/* ---- components and affected ---- */

static void put_group(struct sheet *sheet, const char *label, const json_t *names)
{
    if (json_array_size(names) == 0)
        return;
    sheet_say(sheet, "*%s:* ", label);
    sheet_names(sheet, names);
    sheet_end(sheet);
}

/* What was just said about a list, or, when nothing was, the list. */
static void put_group_card(struct sheet *sheet, const char *label, const char *list)
{
    const json_t *added = json_object_get(sheet->data, "added"), *dupes = json_object_get(sheet->data, "dupes");
    const json_t *rejected = json_object_get(sheet->data, "rejected");
    const size_t said = json_array_size(added) + json_array_size(dupes) + json_array_size(rejected);
    put_group(sheet, "Added", added);
    put_group(sheet, "There already", dupes);
    put_group(sheet, "Not known, left out", rejected);
    if (said > 0)
        return;
    if (json_array_size(sheet_get(sheet, list)) > 0)
        put_group(sheet, label, sheet_get(sheet, list));
    else {
        sheet_say(sheet, "*%s:* none so far.", label);
        sheet_end(sheet);
    }
}

static void put_components(struct sheet *sheet)
{
    const char *url = sheet_str(sheet, "known_url", "");
    put_group_card(sheet, "Components", "components");
    if (escape_is_url(url)) {
        sheet_link(sheet, url, "Known components");
        sheet_end(sheet);
    }
    sheet_hint(sheet, "`.component a, b` adds, `.componentrm a` removes.");
}

static void put_affected(struct sheet *sheet)
{
    put_group_card(sheet, "Affected", "affected");
    sheet_hint(sheet, "`.affected a, b` adds, `.affectedrm a` removes.");
}

/* ---- the whole ---- */

static void put_welcome(struct sheet *sheet)
{
    sheet_say(sheet, ":wave: Welcome");
    if (*sheet_str(sheet, "user", "") && json_object_get(sheet->data, "user")) {
        sheet_say(sheet, ", ");
        sheet_user(sheet, sheet_str(sheet, "user", ""));
    }
    sheet_say(sheet, ". What this is about: ");
    sheet_title(sheet);
    sheet_end(sheet);
    sheet_quote(sheet, sheet_str(sheet, "summary", ""), SHEET_TEXT_UNITS);
    sheet_break(sheet);
    sheet_roles(sheet);
    sheet_end(sheet);
    sheet_blockers(sheet);
    sheet_break(sheet);
    sheet_core4(sheet);
    sheet_hint(sheet, "`.history` tells what happened so far. Only you see this.");
}

static void put_status(struct sheet *sheet)
{
    sheet_put_headline(sheet);
    sheet_break(sheet);
    sheet_core4(sheet);
}

const struct sheet_card SHEET_PARTS[] = {
    { "takeover", put_takeover, "A role was taken." },
    { "role_moved", put_role_moved, "A role has changed hands." },
    { "time_set", put_time_set, "The time is set." },
    { "time_error", put_time_error, "That is no time that I can read. Nothing was changed." },
    { "summary", put_summary, "The summary of the incident." },
    { "comm_update", put_comm_update, "News of an incident." },
    { "action_item", put_action_item, "An action item was added." },
    { "factor", put_factor, "A contributing factor was added." },
    { "pr", put_pr, "A pull request was added." },
    { "blocker", put_blocker, "The incident waits for somebody." },
    { "waits_for_you", put_waits_for_you, "This incident waits for you." },
    { "priority_set", put_priority_set, "The priority is set." },
    { "components", put_components, "The components of the incident." },
    { "affected", put_affected, "What is affected." },
    { "welcome", put_welcome, "Welcome to the incident." },
    { "status", put_status, "The state of the incident." },
};
const size_t SHEET_PARTS_COUNT = SW_COUNT(SHEET_PARTS);
