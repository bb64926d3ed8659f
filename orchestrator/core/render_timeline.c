/* SPDX-License-Identifier: Apache-2.0
 * The timeline of documents: the milestones that nobody typed and the entries of the log, in the order of time. */
#include "common/base/text.h"
#include "orchestrator/core/render_internal.h"

#include <stdio.h>
#include <stdlib.h>

struct point {
    int64_t at_ms;
    const json_t *entry; /* NULL: a milestone */
    const char *text;    /* of a milestone */
};

static const struct {
    const char *time, *text;
} MILESTONES[] = { { "genesis", "It began." }, { "detected", "It was noticed." }, { "created", "It was declared." } };

static int by_time(const void *left, const void *right)
{
    const struct point *a = left, *b = right;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    return (int)(jx_i64_or(a->entry, "id", 0) - jx_i64_or(b->entry, "id", 0)); /* milestones first */
}

static void put_point(struct doc *doc, const struct point *point)
{
    const json_t *by = json_object_get(point->entry, "by");
    const char *link = jx_string_or(point->entry, "link", "");
    doc_item(doc);
    doc_time(doc, point->at_ms);
    doc_text(doc, ": ");
    if (!point->entry) {
        doc_text(doc, point->text);
        return;
    }
    doc_text(doc, jx_string_or(point->entry, "prefix", ""));
    doc_said(doc, jx_string_or(point->entry, "text", ""));
    if (by) {
        doc_text(doc, " (");
        render_person(doc, by);
        doc_text(doc, ")");
    }
    if (*link) {
        doc_text(doc, " ");
        doc_link(doc, "link", link);
    }
}

/* The milestones always, of the log the newest ones. */
static size_t collect(const json_t *model, size_t skip, struct point *points)
{
    const json_t *log = json_object_get(model, "log");
    size_t count = 0;
    for (size_t i = 0; i < SW_COUNT(MILESTONES); i++) {
        int64_t at_ms = render_time(model, MILESTONES[i].time);
        if (at_ms > 0)
            points[count++] = (struct point){ .at_ms = at_ms, .text = MILESTONES[i].text };
    }
    for (size_t i = skip; i < json_array_size(log); i++) {
        const json_t *entry = json_array_get(log, i);
        points[count++] = (struct point){ .at_ms = jx_i64_or(entry, "at", 0), .entry = entry };
    }
    return count;
}

void render_timeline(struct doc *doc, const json_t *model, const struct render_room *room)
{
    size_t entries = json_array_size(json_object_get(model, "log"));
    size_t skip = entries > room->entries ? entries - room->entries : 0;
    size_t left_out = skip + (size_t)jx_i64_or(model, "log_left_out", 0);
    struct point *points = calloc(entries + SW_COUNT(MILESTONES), sizeof *points);
    if (!points)
        return; /* the doc that lacks memory for this lacks it for the rest */
    size_t count = collect(model, skip, points);
    qsort(points, count, sizeof *points, by_time);
    if (left_out > 0) {
        char text[120];
        (void)snprintf(text, sizeof text, "%zu earlier entries are left out; the incident's channel has them.",
                       left_out);
        doc_paragraph(doc);
        doc_text(doc, text);
    }
    for (size_t i = 0; i < count; i++)
        put_point(doc, &points[i]);
    free(points);
}
