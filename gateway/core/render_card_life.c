/* SPDX-License-Identifier: Apache-2.0
 * Cards of an incident's life: its beginning, its ends, and what everybody is told of them. */
#include "gateway/core/render_sheet.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"

#include <stdio.h>

enum { TIPS_UNITS = 1500 };

static const struct sheet_button TAKE_POINT = { .verb = "point", .label = "Take point", .style = "primary" };
static const struct sheet_button TAKE_COMMS = { .verb = "comms", .label = "Take comms" };

static const char *channel_id(const struct sheet *sheet) { return jx_string_or(sheet_get(sheet, "channel"), "id", ""); }

static void put_channel(struct sheet *sheet, const char *before)
{
    if (!*channel_id(sheet))
        return;
    sheet_say(sheet, "%s", before);
    escape_put_channel(&sheet->line, channel_id(sheet));
}

/* "P1 *Checkout errors*" */
static void put_name(struct sheet *sheet)
{
    sheet_put(sheet, jx_string_or(sheet_get(sheet, "priority"), "name", ""), 20);
    sheet_say(sheet, " ");
    sheet_title(sheet);
}

static void put_header(struct sheet *sheet, const char *sign, const char *before)
{
    char text[1024];
    (void)sw_print(text, sizeof text, "%s#%lld %.20s %.800s", before, (long long)sheet_i64(sheet, "number", 0),
                   jx_string_or(sheet_get(sheet, "priority"), "name", ""), sheet_str(sheet, "title", "")); /* cut */
    sheet_header(sheet, sign, text);
}

/* ---- the beginning ---- */

static void put_first_steps(struct sheet *sheet)
{
    sheet_say(sheet, "*First of all*");
    sheet_end(sheet);
    sheet_say(sheet, "• Somebody leads: `.point` takes it, `.point @name` gives it to a person.");
    sheet_end(sheet);
    sheet_say(
        sheet,
        "• Somebody tells the others: `.comms`, then `.summary &lt;what is known&gt;` and `.notify &lt;news&gt;`.");
    sheet_end(sheet);
    sheet_say(sheet, "• Further hands: `.triage` sorts what comes in, `.eng` looks for the cause.");
    sheet_end(sheet);
    sheet_say(sheet,
              "• `.blocked &lt;on whom&gt; =&gt; &lt;why&gt;`, `.mitigated`, `.resolve`; all of them: `.commands`.");
    sheet_end(sheet);
}

static void put_aids(struct sheet *sheet)
{
    const char *runbook = sheet_str(sheet, "runbook", ""), *tips = sheet_str(sheet, "tips", "");
    const json_t *tracker = sheet_get(sheet, "tracker");
    sheet_break(sheet);
    if (escape_is_url(runbook)) {
        sheet_say(sheet, ":book: ");
        sheet_link(sheet, runbook, "Runbook");
        sheet_end(sheet);
    }
    if (!sw_blank(jx_string(tracker, "key"))) {
        sheet_say(sheet, ":memo: Tracked in ");
        sheet_link(sheet, jx_string(tracker, "url"), jx_string(tracker, "key"));
        sheet_end(sheet);
    }
    sheet_quote(sheet, tips, TIPS_UNITS);
}

static void put_intro(struct sheet *sheet)
{
    const struct sheet_button buttons[] = { TAKE_POINT,
                                            TAKE_COMMS,
                                            { .verb = "triage", .label = "Take triage" },
                                            { .verb = "eng", .label = "Lead engineering" },
                                            { .verb = "summary", .label = "Write a summary…", .form = true } };
    put_header(sheet, "🔥", "");
    sheet_say(sheet, "This channel is for this one incident.");
    sheet_say(sheet, " Declared by ");
    if (*sheet_str(sheet, "user", ""))
        sheet_user(sheet, sheet_str(sheet, "user", ""));
    else
        sheet_say(sheet, "monitoring");
    if (sheet_at(sheet, "created")) {
        sheet_say(sheet, " at ");
        sheet_time(sheet, sheet_at(sheet, "created"));
    }
    sheet_say(sheet,
              ". What is said with a dot in front is a command, and kept in the timeline; a pin keeps a message.");
    sheet_end(sheet);
    sheet_quote(sheet, sheet_str(sheet, "details", ""), TIPS_UNITS);
    sheet_break(sheet);
    put_first_steps(sheet);
    put_aids(sheet);
    sheet_buttons(sheet, "intro", buttons, SW_COUNT(buttons));
}

static void put_announce_new(struct sheet *sheet)
{
    sheet_say(sheet, ":%s: ", sheet_emoji(sheet));
    put_name(sheet);
    put_channel(sheet, " · ");
    if (*sheet_str(sheet, "user", "")) {
        sheet_say(sheet, " · declared by ");
        sheet_user(sheet, sheet_str(sheet, "user", ""));
    }
    sheet_say(sheet, "%s", sheet_high(sheet) ? " · <!channel>" : "");
    sheet_end(sheet);
}

/* ---- on its way ---- */

static void put_mitigated(struct sheet *sheet)
{
    const char *comms = sheet_str(sheet, "comms", sheet_role(sheet, "comms")), *who = sheet_str(sheet, "who", "");
    const int64_t at_ms = sheet_ms(sheet->data, "at") ? sheet_ms(sheet->data, "at") : sheet_at(sheet, "mitigated");
    sheet_say(sheet, ":adhesive_bandage: *Mitigated*");
    if (at_ms) {
        sheet_say(sheet, " at ");
        sheet_time(sheet, at_ms);
    }
    sheet_say(sheet, ": people are no longer hurt, the cause may still be there.");
    sheet_end(sheet);
    if (*comms || *who) {
        sheet_user(sheet, *comms ? comms : who);
        if (*comms && *who && !sw_equal(comms, who)) {
            sheet_say(sheet, " or ");
            sheet_user(sheet, who);
        }
        sheet_say(sheet, ", please tell the others: `.notify &lt;what has changed&gt;`.");
        sheet_end(sheet);
    }
    sheet_hint(sheet, "Another time? `.mitigated 20 minutes ago` corrects it. Not so after all? `.restart`.");
}

static void put_count(struct sheet *sheet, const char *key, const char *one, const char *many, const char *by)
{
    const long long count = (long long)sheet_i64(sheet, key, 0);
    if (count <= 0)
        return;
    sheet_say(sheet, "• %lld %s: `%s`", count, count == 1 ? one : many, by);
    sheet_end(sheet);
}

/* Who has to see to what comes after: point, or comms, or both. */
static void put_owners(struct sheet *sheet)
{
    const char *point = sheet_role(sheet, "point"), *comms = sheet_role(sheet, "comms");
    if (!*point && !*comms) {
        sheet_say(sheet, "Somebody");
        return;
    }
    sheet_user(sheet, *point ? point : comms);
    if (*point && *comms && !sw_equal(point, comms)) {
        sheet_say(sheet, " or ");
        sheet_user(sheet, comms);
    }
}

static void put_resolved(struct sheet *sheet)
{
    const bool review = sw_equal(sheet_str(sheet, "next", ""), "review") ||
                        (!*sheet_str(sheet, "next", "") && jx_bool_or(sheet_get(sheet, "priority"), "review", false));
    const struct sheet_button buttons[] = {
        review ? (struct sheet_button){ .verb = "next", .label = "Begin the review", .style = "primary" }
               : (struct sheet_button){ .verb = "complete", .label = "Complete it", .style = "primary" },
        { .verb = "unresolve", .label = "Not over after all" },
    };
    put_header(sheet, "☀️", "All clear: ");
    sheet_say(sheet, "Resolved");
    sheet_lasted(sheet, ". It lasted ");
    sheet_say(sheet, ". Thank you, everybody.");
    sheet_end(sheet);
    put_count(sheet, "actions", "action item", "action items", ".ais");
    put_count(sheet, "prs", "pull request", "pull requests", ".prs");
    put_count(sheet, "factors", "contributing factor", "contributing factors", ".factors");
    sheet_break(sheet);
    put_owners(sheet);
    sheet_say(sheet, "%s",
              review ? ": who writes the review? `.assign @name` within a day; `.next` leads through what it needs."
                     : ": is the priority right? Then `.complete` ends it; the channel is archived later.");
    sheet_end(sheet);
    sheet_buttons(sheet, "resolved", buttons, SW_COUNT(buttons));
}

static void put_unresolved(struct sheet *sheet)
{
    sheet_say(sheet, ":leftwards_arrow_with_hook: Not over after all: ");
    put_name(sheet);
    put_channel(sheet, " · ");
    sheet_say(sheet, " is open again, as mitigated. `.restart` says that it burns once more.");
    sheet_end(sheet);
}

static void put_restarted(struct sheet *sheet)
{
    put_header(sheet, "🔥", "It burns again: ");
    sheet_say(sheet, "%sThe incident goes on where it was; who had a role still has it.",
              sheet_high(sheet) ? "<!channel> " : "");
    sheet_end(sheet);
    sheet_roles(sheet);
    sheet_end(sheet);
}

static void put_archive_at(struct sheet *sheet)
{
    const int64_t at_ms =
        sheet_ms(sheet->data, "archive_at") ? sheet_ms(sheet->data, "archive_at") : sheet_ms(sheet->data, "at");
    const struct sheet_button buttons[] = { { .verb = "keep", .label = "Keep the channel" } };
    if (!at_ms)
        return;
    sheet_say(sheet, ":card_file_box: This channel is archived ");
    sheet_time(sheet, at_ms);
    sheet_say(sheet, "; nothing in it is lost. `.keep` leaves it open.");
    sheet_end(sheet);
    sheet_buttons(sheet, "archive", buttons, SW_COUNT(buttons));
}

static void put_cancelled(struct sheet *sheet)
{
    sheet_say(sheet, ":heavy_multiplication_x: Cancelled: ");
    sheet_number(sheet);
    sheet_say(sheet, " was no incident. `.uncancel` takes that back.");
    sheet_end(sheet);
    sheet_quote(sheet, sheet_str(sheet, "why", ""), TIPS_UNITS);
    sheet_break(sheet);
    put_archive_at(sheet);
}

static void put_uncancelled(struct sheet *sheet)
{
    sheet_say(sheet, ":leftwards_arrow_with_hook: An incident after all: ");
    put_name(sheet);
    put_channel(sheet, " · ");
    sheet_say(sheet, " goes on where it was.");
    sheet_end(sheet);
}

static void put_completed(struct sheet *sheet)
{
    const json_t *report = sheet_get(sheet, "report");
    const char *url = json_is_string(report) ? json_string_value(report) : jx_string_or(report, "url", "");
    sheet_say(sheet, ":white_check_mark: Complete: ");
    sheet_number(sheet);
    sheet_say(sheet, " is closed. Its timeline stays readable: `.history`.");
    sheet_end(sheet);
    if (*url) {
        sheet_say(sheet, ":page_facing_up: Report: ");
        sheet_link(sheet, url, NULL);
        sheet_end(sheet);
    }
    put_archive_at(sheet);
}

/* ---- what everybody is told ---- */

static void announce(struct sheet *sheet, const char *sign, const char *words)
{
    sheet_say(sheet, ":%s: %s: ", sign, words);
    put_name(sheet);
    put_channel(sheet, " · ");
}

static void put_announce_resolved(struct sheet *sheet)
{
    announce(sheet, "sunny", "All clear");
    sheet_lasted(sheet, " · lasted ");
    sheet_end(sheet);
}

static void put_announce_cancelled(struct sheet *sheet)
{
    announce(sheet, "heavy_multiplication_x", "Cancelled, it was none");
    sheet_end(sheet);
    sheet_quote(sheet, sheet_str(sheet, "why", ""), TIPS_UNITS);
}

static void put_announce_restarted(struct sheet *sheet)
{
    announce(sheet, sheet_emoji(sheet), "It burns again");
    sheet_end(sheet);
}

static void put_announce_raised(struct sheet *sheet)
{
    announce(sheet, sheet_emoji(sheet), "Raised");
    sheet_say(sheet, "%s", sheet_high(sheet) ? " · <!channel>" : "");
    sheet_end(sheet);
}

const struct sheet_card SHEET_LIFE[] = {
    { "headline", sheet_put_headline, "An incident." },
    { "intro", put_intro, "This channel is for one incident." },
    { "announce_new", put_announce_new, "An incident was declared." },
    { "mitigated", put_mitigated, "The incident is mitigated." },
    { "resolved", put_resolved, "All clear: the incident is resolved." },
    { "unresolved", put_unresolved, "The incident is open again." },
    { "restarted", put_restarted, "The incident burns again." },
    { "cancelled", put_cancelled, "The incident is cancelled." },
    { "uncancelled", put_uncancelled, "The incident goes on." },
    { "completed", put_completed, "The incident is complete." },
    { "announce_resolved", put_announce_resolved, "An incident is resolved." },
    { "announce_cancelled", put_announce_cancelled, "An incident is cancelled." },
    { "announce_restarted", put_announce_restarted, "An incident burns again." },
    { "announce_raised", put_announce_raised, "The priority of an incident was raised." },
};
const size_t SHEET_LIFE_COUNT = SW_COUNT(SHEET_LIFE);
