/* SPDX-License-Identifier: Apache-2.0
 * The order of the parts is that of people's needs: a client shows the first words only. */
#include "gateway/core/render_topic.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"
#include "gateway/core/render_sheet.h"

#include <string.h>

enum { NAME_UNITS = 60, TITLE_UNITS = 200, COMPONENTS_SHOWN = 5 };
static const char MORE[] = "...";

/* Bytes of an entity, a mention, a link or a character; what is escaped has every "&" and "<" closed. */
static size_t piece_bytes(const char *text)
{
    const char *end = *text == '&' ? strchr(text, ';') : *text == '<' ? strchr(text, '>') : NULL;
    return end ? (size_t)(end - text) + 1 : sw_utf8_prefix_bytes(text, 1);
}

/* An escaped text, cut between two of its pieces. */
static char *cut_new(const char *text)
{
    size_t length = 0, characters = 0;
    if (sw_utf8_characters(text) <= RENDER_TOPIC_CHARACTERS)
        return sw_strdup(text);
    while (characters <= RENDER_TOPIC_CHARACTERS - strlen(MORE)) {
        const size_t bytes = piece_bytes(text + length);
        for (size_t i = 0; i < bytes; i++)
            characters += ((unsigned char)text[length + i] & 0xC0) != 0x80;
        if (characters <= RENDER_TOPIC_CHARACTERS - strlen(MORE))
            length += bytes;
    }
    char *topic = malloc(length + sizeof MORE);
    if (!topic)
        return NULL;
    memcpy(topic, text, length);
    memcpy(topic + length, MORE, sizeof MORE);
    return topic;
}

char *render_topic_said_new(const char *text)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    escape_put(&line, ESCAPE_SAID, text, SIZE_MAX / 2);
    return line.failed ? NULL : cut_new(sw_buf_string(&line));
}

static void put_capitals(struct sheet *sheet, const char *text)
{
    SW_AUTO_FREE char *capitals = sw_capitals_new(text);
    sheet->blocks.failed = sheet->blocks.failed || !capitals;
    sheet_put(sheet, capitals, TITLE_UNITS);
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
    put_capitals(&sheet, sheet_str(&sheet, "title", "untitled"));
    sheet_say(&sheet, "*");
    put_details(&sheet);
    if (sheet.line.failed || sheet.blocks.failed)
        return NULL;
    return cut_new(sw_buf_string(&sheet.line));
}
