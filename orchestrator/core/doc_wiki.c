/* SPDX-License-Identifier: Apache-2.0
 * Jira's wiki markup. A backslash takes the meaning of the character behind it; two of them are a line break, so a
 * backslash itself is written as an entity. Source: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa */
#include "orchestrator/core/doc_internal.h"

#include "common/base/text.h"

#include <string.h>

/* "h1. ", "bq. " begin a block where a line begins. */
static bool begins_block(const char *text)
{
    return (text[0] == 'h' && text[1] >= '1' && text[1] <= '6' && text[2] == '.') || sw_starts_with(text, "bq.");
}

/* Pictures of faces and signs: ":)", ";)", ":D", "(y)". */
static bool begins_picture(const char *text)
{
    return *text == '(' || ((*text == ':' || *text == ';') && text[1] && strchr(")(PDp", text[1]));
}

static void put_text(struct sw_buf *buf, const char *text, const char *line_break, bool at_line)
{
    for (; *text; text++) {
        if (*text == '\n') {
            sw_buf_puts(buf, line_break);
            at_line = true;
            continue;
        }
        if (at_line && begins_block(text)) { /* the letter or digits stay, the full stop is quoted */
            size_t letters = strcspn(text, ".");
            sw_buf_append(buf, text, letters);
            sw_buf_puts(buf, "\\.");
            text += letters;
        } else if (*text == '\\')
            sw_buf_puts(buf, "&#92;");
        else if (*text != '\r') {
            if (strchr("{}[]*_-+^~?!|#@", *text) || begins_picture(text))
                sw_buf_puts(buf, "\\");
            sw_buf_append(buf, text, 1);
        }
        at_line = at_line && (*text == ' ' || *text == '\t');
    }
}

static void put_span(struct sw_buf *buf, const struct doc_span *span, const char *line_break, bool at_line)
{
    if (span->user) {
        sw_buf_printf(buf, "[~%.*s]", (int)strcspn(span->user, "[]{}|\\ \n"), span->user);
    } else if (span->url) {
        sw_buf_puts(buf, "[");
        put_text(buf, span->text, " ", false);
        sw_buf_puts(buf, "|");
        doc_put_url(buf, span->url);
        sw_buf_puts(buf, "]");
    } else {
        sw_buf_puts(buf, span->strong ? "{*}" : ""); /* with braces also within words */
        put_text(buf, span->text, line_break, at_line);
        sw_buf_puts(buf, span->strong ? "{*}" : "");
    }
}

static void put_spans(struct sw_buf *buf, const json_t *spans, const char *line_break, bool at_line)
{
    for (size_t i = 0; i < json_array_size(spans); i++) {
        struct doc_span span = doc_span(spans, i);
        put_span(buf, &span, line_break, at_line && i == 0);
    }
}

static void put_block(struct sw_buf *buf, const struct doc_block *block)
{
    static const char BREAK[] = " \\\\ "; /* a line feed would end an item or a cell */
    switch (block->kind) {
    case DOC_HEADING:
        sw_buf_printf(buf, "h%d. ", block->level);
        put_spans(buf, block->spans, " ", false);
        break;
    case DOC_PARAGRAPH:
        put_spans(buf, block->spans, "\n", true);
        break;
    case DOC_ITEM:
        sw_buf_puts(buf, "* ");
        put_spans(buf, block->spans, BREAK, false);
        break;
    case DOC_QUOTE:
        sw_buf_puts(buf, "{quote}\n");
        put_spans(buf, block->spans, "\n", true);
        sw_buf_puts(buf, "\n{quote}");
        break;
    case DOC_ROW:
        sw_buf_puts(buf, "||");
        put_text(buf, block->label, BREAK, false);
        sw_buf_puts(buf, "|");
        put_spans(buf, block->spans, BREAK, false);
        sw_buf_puts(buf, " |");
        break;
    case DOC_MARK:
        sw_buf_printf(buf, "~%s~", block->label);
        break;
    }
    sw_buf_puts(buf, "\n");
    if (block->last || block->kind == DOC_PARAGRAPH || block->kind == DOC_QUOTE)
        sw_buf_puts(buf, "\n");
}

char *doc_wiki_new(const struct doc *doc)
{
    struct sw_buf buf = { .failed = doc_failed(doc) };
    for (size_t i = 0; i < doc_block_count(doc); i++) {
        struct doc_block block = doc_block(doc, i);
        put_block(&buf, &block);
    }
    return sw_buf_take(&buf);
}
