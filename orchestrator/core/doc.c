/* SPDX-License-Identifier: Apache-2.0
 * A document is an array of {"kind","level","label","spans":[{"text","url","user","strong"}]}. */
#include "orchestrator/core/doc.h"

#include "common/base/datefmt.h"
#include "common/base/text.h"
#include "orchestrator/core/doc_internal.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_URL = 2000 };

struct doc {
    const json_t *people;
    json_t *blocks;
    size_t max_text;
    bool failed;
};

struct doc *doc_new(const json_t *people)
{
    struct doc *doc = calloc(1, sizeof *doc);
    if (!doc)
        return NULL;
    doc->people = people;
    doc->blocks = json_array();
    doc->failed = !doc->blocks;
    return doc;
}

void doc_free(struct doc *doc)
{
    if (!doc)
        return;
    json_decref(doc->blocks);
    free(doc);
}

void doc_set_max_text(struct doc *doc, size_t max_text) { doc->max_text = max_text; }

/* ---- blocks ---- */

static void add_block(struct doc *doc, enum doc_kind kind, int level, const char *label)
{
    json_t *block = json_pack("{si si ss s[]}", "kind", (int)kind, "level", level, "label", label, "spans");
    if (json_array_append_new(doc->blocks, block) != 0)
        doc->failed = true;
}

void doc_heading(struct doc *doc, int level, const char *text)
{
    add_block(doc, DOC_HEADING, level, "");
    doc_text(doc, text);
}

void doc_paragraph(struct doc *doc) { add_block(doc, DOC_PARAGRAPH, 0, ""); }
void doc_item(struct doc *doc) { add_block(doc, DOC_ITEM, 0, ""); }
void doc_quote(struct doc *doc) { add_block(doc, DOC_QUOTE, 0, ""); }
void doc_row(struct doc *doc, const char *label) { add_block(doc, DOC_ROW, 0, label); }
void doc_mark(struct doc *doc, const char *mark) { add_block(doc, DOC_MARK, 0, mark); }

/* ---- spans ---- */

static void add_span(struct doc *doc, const json_t *span_new)
{
    json_t *block = json_array_get(doc->blocks, json_array_size(doc->blocks) - 1);
    if (json_array_append_new(json_object_get(block, "spans"), (json_t *)(uintptr_t)span_new) != 0)
        doc->failed = true;
}

static void add_text(struct doc *doc, const char *text, size_t length)
{
    if (length > 0)
        add_span(doc, json_pack("{ss%}", "text", text, length));
}

void doc_text(struct doc *doc, const char *text) { add_text(doc, text, strlen(text)); }

void doc_strong(struct doc *doc, const char *text)
{
    if (*text)
        add_span(doc, json_pack("{ss sb}", "text", text, "strong", 1));
}

static size_t url_length(const char *text)
{
    size_t head = sw_starts_with(text, "https://") ? 8 : sw_starts_with(text, "http://") ? 7 : 0;
    size_t length = head ? head + strcspn(text + head, " \t\r\n<>\"'`\\^{|}") : 0;
    while (length > head && strchr(".,;:!?)]*_~", text[length - 1]))
        length--; /* it ends a sentence, not the address */
    return length > head && length <= MAX_URL ? length : 0;
}

void doc_link(struct doc *doc, const char *text, const char *url)
{
    if (url && *url && url_length(url) == strlen(url))
        add_span(doc, json_pack("{ss ss}", "text", *text ? text : url, "url", url));
    else
        doc_text(doc, text);
}

void doc_person(struct doc *doc, const char *user)
{
    const json_t *person = json_object_get(doc->people, user);
    const char *name = jx_string(person, "name"), *tracker = jx_string(person, "tracker");
    if (tracker && *tracker)
        add_span(doc, json_pack("{ss ss}", "text", name && *name ? name : user, "user", tracker));
    else
        doc_text(doc, name && *name ? name : user);
}

void doc_time(struct doc *doc, int64_t at_ms)
{
    char text[SW_DATE_SIZE];
    sw_date_utc(at_ms, text);
    doc_text(doc, text);
}

/* "<@U1>": its length and the id, or 0. */
static size_t mention_length(const char *text, char ret_user[64])
{
    size_t length = sw_starts_with(text, "<@") ? strspn(text + 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") : 0;
    if (length == 0 || length >= 64 || text[2 + length] != '>')
        return 0;
    memcpy(ret_user, text + 2, length);
    ret_user[length] = '\0';
    return length + 3;
}

static void add_said(struct doc *doc, const char *text)
{
    const char *plain = text;
    while (*text) {
        char user[64];
        size_t mention = mention_length(text, user), url = url_length(text);
        if (mention || url) {
            add_text(doc, plain, (size_t)(text - plain));
            SW_AUTO_FREE char *address = url ? strndup(text, url) : NULL;
            if (mention)
                doc_person(doc, user);
            else if (address)
                doc_link(doc, address, address);
            plain = text += mention + url;
        } else
            text++;
    }
    doc_text(doc, plain);
}

void doc_said(struct doc *doc, const char *text)
{
    size_t kept = doc->max_text ? sw_utf8_prefix_bytes(text, doc->max_text) : strlen(text);
    if (!text[kept]) {
        add_said(doc, text);
        return;
    }
    SW_AUTO_FREE char *cut = strndup(text, kept);
    if (cut)
        add_said(doc, cut);
    doc->failed = doc->failed || !cut;
    doc_text(doc, "\xE2\x80\xA6"); /* an ellipsis */
}

/* ---- for the formats ---- */

bool doc_failed(const struct doc *doc) { return doc->failed; }
size_t doc_block_count(const struct doc *doc) { return json_array_size(doc->blocks); }

static bool has_kind(const struct doc *doc, size_t index, int64_t kind)
{
    const json_t *block = json_array_get(doc->blocks, index); /* behind the end: NULL */
    return block && jx_i64_or(block, "kind", -1) == kind;
}

struct doc_block doc_block(const struct doc *doc, size_t index)
{
    const json_t *block = json_array_get(doc->blocks, index);
    int64_t kind = jx_i64_or(block, "kind", DOC_PARAGRAPH);
    return (struct doc_block){ .kind = (enum doc_kind)kind,
                               .level = (int)jx_i64_or(block, "level", 0),
                               .label = jx_string_or(block, "label", ""),
                               .spans = json_object_get(block, "spans"),
                               .first = index == 0 || !has_kind(doc, index - 1, kind),
                               .last = !has_kind(doc, index + 1, kind) };
}

struct doc_span doc_span(const json_t *spans, size_t index)
{
    const json_t *span = json_array_get(spans, index);
    return (struct doc_span){ .text = jx_string_or(span, "text", ""),
                              .url = jx_string(span, "url"),
                              .user = jx_string(span, "user"),
                              .strong = jx_bool_or(span, "strong", false) };
}

void doc_put_url(struct sw_buf *buf, const char *url)
{
    for (; *url; url++) {
        unsigned char byte = (unsigned char)*url;
        if (byte <= ' ' || byte >= 0x7F || strchr("\"'<>\\^`{|}[]!", byte))
            sw_buf_printf(buf, "%%%02X", byte);
        else
            sw_buf_append(buf, url, 1);
    }
}
