/* SPDX-License-Identifier: Apache-2.0
 * glass_form: breaking the glass of a held deployment: the form in which the first person says why, and what the
 * buttons of the second one say. As in incident_dialog.h, all that the answer needs travels in the form. Pure. */
#ifndef GATEWAY_CORE_GLASS_FORM_H
#define GATEWAY_CORE_GLASS_FORM_H

#include "gateway/core/command_parse.h"

#define GLASS_FORM "deploy.break_glass" /* the modal's callback_id */
extern const char GLASS_FORM_REASON[];  /* the block of the reason */

struct glass_form {
    const char *target;                 /* the deployment's id */
    const char *channel, *response_url; /* where the button was pressed, and where the answer goes */
};

/* The view of views.open; NULL: no memory. */
json_t *glass_form_new(const struct glass_form *form);

struct glass_form_sent {
    struct command_parsed parsed;       /* PUBLISH, when nothing is wrong */
    const char *wrong;                  /* what is wrong with the reason, a literal; NULL: nothing */
    json_t *metadata;                   /* what the next two point into */
    const char *channel, *response_url; /* "" when absent */
};
/* view: of a view_submission. False: it is not as this version makes it. Release in any case. */
bool glass_form_read(const json_t *view, struct glass_form_sent *ret_sent);
void glass_form_sent_release(struct glass_form_sent *sent);

/* The value of *Agree* and *Decline*: {"target","request"}, so that nobody agrees to another request than they read.
 * NULL: no memory. */
char *glass_value_new(const char *target, int64_t request);
/* action: "break_glass_agree" or "break_glass_decline". */
void glass_of_button(const char *action, const char *value, struct command_parsed *ret_parsed);

#endif
