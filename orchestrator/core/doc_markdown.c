/* SPDX-License-Identifier: Apache-2.0
 * Markdown as GitHub and GitLab read it: CommonMark, in which a backslash quotes any punctuation, with tables; beyond
 * that, references (@name, #7, !7) call people and leave traces elsewhere, and lines that begin with "/" are orders to
 * GitLab. Sources: https://spec.commonmark.org/0.31.2/#backslash-escapes, https://github.github.com/gfm/,
 * https://docs.gitlab.com/user/markdown/ and https://docs.gitlab.com/user/project/quick_actions/ */
#include "orchestrator/core/doc_internal.h"

#include "common/base/text.h"

#include <string.h>

#define NO_WIDTH "\xE2\x80\x8B" /* U+200B: parts a sign from its number, invisibly */

static bool is_word(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_' || (unsigned char)byte >= 0x80;
}

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/* "@name" calls a person, "#7" and its kin leave a trace in what they name. */
static bool is_reference(char before, const char *text)
{
    if (*text == '@')
        return !is_word(before) && is_word(text[1]);
    return strchr("#!$%&~*^", *text) && is_digit(text[1]);
}

/* How many bytes at the start of a line would begin a block; digits of a numbered item are counted with their sign. */
static size_t block_sign(const char *text)
{
    if (strchr("-+#>=~/:", *text))
        return 1;
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && (text[digits] == '.' || text[digits] == ')') ? digits + 1 : 0;
}

/* A line's first visible character; blanks before it would make it code. */
static const char *begin_line(struct sw_buf *buf, const char *text)
{
    text += strspn(text, " \t\r");
    size_t sign = *text ? block_sign(text) : 0;
    if (sign > 0) {
        sw_buf_append(buf, text, sign - 1);
        sw_buf_printf(buf, "\\%c", text[sign - 1]);
        if (is_reference('\0', text))
            sw_buf_puts(buf, NO_WIDTH);
    }
    return text + sign;
}

static void put_text(struct sw_buf *buf, const char *text, const char *line_break, bool at_line)
{
    char before = '\0';
    for (text = at_line ? begin_line(buf, text) : text; *text; before = *text++) {
        if (*text == '\n') {
            sw_buf_puts(buf, line_break);
            text = begin_line(buf, text + 1) - 1;
            continue;
        }
        if (*text == '\r')
            continue;
        if (strchr("\\`*_[]<>|~$&!", *text))
            sw_buf_puts(buf, "\\");
        sw_buf_append(buf, text, 1);
        if (is_reference(before, text))
            sw_buf_puts(buf, NO_WIDTH);
    }
}

static void put_span(struct sw_buf *buf, const struct doc_span *span, const char *line_break, bool at_line)
{
    if (span->user) {
        sw_buf_printf(buf, "@%.*s", (int)strcspn(span->user, " \n<>[]()`@"), span->user);
    } else if (span->url) {
        sw_buf_puts(buf, "[");
        put_text(buf, span->text, " ", false);
        sw_buf_puts(buf, "](<");
        doc_put_url(buf, span->url);
        sw_buf_puts(buf, ">)");
    } else {
        sw_buf_puts(buf, span->strong ? "**" : "");
        put_text(buf, span->text, line_break, at_line);
        sw_buf_puts(buf, span->strong ? "**" : "");
    }
}

static void put_spans(struct sw_buf *buf, const json_t *spans, const char *line_break)
{
    for (size_t i = 0; i < json_array_size(spans); i++) {
        struct doc_span span = doc_span(spans, i);
        put_span(buf, &span, line_break, i == 0);
    }
}

static void put_row(struct sw_buf *buf, const struct doc_block *block)
{
    if (block->first)
        sw_buf_puts(buf, "|  |  |\n|---|---|\n"); /* a table needs a head */
    sw_buf_puts(buf, "| ");
    put_text(buf, block->label, " ", true);
    sw_buf_puts(buf, " | ");
    put_spans(buf, block->spans, "<br>");
    sw_buf_puts(buf, " |\n");
}

static void put_block(struct sw_buf *buf, const struct doc_block *block)
{
    switch (block->kind) {
    case DOC_HEADING:
        sw_buf_printf(buf, "%.*s ", block->level, "######");
        put_spans(buf, block->spans, " ");
        sw_buf_puts(buf, "\n");
        break;
    case DOC_PARAGRAPH:
        put_spans(buf, block->spans, "<br>\n");
        sw_buf_puts(buf, "\n");
        break;
    case DOC_ITEM:
        sw_buf_puts(buf, "- ");
        put_spans(buf, block->spans, "<br>\n  ");
        sw_buf_puts(buf, "\n");
        break;
    case DOC_QUOTE:
        sw_buf_puts(buf, "> ");
        put_spans(buf, block->spans, "<br>\n> ");
        sw_buf_puts(buf, "\n");
        break;
    case DOC_ROW:
        put_row(buf, block);
        break;
    case DOC_MARK:
        sw_buf_printf(buf, "<!-- %s -->\n", block->label);
        break;
    }
    if (block->last || block->kind == DOC_PARAGRAPH || block->kind == DOC_QUOTE)
        sw_buf_puts(buf, "\n");
}

char *doc_markdown_new(const struct doc *doc)
{
    struct sw_buf buf = { .failed = doc_failed(doc) };
    for (size_t i = 0; i < doc_block_count(doc); i++) {
        struct doc_block block = doc_block(doc, i);
        put_block(&buf, &block);
    }
    return sw_buf_take(&buf);
}
