/* SPDX-License-Identifier: Apache-2.0
 * Atlassian Document Format, version 1. What people typed stands in text nodes, where nothing is markup.
 * Source: https://unpkg.com/@atlaskit/adf-schema/dist/json-schema/v1/full.json */
#include "orchestrator/core/doc_internal.h"

#include "common/base/text.h"

#include <string.h>

/* Each takes its parts, also when it fails; NULL then. */
static json_t *node_take(const char *type, json_t *content)
{
    json_t *node = content ? json_pack("{ss so}", "type", type, "content", content) : NULL;
    return node;
}

static json_t *one_take(json_t *item) { return item ? json_pack("[o]", item) : NULL; }

static bool append_take(json_t *array, json_t *item) { return item && json_array_append_new(array, item) == 0; }

/* ---- spans ---- */

static json_t *marks_new(const struct doc_span *span)
{
    if (span->url) {
        SW_AUTO_BUF struct sw_buf url = { 0 };
        doc_put_url(&url, span->url);
        return json_pack("[{ss s{ss}}]", "type", "link", "attrs", "href", sw_buf_string(&url));
    }
    return span->strong ? json_pack("[{ss}]", "type", "strong") : NULL;
}

static json_t *text_new(const struct doc_span *span, const char *text, size_t length)
{
    return json_pack("{ss ss% so*}", "type", "text", "text", text, length, "marks", marks_new(span));
}

/* Line feeds become hard breaks; a text node is never empty. */
static bool add_lines(json_t *content, const struct doc_span *span)
{
    bool done = true;
    for (const char *text = span->text; done && *text;) {
        size_t length = strcspn(text, "\n");
        if (length > 0)
            done = append_take(content, text_new(span, text, length));
        if (done && text[length])
            done = append_take(content, json_pack("{ss}", "type", "hardBreak"));
        text += length + (text[length] != '\0');
    }
    return done;
}

static bool add_span(json_t *content, const struct doc_span *span)
{
    static const char PREFIX[] = "accountid:"; /* how Cloud's wiki markup writes an account; here the id alone */
    if (!span->user)
        return add_lines(content, span);
    const char *id = sw_starts_with(span->user, PREFIX) ? span->user + sizeof PREFIX - 1 : span->user;
    return append_take(content,
                       json_pack("{ss s{ss ss+}}", "type", "mention", "attrs", "id", id, "text", "@", span->text));
}

static json_t *content_new(const json_t *spans)
{
    json_t *content = json_array();
    bool done = content != NULL;
    for (size_t i = 0; done && i < json_array_size(spans); i++) {
        struct doc_span span = doc_span(spans, i);
        done = add_span(content, &span);
    }
    if (done)
        return content;
    json_decref(content);
    return NULL;
}

/* ---- blocks ---- */

static json_t *paragraph_new(const json_t *spans) { return node_take("paragraph", content_new(spans)); }

static json_t *row_new(const struct doc_block *block)
{
    const struct doc_span label = { .text = block->label, .strong = true };
    json_t *words = json_array();
    if (!words || !add_lines(words, &label)) {
        json_decref(words);
        return NULL;
    }
    json_t *head = node_take("tableHeader", one_take(node_take("paragraph", words)));
    json_t *cell = node_take("tableCell", one_take(paragraph_new(block->spans)));
    json_t *cells = head && cell ? json_pack("[o o]", head, cell) : NULL;
    return node_take("tableRow", cells);
}

static json_t *mark_new(const struct doc_block *block)
{
    return json_pack("{ss s[{ss ss s[{ss s{ss}}]}]}", "type", "paragraph", "content", "type", "text", "text",
                     block->label, "marks", "type", "subsup", "attrs", "type", "sub");
}

static json_t *block_new(const struct doc_block *block)
{
    json_t *node;
    switch (block->kind) {
    case DOC_HEADING:
        node = node_take("heading", content_new(block->spans));
        return node && jx_set_take(node, "attrs", json_pack("{si}", "level", block->level)) ? node : NULL;
    case DOC_PARAGRAPH:
        return paragraph_new(block->spans);
    case DOC_ITEM:
        return node_take("listItem", one_take(paragraph_new(block->spans)));
    case DOC_QUOTE:
        return node_take("blockquote", one_take(paragraph_new(block->spans)));
    case DOC_ROW:
        return row_new(block);
    case DOC_MARK:
        return mark_new(block);
    }
    return NULL;
}

/* Items and rows stand in a list and a table that neighbours share. */
static bool add_block(json_t *content, const struct doc_block *block)
{
    json_t *node = block_new(block);
    const char *around = block->kind == DOC_ITEM ? "bulletList" : block->kind == DOC_ROW ? "table" : NULL;
    if (!around)
        return append_take(content, node);
    if (block->first)
        return append_take(content, node_take(around, one_take(node)));
    json_t *last = json_array_get(content, json_array_size(content) - 1);
    return append_take(json_object_get(last, "content"), node);
}

json_t *doc_adf_new(const struct doc *doc)
{
    json_t *content = json_array();
    bool done = content && !doc_failed(doc);
    for (size_t i = 0; done && i < doc_block_count(doc); i++) {
        struct doc_block block = doc_block(doc, i);
        done = add_block(content, &block);
    }
    if (done)
        return json_pack("{si ss so}", "version", 1, "type", "doc", "content", content);
    json_decref(content);
    return NULL;
}
