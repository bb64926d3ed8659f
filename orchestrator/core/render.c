/* SPDX-License-Identifier: Apache-2.0
 * Formats, their limits, and the parts that documents share. */
#include "orchestrator/core/render.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/render_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_TEXT = 200 };

/* ---- formats ---- */

static json_t *text_take(char *text, size_t max_bytes)
{
    json_t *json = text && strlen(text) <= max_bytes ? json_string(text) : NULL;
    free(text);
    return json;
}

static json_t *adf_new(const struct doc *doc, size_t max_bytes)
{
    json_t *adf = doc_adf_new(doc);
    if (adf && json_dumpb(adf, NULL, 0, JSON_COMPACT) <= max_bytes)
        return adf;
    json_decref(adf);
    return NULL;
}

static json_t *format_new(enum render_format format, const struct doc *doc, size_t max_bytes)
{
    switch (format) {
    case RENDER_WIKI:
        return text_take(doc_wiki_new(doc), max_bytes);
    case RENDER_ADF:
        return adf_new(doc, max_bytes);
    case RENDER_MARKDOWN:
        return text_take(doc_markdown_new(doc), max_bytes);
    case RENDER_HTML:
        return text_take(doc_html_new(doc), max_bytes);
    }
    return NULL;
}

static json_t *try_new(enum render_format format, render_document *document, const struct render_request *request,
                       const struct render_room *room, size_t max_bytes)
{
    DOC_AUTO struct doc *doc = doc_new(request->people);
    if (!doc)
        return NULL;
    doc_set_max_text(doc, room->max_text);
    document(doc, request, room);
    if (request->mark)
        doc_mark(doc, request->mark);
    return format_new(format, doc, max_bytes);
}

json_t *render_new(enum render_format format, render_document *document, const struct render_request *request,
                   size_t max_bytes)
{
    size_t entries = json_array_size(json_object_get(request->model, "log"));
    struct render_room room = { .entries = SIZE_MAX };
    json_t *text = try_new(format, document, request, &room, max_bytes);
    for (; !text && entries > 0; entries /= 2) {
        room.entries = entries / 2;
        text = try_new(format, document, request, &room, max_bytes);
    }
    for (room.max_text = SHORT_TEXT, room.entries = 0; !text && room.max_text > 10; room.max_text /= 2)
        text = try_new(format, document, request, &room, max_bytes);
    return text;
}

/* ---- texts ---- */

json_t *render_people_new(const json_t *names, const json_t *accounts)
{
    json_t *people = json_object(), *value;
    const char *user;
    bool done = people != NULL;
    json_object_foreach((json_t *)(uintptr_t)names, user, value)
    {
        done = done && jx_set_take(people, user, json_pack("{sO}", "name", value));
    }
    json_object_foreach((json_t *)(uintptr_t)accounts, user, value)
    {
        if (!json_object_get(people, user))
            done = done && jx_set_take(people, user, json_object());
        done = done && json_object_set(json_object_get(people, user), "tracker", value) == 0;
    }
    if (done)
        return people;
    json_decref(people);
    return NULL;
}

char *render_title_new(const char *text, size_t max_characters)
{
    struct sw_buf title = { 0 };
    size_t kept = sw_utf8_prefix_bytes(text, max_characters);
    bool cut = text[kept] != '\0';
    if (cut && max_characters > 3)
        kept = sw_utf8_prefix_bytes(text, max_characters - 3);
    for (size_t i = 0; i < kept; i++)
        sw_buf_append(&title, (unsigned char)text[i] < ' ' || text[i] == 0x7F ? " " : text + i, 1);
    sw_buf_puts(&title, cut ? "..." : "");
    if (title.length == 0)
        sw_buf_puts(&title, "-"); /* systems refuse an empty one */
    return sw_buf_take(&title);
}

/* ---- parts ---- */

/* What stands in the entry's place: of an action item the task, of others where it was said. */
static void put_where(struct doc *doc, const json_t *entry)
{
    const json_t *task = json_object_get(entry, "task");
    const char *key = jx_string(task, "key"), *link = jx_string_or(entry, "link", "");
    if (key) {
        doc_text(doc, " (");
        doc_link(doc, key, jx_string_or(task, "url", ""));
        doc_text(doc, ")");
    } else if (*link && !strstr(jx_string_or(entry, "text", ""), link)) {
        doc_text(doc, " (");
        doc_link(doc, "message", link);
        doc_text(doc, ")");
    }
}

size_t render_entries(struct doc *doc, const json_t *entries, const char *none)
{
    size_t count = json_array_size(entries);
    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(entries, i);
        doc_item(doc);
        doc_said(doc, jx_string_or(entry, "text", ""));
        put_where(doc, entry);
    }
    if (count > 0)
        return count;
    doc_paragraph(doc);
    doc_text(doc, none);
    return 0;
}

void render_items(struct doc *doc, const json_t *items, const char *none)
{
    for (size_t i = 0; i < json_array_size(items); i++) {
        doc_item(doc);
        doc_said(doc, json_string_value(json_array_get(items, i)) ? json_string_value(json_array_get(items, i)) : "");
    }
    if (json_array_size(items) == 0) {
        doc_paragraph(doc);
        doc_text(doc, none);
    }
}

void render_person(struct doc *doc, const json_t *person) { doc_person(doc, jx_string_or(person, "id", "")); }

void render_channel(struct doc *doc, const json_t *model)
{
    const json_t *channel = json_object_get(model, "channel");
    char name[120], url[160];
    (void)snprintf(name, sizeof name, "#%s", jx_string_or(channel, "name", ""));
    (void)snprintf(url, sizeof url, "https://slack.com/app_redirect?channel=%s", jx_string_or(channel, "id", ""));
    doc_link(doc, name, url);
}
