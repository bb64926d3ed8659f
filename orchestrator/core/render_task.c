/* SPDX-License-Identifier: Apache-2.0
 * An incident's action item as an issue of its own, and an update as a comment. */
#include "orchestrator/core/render_internal.h"

#include <stdio.h>

void render_task(struct doc *doc, const struct render_request *request, const struct render_room *room)
{
    const json_t *spec = request->model;
    char name[160];
    (void)room; /* it is short */
    doc_quote(doc);
    doc_said(doc, jx_string_or(spec, "description", ""));
    (void)snprintf(name, sizeof name, "incident #%lld (%s): ", (long long)jx_i64_or(spec, "number", 0),
                   jx_string_or(spec, "key", ""));
    doc_row(doc, "From");
    doc_text(doc, name);
    doc_said(doc, jx_string_or(spec, "title", ""));
    doc_row(doc, "By");
    doc_person(doc, jx_string_or(spec, "by", ""));
    doc_row(doc, "At");
    doc_time(doc, jx_i64_or(spec, "at", 0));
    if (!jx_string(spec, "link"))
        return;
    doc_row(doc, "In Slack");
    doc_link(doc, "message", jx_string(spec, "link"));
}

void render_comment(struct doc *doc, const struct render_request *request, const struct render_room *room)
{
    const json_t *spec = request->model;
    const char *by = jx_string_or(spec, "by", "");
    (void)room; /* it is short */
    doc_paragraph(doc);
    doc_strong(doc, "Update");
    if (*by) {
        doc_text(doc, " by ");
        doc_person(doc, by);
    }
    doc_text(doc, ", ");
    doc_time(doc, jx_i64_or(spec, "at", 0));
    doc_text(doc, ":");
    doc_paragraph(doc);
    doc_said(doc, jx_string_or(spec, "text", ""));
}
