/* SPDX-License-Identifier: Apache-2.0
 * incident_ask: the form in which a button asks for the text of a word (a summary, news), with what stands there
 * already; and what comes back when it is sent. As in incident_dialog.h, all that the answer needs travels in the form.
 * Pure. */
#ifndef GATEWAY_CORE_INCIDENT_ASK_H
#define GATEWAY_CORE_INCIDENT_ASK_H

#include "gateway/core/incident_parse.h"

extern const char INCIDENT_ASK_FORM[];  /* the modal's callback_id */
extern const char INCIDENT_ASK_BLOCK[]; /* the block of the text */

struct incident_ask {
    const struct incident_row *row;
    const char *target, *text;          /* "" when none */
    const char *channel, *response_url; /* where the button was pressed, and where the answer goes */
};

/* The view of views.open; NULL: no memory. */
json_t *incident_ask_new(const struct incident_ask *ask);

struct incident_ask_sent {
    struct command_parsed parsed;       /* PUBLISH, when nothing is wrong */
    const char *wrong;                  /* what is wrong with the text, a literal; NULL: nothing */
    json_t *metadata;                   /* what the next two point into */
    const char *channel, *response_url; /* "" when absent */
};
/* view: of a view_submission. False: it is not as this version makes it. Release in any case. */
bool incident_ask_read(const json_t *view, struct incident_ask_sent *ret_sent);
void incident_ask_sent_release(struct incident_ask_sent *sent);

#endif
