/* SPDX-License-Identifier: Apache-2.0
 * HTML, a fragment of plain elements. Brackets are entities too: WordPress makes shortcodes of them. */
#include "orchestrator/core/doc_internal.h"

#include "common/base/text.h"

#include <string.h>

static const char *entity(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '[':
        return "&#91;";
    case ']':
        return "&#93;";
    case '\n':
        return "<br>";
    case '\r':
        return "";
    default:
        return NULL;
    }
}

void doc_put_html_text(struct sw_buf *buf, const char *text)
{
    for (; *text; text++) {
        const char *name = entity(*text);
        if (name)
            sw_buf_puts(buf, name);
        else
            sw_buf_append(buf, text, 1);
    }
}

static void put_url(struct sw_buf *buf, const char *url)
{
    SW_AUTO_BUF struct sw_buf encoded = { 0 };
    doc_put_url(&encoded, url);
    doc_put_html_text(buf, sw_buf_string(&encoded)); /* "&" stands in URLs */
}

static void put_spans(struct sw_buf *buf, const json_t *spans)
{
    for (size_t i = 0; i < json_array_size(spans); i++) {
        struct doc_span span = doc_span(spans, i);
        if (span.url) {
            sw_buf_puts(buf, "<a href=\"");
            put_url(buf, span.url);
            sw_buf_puts(buf, "\">");
        }
        sw_buf_puts(buf, span.strong ? "<strong>" : "");
        doc_put_html_text(buf, span.text);
        sw_buf_puts(buf, span.strong ? "</strong>" : "");
        sw_buf_puts(buf, span.url ? "</a>" : "");
    }
}

struct element {
    const char *list_open, *open, *close, *list_close;
};

static struct element element_of(const struct doc_block *block)
{
    static const struct element ELEMENTS[] = {
        [DOC_HEADING] = { "", "<h2>", "</h2>", "" },
        [DOC_PARAGRAPH] = { "", "<p>", "</p>", "" },
        [DOC_ITEM] = { "<ul>\n", "<li>", "</li>", "</ul>\n" },
        [DOC_QUOTE] = { "", "<blockquote><p>", "</p></blockquote>", "" },
        [DOC_ROW] = { "<table><tbody>\n", "<tr>", "</td></tr>", "</tbody></table>\n" },
        [DOC_MARK] = { "", "<!-- ", " -->", "" },
    };
    static const struct element HEADINGS[] = { { "", "<h1>", "</h1>", "" },
                                               { "", "<h2>", "</h2>", "" },
                                               { "", "<h3>", "</h3>", "" } };
    return block->kind == DOC_HEADING && block->level <= (int)SW_COUNT(HEADINGS) ? HEADINGS[block->level - 1]
                                                                                 : ELEMENTS[block->kind];
}

static void put_block(struct sw_buf *buf, const struct doc_block *block)
{
    const struct element element = element_of(block);
    sw_buf_puts(buf, block->first ? element.list_open : "");
    sw_buf_puts(buf, element.open);
    if (block->kind == DOC_ROW) {
        sw_buf_puts(buf, "<th>");
        doc_put_html_text(buf, block->label);
        sw_buf_puts(buf, "</th><td>");
    } else
        doc_put_html_text(buf, block->label); /* of a mark; of others it is empty */
    put_spans(buf, block->spans);
    sw_buf_puts(buf, element.close);
    sw_buf_puts(buf, "\n");
    sw_buf_puts(buf, block->last ? element.list_close : "");
}

char *doc_html_new(const struct doc *doc)
{
    struct sw_buf buf = { .failed = doc_failed(doc) };
    for (size_t i = 0; i < doc_block_count(doc); i++) {
        struct doc_block block = doc_block(doc, i);
        put_block(&buf, &block);
    }
    return sw_buf_take(&buf);
}
