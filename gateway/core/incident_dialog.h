/* SPDX-License-Identifier: Apache-2.0
 * incident_dialog: the form in which an incident is declared: the modal that views.open shows, and what comes back when
 * it is sent.
 *
 * What the answer needs (the channel, where to answer, the deployment it came from) travels in the modal itself: no
 * gateway remembers anything, and any may take what was filled in. Pure.
 * Source: shared/reference/slack.md 6 (limits of views and inputs). */
#ifndef GATEWAY_CORE_INCIDENT_DIALOG_H
#define GATEWAY_CORE_INCIDENT_DIALOG_H

#include "common/json/jx.h"

extern const char INCIDENT_DIALOG[];       /* the modal's callback_id */
extern const char INCIDENT_DIALOG_TITLE[]; /* the block under which troubles are told that belong to no other */

/* What is known before; texts may be NULL. */
struct incident_dialog {
    const char *channel, *response_url; /* where it was asked for, and where the answer goes */
    const char *from;                   /* a deployment's id */
    const char *title, *service, *environment, *details;
    int32_t priority; /* 0: not said */
};

/* The value of a button that opens the dialog: a workflow's id, or what relay drew with incident_dialog_value_new().
 * Texts point into *ret_value, which is released with json_decref(). */
void incident_dialog_of_value(const char *value, struct incident_dialog *ret_dialog, json_t **ret_value);
char *incident_dialog_value_new(const struct incident_dialog *dialog); /* at most 2000 characters; NULL: no memory */

/* The view of views.open; NULL: no memory. */
json_t *incident_dialog_new(const struct incident_dialog *dialog);

struct incident_dialog_sent {
    json_t *args;                       /* of a declare command; NULL: see errors */
    json_t *errors;                     /* {block: what is wrong}, for response_action "errors" */
    json_t *metadata;                   /* what the next two point into */
    const char *channel, *response_url; /* "" when absent */
};
/* view: of a view_submission. False: out of memory. Release in any case. */
bool incident_dialog_read(const json_t *view, struct incident_dialog_sent *ret_sent);
void incident_dialog_sent_release(struct incident_dialog_sent *sent);

#endif
