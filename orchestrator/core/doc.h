/* SPDX-License-Identifier: Apache-2.0
 * doc: a document for systems beside Slack before it has a format: blocks of spans. The documents of render.h write
 * one; doc_wiki.c, doc_adf.c, doc_markdown.c and doc_html.c make of it what the system reads, and each escapes in one
 * place, so that what people typed can never become markup.
 *
 * Memory: nothing reports its lack while a doc is written; the format functions then answer NULL. Pure. */
#ifndef ORCHESTRATOR_CORE_DOC_H
#define ORCHESTRATOR_CORE_DOC_H

#include "common/base/buf.h"
#include "common/json/jx.h"

struct doc;

enum doc_kind {
    DOC_HEADING, /* level 1 to 3 */
    DOC_PARAGRAPH,
    DOC_ITEM, /* of a list; neighbours are one list */
    DOC_QUOTE,
    DOC_ROW,  /* of a table: its label, and the spans; neighbours are one table */
    DOC_MARK, /* how Slipway finds the text again: hidden where the format can hide it */
};

/* people: by id of Slack {"name", "tracker": how the system mentions them, or absent}; borrowed until doc_free().
 * NULL: no memory. */
struct doc *doc_new(const json_t *people);
void doc_free(struct doc *doc);
static inline void doc_free_ptr(struct doc **doc) { doc_free(*doc); }
#define DOC_AUTO SW_CLEANUP(doc_free_ptr)
/* Longer texts of people are cut, in characters; 0: none is. */
void doc_set_max_text(struct doc *doc, size_t max_text);

/* ---- blocks; spans go into the latest ---- */
void doc_heading(struct doc *doc, int level, const char *text);
void doc_paragraph(struct doc *doc);
void doc_item(struct doc *doc);
void doc_quote(struct doc *doc);
void doc_row(struct doc *doc, const char *label);
void doc_mark(struct doc *doc, const char *mark); /* letters, digits, "-", "/", ":", "." */

/* ---- spans ---- */
void doc_text(struct doc *doc, const char *text); /* as it stands; line feeds are line breaks */
void doc_strong(struct doc *doc, const char *text);
void doc_said(struct doc *doc, const char *text); /* what a person typed: <@U1> and URLs become spans of their own */
void doc_link(struct doc *doc, const char *text, const char *url); /* no URL of http or https: the text alone */
void doc_person(struct doc *doc, const char *user);
void doc_time(struct doc *doc, int64_t at_ms); /* "2024-01-25 05:52 UTC" */

/* ---- formats; free() the text; NULL: no memory, or above 1 MiB ---- */
char *doc_wiki_new(const struct doc *doc);                    /* Jira's and Confluence's markup, REST v2 */
char *doc_markdown_new(const struct doc *doc);                /* CommonMark with tables, as GitHub and GitLab read it */
char *doc_html_new(const struct doc *doc);                    /* a fragment */
void doc_put_html_text(struct sw_buf *buf, const char *text); /* a text alone */
json_t *doc_adf_new(const struct doc *doc);                   /* Atlassian Document Format 1, REST v3 */

#endif
