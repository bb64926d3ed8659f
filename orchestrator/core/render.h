/* SPDX-License-Identifier: Apache-2.0
 * render: what systems beside Slack read about an incident, from its model (incident_model.h), in their formats.
 *
 * A text that is longer than the system takes is made again with fewer entries of the timeline (the newest stay, and it
 * says how many are missing), then with shorter ones; it is never cut in the middle of markup. Pure. */
#ifndef ORCHESTRATOR_CORE_RENDER_H
#define ORCHESTRATOR_CORE_RENDER_H

#include "orchestrator/core/doc.h"

enum render_format { RENDER_WIKI, RENDER_ADF, RENDER_MARKDOWN, RENDER_HTML };

/* How much of the incident there is room for. */
struct render_room {
    size_t entries;  /* of the timeline, the newest; SIZE_MAX: all */
    size_t max_text; /* characters of each text; 0: any */
};

struct render_request {
    const json_t *model;  /* incident_model.h; of a task or a comment the errand's spec (incident_tracker.h) */
    const json_t *people; /* render_people_new() */
    const char *mark;     /* how the text is found again; NULL: none */
};

/* Writes one document; render_room says how much. */
typedef void render_document(struct doc *doc, const struct render_request *request, const struct render_room *room);

/* render_incident.c: the issue that follows the incident; render_task.c: its action items and updates */
render_document render_incident, render_task, render_comment;
/* render_review.c: the document of the review */
render_document render_review;

/* A JSON text, or the document of ADF; at most max_bytes as JSON of ADF, as text of others. NULL: no memory, or there
 * is no room for it even when short. */
json_t *render_new(enum render_format format, render_document *document, const struct render_request *request,
                   size_t max_bytes);

/* Of "people" of the model and of what the configuration calls them in the tracker (by id of Slack; NULL: nobody), as
 * doc_new() takes it. NULL: no memory. */
json_t *render_people_new(const json_t *names, const json_t *accounts);
/* One line for a title: line feeds and control characters are blanks, "..." ends what was cut. */
char *render_title_new(const char *text, size_t max_characters);

#endif
