/* SPDX-License-Identifier: Apache-2.0
 * The issue that follows an incident. */
#include "common/base/text.h"
#include "orchestrator/core/render_internal.h"

/* ---- the overview ---- */

static void put_text_row(struct doc *doc, const char *label, const char *text)
{
    if (!*text)
        return;
    doc_row(doc, label);
    doc_said(doc, text);
}

static void put_times(struct doc *doc, const json_t *model)
{
    static const struct {
        const char *time, *label;
    } ROWS[] = { { "genesis", "Began" },       { "detected", "Detected" },
                 { "created", "Declared" },    { "acknowledged", "Acknowledged" },
                 { "mitigated", "Mitigated" }, { "resolved", "Resolved" },
                 { "cancelled", "Cancelled" }, { "completed", "Completed" } };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        int64_t at_ms = render_time(model, ROWS[i].time);
        if (at_ms == 0)
            continue;
        doc_row(doc, ROWS[i].label);
        doc_time(doc, at_ms);
    }
}

static void put_people(struct doc *doc, const json_t *model)
{
    static const struct {
        const char *role, *label;
    } ROWS[] = { { "point", "Point" },
                 { "comms", "Communication" },
                 { "triage", "Triage" },
                 { "eng", "Engineering lead" },
                 { "assigned", "Owner of the review" } };
    const json_t *by = json_object_get(model, "declared_by"), *roles = json_object_get(model, "roles");
    if (jx_string(by, "id")) {
        doc_row(doc, "Declared by");
        render_person(doc, by);
    }
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        const json_t *person = json_object_get(roles, ROWS[i].role);
        if (!person)
            continue;
        doc_row(doc, ROWS[i].label);
        render_person(doc, person);
    }
}

static void put_blockers(struct doc *doc, const json_t *model)
{
    const json_t *blockers = json_object_get(model, "blockers");
    for (size_t i = 0; i < json_array_size(blockers); i++) {
        const json_t *blocker = json_array_get(blockers, i);
        const char *why = jx_string_or(blocker, "why", "");
        doc_row(doc, "Blocked on");
        doc_said(doc, jx_string_or(blocker, "who", ""));
        doc_text(doc, *why ? ": " : "");
        doc_said(doc, why);
    }
}

static void put_list_row(struct doc *doc, const char *label, const json_t *items)
{
    if (json_array_size(items) == 0)
        return;
    doc_row(doc, label);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const char *text = json_string_value(json_array_get(items, i));
        doc_text(doc, i ? ", " : "");
        doc_said(doc, text ? text : "");
    }
}

static void put_overview(struct doc *doc, const json_t *model)
{
    doc_row(doc, "State");
    doc_strong(doc, jx_string_or(model, "state_words", ""));
    put_text_row(doc, "Priority", jx_string_or(json_object_get(model, "priority"), "name", ""));
    put_text_row(doc, "Service", jx_string_or(model, "service", ""));
    put_text_row(doc, "Environment", jx_string_or(model, "environment", ""));
    if (json_object_get(model, "channel")) {
        doc_row(doc, "Channel");
        render_channel(doc, model);
    }
    put_times(doc, model);
    put_people(doc, model);
    put_blockers(doc, model);
    put_list_row(doc, "Components", json_object_get(model, "components"));
}

void render_incident(struct doc *doc, const struct render_request *request, const struct render_room *room)
{
    const json_t *model = request->model;
    const char *summary = jx_string_or(model, "summary", "");
    put_overview(doc, model);
    doc_heading(doc, 2, "Summary");
    doc_quote(doc);
    doc_said(doc, *summary ? summary : jx_string_or(model, "title", ""));
    doc_heading(doc, 2, "Contributing factors");
    (void)render_entries(doc, json_object_get(model, "factors"), "Not known yet.");
    doc_heading(doc, 2, "Affected");
    render_items(doc, json_object_get(model, "affected"), "Not known yet.");
    doc_heading(doc, 2, "Timeline");
    render_timeline(doc, model, room);
}
