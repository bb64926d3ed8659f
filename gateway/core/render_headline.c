/* SPDX-License-Identifier: Apache-2.0
 * The live message of an incident: what somebody who opens the main channel has to know, in this order: how bad, what,
 * where it stands, who has it, what is in the way, what was said last. Durations that run are not shown: the message is
 * edited only when something changes. */
#include "gateway/core/render_sheet.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"

#include <stdio.h>

enum { UPDATE_UNITS = 500, HOLDS_SHOWN = 5, FAILED_SHOWN = 5, CHANGES_SHOWN = 5 };

static const char *words_of(const struct sheet *sheet)
{
    const char *words = sheet_str(sheet, "state_words", "");
    return *words ? words : sheet->state;
}

/* "🔥 *#42 P1* · *Checkout errors* · mitigated" */
static void put_first_line(struct sheet *sheet)
{
    const bool over = sheet_over(sheet);
    sheet_say(sheet, ":%s: %s#%lld ", sheet_emoji(sheet), over ? "" : "*", (long long)sheet_i64(sheet, "number", 0));
    sheet_put(sheet, jx_string_or(sheet_get(sheet, "priority"), "name", ""), 20);
    sheet_say(sheet, "%s · ", over ? "" : "*");
    if (sheet_in(sheet, "cancelled")) {
        sheet_say(sheet, "~");
        sheet_put(sheet, sheet_str(sheet, "title", "untitled"), SHEET_TITLE_UNITS);
        sheet_say(sheet, "~");
    } else
        sheet_title(sheet);
    sheet_say(sheet, " · ");
    sheet_put(sheet, words_of(sheet), SHEET_NAME_UNITS);
    if (!sheet_active(sheet))
        sheet_lasted(sheet, " · lasted ");
    sheet_end(sheet);
}

/* "#inc-42 · site to production · affected: checkout · components: payments" */
static void put_places(struct sheet *sheet)
{
    const char *channel = jx_string_or(sheet_get(sheet, "channel"), "id", "");
    const char *service = sheet_str(sheet, "service", ""), *between = "";
    if (*channel) {
        escape_put_channel(&sheet->line, channel);
        between = " · ";
    }
    if (*service) {
        sheet_say(sheet, "%s", between);
        sheet_put(sheet, service, SHEET_NAME_UNITS);
        sheet_say(sheet, "%s", *sheet_str(sheet, "environment", "") ? " → " : "");
        sheet_put(sheet, sheet_str(sheet, "environment", ""), SHEET_NAME_UNITS);
        between = " · ";
    }
    if (json_array_size(sheet_get(sheet, "affected")) > 0) {
        sheet_say(sheet, "%saffected: ", between);
        sheet_names(sheet, sheet_get(sheet, "affected"));
        between = " · ";
    }
    if (json_array_size(sheet_get(sheet, "components")) > 0) {
        sheet_say(sheet, "%scomponents: ", between);
        sheet_names(sheet, sheet_get(sheet, "components"));
    }
    sheet_end(sheet);
}

/* The newest entry of the timeline that was meant for everybody. */
static void put_update(struct sheet *sheet)
{
    const json_t *recent = sheet_get(sheet, "recent"), *found = NULL;
    size_t index;
    json_t *entry;
    json_array_foreach((json_t *)(uintptr_t)recent, index, entry)
    {
        const char *type = jx_string(entry, "type");
        if (sw_equal(type, "comm_update") && !json_is_object(json_object_get(entry, "deleted")) &&
            sheet_ms(entry, "at") >= sheet_ms(found, "at"))
            found = entry;
    }
    if (!found)
        return;
    sheet_say(sheet, ":mega: ");
    sheet_put(sheet, jx_string(found, "text"), UPDATE_UNITS);
    sheet_say(sheet, " · ");
    sheet_user(sheet, jx_string(found, "by"));
    sheet_say(sheet, " ");
    sheet_time(sheet, sheet_ms(found, "at"));
    sheet_end(sheet);
}

static void put_holds(struct sheet *sheet)
{
    size_t index;
    json_t *hold;
    json_array_foreach((json_t *)(uintptr_t)sheet_get(sheet, "holds"), index, hold)
    {
        if (index >= HOLDS_SHOWN || !json_is_object(hold))
            break;
        sheet_say(sheet, ":ice_cube: Deployments wait: ");
        sheet_put(sheet, jx_string_or(hold, "what", "all of them"), SHEET_NAME_UNITS);
        if (sheet_ms(hold, "until")) {
            sheet_say(sheet, " until ");
            sheet_time(sheet, sheet_ms(hold, "until"));
        }
        sheet_end(sheet);
    }
}

static void put_change(struct sheet *sheet, const json_t *change)
{
    sheet_say(sheet, ":package: Changed before: ");
    escape_put_code(&sheet->line, jx_string_or(change, "workflow", jx_string_or(change, "id", "")), SHEET_NAME_UNITS);
    sheet_say(sheet, " ");
    sheet_put(sheet, jx_string(change, "service"), SHEET_NAME_UNITS);
    sheet_say(sheet, "%s", jx_string(change, "environment") ? " → " : "");
    sheet_put(sheet, jx_string(change, "environment"), SHEET_NAME_UNITS);
    sheet_say(sheet, " ");
    escape_put_code(&sheet->line, jx_string_or(change, "ref", ""), SHEET_NAME_UNITS);
    if (sheet_ms(change, "at") || sheet_ms(change, "finished_at")) {
        sheet_say(sheet, " ");
        sheet_time(sheet, sheet_ms(change, "at") ? sheet_ms(change, "at") : sheet_ms(change, "finished_at"));
    }
}

static void put_changes(struct sheet *sheet)
{
    const json_t *changes = sheet_get(sheet, "changes");
    const size_t count = json_array_size(changes);
    if (!sheet_active(sheet))
        return;
    for (size_t i = 0; i < count && i < CHANGES_SHOWN; i++) {
        put_change(sheet, json_array_get(changes, i));
        sheet_end(sheet);
    }
}

static void put_failed(struct sheet *sheet)
{
    size_t index;
    json_t *failed;
    json_array_foreach((json_t *)(uintptr_t)sheet_get(sheet, "failed_orders"), index, failed)
    {
        if (index >= FAILED_SHOWN)
            break;
        sheet_say(sheet, ":warning: Did not work: ");
        sheet_put(sheet, jx_string_or(failed, "what", "something"), SHEET_NAME_UNITS);
        sheet_say(sheet, ": ");
        sheet_put(sheet, jx_string_or(failed, "error", "no reason given"), SHEET_TITLE_UNITS);
        sheet_end(sheet);
    }
}

/* id, who and when, where else to look. */
static void put_small(struct sheet *sheet)
{
    const json_t *tracker = sheet_get(sheet, "tracker"), *report = sheet_get(sheet, "report");
    escape_put_code(&sheet->line, sheet->workflow, SHEET_NAME_UNITS);
    if (sheet_at(sheet, "created")) {
        sheet_say(sheet, " · since ");
        sheet_time(sheet, sheet_at(sheet, "created"));
    }
    if (*sheet_str(sheet, "user", "")) {
        sheet_say(sheet, " by ");
        sheet_user(sheet, sheet_str(sheet, "user", ""));
    }
    if (!sw_blank(jx_string(tracker, "key"))) {
        sheet_say(sheet, " · ");
        sheet_link(sheet, jx_string(tracker, "url"), jx_string(tracker, "key"));
    }
    if (escape_is_url(jx_string(report, "url"))) {
        sheet_say(sheet, " · ");
        sheet_link(sheet, jx_string(report, "url"), "report");
    }
    sheet_small(sheet);
}

static size_t add_open(struct sheet *sheet, struct sheet_button *buttons, char url[256])
{
    const json_t *channel = sheet_get(sheet, "channel");
    const char *id = jx_string_or(channel, "id", ""), *team = sheet_str(sheet, "team", "");
    if (!*id || !*team || jx_bool_or(channel, "archived", false))
        return 0;
    (void)snprintf(url, 256, "https://slack.com/app_redirect?team=%.31s&channel=%.31s", team, id); /* fits */
    buttons[0] = (struct sheet_button){ .verb = "open", .label = "Open channel", .url = url };
    return escape_is_url(url);
}

static void put_buttons(struct sheet *sheet)
{
    struct sheet_button buttons[6];
    char url[256];
    size_t count = add_open(sheet, buttons, url);
    const bool active = sheet_active(sheet), blocked = sheet_in(sheet, "blocked");
    if (active && !*sheet_role(sheet, "point"))
        buttons[count++] = (struct sheet_button){ .verb = "point", .label = "Take point", .style = "primary" };
    if (active && !*sheet_role(sheet, "comms"))
        buttons[count++] = (struct sheet_button){ .verb = "comms", .label = "Take comms" };
    if (active && !blocked && !sheet_at(sheet, "mitigated"))
        buttons[count++] = (struct sheet_button){ .verb = "mitigate", .label = "Mitigated" };
    if (active && !blocked)
        buttons[count++] =
            (struct sheet_button){ .verb = "resolve",
                                   .label = "All clear…",
                                   .ask = "The incident is over: everybody is told, and deployments that "
                                          "waited for it may start.",
                                   .yes = "It is over" };
    if (sheet_in(sheet, "resolved"))
        buttons[count++] = (struct sheet_button){ .verb = "unresolve", .label = "Not over after all" };
    sheet_buttons(sheet, "headline", buttons, count);
}

void sheet_put_headline(struct sheet *sheet)
{
    put_first_line(sheet);
    if (sheet->loud && sheet_high(sheet) && sheet_active(sheet)) {
        sheet_say(sheet, "<!channel> this is one of the loud ones: ");
        sheet_put(sheet, jx_string_or(sheet_get(sheet, "priority"), "name", ""), 20);
        sheet_end(sheet);
    }
    sheet_quote(sheet, sheet_str(sheet, "summary", ""), SHEET_TEXT_UNITS);
    sheet_break(sheet);
    sheet_roles(sheet);
    sheet_end(sheet);
    put_places(sheet);
    sheet_blockers(sheet);
    put_holds(sheet);
    put_update(sheet);
    put_changes(sheet);
    put_failed(sheet);
    put_small(sheet);
    put_buttons(sheet);
}

/* What a notification shows and a screen reader says. */
static void put_sentence(struct sheet *sheet, struct sw_buf *text)
{
    sw_buf_printf(text, "Incident #%lld ", (long long)sheet_i64(sheet, "number", 0));
    sw_buf_puts(text, jx_string_or(sheet_get(sheet, "priority"), "name", ""));
    sw_buf_puts(text, " ");
    sw_buf_puts(text, words_of(sheet));
    sw_buf_puts(text, ": ");
    sw_buf_puts(text, sheet_str(sheet, "title", "untitled"));
    sw_buf_puts(text, ".");
    if (sheet_active(sheet) && !*sheet_role(sheet, "point"))
        sw_buf_puts(text, " Nobody is on point.");
}

json_t *render_headline_new(const struct proto_view *view, int64_t now_ms)
{
    struct sheet SHEET_AUTO sheet;
    struct sw_buf SW_AUTO_BUF text = { 0 };
    sheet_init(&sheet, &(struct card){ .view = view, .now_ms = now_ms });
    sheet.loud = true;
    sheet_put_headline(&sheet);
    put_sentence(&sheet, &text);
    sheet.blocks.failed = sheet.blocks.failed || text.failed;
    return sheet_take(&sheet, sw_buf_string(&text));
}
