/* SPDX-License-Identifier: Apache-2.0
 * render_internal: parts that documents share. Inside orchestrator/core/render*.c only. */
#ifndef ORCHESTRATOR_CORE_RENDER_INTERNAL_H
#define ORCHESTRATOR_CORE_RENDER_INTERNAL_H

#include "orchestrator/core/render.h"

/* A list item for each entry of the array; none: what a paragraph says when it is empty. How many there were. */
size_t render_entries(struct doc *doc, const json_t *entries, const char *none);
/* A list item for each text of the array. */
void render_items(struct doc *doc, const json_t *items, const char *none);
/* Times and entries in order, UTC. */
void render_timeline(struct doc *doc, const json_t *model, const struct render_room *room);
void render_channel(struct doc *doc, const json_t *model);
void render_person(struct doc *doc, const json_t *person); /* {"id","name"} */

static inline int64_t render_time(const json_t *model, const char *name) /* 0: not set */
{
    return jx_i64_or(json_object_get(model, "times"), name, 0);
}

#endif
