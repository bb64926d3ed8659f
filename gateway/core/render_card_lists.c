/* SPDX-License-Identifier: Apache-2.0
 * Cards that list: the timeline, incidents, priorities, changes, figures, the review. What is too long ends with how to
 * see the rest. */
#include "gateway/core/render_sheet.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"

#include <string.h>

enum { ITEM_UNITS = 240, ENTRY_UNITS = 220, PART_UNITS = 2600 };

/* ---- any list ---- */

/* Where the rest is of what was cut. */
static void put_whole(struct sheet *sheet, const json_t *items, size_t max_units)
{
    size_t index, cut = 0;
    json_t *item;
    json_array_foreach((json_t *)(uintptr_t)items, index, item)
    {
        const char *text = json_is_string(item) ? json_string_value(item) : jx_string_or(item, "text", "");
        cut += index < SHEET_ITEMS_MAX && escape_units(text) > max_units;
    }
    if (cut > 0)
        sheet_hint(sheet, "What ends in … is whole behind its link, on the incident's page and in its report.");
}

/* A "sentence" is the orchestrator's own and keeps its `words` between back-quotes; a "text" is somebody's. */
static void put_words(struct sheet *sheet, const json_t *item, const char *text, size_t max_units)
{
    const char *sentence = jx_string(item, "sentence");
    if (sentence)
        escape_put(&sheet->line, ESCAPE_SENTENCE, sentence, max_units);
    else
        sheet_put(sheet, text, max_units);
}

static void put_item(struct sheet *sheet, const json_t *item)
{
    const json_t *id = json_object_get(item, "id");
    const char *text = json_is_string(item) ? json_string_value(item) : jx_string(item, "text");
    const char *link = jx_string_or(item, "link", jx_string_or(item, "url", ""));
    sheet_say(sheet, "• ");
    if (json_is_integer(id))
        sheet_say(sheet, "`%lld` ", (long long)json_integer_value(id));
    put_words(sheet, item, text, ITEM_UNITS);
    if (escape_is_url(link) && !sw_equal(link, text)) {
        sheet_say(sheet, " ");
        sheet_link(sheet, link, "link");
    }
}

static void put_list(struct sheet *sheet)
{
    const json_t *items = sheet_get(sheet, "items");
    const char *usage = sheet_str(sheet, "usage", "");
    sheet_bold(sheet, sheet_str(sheet, "title", "List"), SHEET_NAME_UNITS);
    sheet_say(sheet, "%s", json_array_size(items) > 0 ? "" : ": none so far.");
    sheet_end(sheet);
    sheet_items(sheet, items, put_item, "`.history` has everything");
    put_whole(sheet, items, ITEM_UNITS);
    if (*usage) {
        sheet_break(sheet);
        escape_put(&sheet->line, ESCAPE_SENTENCE, usage, SHEET_TEXT_UNITS);
        sheet_small(sheet);
    }
}

/* ---- the timeline ---- */

static const struct {
    const char *type, *sign, *label;
} ENTRIES[] = {
    { "event", "small_blue_diamond", "" },
    { "note", "spiral_note_pad", "" },
    { "action_item", "pushpin", "Action item: " },
    { "pr", "twisted_rightwards_arrows", "Pull request: " },
    { "factor", "jigsaw", "Factor: " },
    { "comm_update", "mega", "" },
    { "summary", "memo", "Summary: " },
    { "priority", "vertical_traffic_light", "" },
    { "blocker", "no_entry", "Waits for: " },
    { "unblock", "arrow_forward", "Goes on: " },
    { "component", "card_file_box", "Component: " },
    { "affected", "anger", "Affected: " },
    { "pin", "round_pushpin", "" },
    { "deployment", "package", "" },
    { "alert", "rotating_light", "" },
};

static void put_entry(struct sheet *sheet, const json_t *entry)
{
    const char *type = jx_string_or(entry, "type", ""), *sign = "small_blue_diamond", *label = "";
    const int64_t at_ms = sheet_ms(entry, "said_at") ? sheet_ms(entry, "said_at") : sheet_ms(entry, "at");
    const bool deleted = json_is_object(json_object_get(entry, "deleted"));
    const char *link = jx_string(entry, "link"), *task = jx_string(json_object_get(entry, "task"), "url");
    for (size_t i = 0; i < SW_COUNT(ENTRIES); i++)
        if (sw_equal(ENTRIES[i].type, type)) {
            sign = ENTRIES[i].sign;
            label = ENTRIES[i].label;
        }
    sheet_say(sheet, ":%s: ", sign);
    if (at_ms)
        sheet_time(sheet, at_ms);
    sheet_say(sheet, " `%lld` %s", (long long)jx_i64_or(entry, "id", 0), deleted ? "~" : label);
    sheet_put(sheet, deleted ? "removed" : jx_string_or(entry, "text", ""), ENTRY_UNITS);
    sheet_say(sheet, "%s", deleted ? "~" : "");
    if (!sw_blank(jx_string(entry, "by"))) {
        sheet_say(sheet, " · ");
        sheet_person(sheet, jx_string(entry, "by"));
    }
    if (escape_is_url(link) || escape_is_url(task)) {
        sheet_say(sheet, " · ");
        sheet_link(sheet, escape_is_url(task) ? task : link, "link");
    }
    sheet_say(sheet, "%s", json_array_size(json_object_get(entry, "edits")) > 0 && !deleted ? " · edited" : "");
}

static void put_history(struct sheet *sheet)
{
    const json_t *entries = sheet_get(sheet, "entries");
    const int64_t earlier = sheet_i64(sheet, "earlier", 0);
    sheet_say(sheet, "*Timeline of ");
    sheet_number(sheet);
    sheet_say(sheet, "*, times in your zone");
    sheet_end(sheet);
    if (sheet_at(sheet, "created") && (earlier > 0 || json_array_size(entries) == 0)) { /* else the first one says it */
        sheet_say(sheet, ":fire: ");
        sheet_time(sheet, sheet_at(sheet, "created"));
        sheet_say(sheet, " Declared");
        sheet_end(sheet);
    }
    if (earlier > 0)
        sheet_hint(sheet, "%lld earlier ones: the incident's page and its report have them all", (long long)earlier);
    sheet_items(sheet, entries, put_entry, "the incident's page and its report have them all");
    put_whole(sheet, entries, ENTRY_UNITS);
    if (json_array_size(entries) == 0) {
        sheet_say(sheet, "Nothing was recorded yet. `.note &lt;text&gt;` or a pinned message begins it.");
        sheet_end(sheet);
    }
}

/* ---- incidents ---- */

static void put_incident(struct sheet *sheet, const json_t *incident)
{
    const char *channel =
        jx_string_or(json_object_get(incident, "channel"), "id", jx_string_or(incident, "channel", ""));
    const json_t *priority = json_object_get(incident, "priority"), *roles = json_object_get(incident, "roles");
    sheet_say(sheet, "• ");
    if (*channel)
        escape_put_channel(&sheet->line, channel);
    sheet_say(sheet, "%s*#%lld ", *channel ? " " : "", (long long)jx_i64_or(incident, "number", 0));
    sheet_put(sheet, jx_string_or(priority, "name", json_is_string(priority) ? json_string_value(priority) : ""), 20);
    sheet_say(sheet, "* ");
    sheet_put(sheet, jx_string_or(incident, "title", "untitled"), 120);
    sheet_say(sheet, " · ");
    sheet_put(sheet, jx_string_or(incident, "state_words", jx_string_or(incident, "state", "")), SHEET_NAME_UNITS);
    if (sheet_ms(incident, "since") || sheet_ms(incident, "created_at")) {
        sheet_say(sheet, " · declared ");
        sheet_time(sheet, sheet_ms(incident, "since") ? sheet_ms(incident, "since") : sheet_ms(incident, "created_at"));
    }
    if (*jx_string_or(roles, "point", "")) {
        sheet_say(sheet, " · point ");
        sheet_person(sheet, jx_string(roles, "point"));
    }
}

static void put_incidents(struct sheet *sheet, const char *label, const char *key)
{
    const json_t *incidents = sheet_get(sheet, key);
    if (json_array_size(incidents) == 0)
        return;
    sheet_break(sheet);
    sheet_say(sheet, "%s", label);
    sheet_end(sheet);
    sheet_items(sheet, incidents, put_incident, "the page of the orchestrator lists them all");
}

static void put_overview(struct sheet *sheet)
{
    put_incidents(sheet, ":fire: *Burning*", "active");
    put_incidents(sheet, ":adhesive_bandage: *Mitigated*", "mitigated");
    put_incidents(sheet, ":sunny: *Over, not closed*", "others");
    put_incidents(sheet, ":file_folder: *The latest*", "past");
    sheet_break(sheet);
    if (json_array_size(sheet->blocks.array) > 0)
        return;
    sheet_say(sheet, ":sunny: All clear: there is no incident.");
    sheet_end(sheet);
}

/* ---- priorities ---- */

static void put_level(struct sheet *sheet, const json_t *level)
{
    const json_t *aliases = json_object_get(level, "aliases");
    const char *emoji = jx_string_or(level, "emoji", "fire");
    sheet_say(sheet, ":%s: *", emoji[strspn(emoji, "abcdefghijklmnopqrstuvwxyz0123456789_+-")] ? "fire" : emoji);
    sheet_put(sheet, jx_string_or(level, "name", "?"), 20);
    sheet_say(sheet, "*%s ", jx_bool_or(level, "default", false) ? " (unless said otherwise)" : "");
    sheet_put(sheet, jx_string(level, "description"), ITEM_UNITS);
    sheet_say(sheet, "%s%s", jx_bool_or(level, "high", false) ? " · everybody is told" : "",
              jx_bool_or(level, "review", false) ? " · needs a review" : "");
    if (json_array_size(aliases) > 0) {
        sheet_say(sheet, " · also: ");
        sheet_names(sheet, aliases);
    }
}

static void put_priorities(struct sheet *sheet)
{
    sheet_items(sheet, sheet_get(sheet, "levels"), put_level, "the configuration has them all");
    sheet_hint(sheet, "`.p1 &lt;why&gt;` sets it, or `/incident priority 1`.");
}

/* ---- changes ---- */

static void put_deployment(struct sheet *sheet, const json_t *deployment)
{
    const int64_t at_ms = sheet_ms(deployment, "at") ? sheet_ms(deployment, "at") : sheet_ms(deployment, "finished_at");
    sheet_say(sheet, "• ");
    if (at_ms)
        sheet_time(sheet, at_ms);
    sheet_say(sheet, "%s*", at_ms ? " " : "");
    sheet_put(sheet, jx_string_or(deployment, "service", "?"), SHEET_NAME_UNITS);
    sheet_say(sheet, "* → ");
    sheet_put(sheet, jx_string_or(deployment, "environment", "?"), SHEET_NAME_UNITS);
    sheet_say(sheet, " ");
    escape_put_code(&sheet->line, jx_string_or(deployment, "ref", ""), SHEET_NAME_UNITS);
    sheet_say(sheet, " ");
    sheet_put(sheet, jx_string_or(deployment, "state", ""), SHEET_NAME_UNITS);
    sheet_say(sheet, " · ");
    escape_put_code(&sheet->line, jx_string_or(deployment, "workflow", jx_string_or(deployment, "id", "")),
                    SHEET_NAME_UNITS);
    if (!sw_blank(jx_string(deployment, "user"))) {
        sheet_say(sheet, " · ");
        sheet_person(sheet, jx_string(deployment, "user"));
    }
}

static void put_changes(struct sheet *sheet)
{
    const json_t *deployments = sheet_get(sheet, "deployments");
    sheet_say(sheet, ":package: *What changed before*");
    if (*sheet_str(sheet, "service", "")) {
        sheet_say(sheet, ": ");
        sheet_put(sheet, sheet_str(sheet, "service", ""), SHEET_NAME_UNITS);
    }
    sheet_end(sheet);
    sheet_items(sheet, deployments, put_deployment, "`/deploy history` goes further back");
    if (json_array_size(deployments) == 0) {
        sheet_say(sheet, "Nothing was deployed in the time before it.");
        sheet_end(sheet);
    }
}

/* ---- figures ---- */

static void put_restored(struct sheet *sheet, const json_t *row)
{
    long long restored = (long long)jx_i64_or(row, "restored", 0);
    if (restored == 0)
        return;
    sheet_say(sheet, " · restored after ");
    sheet_duration(sheet, jx_i64_or(row, "restore_median_ms", 0));
    if (restored == 1)
        return;
    sheet_say(sheet, " (median), ");
    sheet_duration(sheet, jx_i64_or(row, "restore_mean_ms", 0));
    sheet_say(sheet, " (mean)");
}

/* A row of the joined report; its fields are those of the orchestrator's core/kind.h. */
static void put_row(struct sheet *sheet, const json_t *row)
{
    long long deployments = (long long)jx_i64_or(row, "deployments", 0),
              caused = (long long)jx_i64_or(row, "caused", 0);
    double rate = json_number_value(json_object_get(row, "change_failure_rate"));
    sheet_say(sheet, "• *");
    sheet_put(sheet, jx_string_or(row, "month", ""), SHEET_NAME_UNITS);
    sheet_say(sheet, "* ");
    sheet_put(sheet, jx_string(row, "service"), SHEET_NAME_UNITS);
    sheet_say(sheet, " %lld deployment%s, %lld failed · %lld caused an incident (%.1f %%)", deployments,
              deployments == 1 ? "" : "s", (long long)jx_i64_or(row, "failed", 0), caused, rate * 100);
    put_restored(sheet, row);
}

static void put_figures(struct sheet *sheet)
{
    const json_t *rows = sheet_get(sheet, "rows");
    sheet_say(sheet, "*Figures* by service and month%s",
              json_array_size(rows) > 0 ? "" : ": no deployment has ended yet.");
    sheet_end(sheet);
    sheet_items(sheet, rows, put_row, "the API has them all: `/api/v1/report`");
}

/* ---- the review ---- */

static void put_titled(struct sheet *sheet, const char *sign, const char *title, const char *text)
{
    sheet_say(sheet, ":%s: ", sign);
    sheet_bold(sheet, title, SHEET_TITLE_UNITS);
    sheet_end(sheet);
    if (!jx_string(sheet->data, "sentence")) {
        sheet_quote(sheet, text, PART_UNITS);
        return;
    }
    put_words(sheet, sheet->data, "", PART_UNITS);
    sheet_end(sheet);
}

static void put_review_part(struct sheet *sheet)
{
    const long long n = (long long)sheet_i64(sheet, "n", 0), of = (long long)sheet_i64(sheet, "of", 0);
    put_titled(sheet, "mag", sheet_str(sheet, "title", "Review"), sheet_str(sheet, "text", ""));
    if (n > 0 && of > 0)
        sheet_hint(sheet, "Review, part %lld of %lld. What you think of it belongs in this thread.", n, of);
}

static void put_wizard(struct sheet *sheet)
{
    const struct sheet_button buttons[] = { { .verb = "next", .label = "Next", .style = "primary" } };
    put_titled(sheet, "compass", sheet_str(sheet, "title", sheet_str(sheet, "page", "Review")),
               sheet_str(sheet, "text", sheet->text ? sheet->text : ""));
    sheet_items(sheet, sheet_get(sheet, "items"), put_item, "`.status` shows them all");
    sheet_hint(sheet, "`.next` goes on.");
    sheet_buttons(sheet, "wizard", buttons, SW_COUNT(buttons));
}

const struct sheet_card SHEET_LISTS[] = {
    { "list", put_list, "A list." },
    { "history", put_history, "The timeline of the incident." },
    { "overview", put_overview, "The incidents." },
    { "priorities", put_priorities, "The priorities." },
    { "changes", put_changes, "What changed before the incident." },
    { "figures", put_figures, "Figures by service and month." },
    { "review_part", put_review_part, "A part of the review." },
    { "wizard", put_wizard, "The next step of the review." },
};
const size_t SHEET_LISTS_COUNT = SW_COUNT(SHEET_LISTS);
