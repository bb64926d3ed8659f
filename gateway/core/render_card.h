/* SPDX-License-Identifier: Apache-2.0
 * render_card: what is said about an incident, as Block Kit: the orchestrator names a card and gives its data, the
 * wording and the layout are here. A card that is not known shows its text alone. Pure.
 *
 * Times in data and detail are milliseconds since 1970 or RFC 3339, people and channels Slack's ids. Whatever is absent
 * is left out; whatever is too long or too much is cut, and says so. Buttons: action_id "incident.<verb>", value
 * {"target":"i-...","text":"..."}; only where the incident's id is known. docs/messages.md lists cards and data. */
#ifndef GATEWAY_CORE_RENDER_CARD_H
#define GATEWAY_CORE_RENDER_CARD_H

#include "common/json/jx.h"
#include "proto/view.h"

struct card {
    const char *name;              /* NULL or "": none */
    const char *text;              /* the same as one sentence, from the orchestrator; NULL: none */
    const json_t *data;            /* an object, or NULL */
    const struct proto_view *view; /* the incident, or NULL */
    int64_t now_ms;
};

/* {"text":...,"blocks":[...]}. NULL when out of memory. */
json_t *render_card_new(const struct card *card);
bool render_card_known(const char *name);

/* The live message of an incident: the card "headline". */
json_t *render_headline_new(const struct proto_view *view, int64_t now_ms);

#endif
