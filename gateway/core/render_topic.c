/* SPDX-License-Identifier: Apache-2.0
 * The order of the parts is that of people's needs: a client shows the first words only. */
#include "gateway/core/render_topic.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"
#include "gateway/core/render_sheet.h"

#include <ctype.h>
#include <string.h>

enum { NAME_UNITS = 60, TITLE_UNITS = 200, COMPONENTS_SHOWN = 5 };
static const char MORE[] = "...";

char *render_topic_cut_new(const char *text)
{
    if (sw_utf8_characters(text) <= RENDER_TOPIC_CHARACTERS)
        return sw_strdup(text);
    size_t length = sw_utf8_prefix_bytes(text, RENDER_TOPIC_CHARACTERS - strlen(MORE));
    char *topic = malloc(length + sizeof MORE);
    if (!topic)
        return NULL;
    memcpy(topic, text, length);
    memcpy(topic + length, MORE, sizeof MORE);
    return topic;
}

/* Letters of ASCII alone: the case of others depends on the language. */
static void put_upper(struct sheet *sheet, const char *text)
{
    SW_AUTO_FREE char *upper = sw_strdup(text);
    for (char *at = upper; at && *at; at++)
        if ((unsigned char)*at < 0x80)
            *at = (char)toupper((unsigned char)*at);
    sheet->blocks.failed = sheet->blocks.failed || !upper;
    escape_put(&sheet->line, ESCAPE_LINE, upper, TITLE_UNITS);
}

static void put_tags(struct sheet *sheet)
{
    const json_t *components = sheet_get(sheet, "components");
    sheet_say(sheet, ":%s: [", sheet_emoji(sheet));
    sheet_put(sheet, jx_string_or(sheet_get(sheet, "priority"), "name", "?"), NAME_UNITS);
    sheet_say(sheet, "]%s", sheet_in(sheet, "blocked") ? "[blocked]" : "");
    for (size_t i = 0; i < json_array_size(components) && i < COMPONENTS_SHOWN; i++) {
        sheet_say(sheet, "[");
        sheet_put(sheet, json_string_value(json_array_get(components, i)), NAME_UNITS);
        sheet_say(sheet, "]");
    }
}

static void put_blocked_on(struct sheet *sheet, const char **between)
{
    size_t index;
    json_t *blocker;
    bool first = true;
    json_array_foreach((json_t *)(uintptr_t)sheet_get(sheet, "blockers"), index, blocker)
    {
        if (sheet_ms(blocker, "until"))
            continue;
        sheet_say(sheet, "%s", first ? *between : ",");
        sheet_say(sheet, "%s", first ? "Blocked on: " : "");
        sheet_put(sheet, jx_string_or(blocker, "who", "somebody"), NAME_UNITS);
        first = false;
        *between = ", ";
    }
}

static void put_role(struct sheet *sheet, const char *label, const char *role, bool always, const char **between)
{
    const char *user = sheet_role(sheet, role);
    if (!*user && !always)
        return;
    sheet_say(sheet, "%s%s: ", *between, label);
    if (*user)
        sheet_user(sheet, user);
    else
        sheet_say(sheet, "_nobody_");
    *between = ", ";
}

static void put_details(struct sheet *sheet)
{
    const json_t *tracker = sheet_get(sheet, "tracker");
    const char *between = " - ";
    put_blocked_on(sheet, &between);
    if (sheet_active(sheet)) {
        put_role(sheet, "Point", "point", true, &between);
        put_role(sheet, "Comms", "comms", true, &between);
        put_role(sheet, "Triage", "triage", false, &between);
        put_role(sheet, "Eng", "eng", false, &between);
    }
    if (sw_blank(jx_string(tracker, "key")))
        return;
    sheet_say(sheet, "%s", between);
    sheet_link(sheet, jx_string(tracker, "url"), jx_string(tracker, "key"));
}

char *render_topic_new(const struct proto_view *view)
{
    struct sheet SHEET_AUTO sheet;
    sheet_init(&sheet, &(struct card){ .view = view });
    put_tags(&sheet);
    sheet_say(&sheet, " *");
    put_upper(&sheet, sheet_str(&sheet, "title", "untitled"));
    sheet_say(&sheet, "*");
    put_details(&sheet);
    if (sheet.line.failed || sheet.blocks.failed)
        return NULL;
    return render_topic_cut_new(sw_buf_string(&sheet.line));
}
